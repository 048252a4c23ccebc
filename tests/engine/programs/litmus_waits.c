/*
 * Litmus programs that wait in every way there is: for a notify of which one of several is woken,
 * for a deadline, for a flag, for threads of their own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include <heddle/check.h>

#include "tests/engine/programs/litmus.h"

#define SOME_NS 1000000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int waiting; /* under mutex */
static int order;   /* under mutex: who went on, digit by digit */
static atomic_int flag;

/* Threads 1 to 3 wait; thread 4 wakes them one by one once all do, and gives up if they do not. */
static void choose_waiter(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    if (hd_litmus_self() < 4) {
        waiting++;
        (void)pthread_cond_wait(&condition, &mutex);
        order = order * 10 + (int)hd_litmus_self();
        HD_EXPECT(order != 312);
    } else if (waiting == 3) {
        for (int i = 0; i < 3; i++) {
            (void)pthread_cond_signal(&condition);
        }
    }
    (void)pthread_mutex_unlock(&mutex);
}

const struct litmus litmus_choice_of_waiter = {"choice of waiter", 4, choose_waiter};

static void nap(void)
{
    const struct timespec some = {.tv_nsec = SOME_NS};

    (void)nanosleep(&some, NULL);
}

/* Thread 1 waits with a deadline, and thread 2 notifies it after some sleep. */
static void wait_for_a_time(void *unused)
{
    struct timespec deadline;

    (void)unused;
    if (hd_litmus_self() > 1) {
        nap();
        (void)pthread_mutex_lock(&mutex);
        (void)pthread_cond_signal(&condition);
        (void)pthread_mutex_unlock(&mutex);
        return;
    }
    (void)clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_nsec += SOME_NS;
    deadline.tv_sec += deadline.tv_nsec / 1000000000;
    deadline.tv_nsec %= 1000000000;
    (void)pthread_mutex_lock(&mutex);
    int result = pthread_cond_timedwait(&condition, &mutex, &deadline);

    (void)pthread_mutex_unlock(&mutex);
    HD_EXPECT(result == 0);
}

const struct litmus litmus_timed_wait = {"timed wait", 2, wait_for_a_time};

/* Thread 1 polls what thread 2 sets, and thread 3 what thread 1 answers. */
static void poll(void *unused)
{
    int wanted = hd_litmus_self() == 3 ? 2 : 1;

    (void)unused;
    if (hd_litmus_self() == 2) {
        nap();
        atomic_store_explicit(&flag, 1, memory_order_release);
        return;
    }
    while (atomic_load_explicit(&flag, memory_order_acquire) < wanted) {
        (void)sched_yield();
    }
    atomic_store_explicit(&flag, 2, memory_order_release);
}

const struct litmus litmus_poll = {"poll", 3, poll};

static void *add_one(void *unused)
{
    (void)atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
    (void)pthread_mutex_lock(&mutex);
    waiting++;
    (void)pthread_mutex_unlock(&mutex);
    return unused;
}

/* Each thread creates two, and waits for one of them. */
static void create(void *unused)
{
    pthread_t first;
    pthread_t second;

    (void)pthread_create(&first, NULL, add_one, unused);
    (void)pthread_create(&second, NULL, add_one, unused);
    (void)pthread_join(second, NULL);
    HD_EXPECT(atomic_load_explicit(&flag, memory_order_relaxed) > 1);
    (void)pthread_detach(first);
}

static void *set_three(void *unused)
{
    atomic_store_explicit(&flag, 3, memory_order_relaxed);
    return unused;
}

/* Who creates first has the lower number for the thread that it creates. */
static void create_one_each(void *unused)
{
    pthread_t created;

    (void)pthread_create(&created, NULL, hd_litmus_self() == 1 ? add_one : set_three, unused);
    (void)pthread_detach(created);
}

const struct litmus litmus_create_one_each = {"create one each", 2, create_one_each};

#define LONG_S 10000000 /* later than any clock here begins */

/*
 * Thread 1 waits for a long time at most; what it does then shows whether it was notified. Thread 2
 * looks at the clock; what it does then shows whether it is over. Thread 3 notifies.
 */
static void give_up_or_not(void *unused)
{
    struct timespec time = {.tv_sec = 0};

    (void)unused;
    if (hd_litmus_self() == 1) {
        (void)clock_gettime(CLOCK_REALTIME, &time);
        time.tv_sec += LONG_S;
        (void)pthread_mutex_lock(&mutex);
        if (pthread_cond_timedwait(&condition, &mutex, &time) != 0) {
            atomic_store_explicit(&flag, 1, memory_order_relaxed);
        }
        (void)pthread_mutex_unlock(&mutex);
        return;
    }
    if (hd_litmus_self() == 3) {
        (void)pthread_cond_signal(&condition);
        return;
    }
    atomic_thread_fence(memory_order_seq_cst);
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    if (time.tv_sec >= LONG_S) {
        (void)atomic_load_explicit(&flag, memory_order_relaxed);
    }
}

const struct litmus litmus_give_up = {"give up", 3, give_up_or_not};

/* Creates two, which add one each, and waits for both. */
static void create_and_join(void *unused)
{
    pthread_t threads[2];

    (void)pthread_create(&threads[0], NULL, add_one, unused);
    (void)pthread_create(&threads[1], NULL, add_one, unused);
    (void)pthread_join(threads[0], NULL);
    (void)pthread_join(threads[1], NULL);
}

const struct litmus litmus_create_and_join = {"create and join", 1, create_and_join};
const struct litmus litmus_create = {"create", 2, create};
