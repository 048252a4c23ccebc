/*
 * Lock order: which locks threads have acquired while they held which, in all executions of an
 * exploration, and the circles in that.
 *
 * An edge leads from a lock that a thread held to one that it acquired then, and waited for if it
 * had to. A circle of edges is a deadlock that another schedule may reach, unless
 *
 *   - one thread makes two of the edges: it cannot wait at both;
 *   - two of them hold a third lock as well, a gate: their threads cannot be there together;
 *   - one thread had ended, and was joined, before the other was created;
 *   - one only reads a lock that the other one only wants to read.
 *
 * Locks are known by their addresses, which are the same in each execution (arena.h), and threads
 * by their ids. What creates and joins threads is taken to be the same in each execution.
 *
 * Invariant: an edge or a circle, once noted, stays until the next exploration begins.
 *
 * Source: Havelund, Using runtime analysis to guide model checking of Java programs, SPIN 2000;
 *         Bensalem and Havelund, Dynamic deadlock analysis of multi-threaded programs, HVC 2005.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_LOCK_ORDER_H
#define HEDDLE_ENGINE_LOCK_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/object.h"

#define HDE_GUARDS_MAX 8U /* further locks held are not seen as gates */
#define HDE_CYCLE_MAX 6U  /* locks in a circle; longer ones are not looked for */

/* When something happened, as far as creating and joining threads orders it. */
struct hde_segment {
    uint16_t size;                    /* threads there were; the rest is 0 */
    uint16_t at[HDE_THREADS_MAX + 1]; /* by thread: its segments that came before, and this one */
};

/* A lock, and how it is held or wanted. */
struct hde_lock_use {
    uint64_t address;
    bool is_shared; /* for reading */
};

struct hde_lock_edge {
    struct hde_lock_use held;
    struct hde_lock_use wanted;
    struct hde_lock_use guards[HDE_GUARDS_MAX]; /* what else was held */
    uint32_t guards_count;
    struct hde_deed held_at; /* where it was acquired; .thread is who does it all */
    struct hde_deed wanted_at;
    struct hde_segment segment;
};

/* The lock that one edge wants is held in the next one; the last one's in the first. */
struct hde_lock_cycle {
    uint32_t count; /* 2 .. HDE_CYCLE_MAX */
    const struct hde_lock_edge *edges[HDE_CYCLE_MAX];
};

/* An exploration begins: forget all. */
void hde_lock_order_begin(void);

/* Whether an edge has been told of before; `key' is of all that makes it what it is. */
bool hde_lock_order_knows(uint64_t key);

/* Note an edge, and the circles that it closes. In an execution: allocates nothing. */
void hde_lock_order_add(const struct hde_lock_edge *edge);

/* Edge number `number`, in the order in which they came; NULL if there are not so many. */
const struct hde_lock_edge *hde_lock_order_edge(uint32_t number);

/* The next circle that nobody has asked for; NULL if there is none. */
const struct hde_lock_cycle *hde_lock_order_next(void);

#endif
