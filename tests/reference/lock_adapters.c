/*
 * Locks: hd_lock, four spinlocks of CK, and the POSIX mutex in two types.
 *
 * MCS and CLH queue up on nodes. An MCS node is free again after the release, so each thread has
 * two: one to hold with and one to try with meanwhile. A CLH release leaves its node to the
 * successor and takes over the predecessor's, so nodes wander between threads; all live as long as
 * the lock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <pthread.h>
#include <stdlib.h>

#include <ck_spinlock.h>

#include <heddle/lock.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"
#include "tests/reference/ordering.h"
#include "tests/reference/posix.h"

static void *hd_create(void)
{
    struct hd_lock *lock = hd_object_new(1, sizeof(*lock));

    hd_lock_init(lock);
    return lock;
}

static void hd_destroy(void *lock)
{
    hd_lock_destroy(lock);
    free(lock);
}

static enum hd_result hd_acquire(void *lock, unsigned self)
{
    (void)self;
    hd_lock_acquire(lock);
    return HD_OK;
}

static enum hd_result hd_try_acquire(void *lock, unsigned self)
{
    (void)self;
    return hd_lock_try_acquire(lock);
}

static enum hd_result hd_acquire_until(void *lock, unsigned self, uint64_t deadline_ns)
{
    (void)self;
    return hd_lock_acquire_until(lock, deadline_ns);
}

static enum hd_result hd_release(void *lock, unsigned self)
{
    (void)self;
    return hd_lock_release(lock);
}

static bool hd_is_locked(void *lock) { return hd_lock_is_locked(lock); }

static void *fas_create(void)
{
    struct ck_spinlock_fas *lock = hd_object_new(1, sizeof(*lock));

    ck_spinlock_fas_init(lock);
    return lock;
}

static enum hd_result fas_acquire(void *lock, unsigned self)
{
    (void)self;
    ck_spinlock_fas_lock(lock);
    return HD_OK;
}

static enum hd_result fas_try_acquire(void *lock, unsigned self)
{
    (void)self;
    return ck_spinlock_fas_trylock(lock) ? HD_OK : HD_BUSY;
}

static enum hd_result fas_release(void *lock, unsigned self)
{
    (void)self;
    ck_spinlock_fas_unlock(lock);
    return HD_OK;
}

static bool fas_is_locked(void *lock) { return ck_spinlock_fas_locked(lock); }

static void *ticket_create(void)
{
    struct ck_spinlock_ticket *lock = hd_object_new(1, sizeof(*lock));

    ck_spinlock_ticket_init(lock);
    return lock;
}

static enum hd_result ticket_acquire(void *lock, unsigned self)
{
    (void)self;
    ck_spinlock_ticket_lock(lock);
    return HD_OK;
}

static enum hd_result ticket_release(void *lock, unsigned self)
{
    (void)self;
    ck_spinlock_ticket_unlock(lock);
    return HD_OK;
}

static bool ticket_is_locked(void *lock) { return ck_spinlock_ticket_locked(lock); }

struct mcs_lock {
    ck_spinlock_mcs_t queue; /* atomic */
    struct {
        ck_spinlock_mcs_context_t nodes[2];
        bool holds; /* that thread only: it holds the lock, with nodes[0] */
    } threads[HD_THREADS_MAX];
};

static void *mcs_create(void)
{
    struct mcs_lock *lock = hd_object_new(1, sizeof(*lock));

    ck_spinlock_mcs_init(&lock->queue);
    return lock;
}

static enum hd_result mcs_acquire(void *object, unsigned self)
{
    struct mcs_lock *lock = object;

    ck_spinlock_mcs_lock(&lock->queue, &lock->threads[self].nodes[0]);
    lock->threads[self].holds = true;
    return HD_OK;
}

static enum hd_result mcs_try_acquire(void *object, unsigned self)
{
    struct mcs_lock *lock = object;

    if (lock->threads[self].holds) {
        return ck_spinlock_mcs_trylock(&lock->queue, &lock->threads[self].nodes[1]) ? HD_OK
                                                                                    : HD_BUSY;
    }
    if (!ck_spinlock_mcs_trylock(&lock->queue, &lock->threads[self].nodes[0])) {
        return HD_BUSY;
    }
    lock->threads[self].holds = true;
    return HD_OK;
}

static enum hd_result mcs_release(void *object, unsigned self)
{
    struct mcs_lock *lock = object;

    lock->threads[self].holds = false;
    ck_spinlock_mcs_unlock(&lock->queue, &lock->threads[self].nodes[0]);
    return HD_OK;
}

static bool mcs_is_locked(void *object)
{
    struct mcs_lock *lock = object;

    return ck_spinlock_mcs_locked(&lock->queue);
}

struct clh_lock {
    struct ck_spinlock_clh *queue; /* atomic: the node of who came last */
    struct ck_spinlock_clh nodes[HD_THREADS_MAX + 1];
    struct ck_spinlock_clh *own[HD_THREADS_MAX]; /* each that thread only: its node for now */
};

static void *clh_create(void)
{
    struct clh_lock *lock = hd_object_new(1, sizeof(*lock));

    for (unsigned thread = 0; thread < HD_THREADS_MAX; thread++) {
        lock->own[thread] = &lock->nodes[thread];
    }
    ck_spinlock_clh_init(&lock->queue, &lock->nodes[HD_THREADS_MAX]);
    return lock;
}

static enum hd_result clh_acquire(void *object, unsigned self)
{
    struct clh_lock *lock = object;

    ck_spinlock_clh_lock(&lock->queue, lock->own[self]);
    return HD_OK;
}

static enum hd_result clh_release(void *object, unsigned self)
{
    struct clh_lock *lock = object;

    ck_spinlock_clh_unlock(&lock->own[self]);
    return HD_OK;
}

/* Reads a node that its owner may be about to use anew, with a plain store: a race. */
static bool clh_is_locked(void *object)
{
    struct clh_lock *lock = object;

    return ck_spinlock_clh_locked(&lock->queue);
}

static void *mutex_create(int type)
{
    pthread_mutex_t *mutex = hd_object_new(1, sizeof(*mutex));
    pthread_mutexattr_t attributes;

    if (pthread_mutexattr_init(&attributes) != 0 ||
        pthread_mutexattr_settype(&attributes, type) != 0 ||
        pthread_mutex_init(mutex, &attributes) != 0 ||
        pthread_mutexattr_destroy(&attributes) != 0) {
        abort();
    }
    return mutex;
}

static void *normal_create(void) { return mutex_create(PTHREAD_MUTEX_NORMAL); }

static void *checked_create(void) { return mutex_create(PTHREAD_MUTEX_ERRORCHECK); }

static void mutex_destroy(void *mutex)
{
    if (pthread_mutex_destroy(mutex) != 0) {
        abort();
    }
    free(mutex);
}

static enum hd_result mutex_acquire(void *mutex, unsigned self)
{
    (void)self;
    return hd_posix_result(pthread_mutex_lock(mutex));
}

static enum hd_result mutex_try_acquire(void *mutex, unsigned self)
{
    (void)self;
    return hd_posix_result(pthread_mutex_trylock(mutex));
}

static enum hd_result mutex_acquire_until(void *mutex, unsigned self, uint64_t deadline_ns)
{
    const struct timespec deadline = hd_posix_realtime(deadline_ns);

    (void)self;
    return hd_posix_result(pthread_mutex_timedlock(mutex, &deadline));
}

static enum hd_result mutex_release(void *mutex, unsigned self)
{
    (void)self;
    return hd_posix_result(pthread_mutex_unlock(mutex));
}

const struct hd_lock_adapter hd_lock_adapters[] = {
    {
        .name = "hd_lock",
        .can = HD_CAN_EVERYTHING & ~HD_CAN_DEPTH,
        .create = hd_create,
        .destroy = hd_destroy,
        .acquire = hd_acquire,
        .try_acquire = hd_try_acquire,
        .acquire_until = hd_acquire_until,
        .release = hd_release,
        .is_locked = hd_is_locked,
    },
    {
        .name = "ck_spinlock_fas",
        .can = HD_CAN_TRY | HD_CAN_TELL | HD_CAN_TELL_LIVE | HD_CAN_GIVE,
        .create = fas_create,
        .destroy = free,
        .acquire = fas_acquire,
        .try_acquire = fas_try_acquire,
        .release = fas_release,
        .is_locked = fas_is_locked,
    },
    {
        /* Its try exists on x86 only. */
        .name = "ck_spinlock_ticket",
        .can = HD_CAN_TELL | HD_CAN_TELL_LIVE | HD_CAN_GIVE,
        .create = ticket_create,
        .destroy = free,
        .acquire = ticket_acquire,
        .release = ticket_release,
        .is_locked = ticket_is_locked,
    },
    {
        .name = "ck_spinlock_mcs",
        .can = HD_CAN_TRY | HD_CAN_TELL | HD_CAN_TELL_LIVE,
        .create = mcs_create,
        .destroy = free,
        .acquire = mcs_acquire,
        .try_acquire = mcs_try_acquire,
        .release = mcs_release,
        .is_locked = mcs_is_locked,
    },
    {
        .name = "ck_spinlock_clh",
        .can = HD_CAN_TELL,
        .create = clh_create,
        .destroy = free,
        .acquire = clh_acquire,
        .release = clh_release,
        .is_locked = clh_is_locked,
    },
    {
        .name = "pthread_mutex",
        .can = HD_CAN_TRY | HD_CAN_TIME | HD_CAN_BLOCK,
        .create = normal_create,
        .destroy = mutex_destroy,
        .acquire = mutex_acquire,
        .try_acquire = mutex_try_acquire,
        .acquire_until = mutex_acquire_until,
        .release = mutex_release,
    },
    {
        /* ThreadSanitizer reports a wrong release also where it is refused. */
        .name = "pthread_mutex (error checking)",
        .can = HD_CAN_TRY | HD_CAN_BLOCK | (HD_UNDER_TSAN ? 0 : HD_CAN_REFUSE),
        .create = checked_create,
        .destroy = mutex_destroy,
        .acquire = mutex_acquire,
        .try_acquire = mutex_try_acquire,
        .release = mutex_release,
    },
};
const size_t hd_lock_adapters_count = sizeof(hd_lock_adapters) / sizeof(hd_lock_adapters[0]);
