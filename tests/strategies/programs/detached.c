/*
 * Detached: main starts `threads` threads that log after `rounds` steps of work, closes the log and
 * returns.
 *
 * Bug      main does not join them: one logs after the log was closed, if main has not returned by
 *          then.
 * Needs    1 preemption: of main, between closing the log and its return.
 * Fix      Join them first.
 * Source   Every program whose exit handlers tear down what its threads use.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

static atomic_int is_closed;

static void work(unsigned number)
{
    crew_toil(number, crew_sizes.rounds);
    HD_EXPECT(crew_get(&is_closed) == 0);
}

void generated_detached(const struct generated_sizes *sizes)
{
    crew_start(sizes, sizes->threads, work);
    if (sizes->is_fixed) {
        crew_join();
    }
    crew_set(&is_closed, 1);
}
