/*
 * Two accesses to `data', and rwlocks, spin locks, semaphores, barriers and robust mutexes between
 * them that order them or do not.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#include "tests/engine/programs/orders.h"

static const struct timespec year_2030 = {.tv_sec = 1893456000};
static int data;
static int is_done; /* says when, and orders nothing */

static void write_data(void) { data = 1; }

/* Only `data' may race. */
static void read_data(void) { __atomic_store_n(&order_sink, data, __ATOMIC_RELAXED); }

static void say_done(void) { __atomic_store_n(&is_done, 1, __ATOMIC_RELAXED); }

static void await_done(void)
{
    while (__atomic_load_n(&is_done, __ATOMIC_RELAXED) == 0) {
        (void)sched_yield();
    }
}

/* ---- Readers and writers --------------------------------------------------------------------- */

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t strict = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void write_alone(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_wrlock(&rwlock);
    write_data();
    (void)pthread_rwlock_unlock(&rwlock);
}

static void write_shared(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&rwlock);
    write_data();
    (void)pthread_rwlock_unlock(&rwlock);
}

static void write_shared_and_say(void *unused)
{
    write_shared(unused);
    say_done();
}

static void read_shared_when_done(void *unused)
{
    (void)unused;
    await_done();
    (void)pthread_rwlock_rdlock(&rwlock);
    read_data();
    (void)pthread_rwlock_unlock(&rwlock);
}

static void read_shared(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&rwlock);
    read_data();
    (void)pthread_rwlock_unlock(&rwlock);
}

/* After a write lock, what readers did before is known, whoever reads then. */
static void read_after_writing(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_wrlock(&rwlock);
    read_data();
    (void)pthread_rwlock_unlock(&rwlock);
    (void)pthread_rwlock_rdlock(&rwlock);
    read_data();
    (void)pthread_rwlock_unlock(&rwlock);
}

static void read_after_reading(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&rwlock);
    (void)pthread_rwlock_unlock(&rwlock);
    read_data();
}

static void read_if_written(void *unused)
{
    (void)unused;
    if (pthread_rwlock_tryrdlock(&rwlock) == 0) {
        (void)pthread_rwlock_unlock(&rwlock);
    } else {
        read_data();
    }
}

static void read_in_time(void *unused)
{
    (void)unused;
    if (pthread_rwlock_timedrdlock(&rwlock, &year_2030) == 0) {
        read_data();
        (void)pthread_rwlock_unlock(&rwlock);
    }
}

static void write_strict(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_wrlock(&strict);
    write_data();
    (void)pthread_rwlock_unlock(&strict);
}

static void read_strict(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&strict);
    read_data();
    (void)pthread_rwlock_unlock(&strict);
}

/* ---- What must be initialized ---------------------------------------------------------------- */

static pthread_spinlock_t spin;
static sem_t empty;
static sem_t unit;
static sem_t units;
static pthread_barrier_t of_two;
static pthread_mutex_t robust;

static void initialize(void)
{
    pthread_mutexattr_t attributes;

    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)sem_init(&empty, 0, 0);
    (void)sem_init(&unit, 0, 1);
    (void)sem_init(&units, 0, 2);
    (void)pthread_barrier_init(&of_two, NULL, 2);
    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    (void)pthread_mutex_init(&robust, &attributes);
}

/* It orders who comes to it after it, and nothing of what follows. */
static void initialize_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, initialize);
}

static void write_spinning(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_spin_lock(&spin);
    write_data();
    (void)pthread_spin_unlock(&spin);
}

static void read_if_not_held(void *unused)
{
    (void)unused;
    initialize_once();
    if (pthread_spin_trylock(&spin) == 0) {
        read_data();
        (void)pthread_spin_unlock(&spin);
    }
}

static void read_if_held(void *unused)
{
    (void)unused;
    initialize_once();
    if (pthread_spin_trylock(&spin) == 0) {
        (void)pthread_spin_unlock(&spin);
    } else {
        read_data();
    }
}

static void write_then_post(void *unused)
{
    (void)unused;
    initialize_once();
    write_data();
    (void)sem_post(&empty);
}

static void post(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_post(&empty);
}

static void wait_then_read(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_wait(&empty);
    read_data();
}

static void wait_twice_then_read(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_wait(&empty);
    (void)sem_wait(&empty);
    read_data();
}

static void read_if_posted(void *unused)
{
    (void)unused;
    initialize_once();
    if (sem_trywait(&empty) == 0) {
        read_data();
    }
}

static void read_if_not_posted(void *unused)
{
    (void)unused;
    initialize_once();
    if (sem_trywait(&empty) != 0) {
        read_data();
    }
}

static void read_if_there_is_a_unit(void *unused)
{
    int value = 0;

    (void)unused;
    initialize_once();
    (void)sem_getvalue(&empty, &value);
    if (value > 0) {
        read_data();
    }
}

/* A wait happens before nothing. */
static void take_unit_and_write(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_wait(&unit);
    write_data();
}

static void give_unit_and_read(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_post(&unit);
    read_data();
}

static void write_and_take_unit(void *unused)
{
    (void)unused;
    initialize_once();
    write_data();
    (void)sem_wait(&units);
    say_done();
}

static void take_unit_and_read(void *unused)
{
    (void)unused;
    initialize_once();
    await_done();
    (void)sem_wait(&units);
    read_data();
}

static void write_with_unit(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_wait(&unit);
    write_data();
    (void)sem_post(&unit);
}

static void write_before_barrier(void *unused)
{
    (void)unused;
    initialize_once();
    write_data();
    (void)pthread_barrier_wait(&of_two);
}

static void come(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_barrier_wait(&of_two);
}

static void write_before_first_round(void *unused)
{
    write_before_barrier(unused);
    say_done();
}

static void come_to_next_round(void *unused)
{
    await_done();
    come(unused);
}

static void read_after_next_round(void *unused)
{
    come_to_next_round(unused);
    read_data();
}

static void write_after_barrier(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_barrier_wait(&of_two);
    write_data();
}

static void read_after_barrier(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_barrier_wait(&of_two);
    read_data();
}

static void read_after_two_rounds(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_barrier_wait(&of_two);
    (void)pthread_barrier_wait(&of_two);
    read_data();
}

static void write_between_rounds(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_barrier_wait(&of_two);
    write_data();
    (void)pthread_barrier_wait(&of_two);
}

static void write_and_die(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_mutex_lock(&robust);
    write_data();
}

const struct race_program order_lock_programs[] = {
    {"writers", false, {write_alone, write_alone}},
    {"reader, then writer", false, {read_shared, write_alone, read_shared}},
    {"readers that write", true, {write_shared, read_shared}},
    {"readers, one after the other", true, {write_shared_and_say, read_shared_when_done}},
    {"reader that writes, then writer", false, {write_shared, write_alone}},
    {"reader that writes, then writer that reads", true, {write_shared, read_after_writing}},
    {"after reading", true, {write_shared, read_after_reading}},
    {"rwlock, try that fails", true, {write_alone, read_if_written}},
    {"rwlock, in time", false, {write_alone, read_in_time}},
    {"writers first", false, {write_strict, read_strict, write_strict}},
    {"spin lock", false, {write_spinning, write_spinning}},
    {"spin lock, try that succeeds", false, {write_spinning, read_if_not_held}},
    {"spin lock, try that fails", true, {write_spinning, read_if_held}},
    {"post and wait", false, {write_then_post, wait_then_read}},
    {"a post of two", true, {write_then_post, post, wait_then_read}},
    {"both posts", false, {write_then_post, post, wait_twice_then_read}},
    {"post, try that succeeds", false, {write_then_post, read_if_posted}},
    {"post, try that fails", true, {write_then_post, read_if_not_posted}},
    {"value of a semaphore", true, {write_then_post, read_if_there_is_a_unit}},
    {"wait and post", true, {take_unit_and_write, give_unit_and_read}},
    {"waits, one after the other", true, {write_and_take_unit, take_unit_and_read}},
    {"semaphore as a lock", false, {write_with_unit, write_with_unit}},
    {"before and after a barrier", false, {write_before_barrier, read_after_barrier}},
    {"rounds of others",
     true,
     {write_before_first_round, come, come_to_next_round, read_after_next_round}},
    {"after a barrier", true, {write_after_barrier, read_after_barrier}},
    {"between rounds", false, {write_between_rounds, read_after_two_rounds}},
    {"owner that ended", false, {write_and_die, write_and_die}},
    {NULL, false, {NULL}},
};
