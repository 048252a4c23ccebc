/*
 * Pool: `threads` workers carry out `rounds` tasks, then the pool is shut down.
 *
 * Bug      The flag that ends the workers is set without their lock: one has looked at it, and not
 *          yet begun to wait, when all are woken; it waits for ever.
 * Needs    1 preemption: of that worker.
 * Fix      Set it under the lock.
 * Source   Thread pools that make such flags atomic and think that this is enough.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned tasks; /* under lock */
static atomic_int is_over;

/* False if the pool is shut down. */
static bool take(void)
{
    (void)pthread_mutex_lock(&lock);
    while (tasks == 0 && crew_get(&is_over) == 0) {
        (void)pthread_cond_wait(&changed, &lock);
    }
    bool has_task = tasks > 0;

    tasks -= has_task;
    (void)pthread_mutex_unlock(&lock);
    return has_task;
}

static void work(unsigned number)
{
    while (take()) {
        crew_toil(number, 3);
    }
}

static void shut_down(bool is_fixed)
{
    if (is_fixed) {
        (void)pthread_mutex_lock(&lock);
    }
    crew_set(&is_over, 1);
    if (is_fixed) {
        (void)pthread_mutex_unlock(&lock);
    }
    (void)pthread_cond_broadcast(&changed);
}

void generated_pool(const struct generated_sizes *sizes)
{
    crew_start(sizes, sizes->threads, work);
    for (unsigned i = 0; i < sizes->rounds; i++) {
        (void)pthread_mutex_lock(&lock);
        tasks++;
        (void)pthread_cond_signal(&changed);
        (void)pthread_mutex_unlock(&lock);
    }
    shut_down(sizes->is_fixed);
    crew_join();
}
