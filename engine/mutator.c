/*
 * Mutator: points by the hash of the input, in a table where a later one takes an earlier one's
 * place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/mutator.h"

#include <stddef.h>

#define SLOTS 4096U /* a power of 2 */

struct slot {
    uint64_t hash; /* of the input's bytes; 0: none */
    struct hde_points points;
};

static struct slot slots[SLOTS];
static struct hde_input read_input;
static uint64_t runs;

/* The last mutant, and what it was made of. */
static uint64_t last_hash;
static struct slot *last_slot;

/* FNV-1a by words of eight bytes, the rest by one word; never 0. */
static uint64_t hash_of(const uint8_t *bytes, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ size;

    for (size_t at = 0; at < size;) {
        uint64_t word = 0;

        for (unsigned i = 0; i < 8 && at < size; i++) {
            word = word << 8 | bytes[at++];
        }
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return hash | 1;
}

static struct slot *
points_of(const struct hde_mutator *mutator, const uint8_t *bytes, size_t size, uint64_t hash)
{
    struct slot *slot = &slots[hash >> 32 & (SLOTS - 1)];

    if (slot->hash != hash) {
        slot->hash = hash;
        runs++;
        hde_input_read(&read_input, bytes, size);
        hde_points_collect(&slot->points, mutator->program, mutator->settings, &read_input);
    }
    return slot;
}

size_t hde_mutator_mutate(
    const struct hde_mutator *mutator, uint8_t *bytes, size_t size, size_t size_max, uint64_t seed)
{
    uint64_t hash = hash_of(bytes, size);
    struct slot *slot =
        last_slot != NULL && hash == last_hash ? last_slot : points_of(mutator, bytes, size, hash);
    const struct hde_mutation mutation = {
        .which = HDE_MUTATE_OPERATORS,
        .seed = seed,
        .points = &slot->points,
        .mutate_bytes = mutator->mutate_bytes,
    };

    size = hde_mutate(bytes, size, size_max, &mutation);
    last_hash = hash_of(bytes, size);
    last_slot = slot;
    return size;
}

uint64_t hde_mutator_runs(void) { return runs; }
