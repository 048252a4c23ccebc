/*
 * Window: one thread makes `rounds` steps, and somewhere on its way moves an entry from one table
 * to another; a second thread looks once.
 *
 * Bug      Between two steps of so many the entry is in neither table.
 * Needs    1 preemption: right there, in favour of the other thread, which must not have looked.
 * Fix      A lock around the move, and around the look.
 * Source   Hash tables that replace by deleting and inserting.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int tables; /* that it is in */

static void guard(bool is_fixed)
{
    if (is_fixed) {
        (void)pthread_mutex_lock(&lock);
    }
}

static void unguard(bool is_fixed)
{
    if (is_fixed) {
        (void)pthread_mutex_unlock(&lock);
    }
}

static void work(unsigned number)
{
    unsigned before = crew_sizes.rounds / 4 + crew_draw(0, crew_sizes.rounds / 2);

    if (number == 1) {
        guard(crew_sizes.is_fixed);
        HD_EXPECT(crew_get(&tables) == 1);
        unguard(crew_sizes.is_fixed);
        return;
    }
    crew_toil(number, before);
    guard(crew_sizes.is_fixed);
    (void)crew_add(&tables, -1);
    (void)crew_add(&tables, 1);
    unguard(crew_sizes.is_fixed);
    crew_toil(number, crew_sizes.rounds - before);
}

void generated_window(const struct generated_sizes *sizes)
{
    crew_set(&tables, 1);
    crew_start(sizes, 2, work);
    crew_join();
}
