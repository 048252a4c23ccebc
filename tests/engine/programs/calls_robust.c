/*
 * Calls on mutexes of every type that are robust, inherit priorities, or both: held by the caller
 * and by another thread, and by one that has ended.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "tests/engine/programs/calls.h"

static const struct timespec long_ago = {.tv_sec = 1};
static const struct timespec invalid = {.tv_sec = 1, .tv_nsec = 1000000000};

struct visit {
    pthread_mutex_t *mutex;
    struct call_log *log;
};

static void make(pthread_mutex_t *mutex, int robustness, int protocol, int type)
{
    pthread_mutexattr_t attributes;

    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_settype(&attributes, type);
    (void)pthread_mutexattr_setrobust(&attributes, robustness);
    (void)pthread_mutexattr_setprotocol(&attributes, protocol);
    (void)pthread_mutex_init(mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
}

static void *visit_held(void *argument)
{
    struct visit *visit = argument;

    call_note(visit->log, pthread_mutex_unlock(visit->mutex));
    call_note(visit->log, pthread_mutex_trylock(visit->mutex));
    call_note(visit->log, pthread_mutex_timedlock(visit->mutex, &long_ago));
    call_note(visit->log, pthread_mutex_timedlock(visit->mutex, &invalid));
    call_note(visit->log, pthread_mutex_consistent(visit->mutex));
    return NULL;
}

static void *take_and_end(void *argument)
{
    struct visit *visit = argument;

    call_note(visit->log, pthread_mutex_lock(visit->mutex));
    return NULL;
}

static void let_visit(struct call_log *log, pthread_mutex_t *mutex, void *(*function)(void *))
{
    struct visit visit = {.mutex = mutex, .log = log};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, function, &visit);

    call_note(log, pthread_join(thread, NULL)); /* the log is ours again */
    call_note(log, error);
}

/* While it is held, by us. */
static void call_held(struct call_log *log, pthread_mutex_t *mutex, int type)
{
    bool is_recursive = type == PTHREAD_MUTEX_RECURSIVE;

    call_note(log, pthread_mutex_trylock(mutex));
    call_note(log, pthread_mutex_timedlock(mutex, &long_ago));
    call_note(log, pthread_mutex_timedlock(mutex, &invalid));
    call_note(log, pthread_mutex_consistent(mutex));
    for (unsigned i = 0; is_recursive && i < 3; i++) {
        call_note(log, pthread_mutex_unlock(mutex));
    }
    let_visit(log, mutex, visit_held);
}

/* Its owner has ended: who takes it next mends it, and all is well. */
static void call_mended(struct call_log *log, pthread_mutex_t *mutex, int type)
{
    let_visit(log, mutex, take_and_end);
    call_note(log, pthread_mutex_lock(mutex));
    call_held(log, mutex, type);
    call_note(log, pthread_mutex_consistent(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
    call_note(log, pthread_mutex_lock(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
    let_visit(log, mutex, take_and_end);
    let_visit(log, mutex, take_and_end); /* was told, and ends as well */
    call_note(log, pthread_mutex_trylock(mutex));
    call_note(log, pthread_mutex_consistent(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
}

/* Who takes it next does not mend it: it is lost for everybody. */
static void call_lost(struct call_log *log, pthread_mutex_t *mutex)
{
    let_visit(log, mutex, take_and_end);
    call_note(log, pthread_mutex_timedlock(mutex, &long_ago));
    call_note(log, pthread_mutex_unlock(mutex));
    call_note(log, pthread_mutex_lock(mutex));
    call_note(log, pthread_mutex_timedlock(mutex, &long_ago));
    call_note(log, pthread_mutex_unlock(mutex));
    call_note(log, pthread_mutex_consistent(mutex));
    call_note(log, pthread_mutex_destroy(mutex));
}

/* Holds of one that is not mended are given up one by one, but none is told that it may. */
static void call_deep(struct call_log *log, pthread_mutex_t *mutex)
{
    let_visit(log, mutex, take_and_end);
    call_note(log, pthread_mutex_lock(mutex));
    call_note(log, pthread_mutex_lock(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
    call_note(log, pthread_mutex_consistent(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
    call_note(log, pthread_mutex_lock(mutex));
    call_note(log, pthread_mutex_unlock(mutex));
}

static void call_all(struct call_log *log, int robustness, int protocol, int type)
{
    pthread_mutex_t mutex;

    make(&mutex, robustness, protocol, type);
    if (robustness == PTHREAD_MUTEX_ROBUST || protocol == PTHREAD_PRIO_INHERIT) {
        call_note(log, pthread_mutex_unlock(&mutex)); /* nobody holds it */
    }
    call_note(log, pthread_mutex_lock(&mutex));
    call_held(log, &mutex, type);
    call_note(log, pthread_mutex_unlock(&mutex));
    call_note(log, pthread_mutex_timedlock(&mutex, &invalid)); /* it is free */
    call_note(log, pthread_mutex_unlock(&mutex));
    if (robustness == PTHREAD_MUTEX_ROBUST) {
        call_mended(log, &mutex, type);
        if (type == PTHREAD_MUTEX_RECURSIVE) {
            call_deep(log, &mutex);
        }
        call_lost(log, &mutex);
        make(&mutex, robustness, protocol, type);
    }
    call_note(log, pthread_mutex_lock(&mutex));
    call_note(log, pthread_mutex_destroy(&mutex)); /* while it is held */
}

static void call_types(struct call_log *log, int robustness, int protocol)
{
    call_all(log, robustness, protocol, PTHREAD_MUTEX_NORMAL);
    call_all(log, robustness, protocol, PTHREAD_MUTEX_RECURSIVE);
    call_all(log, robustness, protocol, PTHREAD_MUTEX_ERRORCHECK);
    call_all(log, robustness, protocol, PTHREAD_MUTEX_ADAPTIVE_NP);
}

static void call_robust(struct call_log *log)
{
    call_types(log, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
}

static void call_inheriting(struct call_log *log)
{
    call_types(log, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT);
}

static void call_robust_inheriting(struct call_log *log)
{
    call_types(log, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_INHERIT);
}

static void call_ceiling(struct call_log *log)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t mutex;
    int ceiling = -1;

    make(&mutex, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL);
    call_note(log, pthread_mutex_setprioceiling(&mutex, 1, &ceiling));
    call_note(log, pthread_mutex_getprioceiling(&mutex, &ceiling));
    call_note(log, ceiling);
    call_note(log, pthread_mutex_destroy(&mutex));
    call_note(log, pthread_mutexattr_init(&attributes));
    call_note(log, pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_PROTECT));
    call_note(log, pthread_mutexattr_setprioceiling(&attributes, 2));
    call_note(log, pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
    call_note(log, pthread_mutex_init(&mutex, &attributes)); /* cannot be both */
    call_note(log, pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_STALLED));
    call_note(log, pthread_mutex_init(&mutex, &attributes));
    call_note(log, pthread_mutexattr_destroy(&attributes));
    call_note(log, pthread_mutex_getprioceiling(&mutex, &ceiling));
    call_note(log, ceiling);
    call_note(log, pthread_mutex_destroy(&mutex));
}

const struct call_sequence call_robust_sequences[] = {
    {"robust mutex", call_robust},
    {"mutex that inherits priorities", call_inheriting},
    {"robust mutex that inherits priorities", call_robust_inheriting},
    {"mutex with a ceiling", call_ceiling},
    {NULL, NULL},
};
