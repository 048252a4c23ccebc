/*
 * Threads that wait, and those that wake them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/wakes.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SLEEPERS 3

struct room {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    uint32_t word;
    unsigned waiting;
    unsigned first; /* the one that woke first; SLEEPERS: none has */
    bool is_open;
};

struct sleeper {
    struct room *room;
    unsigned number;
    pthread_t thread;
};

static void note_first(const struct sleeper *sleeper)
{
    if (sleeper->room->first == SLEEPERS) {
        sleeper->room->first = sleeper->number;
    }
}

/* Once all wait: waits for one notify. */
static void *await_condition(void *argument)
{
    struct sleeper *sleeper = argument;
    struct room *room = sleeper->room;

    (void)pthread_mutex_lock(&room->mutex);
    room->waiting++;
    (void)pthread_cond_wait(&room->condition, &room->mutex);
    note_first(sleeper);
    (void)pthread_mutex_unlock(&room->mutex);
    return NULL;
}

static void *await_word(void *argument)
{
    struct sleeper *sleeper = argument;
    struct room *room = sleeper->room;

    (void)syscall(SYS_futex, &room->word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    (void)pthread_mutex_lock(&room->mutex);
    note_first(sleeper);
    (void)pthread_mutex_unlock(&room->mutex);
    return NULL;
}

static void create_all(struct room *room, struct sleeper *sleepers, void *(*function)(void *))
{
    *room = (struct room){
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .condition = PTHREAD_COND_INITIALIZER,
        .first = SLEEPERS,
    };
    for (unsigned i = 0; i < SLEEPERS; i++) {
        sleepers[i].room = room;
        sleepers[i].number = i;
        (void)pthread_create(&sleepers[i].thread, NULL, function, &sleepers[i]);
    }
}

static void join_all(struct sleeper *sleepers)
{
    for (unsigned i = 0; i < SLEEPERS; i++) {
        (void)pthread_join(sleepers[i].thread, NULL);
    }
}

static void await_all_waiting(struct room *room)
{
    for (;;) {
        (void)pthread_mutex_lock(&room->mutex);
        if (room->waiting == SLEEPERS) {
            return; /* with the mutex */
        }
        (void)pthread_mutex_unlock(&room->mutex);
        (void)sched_yield();
    }
}

/* Let the one that was chosen go first, before all others are woken. */
static unsigned await_first(struct room *room)
{
    unsigned first;

    do {
        (void)sched_yield();
        (void)pthread_mutex_lock(&room->mutex);
        first = room->first;
        (void)pthread_mutex_unlock(&room->mutex);
    } while (first == SLEEPERS);
    return first;
}

/* Which of three a signal wakes. */
static void signal_one(unsigned *outcome)
{
    struct sleeper sleepers[SLEEPERS];
    struct room room;

    create_all(&room, sleepers, await_condition);
    await_all_waiting(&room);
    (void)pthread_cond_signal(&room.condition);
    (void)pthread_mutex_unlock(&room.mutex);
    *outcome = await_first(&room);
    (void)pthread_cond_broadcast(&room.condition);
    join_all(sleepers);
}

/* Which of three takes the mutex first after a broadcast. */
static void signal_all(unsigned *outcome)
{
    struct sleeper sleepers[SLEEPERS];
    struct room room;

    create_all(&room, sleepers, await_condition);
    await_all_waiting(&room);
    (void)pthread_cond_broadcast(&room.condition);
    (void)pthread_mutex_unlock(&room.mutex);
    join_all(sleepers);
    *outcome = room.first;
}

static long wake_word(struct room *room, unsigned count)
{
    return syscall(SYS_futex, &room->word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

/* Which of three a futex wake wakes. */
static void wake_one(unsigned *outcome)
{
    struct sleeper sleepers[SLEEPERS];
    struct room room;

    create_all(&room, sleepers, await_word);
    while (wake_word(&room, 1) == 0) {
        (void)sched_yield();
    }
    *outcome = await_first(&room);
    for (long woken = 1; woken < SLEEPERS;) {
        woken += wake_word(&room, 1);
        (void)sched_yield();
    }
    join_all(sleepers);
}

/* How many of three sleepers one wake of at most two wakes. */
static void wake_two(unsigned *outcome)
{
    struct sleeper sleepers[SLEEPERS];
    struct room room;
    long first = 0;

    create_all(&room, sleepers, await_word);
    while (first == 0) {
        first = wake_word(&room, 2);
        (void)sched_yield();
    }
    *outcome = (unsigned)first;
    for (long woken = first; woken < SLEEPERS;) {
        woken += wake_word(&room, 2);
        (void)sched_yield();
    }
    join_all(sleepers);
}

/* ---- Deadlines ------------------------------------------------------------------------------- */

static const struct timespec year_2030 = {.tv_sec = 1893456000};

static void *notify(void *argument)
{
    struct room *room = argument;

    (void)pthread_mutex_lock(&room->mutex);
    room->is_open = true;
    (void)pthread_cond_signal(&room->condition);
    (void)pthread_mutex_unlock(&room->mutex);
    return NULL;
}

/* 0: it was open; 1: woken; 2: timed out; 3: timed out, and it was opened meanwhile. */
static void wait_in_time(unsigned *outcome)
{
    struct room room = {
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .condition = PTHREAD_COND_INITIALIZER,
    };
    pthread_t thread;

    *outcome = 0;
    (void)pthread_create(&thread, NULL, notify, &room);
    (void)pthread_mutex_lock(&room.mutex);
    if (!room.is_open) {
        int error = pthread_cond_timedwait(&room.condition, &room.mutex, &year_2030);

        *outcome = error == 0 ? 1 : room.is_open ? 3 : 2;
    }
    (void)pthread_mutex_unlock(&room.mutex);
    (void)pthread_join(thread, NULL);
}

static void *hold(void *argument)
{
    struct room *room = argument;

    (void)pthread_mutex_lock(&room->mutex);
    (void)sched_yield();
    (void)pthread_mutex_unlock(&room->mutex);
    return NULL;
}

/* 0: locked; 1: timed out. */
static void lock_in_time(unsigned *outcome)
{
    struct room room = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    pthread_t thread;

    (void)pthread_create(&thread, NULL, hold, &room);
    *outcome = pthread_mutex_timedlock(&room.mutex, &year_2030) == 0 ? 0 : 1;
    if (*outcome == 0) {
        (void)pthread_mutex_unlock(&room.mutex);
    }
    (void)pthread_join(thread, NULL);
}

/* 0: joined; 1: timed out. */
static void join_in_time(unsigned *outcome)
{
    struct room room = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    pthread_t thread;

    (void)pthread_create(&thread, NULL, hold, &room);
    *outcome = pthread_timedjoin_np(thread, NULL, &year_2030) == 0 ? 0 : 1;
    if (*outcome == 1) {
        (void)pthread_join(thread, NULL);
    }
}

static const struct timespec an_hour = {.tv_sec = 3600};

static uint64_t now_ns(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void hd_wake_sleep_an_hour(uint64_t clocks_ns[4])
{
    clocks_ns[0] = now_ns(CLOCK_MONOTONIC);
    clocks_ns[1] = now_ns(CLOCK_REALTIME);
    (void)nanosleep(&an_hour, NULL);
    clocks_ns[2] = now_ns(CLOCK_MONOTONIC);
    clocks_ns[3] = now_ns(CLOCK_REALTIME);
}

const struct wake_program wake_programs[] = {
    {"which one a signal wakes", 7, signal_one},
    {"who is first after a broadcast", 7, signal_all},
    {"which one a futex wake wakes", 7, wake_one},
    {"how many a futex wake wakes", 6, wake_two},
    {"a wait in time", 15, wait_in_time},
    {"a lock in time", 3, lock_in_time},
    {"a join in time", 3, join_in_time},
    {NULL, 0, NULL},
};
