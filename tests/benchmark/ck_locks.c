/*
 * CK locks: what holds others up by spinning.
 *
 * SPDX-License-Identifier: MIT
 */
#include <ck_barrier.h>
#include <ck_rwlock.h>
#include <ck_spinlock.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/ck_memory.h"

struct hd_ck_lock {
    ck_spinlock_fas_t fas;
};

struct hd_ck_rwlock {
    ck_rwlock_recursive_t recursive; /* a plain one is its member `rw` */
};

struct hd_ck_barrier {
    ck_barrier_centralized_t centralized;
    unsigned parties;
};

struct hd_ck_barrier_party {
    ck_barrier_centralized_state_t state;
};

struct hd_ck_lock *hd_ck_lock_new(void)
{
    struct hd_ck_lock *lock = hd_ck_new(sizeof(*lock));

    ck_spinlock_fas_init(&lock->fas);
    return lock;
}

void hd_ck_lock_acquire(struct hd_ck_lock *lock) { ck_spinlock_fas_lock(&lock->fas); }

void hd_ck_lock_release(struct hd_ck_lock *lock) { ck_spinlock_fas_unlock(&lock->fas); }

struct hd_ck_rwlock *hd_ck_rwlock_new(void)
{
    struct hd_ck_rwlock *rwlock = hd_ck_new(sizeof(*rwlock));

    ck_rwlock_init(&rwlock->recursive.rw);
    return rwlock;
}

void hd_ck_rwlock_acquire_shared(struct hd_ck_rwlock *rwlock)
{
    ck_rwlock_read_lock(&rwlock->recursive.rw);
}

void hd_ck_rwlock_release_shared(struct hd_ck_rwlock *rwlock)
{
    ck_rwlock_read_unlock(&rwlock->recursive.rw);
}

void hd_ck_rwlock_acquire_exclusive(struct hd_ck_rwlock *rwlock)
{
    ck_rwlock_write_lock(&rwlock->recursive.rw);
}

void hd_ck_rwlock_release_exclusive(struct hd_ck_rwlock *rwlock)
{
    ck_rwlock_write_unlock(&rwlock->recursive.rw);
}

void hd_ck_rlock_acquire(struct hd_ck_rwlock *rwlock, unsigned thread)
{
    ck_rwlock_recursive_write_lock(&rwlock->recursive, thread);
}

void hd_ck_rlock_release(struct hd_ck_rwlock *rwlock)
{
    ck_rwlock_recursive_write_unlock(&rwlock->recursive);
}

struct hd_ck_barrier *hd_ck_barrier_new(unsigned parties)
{
    struct hd_ck_barrier *barrier = hd_ck_new(sizeof(*barrier));

    barrier->parties = parties;
    return barrier;
}

struct hd_ck_barrier_party *hd_ck_barrier_party_new(void)
{
    return hd_ck_new(sizeof(struct hd_ck_barrier_party));
}

void hd_ck_barrier_wait(struct hd_ck_barrier *barrier, struct hd_ck_barrier_party *party)
{
    ck_barrier_centralized(&barrier->centralized, &party->state, barrier->parties);
}
