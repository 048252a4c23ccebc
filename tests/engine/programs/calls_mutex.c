/*
 * Calls on mutexes of every type: free, held by the caller, held by another thread, destroyed.
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

/* ---- By another thread ----------------------------------------------------------------------- */

struct visit {
    pthread_mutex_t *mutex;
    struct call_log *log;
    int type;
};

static void *visit_held(void *argument)
{
    struct visit *visit = argument;
    const struct timespec deadline = soon(CLOCK_REALTIME);
    const struct timespec monotonic = soon(CLOCK_MONOTONIC);

    call_note(visit->log, pthread_mutex_trylock(visit->mutex));
    call_note(visit->log, pthread_mutex_timedlock(visit->mutex, &long_ago));
    call_note(visit->log, pthread_mutex_timedlock(visit->mutex, &before_all));
    call_note(visit->log, pthread_mutex_timedlock(visit->mutex, &invalid));
    call_note(visit->log, pthread_mutex_timedlock(visit->mutex, &deadline));
    call_note(visit->log, pthread_mutex_clocklock(visit->mutex, CLOCK_MONOTONIC, &monotonic));
    call_note(visit->log, pthread_mutex_clocklock(visit->mutex, CLOCK_BOOTTIME, &deadline));
    if (visit->type == PTHREAD_MUTEX_RECURSIVE || visit->type == PTHREAD_MUTEX_ERRORCHECK) {
        call_note(visit->log, pthread_mutex_unlock(visit->mutex));
    }
    return NULL;
}

static void *visit_free(void *argument)
{
    struct visit *visit = argument;

    call_note(visit->log, pthread_mutex_lock(visit->mutex));
    call_note(visit->log, pthread_mutex_unlock(visit->mutex));
    call_note(visit->log, pthread_mutex_timedlock(visit->mutex, &invalid)); /* it is free */
    call_note(visit->log, pthread_mutex_unlock(visit->mutex));
    call_note(visit->log, pthread_mutex_clocklock(visit->mutex, CLOCK_MONOTONIC, &long_ago));
    call_note(visit->log, pthread_mutex_unlock(visit->mutex));
    return NULL;
}

static void let_visit(struct visit *visit, void *(*function)(void *))
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, function, visit);

    call_note(visit->log, pthread_join(thread, NULL)); /* the log is ours again */
    call_note(visit->log, error);
}

/* ---- By the holder --------------------------------------------------------------------------- */

/* What a mutex that is held says to its holder; where it would block, only with a time. */
static void call_held(pthread_mutex_t *mutex, int type, struct call_log *log)
{
    const struct timespec deadline = soon(CLOCK_REALTIME);
    int error;

    call_note(log, pthread_mutex_trylock(mutex));
    if (type == PTHREAD_MUTEX_RECURSIVE) {
        call_note(log, pthread_mutex_unlock(mutex));
    }
    if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK) {
        error = pthread_mutex_lock(mutex);
        call_note(log, error);
        if (error == 0) {
            call_note(log, pthread_mutex_unlock(mutex));
        }
    }
    error = pthread_mutex_timedlock(mutex, &deadline);
    call_note(log, error);
    if (error == 0) {
        call_note(log, pthread_mutex_unlock(mutex));
    }
    error = pthread_mutex_timedlock(mutex, &long_ago);
    call_note(log, error);
    if (error == 0) {
        call_note(log, pthread_mutex_unlock(mutex));
    }
    call_note(log, pthread_mutex_destroy(mutex));
}

static void call_type(pthread_mutex_t *mutex, int type, struct call_log *log)
{
    struct visit visit = {.mutex = mutex, .log = log, .type = type};

    call_note(log, pthread_mutex_lock(mutex));
    call_held(mutex, type, log);
    let_visit(&visit, visit_held);
    call_note(log, pthread_mutex_unlock(mutex));
    let_visit(&visit, visit_free);
    call_note(log, pthread_mutex_trylock(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
    if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK) {
        call_note(log, pthread_mutex_unlock(mutex));
    }
    call_note(log, pthread_mutex_destroy(mutex));
    call_note(log, pthread_mutex_lock(mutex));
    call_note(log, pthread_mutex_trylock(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
}

static void call_made(int type, struct call_log *log)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t mutex;

    call_note(log, pthread_mutexattr_init(&attributes));
    call_note(log, pthread_mutexattr_settype(&attributes, type));
    call_note(log, pthread_mutex_init(&mutex, &attributes));
    call_note(log, pthread_mutexattr_destroy(&attributes));
    call_type(&mutex, type, log);
    call_note(log, pthread_mutex_init(&mutex, NULL)); /* again, as another type */
    call_type(&mutex, PTHREAD_MUTEX_NORMAL, log);
}

static void call_normal(struct call_log *log) { call_made(PTHREAD_MUTEX_NORMAL, log); }
static void call_recursive(struct call_log *log) { call_made(PTHREAD_MUTEX_RECURSIVE, log); }
static void call_errorcheck(struct call_log *log) { call_made(PTHREAD_MUTEX_ERRORCHECK, log); }
static void call_adaptive(struct call_log *log) { call_made(PTHREAD_MUTEX_ADAPTIVE_NP, log); }

/* ---- Static initializers --------------------------------------------------------------------- */

static void call_static_normal(struct call_log *log)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    call_type(&mutex, PTHREAD_MUTEX_NORMAL, log);
}

static void call_static_recursive(struct call_log *log)
{
    pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

    call_type(&mutex, PTHREAD_MUTEX_RECURSIVE, log);
}

static void call_static_errorcheck(struct call_log *log)
{
    pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

    call_type(&mutex, PTHREAD_MUTEX_ERRORCHECK, log);
}

static void call_static_adaptive(struct call_log *log)
{
    pthread_mutex_t mutex = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;

    call_type(&mutex, PTHREAD_MUTEX_ADAPTIVE_NP, log);
}

const struct call_sequence call_mutex_sequences[] = {
    {"normal mutex", call_normal},
    {"recursive mutex", call_recursive},
    {"error-checking mutex", call_errorcheck},
    {"adaptive mutex", call_adaptive},
    {"static normal mutex", call_static_normal},
    {"static recursive mutex", call_static_recursive},
    {"static error-checking mutex", call_static_errorcheck},
    {"static adaptive mutex", call_static_adaptive},
    {NULL, NULL},
};
