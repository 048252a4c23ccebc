/*
 * Lock order: edges in the order in which they came, and a search for circles through each new one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/lock_order.h"

#include <stddef.h>
#include <string.h>

#define EDGES_MAX 1024U
#define CYCLES_MAX 32U
#define KEYS 8192U       /* a power of two */
#define PATHS_MAX 10000U /* tried for each new edge and each length of a circle */

static struct hde_lock_edge edges[EDGES_MAX];
static uint32_t edges_count;
static struct hde_lock_cycle cycles[CYCLES_MAX];
static uint32_t cycles_count;
static uint32_t cycles_asked_for;

/* Keys of the edges that are known, each where its low bits say or in one of the next; 0: none. */
static uint64_t keys[KEYS];
static uint32_t keys_count;

void hde_lock_order_begin(void)
{
    if (keys_count > 0) {
        memset(keys, 0, sizeof(keys));
    }
    keys_count = 0;
    edges_count = 0;
    cycles_count = 0;
    cycles_asked_for = 0;
}

bool hde_lock_order_knows(uint64_t key)
{
    uint64_t wanted = key | 1;
    uint32_t at = (uint32_t)(key >> 32) % KEYS;

    while (keys[at] != 0 && keys[at] != wanted) {
        at = (at + 1) % KEYS;
    }
    if (keys[at] == wanted || keys_count == KEYS / 2) {
        return true;
    }
    keys[at] = wanted;
    keys_count++;
    return false;
}

/* ---- Whether two edges can be waited at together --------------------------------------------- */

static uint16_t time_of(const struct hde_segment *segment, unsigned thread)
{
    return thread < segment->size ? segment->at[thread] : 0;
}

/* Whether all of `first` comes before all of `second`, in each execution. */
static bool comes_before(const struct hde_lock_edge *first, const struct hde_lock_edge *second)
{
    unsigned thread = first->wanted_at.thread;

    return time_of(&first->segment, thread) <= time_of(&second->segment, thread);
}

static bool excludes(const struct hde_lock_use *a, const struct hde_lock_use *b)
{
    return a->address == b->address && !(a->is_shared && b->is_shared);
}

static bool is_guarded(const struct hde_lock_edge *edge, const struct hde_lock_use *other)
{
    for (uint32_t i = 0; i < edge->guards_count; i++) {
        if (excludes(&edge->guards[i], other)) {
            return true;
        }
    }
    return false;
}

static bool have_gate(const struct hde_lock_edge *a, const struct hde_lock_edge *b)
{
    for (uint32_t i = 0; i < a->guards_count; i++) {
        if (is_guarded(b, &a->guards[i])) {
            return true;
        }
    }
    return false;
}

static bool can_be_together(const struct hde_lock_edge *a, const struct hde_lock_edge *b)
{
    return a->wanted_at.thread != b->wanted_at.thread && a->held.address != b->held.address &&
           !have_gate(a, b) && !comes_before(a, b) && !comes_before(b, a);
}

/* ---- Circles --------------------------------------------------------------------------------- */

static bool is_place(const struct hde_deed *a, const struct hde_deed *b)
{
    return a->pc == b->pc && a->context == b->context;
}

/* Whether both are the same locks at the same places, whichever threads do it. */
static bool is_same_edge(const struct hde_lock_edge *a, const struct hde_lock_edge *b)
{
    return a->held.address == b->held.address && a->wanted.address == b->wanted.address &&
           is_place(&a->held_at, &b->held_at) && is_place(&a->wanted_at, &b->wanted_at);
}

static bool has_edge(const struct hde_lock_cycle *cycle, const struct hde_lock_edge *edge)
{
    for (uint32_t i = 0; i < cycle->count; i++) {
        if (is_same_edge(cycle->edges[i], edge)) {
            return true;
        }
    }
    return false;
}

static bool is_known(const struct hde_lock_cycle *cycle)
{
    for (uint32_t i = 0; i < cycles_count; i++) {
        uint32_t same = 0;

        while (same < cycle->count && has_edge(&cycles[i], cycle->edges[same])) {
            same++;
        }
        if (same == cycle->count && cycles[i].count == cycle->count) {
            return true;
        }
    }
    return false;
}

/* Whether the last edge of `path`, a lock held by nobody else in it, may follow on the others. */
static bool fits(const struct hde_lock_cycle *path)
{
    const struct hde_lock_edge *last = path->edges[path->count - 1];

    if (!excludes(&path->edges[path->count - 2]->wanted, &last->held)) {
        return false;
    }
    for (uint32_t i = 0; i + 1 < path->count; i++) {
        if (!can_be_together(path->edges[i], last)) {
            return false;
        }
    }
    return true;
}

static bool is_closed(const struct hde_lock_cycle *path)
{
    return excludes(&path->edges[path->count - 1]->wanted, &path->edges[0]->held);
}

static void note(const struct hde_lock_cycle *cycle)
{
    if (cycles_count < CYCLES_MAX && !is_known(cycle)) {
        cycles[cycles_count++] = *cycle;
    }
}

/* Put `edge` at the end of the path. Returns whether the path can be made longer there. */
static bool lengthen(struct hde_lock_cycle *path, const struct hde_lock_edge *edge, uint32_t length)
{
    path->edges[path->count++] = edge;
    if (fits(path)) {
        if (path->count < length && !is_closed(path)) {
            return true;
        }
        if (path->count == length && is_closed(path)) {
            note(path);
        }
    }
    path->count--;
    return false;
}

/* Circles of `length` through `first`; next[depth] is the number of the edge to try there. */
static void find_cycles(const struct hde_lock_edge *first, uint32_t length)
{
    struct hde_lock_cycle path = {.count = 1, .edges = {first}};
    uint32_t next[HDE_CYCLE_MAX + 1] = {0};

    for (uint32_t tried = 0; path.count > 0 && tried < PATHS_MAX; tried++) {
        uint32_t depth = path.count;

        if (next[depth] == edges_count) {
            path.count--;
        } else if (lengthen(&path, &edges[next[depth]++], length)) {
            next[path.count] = 0;
        }
    }
}

void hde_lock_order_add(const struct hde_lock_edge *edge)
{
    if (edges_count == EDGES_MAX) {
        return;
    }
    edges[edges_count++] = *edge;
    for (uint32_t length = 2; length <= HDE_CYCLE_MAX; length++) {
        find_cycles(&edges[edges_count - 1], length);
    }
}

const struct hde_lock_edge *hde_lock_order_edge(uint32_t number)
{
    return number < edges_count ? &edges[number] : NULL;
}

const struct hde_lock_cycle *hde_lock_order_next(void)
{
    return cycles_asked_for < cycles_count ? &cycles[cycles_asked_for++] : NULL;
}
