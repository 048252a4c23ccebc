/*
 * Threads that wait for units, locks and each other, and what they find.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#include "tests/engine/programs/wakes.h"

#define THREADS 3

static const struct timespec year_2030 = {.tv_sec = 1893456000};

static sem_t semaphore;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t strict = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_barrier_t barrier;
static unsigned found; /* by the thread that it is about */

static void note(unsigned outcome) { __atomic_store_n(&found, outcome, __ATOMIC_RELAXED); }
static unsigned noted(void) { return __atomic_load_n(&found, __ATOMIC_RELAXED); }

static void note_first(unsigned outcome)
{
    unsigned nobody = THREADS;

    (void)__atomic_compare_exchange_n(&found, &nobody, outcome, 0, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED);
}

/* Run both at once, and wait for them. */
static void let(void *(*one)(void *), void *(*other)(void *))
{
    pthread_t threads[2];

    (void)pthread_create(&threads[0], NULL, one, NULL);
    (void)pthread_create(&threads[1], NULL, other, NULL);
    (void)pthread_join(threads[0], NULL);
    (void)pthread_join(threads[1], NULL);
}

/* ---- Semaphores ------------------------------------------------------------------------------ */

static void *post(void *unused)
{
    (void)unused;
    (void)sem_post(&semaphore);
    return NULL;
}

static void *nothing(void *unused) { return unused; }

static void *take_unit(void *number)
{
    (void)sem_wait(&semaphore);
    note_first((unsigned)(size_t)number);
    return NULL;
}

/* Which of three takes the first unit. */
static void post_one(unsigned *outcome)
{
    pthread_t threads[THREADS];

    note(THREADS);
    (void)sem_init(&semaphore, 0, 0);
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_create(&threads[i], NULL, take_unit, (void *)i);
    }
    (void)sem_post(&semaphore);
    while (noted() == THREADS) {
        (void)sched_yield();
    }
    *outcome = noted();
    (void)sem_post(&semaphore);
    (void)sem_post(&semaphore);
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

static void *wait_for_unit(void *unused)
{
    (void)unused;
    note(sem_wait(&semaphore) == 0 ? 0 : errno == EINTR ? 1 : 2);
    return NULL;
}

/* 0: a unit; 1: interrupted. */
static void wait_interruptibly(unsigned *outcome)
{
    (void)sem_init(&semaphore, 0, 0);
    let(post, wait_for_unit);
    *outcome = noted();
}

/* There is a unit all the while: nothing to wait for, nothing to interrupt. */
static void wait_with_unit(unsigned *outcome)
{
    (void)sem_init(&semaphore, 0, 1);
    let(nothing, wait_for_unit);
    *outcome = noted();
}

static void *wait_for_unit_in_time(void *unused)
{
    (void)unused;
    int status = sem_timedwait(&semaphore, &year_2030);

    note(status == 0 ? 0 : errno == ETIMEDOUT ? 1 : errno == EINTR ? 2 : 3);
    return NULL;
}

/* 0: a unit; 1: timed out; 2: interrupted. */
static void wait_in_time(unsigned *outcome)
{
    (void)sem_init(&semaphore, 0, 0);
    let(post, wait_for_unit_in_time);
    *outcome = noted();
}

static void *look(void *unused)
{
    int value = 7;

    (void)unused;
    (void)sem_getvalue(&semaphore, &value);
    note((unsigned)value);
    return NULL;
}

/* How many units there are. */
static void look_at_value(unsigned *outcome)
{
    (void)sem_init(&semaphore, 0, 1);
    let(post, look);
    *outcome = noted();
}

/* Whether there is a name that each execution leaves behind: 0, there is none. */
static void leave_name(unsigned *outcome)
{
    *outcome = sem_open("/left", 0) == SEM_FAILED ? 0 : 1;
    (void)sem_open("/left", O_CREAT, 0600, 1);
}

/* ---- Readers and writers --------------------------------------------------------------------- */

static void *write_once(void *lock)
{
    (void)pthread_rwlock_wrlock(lock);
    (void)pthread_rwlock_unlock(lock);
    return NULL;
}

static void *write_strict(void *unused)
{
    (void)unused;
    return write_once(&strict);
}

static void *write_any(void *unused)
{
    (void)unused;
    return write_once(&rwlock);
}

static void read_and_try(pthread_rwlock_t *lock)
{
    (void)pthread_rwlock_rdlock(lock);
    int error = pthread_rwlock_tryrdlock(lock);

    note(error == 0 ? 0 : 1);
    if (error == 0) {
        (void)pthread_rwlock_unlock(lock);
    }
    (void)pthread_rwlock_unlock(lock);
}

static void *read_strict(void *unused)
{
    (void)unused;
    read_and_try(&strict);
    return NULL;
}

static void *read_any(void *unused)
{
    (void)unused;
    read_and_try(&rwlock);
    return NULL;
}

/* 0: in; 1: a writer waits. */
static void read_again(unsigned *outcome)
{
    let(write_strict, read_strict);
    *outcome = noted();
}

static void read_again_any(unsigned *outcome)
{
    let(write_any, read_any);
    *outcome = noted();
}

static void *write_in_time(void *unused)
{
    (void)unused;
    int error = pthread_rwlock_timedwrlock(&strict, &year_2030);

    note(error == 0 ? 0 : 1);
    if (error == 0) {
        (void)pthread_rwlock_unlock(&strict);
    }
    return NULL;
}

static void *read_twice(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&strict);
    (void)pthread_rwlock_rdlock(&strict);
    (void)pthread_rwlock_unlock(&strict);
    (void)pthread_rwlock_unlock(&strict);
    return NULL;
}

/* 0: locked; 1: timed out, and the reader that it kept out goes on. */
static void write_strict_in_time(unsigned *outcome)
{
    let(write_in_time, read_twice);
    *outcome = noted();
}

/* ---- Barriers and robust mutexes ------------------------------------------------------------- */

static void *come(void *number)
{
    if (pthread_barrier_wait(&barrier) != 0) { /* PTHREAD_BARRIER_SERIAL_THREAD */
        note((unsigned)(size_t)number);
    }
    return NULL;
}

/* Which of three is the one. */
static void meet(unsigned *outcome)
{
    pthread_t threads[THREADS];

    (void)pthread_barrier_init(&barrier, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_create(&threads[i], NULL, come, (void *)i);
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    *outcome = noted();
}

static pthread_mutex_t robust;

static void *take_and_end(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&robust);
    return NULL;
}

static void *take_and_mend(void *unused)
{
    (void)unused;
    int error = pthread_mutex_lock(&robust);

    note(error == 0 ? 0 : error == EOWNERDEAD ? 1 : 2);
    (void)pthread_mutex_consistent(&robust);
    (void)pthread_mutex_unlock(&robust);
    return NULL;
}

static void *try_and_end(void *unused)
{
    (void)unused;
    int error = pthread_mutex_trylock(&robust);

    note(error == 0 ? 0 : error == EOWNERDEAD ? 1 : 2);
    return NULL;
}

static void make_robust(void)
{
    pthread_mutexattr_t attributes;

    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    (void)pthread_mutex_init(&robust, &attributes);
}

/* 0: before the other; 1: after it has ended. */
static void inherit(unsigned *outcome)
{
    make_robust();
    let(take_and_end, take_and_mend);
    *outcome = noted();
}

/* 0: before the other; 1: after it has ended; 2: in between. */
static void try_to_inherit(unsigned *outcome)
{
    make_robust();
    let(take_and_end, try_and_end);
    *outcome = noted();
}

const struct wake_program wake_lock_programs[] = {
    {"which one a post wakes", 7, post_one},
    {"a wait for a unit in time", 3, wait_in_time},
    {"a wait that nothing interrupts", 1, wait_interruptibly},
    {"names of other executions", 1, leave_name},
    {"writing first, in time", 3, write_strict_in_time},
    {NULL, 0, NULL},
};

const struct wake_program wake_countable_programs[] = {
    {"the value of a semaphore", 6, look_at_value},
    {"reading again where writers are first", 3, read_again},
    {"reading again", 1, read_again_any},
    {"which one of a barrier is the one", 7, meet},
    {"whether the owner of a robust mutex has ended", 3, inherit},
    {"what a try of a robust mutex finds", 7, try_to_inherit},
    {NULL, 0, NULL},
};

const struct wake_program wake_interrupted_programs[] = {
    {"a wait that may be interrupted", 3, wait_interruptibly},
    {"a wait with a unit that may be interrupted", 1, wait_with_unit},
    {"a wait for a unit in time that may be interrupted", 7, wait_in_time},
    {NULL, 0, NULL},
};
