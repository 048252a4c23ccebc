/*
 * Poison: bytes that the code under test must not touch, those of freed blocks and beside blocks.
 *
 * Each granule says which of its bytes are poisoned in this execution, and which have an access
 * looked at more closely (shadow.h). The path of a plain access asks only the latter, in the same
 * question as whether it is a scheduling point; so bytes that are fit to be touched cost nothing.
 * The two are poisoned together, but cured apart: a new execution makes the former void by its
 * generation, and the first access that finds out so clears the latter.
 *
 * Source: one bit a byte, as in Valgrind's memcheck; void by generation, as all shadow memory here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_POISON_H
#define HEDDLE_ENGINE_POISON_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/execution.h"
#include "engine/shadow.h"

/*
 * Nobody may touch `size` bytes at `address' any more, or again. Objects there are forgotten, so
 * that who uses one comes to hde_object_make().
 */
static inline void hde_poison_granule(struct hde_granule *granule, uint8_t bytes)
{
    hde_granule_renew(granule, hde_execution.generation);
    granule->objects = 0;
    granule->poisoned |= bytes;
    granule->slow |= bytes;
}

static inline void hde_poison(uint64_t address, uint64_t size)
{
    uint64_t end = address + size;

    for (uint64_t at = address; at < end;) {
        uint64_t next = (at | (HDE_GRANULE_BYTES - 1)) + 1;
        uint64_t below_end = UINT8_MAX >> (next > end ? next - end : 0);
        uint8_t bytes = (uint8_t)(below_end & (UINT64_C(0xff) << at % HDE_GRANULE_BYTES));

        hde_poison_granule(hde_shadow_at(at), bytes);
        at = next;
    }
}
void hde_poison_cure(uint64_t address, uint64_t size);

/*
 * An access of any size is about to be carried out: a finding ends the execution if any of its
 * bytes is poisoned, unless the settings ignore it. `kind' is that of the event.
 */
void hde_poison_check(uint64_t address, uint64_t size, uint8_t kind, uint32_t pc);

/* Whether any byte of a granule is poisoned; if not, none need be looked at more closely. */
bool hde_poison_is_here(struct hde_granule *granule);

/* Whether an access of 1 to 16 bytes may be poisoned. */
static inline bool hde_poison_is_near(uint64_t address, uint64_t size)
{
    const struct hde_granule *first = hde_shadow_peek(address);
    const struct hde_granule *last = hde_shadow_peek(address + size - 1);

    return (first != NULL && first->slow != 0) || (last != NULL && last->slow != 0);
}

#endif
