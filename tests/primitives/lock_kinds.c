/*
 * Lock kinds: the tables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/lock_kinds.h"

/* The bit of a lock's word that is set while a thread sleeps on it. */
#define CONTENDED 2U

static bool is_contended(const uint32_t *word)
{
    return (__atomic_load_n(word, __ATOMIC_RELAXED) & CONTENDED) != 0;
}

static bool has_sleepers(const struct hd_semaphore *semaphore)
{
    return __atomic_load_n(&semaphore->state, __ATOMIC_RELAXED) >> 32 != 0;
}

static void lock_init(union hd_any_lock *any) { hd_lock_init(&any->lock); }

static void lock_destroy(union hd_any_lock *any) { hd_lock_destroy(&any->lock); }

static enum hd_result lock_acquire(union hd_any_lock *any)
{
    hd_lock_acquire(&any->lock);
    return HD_OK;
}

static enum hd_result lock_try_acquire(union hd_any_lock *any)
{
    return hd_lock_try_acquire(&any->lock);
}

static enum hd_result lock_acquire_until(union hd_any_lock *any, uint64_t deadline_ns)
{
    return hd_lock_acquire_until(&any->lock, deadline_ns);
}

static enum hd_result lock_release(union hd_any_lock *any) { return hd_lock_release(&any->lock); }

static bool lock_is_waited_for(union hd_any_lock *any) { return is_contended(&any->lock.word); }

const struct hd_lock_kind hd_lock_kind = {
    .initial = {.lock = HD_LOCK_INITIALIZER},
    .size = sizeof(struct hd_lock),
    .init = lock_init,
    .destroy = lock_destroy,
    .acquire = lock_acquire,
    .try_acquire = lock_try_acquire,
    .acquire_until = lock_acquire_until,
    .release = lock_release,
    .is_waited_for = lock_is_waited_for,
    .release_of_free = HD_NOT_OWNER,
    .acquire_by_owner = HD_TIMEOUT,
};

static void rlock_init(union hd_any_lock *any) { hd_rlock_init(&any->rlock); }

static void rlock_destroy(union hd_any_lock *any) { hd_rlock_destroy(&any->rlock); }

static enum hd_result rlock_acquire(union hd_any_lock *any)
{
    return hd_rlock_acquire(&any->rlock);
}

static enum hd_result rlock_try_acquire(union hd_any_lock *any)
{
    return hd_rlock_try_acquire(&any->rlock);
}

static enum hd_result rlock_acquire_until(union hd_any_lock *any, uint64_t deadline_ns)
{
    return hd_rlock_acquire_until(&any->rlock, deadline_ns);
}

static enum hd_result rlock_release(union hd_any_lock *any)
{
    return hd_rlock_release(&any->rlock);
}

static bool rlock_is_waited_for(union hd_any_lock *any) { return is_contended(&any->rlock.word); }

const struct hd_lock_kind hd_rlock_kind = {
    .initial = {.rlock = HD_RLOCK_INITIALIZER},
    .size = sizeof(struct hd_rlock),
    .init = rlock_init,
    .destroy = rlock_destroy,
    .acquire = rlock_acquire,
    .try_acquire = rlock_try_acquire,
    .acquire_until = rlock_acquire_until,
    .release = rlock_release,
    .is_waited_for = rlock_is_waited_for,
    .is_recursive = true,
    .has_owner = true,
    .release_of_free = HD_NOT_OWNER,
};

static void rwlock_init(union hd_any_lock *any) { hd_rwlock_init(&any->rwlock); }

static void rwlock_destroy(union hd_any_lock *any) { hd_rwlock_destroy(&any->rwlock); }

static enum hd_result rwlock_acquire(union hd_any_lock *any)
{
    return hd_rwlock_acquire_exclusive(&any->rwlock);
}

static enum hd_result rwlock_try_acquire(union hd_any_lock *any)
{
    return hd_rwlock_try_acquire_exclusive(&any->rwlock);
}

static enum hd_result rwlock_acquire_until(union hd_any_lock *any, uint64_t deadline_ns)
{
    return hd_rwlock_acquire_exclusive_until(&any->rwlock, deadline_ns);
}

static enum hd_result rwlock_release(union hd_any_lock *any)
{
    return hd_rwlock_release_exclusive(&any->rwlock);
}

static bool rwlock_is_waited_for(union hd_any_lock *any)
{
    return hd_count_waiters(&any->rwlock.writers, &any->rwlock.guard) != 0;
}

const struct hd_lock_kind hd_rwlock_kind = {
    .initial = {.rwlock = HD_RWLOCK_INITIALIZER},
    .size = sizeof(struct hd_rwlock),
    .init = rwlock_init,
    .destroy = rwlock_destroy,
    .acquire = rwlock_acquire,
    .try_acquire = rwlock_try_acquire,
    .acquire_until = rwlock_acquire_until,
    .release = rwlock_release,
    .is_waited_for = rwlock_is_waited_for,
    .has_owner = true,
    .release_of_free = HD_NOT_OWNER,
    .acquire_by_owner = HD_WOULD_DEADLOCK,
};

static void semaphore_init(union hd_any_lock *any)
{
    HD_CHECK_RESULT(hd_semaphore_init(&any->semaphore, 1), HD_OK);
}

static void semaphore_destroy(union hd_any_lock *any) { hd_semaphore_destroy(&any->semaphore); }

static enum hd_result semaphore_acquire(union hd_any_lock *any)
{
    hd_semaphore_acquire(&any->semaphore);
    return HD_OK;
}

static enum hd_result semaphore_try_acquire(union hd_any_lock *any)
{
    return hd_semaphore_try_acquire(&any->semaphore);
}

static enum hd_result semaphore_acquire_until(union hd_any_lock *any, uint64_t deadline_ns)
{
    return hd_semaphore_acquire_until(&any->semaphore, deadline_ns);
}

static enum hd_result semaphore_release(union hd_any_lock *any)
{
    return hd_semaphore_release(&any->semaphore, 1);
}

static bool semaphore_is_waited_for(union hd_any_lock *any)
{
    return has_sleepers(&any->semaphore);
}

const struct hd_lock_kind hd_semaphore_kind = {
    .initial = {.semaphore = HD_SEMAPHORE_INITIALIZER(1)},
    .size = sizeof(struct hd_semaphore),
    .init = semaphore_init,
    .destroy = semaphore_destroy,
    .acquire = semaphore_acquire,
    .try_acquire = semaphore_try_acquire,
    .acquire_until = semaphore_acquire_until,
    .release = semaphore_release,
    .is_waited_for = semaphore_is_waited_for,
    .release_of_free = HD_OK,
    .acquire_by_owner = HD_TIMEOUT,
};

static void bounded_init(union hd_any_lock *any)
{
    HD_CHECK_RESULT(hd_bounded_semaphore_init(&any->bounded, 1), HD_OK);
}

static void bounded_destroy(union hd_any_lock *any) { hd_bounded_semaphore_destroy(&any->bounded); }

static enum hd_result bounded_acquire(union hd_any_lock *any)
{
    hd_bounded_semaphore_acquire(&any->bounded);
    return HD_OK;
}

static enum hd_result bounded_try_acquire(union hd_any_lock *any)
{
    return hd_bounded_semaphore_try_acquire(&any->bounded);
}

static enum hd_result bounded_acquire_until(union hd_any_lock *any, uint64_t deadline_ns)
{
    return hd_bounded_semaphore_acquire_until(&any->bounded, deadline_ns);
}

static enum hd_result bounded_release(union hd_any_lock *any)
{
    return hd_bounded_semaphore_release(&any->bounded, 1);
}

static bool bounded_is_waited_for(union hd_any_lock *any)
{
    return has_sleepers(&any->bounded.semaphore);
}

const struct hd_lock_kind hd_bounded_semaphore_kind = {
    .initial = {.bounded = HD_BOUNDED_SEMAPHORE_INITIALIZER(1)},
    .size = offsetof(struct hd_bounded_semaphore, bound) + sizeof(uint32_t),
    .init = bounded_init,
    .destroy = bounded_destroy,
    .acquire = bounded_acquire,
    .try_acquire = bounded_try_acquire,
    .acquire_until = bounded_acquire_until,
    .release = bounded_release,
    .is_waited_for = bounded_is_waited_for,
    .release_of_free = HD_OVERFLOW,
    .acquire_by_owner = HD_TIMEOUT,
};

const struct hd_lock_kind *const hd_lock_kinds[] = {
    &hd_lock_kind, &hd_rlock_kind, &hd_rwlock_kind, &hd_semaphore_kind, &hd_bounded_semaphore_kind,
};
const size_t hd_lock_kind_count = HD_COUNT_OF(hd_lock_kinds);
