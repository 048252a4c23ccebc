/*
 * Deadlocks of readers-writer locks, spin locks, barriers, semaphores and robust mutexes, and their
 * look-alikes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#include "tests/engine/programs/deadlocks.h"

static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t b = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t strict = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const struct timespec year_2030 = {.tv_sec = 1893456000};

static void read_lock(pthread_rwlock_t *lock) { (void)pthread_rwlock_rdlock(lock); }
static void write_lock(pthread_rwlock_t *lock) { (void)pthread_rwlock_wrlock(lock); }
static void unlock(pthread_rwlock_t *lock) { (void)pthread_rwlock_unlock(lock); }

/* ---- Readers and writers --------------------------------------------------------------------- */

static void write_ab(void *unused)
{
    (void)unused;
    write_lock(&a);
    write_lock(&b);
    unlock(&b);
    unlock(&a);
}

static void write_ba(void *unused)
{
    (void)unused;
    write_lock(&b);
    write_lock(&a);
    unlock(&a);
    unlock(&b);
}

static void read_a_write_b(void *unused)
{
    (void)unused;
    read_lock(&a);
    write_lock(&b);
    unlock(&b);
    unlock(&a);
}

static void write_b_read_a(void *unused)
{
    (void)unused;
    write_lock(&b);
    read_lock(&a);
    unlock(&a);
    unlock(&b);
}

static void read_b_write_a(void *unused)
{
    (void)unused;
    read_lock(&b);
    write_lock(&a);
    unlock(&a);
    unlock(&b);
}

static void read_ba(void *unused)
{
    (void)unused;
    read_lock(&b);
    read_lock(&a);
    unlock(&a);
    unlock(&b);
}

static void read_ab(void *unused)
{
    (void)unused;
    read_lock(&a);
    read_lock(&b);
    unlock(&b);
    unlock(&a);
}

static int is_read; /* by a thread that goes on for ever */

static void read_a_for_ever(void *unused)
{
    (void)unused;
    read_lock(&a);
    __atomic_store_n(&is_read, 1, __ATOMIC_RELAXED);
    for (;;) {
        (void)sched_yield();
    }
}

static void read_a_then_lock(void *unused)
{
    (void)unused;
    read_lock(&a);
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
    unlock(&a);
}

/* As the second of two readers. */
static void read_a_too_then_lock(void *unused)
{
    while (__atomic_load_n(&is_read, __ATOMIC_RELAXED) == 0) {
        (void)sched_yield();
    }
    read_a_then_lock(unused);
}

static void lock_then_write_a(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    write_lock(&a);
    unlock(&a);
    (void)pthread_mutex_unlock(&mutex);
}

static void lock_then_read_a(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    read_lock(&a);
    unlock(&a);
    (void)pthread_mutex_unlock(&mutex);
}

static void upgrade(void *unused)
{
    (void)unused;
    read_lock(&a);
    write_lock(&a);
    unlock(&a);
    unlock(&a);
}

static void upgrade_if_free(void *unused)
{
    (void)unused;
    read_lock(&a);
    if (pthread_rwlock_trywrlock(&a) == 0) {
        unlock(&a);
    }
    unlock(&a);
}

static void write_a(void *unused)
{
    (void)unused;
    write_lock(&a);
    unlock(&a);
}

/* glibc says EDEADLK. */
static void write_a_twice(void *unused)
{
    (void)unused;
    write_lock(&a);
    if (pthread_rwlock_wrlock(&a) == 0 || pthread_rwlock_rdlock(&a) == 0) {
        unlock(&a);
    }
    unlock(&a);
}

static void read_strict_twice(void *unused)
{
    (void)unused;
    read_lock(&strict);
    read_lock(&strict);
    unlock(&strict);
    unlock(&strict);
}

static void try_strict_twice(void *unused)
{
    (void)unused;
    read_lock(&strict);
    if (pthread_rwlock_tryrdlock(&strict) == 0) {
        unlock(&strict);
    }
    unlock(&strict);
}

static void write_strict(void *unused)
{
    (void)unused;
    write_lock(&strict);
    unlock(&strict);
}

static void write_strict_in_time(void *unused)
{
    (void)unused;
    if (pthread_rwlock_timedwrlock(&strict, &year_2030) == 0) {
        unlock(&strict);
    }
}

static void read_a_twice(void *unused)
{
    (void)unused;
    read_lock(&a);
    read_lock(&a);
    unlock(&a);
    unlock(&a);
}

static void read_a_and_end(void *unused)
{
    (void)unused;
    read_lock(&a);
}

static void write_a_and_end(void *unused)
{
    (void)unused;
    write_lock(&a);
}

static void read_a(void *unused)
{
    (void)unused;
    read_lock(&a);
    unlock(&a);
}

/* ---- What must be initialized ---------------------------------------------------------------- */

static sem_t empty;
static sem_t first;
static sem_t second;
static pthread_barrier_t of_two;
static pthread_barrier_t of_three;
static pthread_spinlock_t spin;
static pthread_spinlock_t other_spin;
static pthread_mutex_t robust;

static void initialize(void)
{
    pthread_mutexattr_t attributes;

    (void)sem_init(&empty, 0, 0);
    (void)sem_init(&first, 0, 1);
    (void)sem_init(&second, 0, 1);
    (void)pthread_barrier_init(&of_two, NULL, 2);
    (void)pthread_barrier_init(&of_three, NULL, 3);
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_spin_init(&other_spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    (void)pthread_mutex_init(&robust, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
}

static void initialize_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, initialize);
}

static void await_post(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_wait(&empty);
}

static void await_post_in_time(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_timedwait(&empty, &year_2030);
}

static void post(void *unused)
{
    (void)unused;
    initialize_once();
    (void)sem_post(&empty);
}

static void take_units(sem_t *one, sem_t *other)
{
    initialize_once();
    (void)sem_wait(one);
    (void)sem_wait(other);
    (void)sem_post(other);
    (void)sem_post(one);
}

static void take_first_second(void *unused)
{
    (void)unused;
    take_units(&first, &second);
}

static void take_second_first(void *unused)
{
    (void)unused;
    take_units(&second, &first);
}

static void come_to_two(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_barrier_wait(&of_two);
    (void)pthread_barrier_wait(&of_two);
}

static void come_to_three(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_barrier_wait(&of_three);
}

static void come_with_lock(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_barrier_wait(&of_two);
    (void)pthread_mutex_unlock(&mutex);
}

static void spin_on(pthread_spinlock_t *one, pthread_spinlock_t *other)
{
    initialize_once();
    (void)pthread_spin_lock(one);
    (void)pthread_spin_lock(other);
    (void)pthread_spin_unlock(other);
    (void)pthread_spin_unlock(one);
}

static void spin_one_other(void *unused)
{
    (void)unused;
    spin_on(&spin, &other_spin);
}

static void spin_other_one(void *unused)
{
    (void)unused;
    spin_on(&other_spin, &spin);
}

static void spin_twice(void *unused)
{
    (void)unused;
    spin_on(&spin, &spin);
}

static void take_robust_and_end(void *unused)
{
    (void)unused;
    initialize_once();
    (void)pthread_mutex_lock(&robust);
}

const struct deadlock_program deadlock_lock_programs[] = {
    {"AB-BA of writers", HDE_CLASS_LOCK_CYCLE, 2, false, false, {write_ab, write_ba}},
    {"reader and writer", HDE_CLASS_LOCK_CYCLE, 2, false, false, {read_a_write_b, write_ba}},
    {"two readers of one", HDE_CLASS_NONE, 0, false, false, {read_a_write_b, write_b_read_a}},
    {"readers that write", HDE_CLASS_LOCK_CYCLE, 2, false, false, {read_a_write_b, read_b_write_a}},
    {"AB-BA of readers", HDE_CLASS_NONE, 0, false, false, {read_ab, read_ba, read_ba}},
    {"one of two readers, who goes on for ever",
     HDE_CLASS_LOCK_CYCLE,
     2,
     false,
     true,
     {read_a_for_ever, read_a_too_then_lock, lock_then_write_a}},
    {"readers only, one for ever",
     HDE_CLASS_NONE,
     0,
     false,
     true,
     {read_a_for_ever, read_a_then_lock, lock_then_read_a}},
    {"upgrade", HDE_CLASS_UPGRADE, 1, true, false, {upgrade, write_a}},
    {"upgrade if it is free", HDE_CLASS_NONE, 0, false, false, {upgrade_if_free, write_a, read_a}},
    {"written twice", HDE_CLASS_NONE, 0, false, false, {write_a_twice, read_a}},
    {"read twice", HDE_CLASS_NONE, 0, false, false, {read_a_twice, write_a, write_a}},
    {"read twice, writers first",
     HDE_CLASS_RECURSIVE_READ,
     2,
     false,
     false,
     {read_strict_twice, write_strict}},
    {"read twice, writers first but in time",
     HDE_CLASS_NONE,
     0,
     false,
     false,
     {read_strict_twice, write_strict_in_time}},
    {"read twice if it is free", HDE_CLASS_NONE, 0, false, false, {try_strict_twice, write_strict}},
    {"reader ended", HDE_CLASS_HOLDER_ENDED, 1, true, false, {read_a_and_end, write_a}},
    {"reader ended, and others read", HDE_CLASS_NONE, 0, false, false, {read_a_and_end, read_a}},
    {"writer ended", HDE_CLASS_HOLDER_ENDED, 1, true, false, {write_a_and_end, read_a}},
    {"no post", HDE_CLASS_NEVER_POSTED, 2, false, false, {await_post, await_post}},
    {"one post for two", HDE_CLASS_NEVER_POSTED, 1, false, false, {await_post, await_post, post}},
    {"a post each", HDE_CLASS_NONE, 0, false, false, {await_post, await_post, post, post}},
    {"no post, in time", HDE_CLASS_NONE, 0, false, false, {await_post_in_time, await_post_in_time}},
    {"AB-BA of semaphores",
     HDE_CLASS_NEVER_POSTED,
     2,
     false,
     false,
     {take_first_second, take_second_first}},
    {"AB-AB of semaphores",
     HDE_CLASS_NONE,
     0,
     false,
     false,
     {take_first_second, take_first_second}},
    {"two come to a barrier of three",
     HDE_CLASS_PARTY_MISSING,
     2,
     false,
     false,
     {come_to_three, come_to_three}},
    {"three come to it",
     HDE_CLASS_NONE,
     0,
     false,
     false,
     {come_to_three, come_to_three, come_to_three}},
    {"two come to a barrier of two", HDE_CLASS_NONE, 0, false, false, {come_to_two, come_to_two}},
    {"one comes with the other's lock",
     HDE_CLASS_PARTY_MISSING,
     1,
     false,
     false,
     {come_with_lock, come_with_lock}},
    {"AB-BA of spin locks",
     HDE_CLASS_LOCK_CYCLE,
     2,
     false,
     false,
     {spin_one_other, spin_other_one}},
    {"spin lock twice", HDE_CLASS_SELF, 1, false, false, {spin_twice}},
    {"owner of a robust mutex ended",
     HDE_CLASS_NONE,
     0,
     false,
     false,
     {take_robust_and_end, take_robust_and_end, take_robust_and_end}},
    {NULL, HDE_CLASS_NONE, 0, false, false, {NULL}},
};
