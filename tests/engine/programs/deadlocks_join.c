/*
 * Deadlocks of threads that join, and their look-alikes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include "tests/engine/programs/deadlocks.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_t threads[3];

static void *take(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
    return NULL;
}

static void join_while_holding(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, take, NULL);
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_join(thread, NULL);
    (void)pthread_mutex_unlock(&mutex);
}

static void join_after_release(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, take, NULL);
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
    (void)pthread_join(thread, NULL);
}

/* Joins the thread whose number is the argument's; all are known by then. */
static void *join_next(void *argument)
{
    (void)take(NULL);
    return (void *)(size_t)pthread_join(*(pthread_t *)argument, NULL);
}

static void create_ring(unsigned count)
{
    (void)pthread_mutex_lock(&mutex);
    for (unsigned i = 0; i < count; i++) {
        (void)pthread_create(&threads[i], NULL, join_next, &threads[(i + 1) % count]);
    }
    (void)pthread_mutex_unlock(&mutex);
}

static void join_in_threes(void *unused)
{
    (void)unused;
    create_ring(3);
}

/* The second of two that join each other gets EDEADLK. */
static void join_in_twos(void *unused)
{
    (void)unused;
    create_ring(2);
}

static void *await_notify(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_cond_wait(&condition, &mutex);
    (void)pthread_mutex_unlock(&mutex);
    return NULL;
}

/* Who joins a thread that waits for ever has no part in it. */
static void join_waiting(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, await_notify, NULL);
    (void)pthread_join(thread, NULL);
}

/* Of two detached threads the second one waits for a mutex whose holder has ended. */
static void *take_and_end(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    return NULL;
}

static void join_holder_and_take(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, take_and_end, NULL);
    (void)pthread_join(thread, NULL);
    (void)take(NULL);
}

const struct deadlock_program deadlock_join_programs[] = {
    {"join with the lock held", HDE_CLASS_JOIN_CYCLE, 2, false, false, {join_while_holding}},
    {"join with the lock released", HDE_CLASS_NONE, 0, false, false, {join_after_release}},
    {"three join each other", HDE_CLASS_JOIN_CYCLE, 3, false, false, {join_in_threes}},
    {"two join each other", HDE_CLASS_NONE, 0, false, false, {join_in_twos}},
    {"joins one that waits", HDE_CLASS_NEVER_NOTIFIED, 1, false, false, {join_waiting}},
    {"joined the holder", HDE_CLASS_HOLDER_ENDED, 1, true, false, {join_holder_and_take}},
    {NULL, HDE_CLASS_NONE, 0, false, false, {NULL}},
};
