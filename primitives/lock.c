/*
 * Lock: a word lock that anybody may release.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/lock.h>

#include "primitives/annotate.h"
#include "primitives/word_lock.h"

static void annotate_acquire_begin(struct hd_lock *lock, unsigned how)
{
    if (hd_annotate_unowned()) {
        hd_annotate_acquire_begin(lock, how);
    }
}

static void annotate_acquire_end(struct hd_lock *lock, unsigned how, bool is_acquired)
{
    if (hd_annotate_unowned()) {
        hd_annotate_acquire_end(lock, how, is_acquired);
    }
}

void hd_lock_init(struct hd_lock *lock)
{
    *lock = (struct hd_lock)HD_LOCK_INITIALIZER;
    if (hd_annotate_unowned()) {
        hd_annotate_init(lock);
    }
}

void hd_lock_destroy(struct hd_lock *lock)
{
    if (hd_annotate_unowned()) {
        hd_annotate_destroy(lock);
    }
}

void hd_lock_acquire(struct hd_lock *lock)
{
    annotate_acquire_begin(lock, HD_ANNOTATE_EXCLUSIVE);
    hd_word_lock_acquire(&lock->word);
    annotate_acquire_end(lock, HD_ANNOTATE_EXCLUSIVE, true);
}

enum hd_result hd_lock_try_acquire(struct hd_lock *lock)
{
    annotate_acquire_begin(lock, HD_ANNOTATE_TRY);
    bool is_acquired = hd_word_lock_try_acquire(&lock->word);

    annotate_acquire_end(lock, HD_ANNOTATE_TRY, is_acquired);
    return is_acquired ? HD_OK : HD_BUSY;
}

enum hd_result hd_lock_acquire_until(struct hd_lock *lock, uint64_t deadline_ns)
{
    unsigned how = deadline_ns == HD_FOREVER ? HD_ANNOTATE_EXCLUSIVE : HD_ANNOTATE_TRY;

    annotate_acquire_begin(lock, how);
    bool is_acquired = hd_word_lock_acquire_until(&lock->word, deadline_ns);

    annotate_acquire_end(lock, how, is_acquired);
    return is_acquired ? HD_OK : HD_TIMEOUT;
}

enum hd_result hd_lock_release(struct hd_lock *lock)
{
    if (!hd_lock_is_locked(lock)) {
        return HD_NOT_OWNER;
    }
    if (hd_annotate_unowned()) {
        hd_annotate_release_begin(lock, HD_ANNOTATE_EXCLUSIVE);
    }
    bool was_locked = hd_word_lock_release(&lock->word);

    if (hd_annotate_unowned()) {
        hd_annotate_release_end(lock, HD_ANNOTATE_EXCLUSIVE);
    }
    return was_locked ? HD_OK : HD_NOT_OWNER;
}

bool hd_lock_is_locked(const struct hd_lock *lock) { return hd_word_lock_is_locked(&lock->word); }
