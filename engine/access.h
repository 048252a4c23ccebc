/*
 * Access: the path of a plain access, which is the hottest one of all.
 *
 * Until a second thread exists nothing is recorded: all that the first one did happens before it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_ACCESS_H
#define HEDDLE_ENGINE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/arena.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/poison.h"
#include "engine/sanitizer.h"
#include "engine/shadow.h"

/* A plain access that is a scheduling point, or is watched step by step. */
void hde_access_visible(uint64_t address, uint64_t size, bool writes, uint32_t pc);

/*
 * Show an access within one granule to the detectors. `word' is what its record would say
 * (shadow.h), `address' its first byte. Requires that it is not recorded already.
 */
void hde_access_detect(struct hde_granule *granule, uint64_t address, uint64_t word, uint32_t pc);

/* The bytes of a granule that `size` bytes at `address` are. Requires that they lie within it. */
static inline uint64_t hde_access_mask(uint64_t address, uint64_t size)
{
    return ((UINT64_C(1) << size) - 1) << (address % HDE_GRANULE_BYTES);
}

/*
 * Whether the access repeats one that is recorded already: whoever raced with it since then has
 * been told of. Whoever calls hde_access_detect() asks this first, so that an execution has the
 * same findings whether or not it is looked at step by step.
 */
static inline bool hde_access_is_recorded(const struct hde_granule *granule, uint64_t word)
{
    return granule->cells[0].word == word || granule->cells[1].word == word;
}

/* The same as hde_access_detect() and hde_access_visible(), for who has not packed its address. */
void hde_access_record(struct hde_granule *granule,
                       uint64_t address,
                       uint64_t word,
                       const void *caller);
void hde_access_slow(uint64_t address, uint64_t size, bool writes, const void *caller);

/* While accesses are not watched: one that may be poisoned. */
void hde_access_suspect(uint64_t address, uint64_t size, bool writes, const void *caller);

/*
 * A block is about to be freed: an event, which writes all of it. The second call carries it out,
 * and poisons the block.
 */
void hde_access_before_free(uint64_t address, uint64_t size, uint32_t pc);
void hde_access_free(uint64_t address, uint64_t size, uint32_t pc);

/*
 * An access of `size` bytes, 1 to 8, made at `caller`; constants where this is inlined. What is
 * rare goes elsewhere by a tail call, so that the rest need not save registers.
 */
__attribute__((always_inline)) static inline void
hde_access_small(const volatile void *memory, uint64_t size, bool writes, const void *caller)
{
    struct hde_thread *self = hde_self;
    uint64_t address = (uint64_t)(uintptr_t)memory;

    if (self == NULL) {
        return;
    }
    if (writes) {
        hde_globals_written(address, size);
    }
    self->events++;
    if (!hde_execution.is_watched) {
        if (hde_arena_has(address) && hde_poison_is_near(address, size)) {
            hde_access_suspect(address, size, writes, caller);
        }
        return;
    }
    struct hde_granule *granule = hde_shadow_peek(address);
    bool is_split = size > 1 && address % HDE_GRANULE_BYTES + size > HDE_GRANULE_BYTES;
    uint64_t mask = hde_access_mask(address, size);

    if (__builtin_expect(granule == NULL || is_split || (granule->slow & mask) != 0 ||
                             self->events >= self->fast_until,
                         0)) {
        hde_access_slow(address, size, writes, caller);
        return;
    }
    uint64_t word = self->stamp | HDE_CELL_PLAIN | (writes ? HDE_CELL_WRITES : 0) | mask;

    if (!hde_access_is_recorded(granule, word)) {
        hde_access_record(granule, address, word, caller);
    }
    hde_sanitizer_access(address, size, writes, caller);
}

#endif
