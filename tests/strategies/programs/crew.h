/*
 * Crew: what the generated programs have in common: threads that are numbered, cells, and draws.
 *
 * Cells are relaxed everywhere: what goes wrong in these programs goes wrong under sequential
 * consistency, and is no data race, so that it takes more than one look at each access to find it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_STRATEGIES_PROGRAMS_CREW_H
#define HEDDLE_TESTS_STRATEGIES_PROGRAMS_CREW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <heddle/check.h>

#include "tests/strategies/generated.h"

#define CREW_MAX 128U

static inline int crew_get(atomic_int *cell)
{
    return atomic_load_explicit(cell, memory_order_relaxed);
}

static inline void crew_set(atomic_int *cell, int value)
{
    atomic_store_explicit(cell, value, memory_order_relaxed);
}

/* Returns what it was before. */
static inline int crew_add(atomic_int *cell, int value)
{
    return atomic_fetch_add_explicit(cell, value, memory_order_relaxed);
}

static inline int crew_swap(atomic_int *cell, int value)
{
    return atomic_exchange_explicit(cell, value, memory_order_relaxed);
}

/* Replaces `from` by `to`; false if the cell holds something else. */
static inline bool crew_replace(atomic_int *cell, int from, int to)
{
    return atomic_compare_exchange_strong_explicit(cell, &from, to, memory_order_relaxed,
                                                   memory_order_relaxed);
}

/* The sizes of the program that runs; constant once crew_start() has been called. */
extern struct generated_sizes crew_sizes;

/* Note the sizes and start threads 0 .. count-1, each of which runs work(its number). */
void crew_start(const struct generated_sizes *sizes, unsigned count, void (*work)(unsigned number));

/* Wait for all of them. */
void crew_join(void);

/* So many steps that have nothing to do with other threads. */
void crew_toil(unsigned number, unsigned steps);

/* A number below `bound` that depends on the seed of the sizes and on `index` only. */
unsigned crew_draw(unsigned index, unsigned bound);

#endif
