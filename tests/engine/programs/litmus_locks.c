/*
 * Litmus programs with mutexes and conditions.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>

#include "tests/engine/programs/litmus.h"

static pthread_mutex_t mutexes[6] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                     PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                     PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static atomic_int flag;
static int counter; /* under mutexes[0] */

static void mutex_counter(void *unused)
{
    (void)unused;
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_mutex_lock(&mutexes[0]);
        counter++;
        (void)pthread_mutex_unlock(&mutexes[0]);
    }
}

const struct litmus litmus_mutex_counter = {"mutex_counter(2,2)", 2, mutex_counter};

static void eat(unsigned philosophers)
{
    unsigned left = hd_litmus_self() - 1;
    unsigned right = (left + 1) % philosophers;

    (void)pthread_mutex_lock(&mutexes[left]);
    (void)pthread_mutex_lock(&mutexes[right]);
    (void)pthread_mutex_unlock(&mutexes[right]);
    (void)pthread_mutex_unlock(&mutexes[left]);
}

static void eat_of_3(void *unused)
{
    (void)unused;
    eat(3);
}

const struct litmus litmus_philosophers_3 = {"philosophers(3)", 3, eat_of_3};

static void eat_of_6(void *unused)
{
    (void)unused;
    eat(6);
}

const struct litmus litmus_philosophers_6 = {"philosophers(6)", 6, eat_of_6};

/* Thread 2 tests the flag without the lock, and so may wait after the only notify. */
static void lose_wake_up(void *unused)
{
    (void)unused;
    if (hd_litmus_self() == 1) {
        atomic_store_explicit(&flag, 1, memory_order_relaxed);
        (void)pthread_mutex_lock(&mutexes[0]);
        (void)pthread_cond_signal(&condition);
        (void)pthread_mutex_unlock(&mutexes[0]);
    } else if (atomic_load_explicit(&flag, memory_order_relaxed) == 0) {
        (void)pthread_mutex_lock(&mutexes[0]);
        (void)pthread_cond_wait(&condition, &mutexes[0]);
        (void)pthread_mutex_unlock(&mutexes[0]);
    }
}

const struct litmus litmus_lost_wake_up = {"cv_lostwakeup(1)", 2, lose_wake_up};
