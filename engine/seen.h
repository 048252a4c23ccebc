/*
 * Seen: which findings have been before, as cheap as that can be known.
 *
 * A finding is known here by the code addresses and calling contexts of its places. That is finer
 * than its identity (finding.h) but needs no symbols, so that a race that each execution shows
 * costs next to nothing; whoever is told of new ones merges what is one to the reader.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SEEN_H
#define HEDDLE_ENGINE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hashes of the findings; there are few. All zero at first. */
struct hde_seen {
    uint64_t *hashes;
    size_t count;
    size_t capacity;
};

/* See the findings of the last execution. Returns whether one of them is new. */
bool hde_seen_add(struct hde_seen *seen);

void hde_seen_release(struct hde_seen *seen);

#endif
