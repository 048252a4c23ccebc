/*
 * Priority inversion in a spin lock: two threads share one processor, which the urgent one does not
 * give up while it spins for a lock that the other one holds.
 *
 * Bug      The urgent thread takes the processor away from the one that holds `lock`; spinning, it
 *          keeps it, and the lock is never released. The processor is a lock, too, which the urgent
 *          thread is given as soon as it is between two steps of the other one.
 * Needs    2 threads, 1 preemption: while the other one holds the lock and is off the processor.
 * Fix      No change of threads while the lock is held: it is taken and released in one turn on the
 *          processor, as a kernel's spin locks do that disable preemption.
 * Source   Molesky, Shen, Zlokapa, Predictable synchronization mechanisms for multiprocessor
 *          real-time systems, 1990; the single processor case is textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t processor; /* who holds it runs */
    int lock;                  /* atomic: 1 while held */
    int work;                  /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->processor, NULL) == 0);
}

static void acquire(struct shared *shared)
{
    /* Acquire: pairs with the release in release(). */
    while (__atomic_exchange_n(&shared->lock, 1, __ATOMIC_ACQUIRE) != 0) { /* finding */
    }
}

static void release(struct shared *shared)
{
    /* Release: pairs with the acquire in acquire(). */
    __atomic_store_n(&shared->lock, 0, __ATOMIC_RELEASE);
}

static void urgent(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->processor);
    acquire(shared);
    shared->work++;
    release(shared);
    (void)pthread_mutex_unlock(&shared->processor);
}

static void ordinary(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->processor);
    acquire(shared);
    (void)pthread_mutex_unlock(&shared->processor); /* a tick of the clock: who is urgent runs */
    (void)pthread_mutex_lock(&shared->processor);
    shared->work++;
    release(shared);
    (void)pthread_mutex_unlock(&shared->processor);
}

static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->work == 2); }

const struct hd_scenario hd_scenario_priority_inversion = {
    .summary = "an urgent thread spins for a lock whose holder cannot run",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {urgent, ordinary},
    .fixed = {urgent, urgent},
    .check = check,
    .sc = HD_LIVELOCK,
    .c11 = HD_LIVELOCK,
};
