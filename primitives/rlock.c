/*
 * Reentrant lock: a word lock, and who took it how often.
 *
 * `owner` is read by threads that do not hold the lock, only to compare it with their own identity:
 * which it can equal only if they wrote it themselves. So relaxed accesses suffice.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/rlock.h"

#include "primitives/annotate.h"
#include "primitives/identity.h"
#include "primitives/word_lock.h"

static void become_owner(struct hd_rlock *rlock, uint32_t depth)
{
    __atomic_store_n(&rlock->owner, hd_identity_self(), __ATOMIC_RELAXED);
    rlock->depth = depth;
}

/* The caller is the owner: one level more. */
static enum hd_result deepen(struct hd_rlock *rlock)
{
    if (rlock->depth == UINT32_MAX) {
        return HD_OVERFLOW;
    }
    rlock->depth++;
    return HD_OK;
}

static void release_outermost(struct hd_rlock *rlock)
{
    rlock->depth = 0;
    __atomic_store_n(&rlock->owner, (uintptr_t)0, __ATOMIC_RELAXED);
    hd_annotate_release_begin(rlock, HD_ANNOTATE_EXCLUSIVE);
    (void)hd_word_lock_release(&rlock->word); /* it was locked: the caller was the owner */
    hd_annotate_release_end(rlock, HD_ANNOTATE_EXCLUSIVE);
}

void hd_rlock_init(struct hd_rlock *rlock)
{
    *rlock = (struct hd_rlock)HD_RLOCK_INITIALIZER;
    hd_annotate_init(rlock, HD_ANNOTATE_EXCLUSIVE);
}

void hd_rlock_destroy(struct hd_rlock *rlock) { hd_annotate_destroy(rlock, HD_ANNOTATE_EXCLUSIVE); }

enum hd_result hd_rlock_acquire(struct hd_rlock *rlock)
{
    return hd_rlock_acquire_until(rlock, HD_FOREVER);
}

enum hd_result hd_rlock_try_acquire(struct hd_rlock *rlock)
{
    if (hd_rlock_is_owned(rlock)) {
        return deepen(rlock);
    }
    hd_annotate_acquire_begin(rlock, HD_ANNOTATE_TRY);
    bool is_acquired = hd_word_lock_try_acquire(&rlock->word);

    hd_annotate_acquire_end(rlock, HD_ANNOTATE_TRY, is_acquired);
    if (!is_acquired) {
        return HD_BUSY;
    }
    become_owner(rlock, 1);
    return HD_OK;
}

enum hd_result hd_rlock_acquire_until(struct hd_rlock *rlock, uint64_t deadline_ns)
{
    unsigned how = deadline_ns == HD_FOREVER ? HD_ANNOTATE_EXCLUSIVE : HD_ANNOTATE_TRY;

    if (hd_rlock_is_owned(rlock)) {
        return deepen(rlock);
    }
    hd_annotate_acquire_begin(rlock, how);
    bool is_acquired = hd_word_lock_acquire_until(&rlock->word, deadline_ns);

    hd_annotate_acquire_end(rlock, how, is_acquired);
    if (!is_acquired) {
        return HD_TIMEOUT;
    }
    become_owner(rlock, 1);
    return HD_OK;
}

enum hd_result hd_rlock_release(struct hd_rlock *rlock)
{
    if (!hd_rlock_is_owned(rlock)) {
        return HD_NOT_OWNER;
    }
    if (rlock->depth > 1) {
        rlock->depth--;
    } else {
        release_outermost(rlock);
    }
    return HD_OK;
}

uint32_t hd_rlock_release_all(struct hd_rlock *rlock)
{
    uint32_t depth = rlock->depth;

    release_outermost(rlock);
    return depth;
}

void hd_rlock_acquire_depth(struct hd_rlock *rlock, uint32_t depth)
{
    hd_annotate_acquire_begin(rlock, HD_ANNOTATE_EXCLUSIVE);
    hd_word_lock_acquire(&rlock->word);
    hd_annotate_acquire_end(rlock, HD_ANNOTATE_EXCLUSIVE, true);
    become_owner(rlock, depth);
}

bool hd_rlock_is_locked(const struct hd_rlock *rlock)
{
    return hd_word_lock_is_locked(&rlock->word);
}

bool hd_rlock_is_owned(const struct hd_rlock *rlock)
{
    return __atomic_load_n(&rlock->owner, __ATOMIC_RELAXED) == hd_identity_self();
}

uint32_t hd_rlock_depth(const struct hd_rlock *rlock)
{
    return hd_rlock_is_owned(rlock) ? rlock->depth : 0;
}
