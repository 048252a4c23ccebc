/*
 * Reentrant locks: hd_rlock, the writer's side of ck_rwlock_recursive, and the recursive POSIX
 * mutex.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <pthread.h>
#include <stdlib.h>

#include <ck_rwlock.h>

#include <heddle/rlock.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"
#include "tests/reference/ordering.h"
#include "tests/reference/posix.h"

static void *hd_create(void)
{
    struct hd_rlock *lock = hd_object_new(1, sizeof(*lock));

    hd_rlock_init(lock);
    return lock;
}

static void hd_destroy(void *lock)
{
    hd_rlock_destroy(lock);
    free(lock);
}

static enum hd_result hd_acquire(void *lock, unsigned self)
{
    (void)self;
    return hd_rlock_acquire(lock);
}

static enum hd_result hd_try_acquire(void *lock, unsigned self)
{
    (void)self;
    return hd_rlock_try_acquire(lock);
}

static enum hd_result hd_acquire_until(void *lock, unsigned self, uint64_t deadline_ns)
{
    (void)self;
    return hd_rlock_acquire_until(lock, deadline_ns);
}

static enum hd_result hd_release(void *lock, unsigned self)
{
    (void)self;
    return hd_rlock_release(lock);
}

static bool hd_is_locked(void *lock) { return hd_rlock_is_locked(lock); }

static uint32_t hd_depth(void *lock, unsigned self)
{
    (void)self;
    return hd_rlock_depth(lock);
}

/* CK knows the owner by a number, and 0 is nobody. */
static unsigned ck_thread(unsigned self) { return self + 1; }

static void *ck_create(void)
{
    ck_rwlock_recursive_t *lock = hd_object_new(1, sizeof(*lock));

    ck_rwlock_init(&lock->rw);
    return lock;
}

static enum hd_result ck_acquire(void *lock, unsigned self)
{
    ck_rwlock_recursive_write_lock(lock, ck_thread(self));
    return HD_OK;
}

static enum hd_result ck_try_acquire(void *lock, unsigned self)
{
    return ck_rwlock_recursive_write_trylock(lock, ck_thread(self)) ? HD_OK : HD_BUSY;
}

static enum hd_result ck_release(void *lock, unsigned self)
{
    (void)self;
    ck_rwlock_recursive_write_unlock(lock);
    return HD_OK;
}

static bool ck_is_locked(void *lock)
{
    return ck_rwlock_locked(&((ck_rwlock_recursive_t *)lock)->rw);
}

static uint32_t ck_depth(void *lock, unsigned self)
{
    (void)self;
    return ((ck_rwlock_recursive_t *)lock)->wc;
}

static void *mutex_create(void)
{
    pthread_mutex_t *mutex = hd_object_new(1, sizeof(*mutex));
    pthread_mutexattr_t attributes;

    if (pthread_mutexattr_init(&attributes) != 0 ||
        pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE) != 0 ||
        pthread_mutex_init(mutex, &attributes) != 0 ||
        pthread_mutexattr_destroy(&attributes) != 0) {
        abort();
    }
    return mutex;
}

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

const struct hd_lock_adapter hd_rlock_adapters[] = {
    {
        .name = "hd_rlock",
        .can = HD_CAN_EVERYTHING & ~HD_CAN_GIVE,
        .create = hd_create,
        .destroy = hd_destroy,
        .acquire = hd_acquire,
        .try_acquire = hd_try_acquire,
        .acquire_until = hd_acquire_until,
        .release = hd_release,
        .is_locked = hd_is_locked,
        .depth = hd_depth,
    },
    {
        .name = "ck_rwlock_recursive",
        .can = HD_CAN_TRY | HD_CAN_TELL | HD_CAN_TELL_LIVE | HD_CAN_DEPTH,
        .create = ck_create,
        .destroy = free,
        .acquire = ck_acquire,
        .try_acquire = ck_try_acquire,
        .release = ck_release,
        .is_locked = ck_is_locked,
        .depth = ck_depth,
    },
    {
        /* ThreadSanitizer reports a wrong release also where it is refused. */
        .name = "pthread_mutex (recursive)",
        .can = HD_CAN_TRY | HD_CAN_TIME | HD_CAN_BLOCK | (HD_UNDER_TSAN ? 0 : HD_CAN_REFUSE),
        .create = mutex_create,
        .destroy = mutex_destroy,
        .acquire = mutex_acquire,
        .try_acquire = mutex_try_acquire,
        .acquire_until = mutex_acquire_until,
        .release = mutex_release,
    },
};
const size_t hd_rlock_adapters_count = sizeof(hd_rlock_adapters) / sizeof(hd_rlock_adapters[0]);
