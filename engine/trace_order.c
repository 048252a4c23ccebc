/*
 * Trace order: lessons become edges, and those that follow from others are dropped in one walk.
 *
 * The walk keeps for each thread how far it knows each other one, and a copy of that for each step
 * that an edge begins at, which says what is known through it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/trace_order.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/array.h"

struct walk {
    const struct hde_trace *trace;
    const uint32_t *kept;
    size_t kept_count;
    uint32_t threads_count;

    /* By thread: its steps in the trace are own[first[t] .. first[t + 1]), ascending. */
    uint32_t *own;
    size_t own_capacity;
    uint32_t first[HDE_THREADS_MAX + 1];

    uint32_t *numbers; /* by step of the trace: its number among those kept; HDE_TRACE_NONE */
    size_t numbers_capacity;

    struct hde_trace_edge *edges; /* all that there could be */
    size_t edges_count;
    size_t edges_capacity;

    /* Rows of threads_count: how many of the steps kept are known, up to the last one of each. */
    uint32_t *known; /* by thread */
    size_t known_capacity;
    uint32_t *through; /* by step at which an edge begins, in the order of `rows' */
    size_t through_capacity;
    uint32_t *rows; /* by step kept: where in `through', from 1; 0: no edge begins there */
    size_t rows_capacity;
};

/* ---- Lessons become edges -------------------------------------------------------------------- */

static void list_steps(struct walk *walk)
{
    const struct hde_trace *trace = walk->trace;
    uint32_t next[HDE_THREADS_MAX];

    for (size_t i = 0; i < trace->count; i++) {
        unsigned thread = trace->steps[i].thread;

        walk->first[thread + 1]++;
        walk->threads_count = thread >= walk->threads_count ? thread + 1 : walk->threads_count;
    }
    for (unsigned thread = 0; thread < HDE_THREADS_MAX; thread++) {
        walk->first[thread + 1] += walk->first[thread];
        next[thread] = walk->first[thread];
    }
    walk->own = hde_array_grow(NULL, &walk->own_capacity, trace->count + 1, sizeof(*walk->own));
    for (size_t i = 0; i < trace->count; i++) {
        walk->own[next[trace->steps[i].thread]++] = (uint32_t)i;
    }
    walk->numbers =
        hde_array_grow(NULL, &walk->numbers_capacity, trace->count + 1, sizeof(*walk->numbers));
    memset(walk->numbers, 0xff, trace->count * sizeof(*walk->numbers));
    for (size_t i = 0; i < walk->kept_count; i++) {
        walk->numbers[walk->kept[i]] = (uint32_t)i;
    }
}

/* The last step that the thread made up to a time of its own; HDE_TRACE_NONE. */
static uint32_t last_up_to(const struct walk *walk, unsigned thread, uint32_t time)
{
    uint32_t low = walk->first[thread];
    uint32_t high = walk->first[thread + 1];

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (walk->trace->steps[walk->own[middle]].time <= time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == walk->first[thread] ? HDE_TRACE_NONE : walk->own[low - 1];
}

/* Where in `own' a step of the trace is. */
static uint32_t rank_of(const struct walk *walk, uint32_t step)
{
    unsigned thread = walk->trace->steps[step].thread;
    uint32_t low = walk->first[thread];
    uint32_t high = walk->first[thread + 1];

    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;

        if (walk->own[middle] <= step) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The step kept that is this one, or the next one before it of its thread; HDE_TRACE_NONE. */
static uint32_t kept_before(const struct walk *walk, uint32_t step)
{
    uint32_t least = walk->first[walk->trace->steps[step].thread];
    uint32_t rank = rank_of(walk, step) + 1;

    while (rank > least && walk->numbers[walk->own[rank - 1]] == HDE_TRACE_NONE) {
        rank--;
    }
    return rank == least ? HDE_TRACE_NONE : walk->numbers[walk->own[rank - 1]];
}

/* The same, or the next one after it. */
static uint32_t kept_after(const struct walk *walk, uint32_t step)
{
    uint32_t end = walk->first[walk->trace->steps[step].thread + 1];
    uint32_t rank = rank_of(walk, step);

    while (rank < end && walk->numbers[walk->own[rank]] == HDE_TRACE_NONE) {
        rank++;
    }
    return rank == end ? HDE_TRACE_NONE : walk->numbers[walk->own[rank]];
}

/*
 * It learnt in the step itself if what it learnt of had been by then: others do nothing while a
 * step is carried out.
 */
static void add_lesson(struct walk *walk, const struct hde_trace_lesson *lesson)
{
    uint32_t source = last_up_to(walk, lesson->of, lesson->time);
    bool is_of_step =
        lesson->since != HDE_TRACE_NONE && source != HDE_TRACE_NONE && source < lesson->since;
    uint32_t target = is_of_step ? lesson->since : lesson->until;

    if (source == HDE_TRACE_NONE || target == HDE_TRACE_NONE) {
        return;
    }
    const struct hde_trace_edge edge = {
        .step = kept_after(walk, target),
        .after = kept_before(walk, source),
    };

    if (edge.step != HDE_TRACE_NONE && edge.after != HDE_TRACE_NONE) {
        walk->edges = hde_array_grow(walk->edges, &walk->edges_capacity, walk->edges_count + 1,
                                     sizeof(*walk->edges));
        walk->edges[walk->edges_count++] = edge;
    }
}

static int compare_edges(const void *a, const void *b)
{
    const struct hde_trace_edge *left = a;
    const struct hde_trace_edge *right = b;

    if (left->step != right->step) {
        return left->step < right->step ? -1 : 1;
    }
    return (left->after > right->after) - (left->after < right->after);
}

/* ---- The walk -------------------------------------------------------------------------------- */

static unsigned thread_of(const struct walk *walk, uint32_t number)
{
    return walk->trace->steps[walk->kept[number]].thread;
}

static void make_rows(struct walk *walk)
{
    uint32_t count = 0;

    walk->rows =
        hde_array_grow(NULL, &walk->rows_capacity, walk->kept_count + 1, sizeof(*walk->rows));
    for (size_t i = 0; i < walk->edges_count; i++) {
        uint32_t *row = &walk->rows[walk->edges[i].after];

        *row = *row == 0 ? ++count : *row;
    }
    walk->through = hde_array_grow(NULL, &walk->through_capacity,
                                   (size_t)count * walk->threads_count + 1, sizeof(*walk->through));
    walk->known =
        hde_array_grow(NULL, &walk->known_capacity,
                       (size_t)walk->threads_count * walk->threads_count + 1, sizeof(*walk->known));
}

static uint32_t *known_by(struct walk *walk, unsigned thread)
{
    return &walk->known[(size_t)thread * walk->threads_count];
}

static uint32_t *known_through(struct walk *walk, uint32_t number)
{
    return &walk->through[((size_t)walk->rows[number] - 1) * walk->threads_count];
}

/* Whether the edge follows from what the thread knew, or from another one to the same step. */
static bool follows(struct walk *walk, size_t begin, size_t end, size_t which)
{
    const struct hde_trace_edge *edge = &walk->edges[which];
    unsigned from = thread_of(walk, edge->after);
    bool does = known_by(walk, thread_of(walk, edge->step))[from] > edge->after;

    for (size_t i = begin; i < end && !does; i++) {
        uint32_t after = walk->edges[i].after;

        does = after != edge->after && known_through(walk, after)[from] > edge->after;
    }
    return does;
}

/* The edges [begin, end) are all those to one step. */
static void take_edges(struct walk *walk, struct hde_trace_order *order, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        bool is_repeated = i > begin && walk->edges[i].after == walk->edges[i - 1].after;

        if (!is_repeated && !follows(walk, begin, end, i)) {
            order->edges = hde_array_grow(order->edges, &order->capacity, order->count + 1,
                                          sizeof(*order->edges));
            order->edges[order->count++] = walk->edges[i];
        }
    }
    for (size_t i = begin; i < end; i++) {
        uint32_t *known = known_by(walk, thread_of(walk, walk->edges[i].step));
        const uint32_t *more = known_through(walk, walk->edges[i].after);

        for (uint32_t thread = 0; thread < walk->threads_count; thread++) {
            known[thread] = known[thread] < more[thread] ? more[thread] : known[thread];
        }
    }
}

static void walk_steps(struct walk *walk, struct hde_trace_order *order)
{
    size_t begin = 0;

    for (uint32_t number = 0; number < walk->kept_count; number++) {
        unsigned thread = thread_of(walk, number);
        size_t end = begin;

        while (end < walk->edges_count && walk->edges[end].step == number) {
            end++;
        }
        take_edges(walk, order, begin, end);
        begin = end;
        known_by(walk, thread)[thread] = number + 1;
        if (walk->rows[number] != 0) {
            memcpy(known_through(walk, number), known_by(walk, thread),
                   walk->threads_count * sizeof(*walk->known));
        }
    }
}

void hde_trace_order_take(struct hde_trace_order *order,
                          const struct hde_trace *trace,
                          const uint32_t *kept,
                          size_t count)
{
    static struct walk walk;

    walk = (struct walk){.trace = trace, .kept = kept, .kept_count = count};
    order->count = 0;
    list_steps(&walk);
    for (size_t i = 0; i < trace->lessons_count; i++) {
        add_lesson(&walk, &trace->lessons[i]);
    }
    if (walk.edges_count > 0) {
        qsort(walk.edges, walk.edges_count, sizeof(*walk.edges), compare_edges);
        make_rows(&walk);
        walk_steps(&walk, order);
    }
    hde_array_release(walk.own, walk.own_capacity, sizeof(*walk.own));
    hde_array_release(walk.numbers, walk.numbers_capacity, sizeof(*walk.numbers));
    hde_array_release(walk.edges, walk.edges_capacity, sizeof(*walk.edges));
    hde_array_release(walk.known, walk.known_capacity, sizeof(*walk.known));
    hde_array_release(walk.through, walk.through_capacity, sizeof(*walk.through));
    hde_array_release(walk.rows, walk.rows_capacity, sizeof(*walk.rows));
}

void hde_trace_order_release(struct hde_trace_order *order)
{
    hde_array_release(order->edges, order->capacity, sizeof(*order->edges));
    *order = (struct hde_trace_order){.edges = NULL};
}
