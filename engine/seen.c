/*
 * Seen: a list of hashes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/seen.h"

#include "engine/array.h"
#include "engine/execution.h"
#include "engine/rng.h"

static uint64_t hash_finding(const struct hde_finding *finding)
{
    uint64_t hash = hde_rng_mix_in((uint64_t)finding->kind, (uint64_t)finding->class);

    for (uint32_t i = 0; i < finding->places_count; i++) {
        const struct hde_place *place = &finding->places[i];

        hash = hde_rng_mix_in(hash, (uint64_t)place->pc << 32 | place->context);
    }
    return hash;
}

static bool is_new(struct hde_seen *seen, const struct hde_finding *finding)
{
    uint64_t hash = hash_finding(finding);

    for (size_t i = 0; i < seen->count; i++) {
        if (seen->hashes[i] == hash) {
            return false;
        }
    }
    seen->hashes = hde_array_grow(seen->hashes, &seen->capacity, seen->count + 1, sizeof(hash));
    seen->hashes[seen->count++] = hash;
    return true;
}

bool hde_seen_add(struct hde_seen *seen)
{
    bool has_new = false;

    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        if (is_new(seen, &hde_execution.findings[i])) {
            has_new = true;
        }
    }
    return has_new;
}

void hde_seen_release(struct hde_seen *seen)
{
    hde_array_release(seen->hashes, seen->capacity, sizeof(*seen->hashes));
    *seen = (struct hde_seen){.hashes = NULL};
}
