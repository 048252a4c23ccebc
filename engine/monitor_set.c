/*
 * Monitor of one key of a set: it is there or not.
 *
 * Operations that change nothing take effect as soon as the state fits. It changes only when an
 * operation that returns needs it, by that one of the operations that can change it which returns
 * first: what is put off can still take effect, and is of more use later. O(n c), of which c run at
 * the same time.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "engine/monitor_values.h"

/* A call or a return. */
struct moment {
    uint32_t time;
    uint32_t interval;
    bool is_return;
};

struct set {
    const struct hde_problem *problem;
    bool is_there;
    uint32_t open_count;
    uint32_t open[HD_HISTORY_OPERATIONS_MAX]; /* called, and without effect so far */
};

static struct set set;
static struct moment moments[2 * HD_HISTORY_OPERATIONS_MAX];

static bool changes(const struct hd_operation *operation)
{
    return operation->code != HD_OP_CONTAINS && operation->value != 0;
}

/* The state that it needs. */
static bool needs(const struct hd_operation *operation)
{
    return operation->code == HD_OP_INSERT ? operation->value == 0 : operation->value != 0;
}

static const struct hd_operation *operation_at(uint32_t interval)
{
    return &set.problem->intervals[interval].operation;
}

static void take(uint32_t rank) { set.open[rank] = set.open[--set.open_count]; }

/* Those that only look, and see what is so. */
static void let_look(void)
{
    for (uint32_t rank = set.open_count; rank > 0; rank--) {
        const struct hd_operation *operation = operation_at(set.open[rank - 1]);

        if (!changes(operation) && needs(operation) == set.is_there) {
            take(rank - 1);
        }
    }
}

/* Change the state by the operation that returns first; false if there is none. */
static bool change(void)
{
    uint32_t first = set.open_count;

    for (uint32_t rank = 0; rank < set.open_count; rank++) {
        const struct hd_operation *operation = operation_at(set.open[rank]);

        if (changes(operation) && needs(operation) == set.is_there &&
            (first == set.open_count || set.problem->intervals[set.open[rank]].returned <
                                            set.problem->intervals[set.open[first]].returned)) {
            first = rank;
        }
    }
    if (first == set.open_count) {
        return false;
    }
    take(first);
    set.is_there = !set.is_there;
    let_look();
    return true;
}

static bool is_open(uint32_t interval)
{
    uint32_t rank = 0;

    while (rank < set.open_count && set.open[rank] != interval) {
        rank++;
    }
    return rank < set.open_count;
}

/* The operation returns: it must have taken effect. */
static bool end(uint32_t interval)
{
    if (is_open(interval) && needs(operation_at(interval)) != set.is_there && !change()) {
        return false;
    }
    return !is_open(interval) || change();
}

static int compare_moments(const void *a, const void *b)
{
    const struct moment *left = a;
    const struct moment *right = b;

    return (left->time > right->time) - (left->time < right->time);
}

static uint32_t list_moments(const struct hde_problem *problem)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < problem->count; i++) {
        const struct hde_interval *interval = &problem->intervals[i];

        if (interval->operation.is_pending && interval->operation.code == HD_OP_CONTAINS) {
            continue;
        }
        moments[count++] = (struct moment){interval->called, i, false};
        if (!interval->operation.is_pending) {
            moments[count++] = (struct moment){interval->returned, i, true};
        }
    }
    qsort(moments, count, sizeof(moments[0]), compare_moments);
    return count;
}

enum hde_linearizable hde_monitor_set(const struct hde_problem *problem)
{
    uint32_t count = list_moments(problem);

    set.problem = problem;
    set.is_there = false;
    set.open_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!moments[i].is_return) {
            set.open[set.open_count++] = moments[i].interval;
            let_look();
        } else if (!end(moments[i].interval)) {
            return HDE_NOT_LINEARIZABLE;
        }
    }
    return HDE_LINEARIZABLE;
}
