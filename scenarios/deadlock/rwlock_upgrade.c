/*
 * Read lock upgraded: two readers want to write, and neither gives up reading first.
 *
 * Bug      An upgrade waits until its caller is the only reader. Two readers that upgrade wait for
 *          each other.
 * Needs    2 threads, 1 preemption: between one thread's read lock and its upgrade.
 * Fix      Unlock, lock for writing, and look again whether there is something to write.
 * Source   Textbook. (pthread_rwlock_t has no upgrade: who locks it for writing while reading waits
 *          for itself.)
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>

struct rwlock {
    pthread_mutex_t guard;
    pthread_cond_t changed;
    int readers;     /* under guard */
    bool is_writing; /* under guard; then there are no readers */
};

struct shared {
    struct rwlock lock;
    int entry; /* under lock; 0 if there is none */
    int made;  /* under lock: how often the entry was made */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock.guard, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->lock.changed, NULL) == 0);
}

/* ---- The lock -------------------------------------------------------------------------------- */

static void lock_for_reading(struct rwlock *lock)
{
    (void)pthread_mutex_lock(&lock->guard);
    while (lock->is_writing) {
        (void)pthread_cond_wait(&lock->changed, &lock->guard);
    }
    lock->readers++;
    (void)pthread_mutex_unlock(&lock->guard);
}

/* Requires that `readers' read locks are the caller's. */
static void lock_for_writing(struct rwlock *lock, int readers)
{
    (void)pthread_mutex_lock(&lock->guard);
    while (lock->is_writing || lock->readers > readers) {
        (void)pthread_cond_wait(&lock->changed, &lock->guard); /* finding */
    }
    lock->readers = 0;
    lock->is_writing = true;
    (void)pthread_mutex_unlock(&lock->guard);
}

static void upgrade(struct rwlock *lock) { lock_for_writing(lock, 1); }

static void unlock(struct rwlock *lock)
{
    (void)pthread_mutex_lock(&lock->guard);
    if (lock->is_writing) {
        lock->is_writing = false;
    } else {
        lock->readers--;
    }
    (void)pthread_cond_broadcast(&lock->changed);
    (void)pthread_mutex_unlock(&lock->guard);
}

/* ---- Its users ------------------------------------------------------------------------------- */

static void make_entry(struct shared *shared)
{
    if (shared->entry == 0) {
        shared->entry = 42;
        shared->made++;
    }
}

static void look_up(void *state)
{
    struct shared *shared = state;

    lock_for_reading(&shared->lock);
    if (shared->entry == 0) {
        upgrade(&shared->lock);
        make_entry(shared);
    }
    unlock(&shared->lock);
}

static void look_up_again(void *state)
{
    struct shared *shared = state;

    lock_for_reading(&shared->lock);
    bool is_there = shared->entry != 0;

    unlock(&shared->lock);
    if (!is_there) {
        lock_for_writing(&shared->lock, 0);
        make_entry(shared);
        unlock(&shared->lock);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->entry == 42 && shared->made == 1);
}

const struct hd_scenario hd_scenario_rwlock_upgrade = {
    .summary = "two readers wait for each other to become the writer",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {look_up, look_up},
    .fixed = {look_up_again, look_up_again},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
