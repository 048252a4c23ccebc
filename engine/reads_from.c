/*
 * Reads-from: a hash table whose entries are void in the next execution.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/reads_from.h"

#include <stddef.h>

#define PROBES_MAX 8U

/* The entry of the location, or one that is free for it; NULL: there is no room. */
static struct hde_last_write *find(struct hde_reads_from *from, uint64_t address)
{
    uint32_t slot = (uint32_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 40);

    for (uint32_t i = 0; i < PROBES_MAX; i++) {
        struct hde_last_write *last = &from->locations[(slot + i) % HDE_READS_FROM_LOCATIONS];

        if (last->execution != from->execution || last->address == address) {
            return last;
        }
    }
    return NULL;
}

bool hde_reads_from_note(struct hde_reads_from *from,
                         unsigned thread,
                         const struct hde_event *event,
                         uint64_t address,
                         struct hde_last_write *found)
{
    struct hde_last_write *last = find(from, address);

    if (last == NULL) {
        return false;
    }
    bool is_of_another = last->execution == from->execution && last->thread != thread;

    *found = *last;
    if (event->writes) {
        last->address = address;
        last->execution = from->execution;
        last->pc = event->pc;
        last->thread = (uint8_t)thread;
    }
    return is_of_another;
}
