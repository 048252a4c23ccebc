/*
 * Poison: which bytes, and what is done about who touches them.
 *
 * Ranges are not looked up byte by byte: what may be poisoned lies in the arena, whose blocks are
 * found by halving. So an access to a long range costs no more than that before there is a second
 * thread.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/poison.h"

#include <stddef.h>

#include "engine/access.h"
#include "engine/arena.h"
#include "engine/block_misuse.h"
#include "engine/execution.h"

bool hde_poison_is_here(struct hde_granule *granule)
{
    hde_granule_renew(granule, hde_execution.generation);
    granule->slow = granule->is_visible ? UINT8_MAX : granule->poisoned;
    return granule->poisoned != 0;
}

void hde_poison_cure(uint64_t address, uint64_t size)
{
    uint64_t end = address + size;

    for (uint64_t at = address; at < end;) {
        uint64_t next = (at | (HDE_GRANULE_BYTES - 1)) + 1;
        struct hde_granule *granule = hde_shadow_at(at);

        granule->poisoned &= (uint8_t)~hde_access_mask(at, (next < end ? next : end) - at);
        (void)hde_poison_is_here(granule);
        at = next;
    }
}

/* How far bytes [address, address + size) lie from the block at least; 0 if some lie in it. */
static uint64_t distance(const struct hde_block *block, uint64_t address, uint64_t size)
{
    if (address < block->address) {
        uint64_t before = block->address - address;

        return before < size ? 0 : before - size + 1;
    }
    uint64_t behind = address - block->address;

    return behind < block->size ? 0 : behind - block->size + 1;
}

static bool fits(const struct hde_block *block, uint64_t address, uint64_t size)
{
    uint64_t offset = address - block->address;

    return offset < block->size && size <= block->size - offset;
}

void hde_poison_check(uint64_t address, uint64_t size, uint8_t kind, uint32_t pc)
{
    const struct hde_block *block = hde_arena_nearest(address);
    const struct hde_place use = {
        .address = address,
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
        .event_kind = kind,
        .size = size < UINT8_MAX ? (uint8_t)size : UINT8_MAX,
    };

    /* Farther away is what is nobody's: an alignment's gap, or left by an earlier execution. */
    if (block == NULL || distance(block, address, size) > HDE_REDZONE + HDE_REDZONE) {
        return;
    }
    if (block->is_freed) {
        hde_block_used(&use, block);
    } else if (!fits(block, address, size)) {
        hde_block_missed(&use, block);
    }
}
