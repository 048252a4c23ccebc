/*
 * Spin: two threads enter a critical section `rounds` times each through Peterson's lock.
 *
 * Bug      Each gives way before it says that it wants to enter, instead of after: both get in.
 * Needs    2 preemptions: of one between these two, and of the other in the critical section.
 * Fix      Say it first.
 * Source   Peterson, Myths about the mutual exclusion problem, 1981; with the two statements
 *          swapped.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

static atomic_int wants[2];
static atomic_int gives_way;
static atomic_int inside;

static void enter(unsigned me)
{
    crew_set(crew_sizes.is_fixed ? &wants[me] : &gives_way, crew_sizes.is_fixed ? 1 : (int)me);
    crew_set(crew_sizes.is_fixed ? &gives_way : &wants[me], crew_sizes.is_fixed ? (int)me : 1);
    while (crew_get(&wants[1 - me]) != 0 && crew_get(&gives_way) == (int)me) {
    }
}

static void work(unsigned me)
{
    for (unsigned round = 0; round < crew_sizes.rounds; round++) {
        crew_toil(me, 2);
        enter(me);
        HD_EXPECT(crew_add(&inside, 1) == 0);
        (void)crew_add(&inside, -1);
        crew_set(&wants[me], 0);
    }
}

void generated_spin(const struct generated_sizes *sizes)
{
    crew_start(sizes, 2, work);
    crew_join();
}
