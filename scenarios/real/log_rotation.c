/*
 * Log rotation: the log is closed and opened again, and what is logged in between is lost.
 *
 * Bug      Every access is under `lock`, so there is no data race; but closing the old log and
 *          opening the new one are two critical sections, and a writer that finds no log open
 *          writes nothing.
 * Needs    2 threads, 1 preemption: between close and open.
 * Fix      Close and open in one critical section.
 * Source   MySQL bug 791; bug 169 is of the same kind.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t lock;
    bool is_open; /* under lock */
    int logs;     /* under lock: how many there are */
    int records;  /* under lock: in all logs */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    shared->is_open = true;
    shared->logs = 1;
}

static void log_close(struct shared *shared) { shared->is_open = false; }

static void log_open(struct shared *shared)
{
    shared->is_open = true;
    shared->logs++;
}

static void rotate(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    log_close(shared);
    (void)pthread_mutex_unlock(&shared->lock);
    (void)pthread_mutex_lock(&shared->lock);
    log_open(shared);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void rotate_at_once(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    log_close(shared);
    log_open(shared);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void write_record(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    if (shared->is_open) {
        shared->records++;
    }
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->logs == 2);
    HD_EXPECT(shared->records == 1); /* finding */
}

const struct hd_scenario hd_scenario_log_rotation = {
    .summary = "a record that is written while a log is closed and not yet open again",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {rotate, write_record},
    .fixed = {rotate_at_once, write_record},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
