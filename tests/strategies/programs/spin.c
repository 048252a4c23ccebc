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
    hd_crew_set(crew_sizes.is_fixed ? &wants[me] : &gives_way, crew_sizes.is_fixed ? 1 : (int)me);
    hd_crew_set(crew_sizes.is_fixed ? &gives_way : &wants[me], crew_sizes.is_fixed ? (int)me : 1);
    while (hd_crew_get(&wants[1 - me]) != 0 && hd_crew_get(&gives_way) == (int)me) {
    }
}

static void work(unsigned me)
{
    for (unsigned round = 0; round < crew_sizes.rounds; round++) {
        hd_crew_toil(me, 2);
        enter(me);
        HD_EXPECT(hd_crew_add(&inside, 1) == 0);
        (void)hd_crew_add(&inside, -1);
        hd_crew_set(&wants[me], 0);
    }
}

void hd_generated_spin(const struct generated_sizes *sizes)
{
    hd_crew_start(sizes, 2, work);
    hd_crew_join();
}
