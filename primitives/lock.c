/*
 * Lock: a word lock that anybody may release.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/lock.h>

#include "primitives/annotate.h"
#include "primitives/word_lock.h"

/* How acquires and releases of a lock are announced. */
#define WAITING (HD_ANNOTATE_EXCLUSIVE | HD_ANNOTATE_UNOWNED)
#define TRYING (HD_ANNOTATE_TRY | HD_ANNOTATE_UNOWNED)

void hd_lock_init(struct hd_lock *lock)
{
    *lock = (struct hd_lock)HD_LOCK_INITIALIZER;
    hd_annotate_init(lock, WAITING);
}

void hd_lock_destroy(struct hd_lock *lock) { hd_annotate_destroy(lock, WAITING); }

void hd_lock_acquire(struct hd_lock *lock)
{
    hd_annotate_acquire_begin(lock, WAITING);
    hd_word_lock_acquire(&lock->word);
    hd_annotate_acquire_end(lock, WAITING, true);
}

enum hd_result hd_lock_try_acquire(struct hd_lock *lock)
{
    hd_annotate_acquire_begin(lock, TRYING);
    bool is_acquired = hd_word_lock_try_acquire(&lock->word);

    hd_annotate_acquire_end(lock, TRYING, is_acquired);
    return is_acquired ? HD_OK : HD_BUSY;
}

enum hd_result hd_lock_acquire_until(struct hd_lock *lock, uint64_t deadline_ns)
{
    unsigned how = deadline_ns == HD_FOREVER ? WAITING : TRYING;

    hd_annotate_acquire_begin(lock, how);
    bool is_acquired = hd_word_lock_acquire_until(&lock->word, deadline_ns);

    hd_annotate_acquire_end(lock, how, is_acquired);
    return is_acquired ? HD_OK : HD_TIMEOUT;
}

enum hd_result hd_lock_release(struct hd_lock *lock)
{
    /* Asked first, so that a release that fails is not announced as one. */
    if (!hd_lock_is_locked(lock)) {
        return HD_NOT_OWNER;
    }
    hd_annotate_release_begin(lock, WAITING);
    bool was_locked = hd_word_lock_release(&lock->word);

    hd_annotate_release_end(lock, WAITING);
    return was_locked ? HD_OK : HD_NOT_OWNER;
}

bool hd_lock_is_locked(const struct hd_lock *lock) { return hd_word_lock_is_locked(&lock->word); }
