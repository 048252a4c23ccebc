/*
 * Values of a history whose puts are all different: when each was put and taken.
 *
 * Times that never came are HDE_NEVER. A value lies in the object for certain in its inner
 * interval, from put_returned to get_called, if that is one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_MONITOR_VALUES_H
#define HEDDLE_ENGINE_MONITOR_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/history.h"
#include "engine/linearize.h"

struct hde_value {
    uint64_t value;
    int64_t priority;
    uint32_t put_called;
    uint32_t put_returned;
    uint32_t get_called;
    uint32_t get_returned;
};

/* A get that found nothing; or a time in which the object was never empty. */
struct hde_span {
    uint32_t from;
    uint32_t to;
};

struct hde_values {
    uint32_t count;
    uint32_t empties_count;
    uint32_t spans_count;
    uint32_t time_max;
    struct hde_value at[HD_HISTORY_OPERATIONS_MAX]; /* sorted by put_returned */
    struct hde_span empties[HD_HISTORY_OPERATIONS_MAX];
    struct hde_span spans[HD_HISTORY_OPERATIONS_MAX]; /* sorted; the union of inner intervals */
};

static inline bool hde_value_is_held(const struct hde_value *value)
{
    return value->put_returned < value->get_called;
}

/*
 * Fill them. LINEARIZABLE: nothing is wrong so far; NOT_LINEARIZABLE: something was taken twice,
 * before it was put, or never put, or a get found nothing where something lay; UNKNOWN: the history
 * is not of that form.
 */
enum hde_linearizable hde_values_take(struct hde_values *values, const struct hde_problem *problem);

/* The rest of what can be wrong. They may change `values'. */
bool hde_monitor_fifo(struct hde_values *values);
bool hde_monitor_lifo(struct hde_values *values);
bool hde_monitor_priority(struct hde_values *values);

/* Of one key; all histories are of its form. */
enum hde_linearizable hde_monitor_set(const struct hde_problem *problem);

#endif
