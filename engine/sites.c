/*
 * Sites: a hash table without deletion.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/sites.h"

#include <stddef.h>

/* 1 + its index; 0: there is no room. */
static uint16_t add(struct hde_sites *sites, uint32_t pc)
{
    if (sites->count == HDE_SITES_MAX) {
        return 0;
    }
    sites->sites[sites->count].pc = pc;
    return (uint16_t)++sites->count;
}

/* Made if it is new; NULL: there is no room. */
static struct hde_site *find(struct hde_sites *sites, uint32_t pc)
{
    uint32_t slot = pc * UINT32_C(0x9e3779b1) >> 16;

    for (;; slot++) {
        uint16_t *index = &sites->slots[slot % HDE_SITES_SLOTS];

        if (*index == 0) {
            *index = add(sites, pc);
            return *index == 0 ? NULL : &sites->sites[*index - 1];
        }
        if (sites->sites[*index - 1].pc == pc) {
            return &sites->sites[*index - 1];
        }
    }
}

void hde_sites_count(struct hde_sites *sites, uint32_t pc)
{
    struct hde_site *site = find(sites, pc);

    if (site == NULL) {
        return;
    }
    if (site->execution != sites->execution) {
        site->execution = sites->execution;
        site->now = 0;
    }
    site->now++;
    site->most = site->now > site->most ? site->now : site->most;
}
