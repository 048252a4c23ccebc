/*
 * Histories: random ones, right by construction or spoilt, and the answer of a search that leaves
 * out nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_HISTORIES_H
#define HEDDLE_TESTS_ENGINE_HISTORIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/linearize.h"
#include "engine/rng.h"

/* What random histories of an object are made of. */
struct object {
    const char *name;
    const struct hd_specification *specification;
    uint64_t parameter;
    uint32_t codes[4]; /* of its operations */
    size_t codes_count;
    bool has_timeouts; /* what it waits for may not come in time */
    bool has_pending;  /* some operations do not return */
    bool has_repeats;  /* values are put more than once */
};

struct history {
    struct hde_problem problem;
    struct hde_interval intervals[HD_HISTORY_OPERATIONS_MAX];
};

/* `count' operations whose results some order gives, `width' of them or so at the same time. */
void hd_history_make(struct history *history,
                     const struct object *object,
                     struct hde_rng *rng,
                     uint32_t count,
                     uint32_t width);

/* Change a result or a time, so that the history may be wrong. */
void hd_history_spoil(struct history *history, struct hde_rng *rng);

/* Try all orders. For operations of one part, and few of them. */
bool hd_history_has_order(const struct history *history);

/* For messages. */
void hd_history_print(const struct history *history);

#endif
