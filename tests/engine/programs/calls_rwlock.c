/*
 * Calls on readers-writer locks of every kind: free, read, written, by who holds it and by others.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "tests/engine/programs/calls.h"

static const struct timespec long_ago = {.tv_sec = 1};
static const struct timespec before_all = {.tv_sec = -1};
static const struct timespec invalid = {.tv_sec = 1, .tv_nsec = 1000000000};

static struct timespec soon(clockid_t clock)
{
    struct timespec time;

    (void)clock_gettime(clock, &time);
    time.tv_nsec += 2000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    return time;
}

struct visit {
    pthread_rwlock_t *lock;
    struct call_log *log;
};

/* Give up what the call with this result took. */
static void note_and_release(struct call_log *log, pthread_rwlock_t *lock, int error)
{
    call_note(log, error);
    if (error == 0) {
        call_note(log, pthread_rwlock_unlock(lock));
    }
}

static void call_for_reading(struct call_log *log, pthread_rwlock_t *lock)
{
    const struct timespec deadline = soon(CLOCK_REALTIME);
    const struct timespec monotonic = soon(CLOCK_MONOTONIC);

    note_and_release(log, lock, pthread_rwlock_tryrdlock(lock));
    note_and_release(log, lock, pthread_rwlock_timedrdlock(lock, &long_ago));
    note_and_release(log, lock, pthread_rwlock_timedrdlock(lock, &before_all));
    note_and_release(log, lock, pthread_rwlock_timedrdlock(lock, &invalid));
    note_and_release(log, lock, pthread_rwlock_timedrdlock(lock, &deadline));
    note_and_release(log, lock, pthread_rwlock_clockrdlock(lock, CLOCK_MONOTONIC, &monotonic));
    note_and_release(log, lock, pthread_rwlock_clockrdlock(lock, CLOCK_MONOTONIC, &long_ago));
    note_and_release(log, lock, pthread_rwlock_clockrdlock(lock, CLOCK_MONOTONIC, &invalid));
    note_and_release(log, lock, pthread_rwlock_clockrdlock(lock, CLOCK_BOOTTIME, &long_ago));
}

static void call_for_writing(struct call_log *log, pthread_rwlock_t *lock)
{
    const struct timespec deadline = soon(CLOCK_REALTIME);
    const struct timespec monotonic = soon(CLOCK_MONOTONIC);

    note_and_release(log, lock, pthread_rwlock_trywrlock(lock));
    note_and_release(log, lock, pthread_rwlock_timedwrlock(lock, &long_ago));
    note_and_release(log, lock, pthread_rwlock_timedwrlock(lock, &before_all));
    note_and_release(log, lock, pthread_rwlock_timedwrlock(lock, &invalid));
    note_and_release(log, lock, pthread_rwlock_timedwrlock(lock, &deadline));
    note_and_release(log, lock, pthread_rwlock_clockwrlock(lock, CLOCK_MONOTONIC, &monotonic));
    note_and_release(log, lock, pthread_rwlock_clockwrlock(lock, CLOCK_MONOTONIC, &long_ago));
    note_and_release(log, lock, pthread_rwlock_clockwrlock(lock, CLOCK_MONOTONIC, &invalid));
    note_and_release(log, lock, pthread_rwlock_clockwrlock(lock, CLOCK_BOOTTIME, &long_ago));
}

static void *visit_lock(void *argument)
{
    struct visit *visit = argument;

    call_for_reading(visit->log, visit->lock);
    call_for_writing(visit->log, visit->lock);
    return NULL;
}

static void let_visit(struct call_log *log, pthread_rwlock_t *lock)
{
    struct visit visit = {.lock = lock, .log = log};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, visit_lock, &visit);

    call_note(log, pthread_join(thread, NULL)); /* the log is ours again */
    call_note(log, error);
}

static void call_lock(struct call_log *log, pthread_rwlock_t *lock)
{
    call_for_reading(log, lock);
    call_for_writing(log, lock);
    call_note(log, pthread_rwlock_rdlock(lock));
    call_note(log, pthread_rwlock_rdlock(lock)); /* no writer waits: every kind allows it */
    call_for_reading(log, lock);
    call_for_writing(log, lock);
    let_visit(log, lock);
    call_note(log, pthread_rwlock_unlock(lock));
    call_note(log, pthread_rwlock_unlock(lock));
    call_note(log, pthread_rwlock_wrlock(lock));
    call_note(log, pthread_rwlock_rdlock(lock));
    call_note(log, pthread_rwlock_wrlock(lock));
    call_for_reading(log, lock);
    call_for_writing(log, lock);
    let_visit(log, lock);
    call_note(log, pthread_rwlock_unlock(lock));
    let_visit(log, lock);
    call_note(log, pthread_rwlock_destroy(lock));
}

static void call_made(struct call_log *log, int kind)
{
    pthread_rwlockattr_t attributes;
    pthread_rwlock_t lock;
    int found = -1;

    call_note(log, pthread_rwlockattr_init(&attributes));
    call_note(log, pthread_rwlockattr_setkind_np(&attributes, kind));
    call_note(log, pthread_rwlockattr_getkind_np(&attributes, &found));
    call_note(log, found);
    call_note(log, pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    call_note(log, pthread_rwlock_init(&lock, &attributes));
    call_note(log, pthread_rwlockattr_destroy(&attributes));
    call_lock(log, &lock);
    call_note(log, pthread_rwlock_init(&lock, NULL)); /* again, as another kind */
    call_note(log, pthread_rwlock_wrlock(&lock));
    call_note(log, pthread_rwlock_unlock(&lock));
    call_note(log, pthread_rwlock_destroy(&lock));
}

static void call_prefer_reader(struct call_log *log)
{
    call_made(log, PTHREAD_RWLOCK_PREFER_READER_NP);
}

static void call_prefer_writer(struct call_log *log)
{
    call_made(log, PTHREAD_RWLOCK_PREFER_WRITER_NP);
}

static void call_nonrecursive(struct call_log *log)
{
    call_made(log, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
}

static void call_unknown_kind(struct call_log *log)
{
    pthread_rwlockattr_t attributes;

    call_note(log, pthread_rwlockattr_init(&attributes));
    call_note(log, pthread_rwlockattr_setkind_np(&attributes, 3));
    call_note(log, pthread_rwlockattr_setpshared(&attributes, 3));
    call_note(log, pthread_rwlockattr_destroy(&attributes));
}

static void call_static(struct call_log *log)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

    call_lock(log, &lock);
}

static void call_static_nonrecursive(struct call_log *log)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

    call_lock(log, &lock);
}

/* libc goes on with a lock that was destroyed, and destroys one that is held. */
static void call_destroyed(struct call_log *log)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

    call_note(log, pthread_rwlock_destroy(&lock));
    call_note(log, pthread_rwlock_rdlock(&lock));
    call_note(log, pthread_rwlock_trywrlock(&lock));
    call_note(log, pthread_rwlock_destroy(&lock));
    call_note(log, pthread_rwlock_unlock(&lock));
    call_note(log, pthread_rwlock_trywrlock(&lock));
    call_note(log, pthread_rwlock_unlock(&lock));
}

const struct call_sequence call_rwlock_sequences[] = {
    {"rwlock that prefers readers", call_prefer_reader},
    {"rwlock that prefers writers", call_prefer_writer},
    {"nonrecursive rwlock", call_nonrecursive},
    {"rwlock of unknown kind", call_unknown_kind},
    {"static rwlock", call_static},
    {"static nonrecursive rwlock", call_static_nonrecursive},
    {"destroyed rwlock", call_destroyed},
    {NULL, NULL},
};
