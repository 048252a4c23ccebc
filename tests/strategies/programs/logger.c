/*
 * Logger: `threads` threads write `rounds` lines each to a file that is rotated at `depth` lines.
 *
 * Bug      Who finds the file full takes the lock and rotates it, and does not look again under the
 *          lock: a second one rotates a file that has just been begun over the full one.
 * Needs    1 preemption: between finding it full and taking the lock.
 * Fix      Look again under the lock.
 * Source   Log rotation as it is found in servers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int lines;

static void rotate(int full)
{
    (void)pthread_mutex_lock(&lock);
    if (crew_get(&lines) >= full || !crew_sizes.is_fixed) {
        HD_EXPECT(crew_get(&lines) >= full / 2);
        crew_set(&lines, 0);
    }
    (void)pthread_mutex_unlock(&lock);
}

static void work(unsigned number)
{
    int full = (int)crew_sizes.depth;

    for (unsigned round = 0; round < crew_sizes.rounds; round++) {
        crew_toil(number, 2);
        if (crew_get(&lines) >= full) {
            rotate(full);
        }
        (void)crew_add(&lines, 1);
    }
}

void generated_logger(const struct generated_sizes *sizes)
{
    crew_start(sizes, sizes->threads, work);
    crew_join();
}
