/*
 * Reads-from: which write a step finds, as an execution goes on.
 *
 * For each location, an object or an address, the last step that may have changed it is kept: who,
 * and where. What comes after it and touches the location finds that write; if it is of another
 * thread, the two have communicated. Such pairs of places are what strategies take for progress.
 *
 * The table has a fixed size; a location for which there is no room is one that nobody has written.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_READS_FROM_H
#define HEDDLE_ENGINE_READS_FROM_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/event.h"

#define HDE_READS_FROM_LOCATIONS 4096U /* a power of 2 */

struct hde_last_write {
    uint64_t address;
    uint32_t execution; /* of another one: void */
    uint32_t pc;
    uint8_t thread;
};

struct hde_reads_from {
    uint32_t execution; /* a number for each, from 1 */
    struct hde_last_write locations[HDE_READS_FROM_LOCATIONS];
};

/* A set of hashes that forgets none and mistakes some for one another; of 2^n bits. */
#define HDE_READS_FROM_BITS 16U

struct hde_reads_from_set {
    uint64_t words[(1U << HDE_READS_FROM_BITS) / 64];
};

/* Zero is a valid state before the first execution. */
static inline void hde_reads_from_begin(struct hde_reads_from *from) { from->execution++; }

/*
 * `thread' carries out `event', which touches `address'. *found becomes the write that it finds;
 * returns whether there is one of another thread.
 */
bool hde_reads_from_note(struct hde_reads_from *from,
                         unsigned thread,
                         const struct hde_event *event,
                         uint64_t address,
                         struct hde_last_write *found);

/* Whether the hash was not in the set yet; it is from now on. */
static inline bool hde_reads_from_add(struct hde_reads_from_set *set, uint64_t hash)
{
    uint64_t bit = hash >> (64 - HDE_READS_FROM_BITS);
    uint64_t mask = UINT64_C(1) << (bit % 64);
    bool is_new = (set->words[bit / 64] & mask) == 0;

    set->words[bit / 64] |= mask;
    return is_new;
}

static inline uint64_t hde_reads_from_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

#endif
