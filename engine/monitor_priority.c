/*
 * Monitor of priority queues: nothing leaves while something more urgent is there for certain.
 *
 * From the least urgent priority on: of each get there must be a moment, between its call and its
 * return and after the call of the put, at which nothing more urgent is there for certain. How many
 * such values are there at each time is kept in a tree of ranges. O(n log n).
 *
 * Source: for the tree, Bentley, Solutions to Klee's rectangle problems, 1977.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "engine/monitor_values.h"

/* Leaf t is the time from t to t + 1. An operation has three times, and six if it has not begun. */
#define LEAVES 8192U
#define LEVELS 13U

_Static_assert(LEAVES > 6 * HD_HISTORY_OPERATIONS_MAX, "times have no leaves");

struct node {
    int32_t least; /* values at some time below the node, with what is added at the node itself */
    int32_t added; /* at the node, to all below it */
};

static struct node nodes[2 * LEAVES];

static void add_at(uint32_t node, int32_t number)
{
    nodes[node].least += number;
    nodes[node].added += number;
}

static void rebuild(uint32_t node)
{
    for (node /= 2; node >= 1; node /= 2) {
        int32_t left = nodes[(size_t)2 * node].least;
        int32_t right = nodes[2 * node + 1].least;

        nodes[node].least = (left < right ? left : right) + nodes[node].added;
    }
}

/* Hand what was added above a leaf down to it. */
static void push_down(uint32_t leaf)
{
    for (uint32_t level = LEVELS; level > 0; level--) {
        uint32_t node = leaf >> level;
        int32_t added = nodes[node].added;

        add_at(2 * node, added);
        add_at(2 * node + 1, added);
        nodes[node].added = 0;
    }
}

/* Times [from, to). */
static void add_range(uint32_t from, uint32_t to, int32_t number)
{
    uint32_t left = from + LEAVES;
    uint32_t right = to + LEAVES;

    for (; left < right; left /= 2, right /= 2) {
        if (left % 2 == 1) {
            add_at(left++, number);
        }
        if (right % 2 == 1) {
            add_at(--right, number);
        }
    }
    rebuild(from + LEAVES);
    rebuild(to - 1 + LEAVES);
}

static int32_t least_of(uint32_t from, uint32_t to)
{
    int32_t least = INT32_MAX;
    uint32_t left = from + LEAVES;
    uint32_t right = to + LEAVES;

    push_down(left);
    push_down(right - 1);
    for (; left < right; left /= 2, right /= 2) {
        if (left % 2 == 1) {
            least = nodes[left].least < least ? nodes[left].least : least;
            left++;
        }
        if (right % 2 == 1) {
            right--;
            least = nodes[right].least < least ? nodes[right].least : least;
        }
    }
    return least;
}

/* The least urgent, with the greatest number, first. */
static int compare_urgency(const void *a, const void *b)
{
    const struct hde_value *left = a;
    const struct hde_value *right = b;

    return (left->priority < right->priority) - (left->priority > right->priority);
}

static uint32_t time_within(const struct hde_values *values, uint32_t time)
{
    return time == HDE_NEVER ? values->time_max + 1 : time;
}

static void add_held(const struct hde_values *values, const struct hde_value *value, int32_t number)
{
    if (hde_value_is_held(value)) {
        add_range(value->put_returned, time_within(values, value->get_called), number);
    }
}

/* Whether the value can have left at some moment. */
static bool can_leave(const struct hde_value *value)
{
    uint32_t from = value->get_called > value->put_called ? value->get_called : value->put_called;

    return value->get_returned == HDE_NEVER || least_of(from, value->get_returned) == 0;
}

/* Values [from, to), which are equally urgent. */
static bool can_all_leave(const struct hde_values *values, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        if (!can_leave(&values->at[i])) {
            return false;
        }
    }
    return true;
}

bool hde_monitor_priority(struct hde_values *values)
{
    memset(nodes, 0, sizeof(nodes));
    for (uint32_t i = 0; i < values->count; i++) {
        add_held(values, &values->at[i], 1);
    }
    qsort(values->at, values->count, sizeof(values->at[0]), compare_urgency);
    for (uint32_t begin = 0, end = 0; begin < values->count; begin = end) {
        while (end < values->count && values->at[end].priority == values->at[begin].priority) {
            add_held(values, &values->at[end++], -1);
        }
        if (!can_all_leave(values, begin, end)) {
            return false;
        }
    }
    return true;
}
