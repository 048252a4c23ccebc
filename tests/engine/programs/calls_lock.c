/*
 * Calls on spin locks, barriers and pthread_once().
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

#include "tests/engine/programs/calls.h"

/* ---- Spin locks ------------------------------------------------------------------------------ */

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

/* libc goes on with a lock that was destroyed, and lets anybody release it. */
static void call_spin_wrongly(struct call_log *log)
{
    pthread_spinlock_t lock;

    call_note(log, pthread_spin_init(&lock, PTHREAD_PROCESS_SHARED));
    call_note(log, pthread_spin_unlock(&lock));
    call_note(log, pthread_spin_trylock(&lock));
    call_note(log, pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE));
    call_note(log, pthread_spin_trylock(&lock));
    call_note(log, pthread_spin_trylock(&lock));
    call_note(log, pthread_spin_destroy(&lock));
    call_note(log, pthread_spin_unlock(&lock));
    call_note(log, pthread_spin_destroy(&lock));
    call_note(log, pthread_spin_trylock(&lock));
    call_note(log, pthread_spin_unlock(&lock));
}

/* ---- Barriers -------------------------------------------------------------------------------- */

#define PARTIES 3
#define ROUNDS 4

struct party {
    pthread_barrier_t *barrier;
    long last; /* rounds in which it came last */
    long other;
};

static void *take_part(void *argument)
{
    struct party *party = argument;

    for (unsigned round = 0; round < ROUNDS; round++) {
        int result = pthread_barrier_wait(party->barrier);

        party->last += result == PTHREAD_BARRIER_SERIAL_THREAD;
        party->other += result == 0;
    }
    return NULL;
}

/* Who comes last is not the same each time, but in each round it is one. */
static void call_barrier(struct call_log *log)
{
    pthread_barrier_t barrier;
    struct party parties[PARTIES] = {{NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}};
    pthread_t threads[PARTIES];
    long last = 0;
    long other = 0;

    call_note(log, pthread_barrier_init(&barrier, NULL, PARTIES));
    for (unsigned i = 0; i < PARTIES; i++) {
        parties[i].barrier = &barrier;
        call_note(log, pthread_create(&threads[i], NULL, take_part, &parties[i]));
    }
    for (unsigned i = 0; i < PARTIES; i++) {
        call_note(log, pthread_join(threads[i], NULL));
        last += parties[i].last;
        other += parties[i].other;
    }
    call_note(log, last);
    call_note(log, other);
    call_note(log, pthread_barrier_destroy(&barrier));
}

static void call_barrier_alone(struct call_log *log)
{
    pthread_barrierattr_t attributes;
    pthread_barrier_t barrier;
    int shared = -1;

    call_note(log, pthread_barrier_init(&barrier, NULL, 0));
    call_note(log, pthread_barrier_init(&barrier, NULL, (unsigned)-1));
    call_note(log, pthread_barrierattr_init(&attributes));
    call_note(log, pthread_barrierattr_setpshared(&attributes, 77));
    call_note(log, pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    call_note(log, pthread_barrierattr_getpshared(&attributes, &shared));
    call_note(log, shared);
    call_note(log, pthread_barrier_init(&barrier, &attributes, 1));
    call_note(log, pthread_barrierattr_destroy(&attributes));
    for (unsigned round = 0; round < ROUNDS; round++) {
        call_note(log, pthread_barrier_wait(&barrier));
    }
    call_note(log, pthread_barrier_destroy(&barrier));
}

/* ---- Once ------------------------------------------------------------------------------------ */

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
    {"spin lock", call_spin},    {"spin lock used wrongly", call_spin_wrongly},
    {"barrier", call_barrier},   {"barrier of one", call_barrier_alone},
    {"once", call_once_control}, {NULL, NULL},
};
