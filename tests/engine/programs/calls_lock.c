/*
 * Calls on semaphores, readers-writer locks, spin locks and pthread_once().
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#include "tests/engine/programs/calls.h"

static const struct timespec long_ago = {.tv_sec = 1};
static const struct timespec invalid = {.tv_sec = 1, .tv_nsec = 1000000000};

static void note_status(struct call_log *log, int status)
{
    call_note(log, status);
    call_note(log, status == -1 ? errno : 0);
    errno = 0;
}

static void *post(void *semaphore)
{
    (void)sem_post(semaphore);
    return NULL;
}

static void call_semaphore(struct call_log *log)
{
    sem_t semaphore;
    pthread_t thread;
    int value = -1;

    note_status(log, sem_init(&semaphore, 0, 1));
    note_status(log, sem_wait(&semaphore));
    note_status(log, sem_trywait(&semaphore));
    note_status(log, sem_timedwait(&semaphore, &long_ago));
    note_status(log, sem_timedwait(&semaphore, &invalid));
    note_status(log, sem_clockwait(&semaphore, CLOCK_MONOTONIC, &long_ago));
    call_note(log, pthread_create(&thread, NULL, post, &semaphore));
    note_status(log, sem_wait(&semaphore));
    call_note(log, pthread_join(thread, NULL));
    note_status(log, sem_post(&semaphore));
    note_status(log, sem_getvalue(&semaphore, &value));
    call_note(log, value);
    note_status(log, sem_destroy(&semaphore));
}

/* ---- Readers and writers --------------------------------------------------------------------- */

struct visit {
    pthread_rwlock_t *lock;
    struct call_log *log;
};

static void *visit_lock(void *argument)
{
    struct visit *visit = argument;
    int error = pthread_rwlock_tryrdlock(visit->lock);

    call_note(visit->log, error);
    if (error == 0) {
        call_note(visit->log, pthread_rwlock_unlock(visit->lock));
    }
    call_note(visit->log, pthread_rwlock_trywrlock(visit->lock));
    call_note(visit->log, pthread_rwlock_timedwrlock(visit->lock, &long_ago));
    call_note(visit->log, pthread_rwlock_timedwrlock(visit->lock, &invalid));
    return NULL;
}

static void let_visit(struct visit *visit)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, visit_lock, visit);

    call_note(visit->log, pthread_join(thread, NULL)); /* the log is ours again */
    call_note(visit->log, error);
}

static void call_rwlock(struct call_log *log)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    struct visit visit = {.lock = &lock, .log = log};

    call_note(log, pthread_rwlock_rdlock(&lock));
    call_note(log, pthread_rwlock_rdlock(&lock));
    let_visit(&visit);
    call_note(log, pthread_rwlock_unlock(&lock));
    call_note(log, pthread_rwlock_unlock(&lock));
    call_note(log, pthread_rwlock_wrlock(&lock));
    let_visit(&visit);
    call_note(log, pthread_rwlock_unlock(&lock));
    call_note(log, pthread_rwlock_timedrdlock(&lock, &long_ago));
    call_note(log, pthread_rwlock_unlock(&lock));
    call_note(log, pthread_rwlock_destroy(&lock));
}

/* ---- Spin locks and once --------------------------------------------------------------------- */

static void *spin(void *argument)
{
    pthread_spinlock_t *lock = argument;

    (void)pthread_spin_lock(lock);
    (void)pthread_spin_unlock(lock);
    return NULL;
}

static void call_spin(struct call_log *log)
{
    pthread_spinlock_t lock;
    pthread_t thread;

    call_note(log, pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE));
    call_note(log, pthread_spin_lock(&lock));
    call_note(log, pthread_spin_trylock(&lock));
    call_note(log, pthread_create(&thread, NULL, spin, (void *)(size_t)&lock));
    call_note(log, pthread_spin_unlock(&lock));
    call_note(log, pthread_join(thread, NULL));
    call_note(log, pthread_spin_trylock(&lock));
    call_note(log, pthread_spin_unlock(&lock));
    call_note(log, pthread_spin_destroy(&lock));
}

static int made;

/* Others come while it is being made. */
static void make(void)
{
    (void)sched_yield();
    made++;
}

static void *make_once(void *control)
{
    (void)pthread_once(control, make);
    return NULL;
}

static void call_once_control(struct call_log *log)
{
    static pthread_once_t control;
    pthread_t threads[3];

    control = PTHREAD_ONCE_INIT; /* natively it is as the call before left it */
    made = 0;
    for (unsigned i = 0; i < 3; i++) {
        call_note(log, pthread_create(&threads[i], NULL, make_once, &control));
    }
    for (unsigned i = 0; i < 3; i++) {
        call_note(log, pthread_join(threads[i], NULL));
    }
    call_note(log, pthread_once(&control, make));
    call_note(log, made);
}

const struct call_sequence call_lock_sequences[] = {
    {"semaphore", call_semaphore},
    {"readers-writer lock", call_rwlock},
    {"spin lock", call_spin},
    {"once", call_once_control},
    {NULL, NULL},
};
