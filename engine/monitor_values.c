/*
 * Values: found by sorting puts and gets by what they brought and took.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/monitor_values.h"

#include <stddef.h>
#include <stdlib.h>

/* Of each interval that is a put, or a get that took something. */
struct deed {
    uint64_t value;
    uint32_t interval;
    bool is_get;
};

static struct deed deeds[HD_HISTORY_OPERATIONS_MAX];
static uint32_t deeds_count;

static bool is_put(const struct hd_operation *operation)
{
    return operation->code == HD_OP_PUT || operation->code == HD_OP_PUSH;
}

static bool is_get(const struct hd_operation *operation)
{
    return operation->code == HD_OP_GET || operation->code == HD_OP_POP;
}

/* Sort what an interval is; false: monitors do not know it. */
static bool add(struct hde_values *values, const struct hde_problem *problem, uint32_t rank)
{
    const struct hde_interval *interval = &problem->intervals[rank];
    const struct hd_operation *operation = &interval->operation;

    if (interval->called > values->time_max) {
        values->time_max = interval->called;
    }
    if (interval->returned != HDE_NEVER && interval->returned > values->time_max) {
        values->time_max = interval->returned;
    }
    if (is_put(operation) && operation->outcome == HD_OK) {
        deeds[deeds_count++] = (struct deed){operation->argument, rank, false};
        return true;
    }
    if (!is_get(operation) || operation->is_pending) {
        return false;
    }
    if (operation->outcome == HD_OK) {
        deeds[deeds_count++] = (struct deed){operation->value, rank, true};
        return true;
    }
    values->empties[values->empties_count++] =
        (struct hde_span){interval->called, interval->returned};
    return operation->outcome == HD_EMPTY;
}

/* By value; the put of a value before its get. */
static int compare_deeds(const void *a, const void *b)
{
    const struct deed *left = a;
    const struct deed *right = b;

    if (left->value != right->value) {
        return left->value < right->value ? -1 : 1;
    }
    return (int)left->is_get - (int)right->is_get;
}

static int compare_values(const void *a, const void *b)
{
    const struct hde_value *left = a;
    const struct hde_value *right = b;

    return (left->put_returned > right->put_returned) - (left->put_returned < right->put_returned);
}

/* The value of a put, and of the get that may follow. */
static enum hde_linearizable
pair(struct hde_values *values, const struct hde_problem *problem, uint32_t rank, bool has_get)
{
    const struct hde_interval *put = &problem->intervals[deeds[rank].interval];
    struct hde_value value = {
        .value = deeds[rank].value,
        .priority = (int64_t)put->operation.key,
        .put_called = put->called,
        .put_returned = put->returned,
        .get_called = HDE_NEVER,
        .get_returned = HDE_NEVER,
    };

    if (has_get) {
        const struct hde_interval *get = &problem->intervals[deeds[rank + 1].interval];

        value.get_called = get->called;
        value.get_returned = get->returned;
        if (value.get_returned < value.put_called) {
            return HDE_NOT_LINEARIZABLE;
        }
    } else if (put->operation.is_pending) {
        return HDE_LINEARIZABLE; /* as if it had not been called */
    }
    values->at[values->count++] = value;
    return HDE_LINEARIZABLE;
}

static enum hde_linearizable pair_all(struct hde_values *values, const struct hde_problem *problem)
{
    enum hde_linearizable answer = HDE_LINEARIZABLE;

    for (uint32_t rank = 1; rank < deeds_count; rank++) {
        if (!deeds[rank].is_get && deeds[rank].value == deeds[rank - 1].value) {
            return HDE_LINEARIZABLE_UNKNOWN;
        }
    }
    for (uint32_t rank = 0; rank < deeds_count && answer == HDE_LINEARIZABLE; rank++) {
        bool has_get = rank + 1 < deeds_count && deeds[rank + 1].is_get &&
                       deeds[rank + 1].value == deeds[rank].value;

        if (deeds[rank].is_get) {
            return HDE_NOT_LINEARIZABLE;
        }
        answer = pair(values, problem, rank, has_get);
        rank += has_get ? 1 : 0;
    }
    return answer;
}

/* The union of the inner intervals; values are sorted. */
static void unite(struct hde_values *values)
{
    values->spans_count = 0;
    for (uint32_t i = 0; i < values->count; i++) {
        const struct hde_value *value = &values->at[i];
        struct hde_span *last =
            values->spans_count == 0 ? NULL : &values->spans[values->spans_count - 1];

        if (!hde_value_is_held(value)) {
            continue;
        }
        if (last != NULL && value->put_returned < last->to) {
            last->to = value->get_called > last->to ? value->get_called : last->to;
        } else {
            values->spans[values->spans_count++] =
                (struct hde_span){value->put_returned, value->get_called};
        }
    }
}

/* Whether the object was never empty while the get ran that found nothing. */
static bool is_never_empty(const struct hde_values *values, const struct hde_span *empty)
{
    uint32_t low = 0;
    uint32_t high = values->spans_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (values->spans[middle].from < empty->from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && values->spans[low - 1].to > empty->to;
}

enum hde_linearizable hde_values_take(struct hde_values *values, const struct hde_problem *problem)
{
    values->count = 0;
    values->empties_count = 0;
    values->time_max = 0;
    deeds_count = 0;
    for (uint32_t rank = 0; rank < problem->count; rank++) {
        if (!add(values, problem, rank)) {
            return HDE_LINEARIZABLE_UNKNOWN;
        }
    }
    qsort(deeds, deeds_count, sizeof(deeds[0]), compare_deeds);

    enum hde_linearizable answer = pair_all(values, problem);

    if (answer != HDE_LINEARIZABLE) {
        return answer;
    }
    qsort(values->at, values->count, sizeof(values->at[0]), compare_values);
    unite(values);
    for (uint32_t i = 0; i < values->empties_count; i++) {
        if (is_never_empty(values, &values->empties[i])) {
            return HDE_NOT_LINEARIZABLE;
        }
    }
    return HDE_LINEARIZABLE;
}
