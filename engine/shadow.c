/*
 * Shadow memory: the directory, the slabs, and which granules are visible.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/shadow.h"

#include <stddef.h>

#include "engine/pages.h"

#define SLABS (UINT64_C(1) << (HDE_ADDRESS_BITS - HDE_SLAB_BITS))
#define GRANULES_IN_SLAB ((UINT64_C(1) << HDE_SLAB_BITS) / HDE_GRANULE_BYTES)
#define VISIBLE_MAX 4096U

struct hde_granule **hde_shadow_slabs;

static struct hde_granule *visible[VISIBLE_MAX];
uint32_t hde_shadow_visible_count;

void hde_shadow_map(void)
{
    hde_shadow_slabs = (struct hde_granule **)hde_pages_reserve(
        SLABS * sizeof(struct hde_granule *), "shadow memory");
}

struct hde_granule *hde_shadow_map_slab(uint64_t address)
{
    uint64_t slab = (address & ((UINT64_C(1) << HDE_ADDRESS_BITS) - 1)) >> HDE_SLAB_BITS;

    hde_shadow_slabs[slab] =
        hde_pages_reserve(GRANULES_IN_SLAB * sizeof(struct hde_granule), "shadow memory");
    return hde_shadow_peek(address);
}

void hde_shadow_make_visible(struct hde_granule *granule)
{
    if (!granule->is_visible && hde_shadow_visible_count < VISIBLE_MAX) {
        granule->is_visible = true;
        granule->slow = UINT8_MAX;
        visible[hde_shadow_visible_count++] = granule;
    }
}

void hde_shadow_forget_visible(void)
{
    for (; hde_shadow_visible_count > 0; hde_shadow_visible_count--) {
        visible[hde_shadow_visible_count - 1]->is_visible =
            false; /* and slow, until the next access */
    }
}
