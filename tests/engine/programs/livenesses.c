/*
 * Livenesses: the programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/livenesses.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <heddle/lock.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static uint32_t turns[2]; /* by thread */

/* ---- Giving way ------------------------------------------------------------------------------ */

static void give_way(pthread_mutex_t *first, pthread_mutex_t *second)
{
    (void)pthread_mutex_lock(first);
    while (pthread_mutex_trylock(second) != 0) {
        (void)pthread_mutex_unlock(first);
        (void)pthread_mutex_lock(first);
    }
    (void)pthread_mutex_unlock(second);
    (void)pthread_mutex_unlock(first);
}

static void polite_a_b(void *unused)
{
    (void)unused;
    give_way(&a, &b);
}

static void polite_b_a(void *unused)
{
    (void)unused;
    give_way(&b, &a);
}

static void yielding(pthread_mutex_t *first, pthread_mutex_t *second)
{
    bool is_done = false;

    while (!is_done) {
        (void)pthread_mutex_lock(first);
        if (pthread_mutex_trylock(second) == 0) {
            is_done = true;
            (void)pthread_mutex_unlock(second);
        }
        (void)pthread_mutex_unlock(first);
        (void)sched_yield();
    }
}

static void yielding_a_b(void *unused)
{
    (void)unused;
    yielding(&a, &b);
}

static void yielding_b_a(void *unused)
{
    (void)unused;
    yielding(&b, &a);
}

static struct hd_lock own_a = HD_LOCK_INITIALIZER;
static struct hd_lock own_b = HD_LOCK_INITIALIZER;

static void own_give_way(struct hd_lock *first, struct hd_lock *second)
{
    hd_lock_acquire(first);
    while (hd_lock_try_acquire(second) != HD_OK) {
        HD_EXPECT(hd_lock_release(first) == HD_OK);
        hd_lock_acquire(first);
    }
    HD_EXPECT(hd_lock_release(second) == HD_OK);
    HD_EXPECT(hd_lock_release(first) == HD_OK);
}

static void own_a_b(void *unused)
{
    (void)unused;
    own_give_way(&own_a, &own_b);
}

static void own_b_a(void *unused)
{
    (void)unused;
    own_give_way(&own_b, &own_a);
}

/* The other one waits: it does not give way. */
static void firm_b_a(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&a);
    (void)pthread_mutex_lock(&b);
    (void)pthread_mutex_unlock(&b);
    (void)pthread_mutex_unlock(&a);
}

/* Gives up after some turns: its count differs each time. */
static void giving_up(pthread_mutex_t *first, pthread_mutex_t *second)
{
    for (int turn = 0; turn < 50; turn++) {
        (void)pthread_mutex_lock(first);
        if (pthread_mutex_trylock(second) == 0) {
            (void)pthread_mutex_unlock(second);
            turn = 50;
        }
        (void)pthread_mutex_unlock(first);
    }
}

static void giving_up_a_b(void *unused)
{
    (void)unused;
    giving_up(&a, &b);
}

static void giving_up_b_a(void *unused)
{
    (void)unused;
    giving_up(&b, &a);
}

/* The same, with the count in memory. */
static void counting(pthread_mutex_t *first, pthread_mutex_t *second, uint32_t *turn)
{
    while (*turn < 50) {
        (void)pthread_mutex_lock(first);
        if (pthread_mutex_trylock(second) == 0) {
            (void)pthread_mutex_unlock(second);
            *turn = 50;
        }
        (*turn)++;
        (void)pthread_mutex_unlock(first);
    }
}

static void counting_a_b(void *unused)
{
    (void)unused;
    counting(&a, &b, &turns[0]);
}

static void counting_b_a(void *unused)
{
    (void)unused;
    counting(&b, &a, &turns[1]);
}

/* What decides is drawn: an unlucky row is no round. */
static void drawing(pthread_mutex_t *first, pthread_mutex_t *second)
{
    bool is_done = false;

    while (!is_done) {
        (void)pthread_mutex_lock(first);
        if (hd_choose(2) == 0 || pthread_mutex_trylock(second) != 0) {
            (void)pthread_mutex_unlock(first);
            continue;
        }
        is_done = true;
        (void)pthread_mutex_unlock(second);
        (void)pthread_mutex_unlock(first);
    }
}

static void drawing_a_b(void *unused)
{
    (void)unused;
    drawing(&a, &b);
}

static void drawing_b_a(void *unused)
{
    (void)unused;
    drawing(&b, &a);
}

/* ---- Starving -------------------------------------------------------------------------------- */

static pthread_rwlock_t room = PTHREAD_RWLOCK_INITIALIZER;
static uint32_t is_written;

static bool has_been_written(void) { return __atomic_load_n(&is_written, __ATOMIC_RELAXED) != 0; }

static void read_on(void *unused)
{
    bool has_seen = false;

    (void)unused;
    while (!has_seen) {
        (void)pthread_rwlock_rdlock(&room);
        has_seen = has_been_written();
        (void)pthread_rwlock_unlock(&room);
    }
}

static void write(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_wrlock(&room);
    __atomic_store_n(&is_written, 1, __ATOMIC_RELAXED);
    (void)pthread_rwlock_unlock(&room);
}

/* Reads once only: the readers end. */
static void read_some(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20; i++) {
        (void)pthread_rwlock_rdlock(&room);
        (void)has_been_written();
        (void)pthread_rwlock_unlock(&room);
    }
}

/* A poller, under a lock that is free now and then. */
static void poll(void *unused)
{
    bool has_seen = false;

    (void)unused;
    while (!has_seen) {
        (void)pthread_mutex_lock(&a);
        has_seen = has_been_written();
        (void)pthread_mutex_unlock(&a);
    }
}

static void write_polled(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&a);
    __atomic_store_n(&is_written, 1, __ATOMIC_RELAXED);
    (void)pthread_mutex_unlock(&a);
}

static void own_poll(void *unused)
{
    bool has_seen = false;

    (void)unused;
    while (!has_seen) {
        hd_lock_acquire(&own_a);
        has_seen = has_been_written();
        HD_EXPECT(hd_lock_release(&own_a) == HD_OK);
    }
}

static void own_write_polled(void *unused)
{
    (void)unused;
    hd_lock_acquire(&own_a);
    __atomic_store_n(&is_written, 1, __ATOMIC_RELAXED);
    HD_EXPECT(hd_lock_release(&own_a) == HD_OK);
}

/* ---- Waiting until a deadline ---------------------------------------------------------------- */

static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static uint32_t is_ready;
static uint32_t items; /* under a */

static bool wait_a_second(void)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    return pthread_cond_timedwait(&ready, &a, &until) == 0;
}

static void await_ready(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&a);
    while (__atomic_load_n(&is_ready, __ATOMIC_RELAXED) == 0) {
        (void)wait_a_second();
    }
    (void)pthread_mutex_unlock(&a);
}

static void tell_unlocked(void *unused)
{
    (void)unused;
    __atomic_store_n(&is_ready, 1, __ATOMIC_RELAXED);
    (void)pthread_cond_signal(&ready);
}

static void tell_locked(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&a);
    __atomic_store_n(&is_ready, 1, __ATOMIC_RELAXED);
    (void)pthread_mutex_unlock(&a);
    (void)pthread_cond_signal(&ready);
}

/* Takes an item that it was told of while it did not wait; then there is nothing more to do. */
static void work_until_idle(void *unused)
{
    bool is_idle = false;

    (void)unused;
    (void)pthread_mutex_lock(&a);
    while (!is_idle) {
        if (items > 0) {
            items--;
        } else {
            is_idle = !wait_a_second();
        }
    }
    (void)pthread_mutex_unlock(&a);
}

static void give_item(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&a);
    items++;
    (void)pthread_mutex_unlock(&a);
    (void)pthread_cond_signal(&ready);
}

/* Nobody notifies: it is a clock. */
static void tick(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&a);
    for (int i = 0; i < 3; i++) {
        (void)wait_a_second();
    }
    (void)pthread_mutex_unlock(&a);
}

const struct liveness_program liveness_programs[] = {
    {"both give way", HD_LIVELOCK, {polite_a_b, polite_b_a}},
    {"both give way, and yield", HD_LIVELOCK, {yielding_a_b, yielding_b_a}},
    {"both give way, with our locks", HD_LIVELOCK, {own_a_b, own_b_a}},
    {"three give way, two of them to each other",
     HD_LIVELOCK,
     {polite_a_b, polite_b_a, polite_a_b}},
    {"one gives way", HD_CLEAN, {polite_b_a, firm_b_a}},
    {"all give way in one order", HD_CLEAN, {polite_a_b, polite_a_b, polite_a_b}},
    {"both give up in the end", HD_CLEAN, {giving_up_a_b, giving_up_b_a}},
    {"both count in memory", HD_CLEAN, {counting_a_b, counting_b_a}},
    {"both draw", HD_CLEAN, {drawing_a_b, drawing_b_a}},
    {"a writer and readers that read on", HD_STARVATION, {read_on, read_on, write}},
    {"a writer and one reader", HD_CLEAN, {read_on, write}},
    {"a writer and readers that end", HD_CLEAN, {read_some, read_some, write}},
    {"pollers and a lock that is free at times", HD_CLEAN, {poll, poll, write_polled}},
    {"the same with our lock", HD_CLEAN, {own_poll, own_poll, own_write_polled}},
    {"a notify that nobody hears", HD_STALL, {await_ready, tell_unlocked}},
    {"a notify by who changed it under the lock", HD_CLEAN, {await_ready, tell_locked}},
    {"a worker that becomes idle", HD_CLEAN, {work_until_idle, give_item}},
    {"a clock", HD_CLEAN, {tick}},
    {NULL, HD_CLEAN, {NULL}},
};
