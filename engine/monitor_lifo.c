/*
 * Monitor of stacks: what was pushed last leaves first.
 *
 * A value that is not there for certain at any time can always be explained: pushed, and popped at
 * once. Of the others, a value can lie at the bottom of all if it can have been pushed before each
 * of them is there and popped after each of them is gone: then it is in nobody's way, and is left
 * out. Where at some time nothing is there for certain, what was before has nothing to do with what
 * comes after, and both are looked at alone. If neither is possible any more, and something is
 * left, nothing explains it. O(n^2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/monitor_values.h"

/* Values [begin, end), sorted by put_returned. */
struct segment {
    uint32_t begin;
    uint32_t end;
};

static struct segment segments[HD_HISTORY_OPERATIONS_MAX + 1];
static uint32_t segments_count;

/* Leave only those that are there for certain at some time. */
static void keep_held(struct hde_values *values)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < values->count; i++) {
        if (hde_value_is_held(&values->at[i])) {
            values->at[kept++] = values->at[i];
        }
    }
    values->count = kept;
}

/* The first part of a segment up to which something is always there; *latest: its end. */
static uint32_t find_gap(const struct hde_value *at, struct segment segment, uint32_t *latest)
{
    uint32_t rank = segment.begin;

    *latest = at[rank].get_called;
    for (rank++; rank < segment.end && at[rank].put_returned < *latest; rank++) {
        *latest = at[rank].get_called > *latest ? at[rank].get_called : *latest;
    }
    return rank;
}

/* A value that can lie at the bottom of the segment; its end if there is none. */
static uint32_t find_bottom(const struct hde_value *at, struct segment segment, uint32_t latest)
{
    uint32_t rank = segment.begin;

    while (rank < segment.end && (at[rank].put_called > at[segment.begin].put_returned ||
                                  at[rank].get_returned < latest)) {
        rank++;
    }
    return rank;
}

static void push(uint32_t begin, uint32_t end)
{
    if (begin < end) {
        segments[segments_count++] = (struct segment){begin, end};
    }
}

bool hde_monitor_lifo(struct hde_values *values)
{
    struct hde_value *at = values->at;

    keep_held(values);
    segments_count = 0;
    push(0, values->count);
    while (segments_count > 0) {
        struct segment segment = segments[--segments_count];
        uint32_t latest;
        uint32_t gap = find_gap(at, segment, &latest);

        if (gap < segment.end) {
            push(gap, segment.end);
            push(segment.begin, gap);
            continue;
        }
        uint32_t bottom = find_bottom(at, segment, latest);

        if (bottom == segment.end) {
            return false;
        }
        for (uint32_t i = bottom + 1; i < segment.end; i++) {
            at[i - 1] = at[i];
        }
        push(segment.begin, segment.end - 1);
    }
    return true;
}
