/*
 * Annotations: tell a race detector who holds what.
 *
 * ThreadSanitizer sees our locks as atomics: enough to know what is ordered, not enough to know
 * what is held, so that it could warn of lock-order inversions. The annotations say it.
 * HD_ANNOTATE, which the build sets, says for which objects:
 *
 *   0   none: the functions below are empty.
 *   1   locks with an owner (rlock, rwlock). For ThreadSanitizer, which takes a release by another
 *       thread for a mistake.
 *   2   all locks, and semaphores as locks. For a runtime that takes only ownership from them.
 *
 * ThreadSanitizer ignores atomics between the begin and the end of an annotation and takes the
 * order from the annotation instead, so a missing memory order goes unseen there: the tests run
 * without annotations as well.
 *
 * Source: sanitizer/tsan_interface.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_ANNOTATE_H
#define HEDDLE_PRIMITIVES_ANNOTATE_H

#include <stdbool.h>

#ifndef HD_ANNOTATE
#define HD_ANNOTATE 0
#endif

/* How an object is acquired or released: bits. SHARED and TRY are those of tsan_interface.h. */
#define HD_ANNOTATE_EXCLUSIVE 0U
#define HD_ANNOTATE_SHARED (1U << 3)
#define HD_ANNOTATE_TRY (1U << 4)      /* cannot deadlock: a try, or a wait with a deadline */
#define HD_ANNOTATE_UNOWNED (1U << 31) /* any thread may release the object */

#if HD_ANNOTATE >= 1

#include <sanitizer/tsan_interface.h>

static inline bool hd_annotate_is_on(unsigned how)
{
    return HD_ANNOTATE >= 2 || (how & HD_ANNOTATE_UNOWNED) == 0;
}

static inline void hd_annotate_init(void *object, unsigned how)
{
    if (hd_annotate_is_on(how)) {
        __tsan_mutex_create(object, 0);
    }
}

static inline void hd_annotate_destroy(void *object, unsigned how)
{
    if (hd_annotate_is_on(how)) {
        __tsan_mutex_destroy(object, 0);
    }
}

static inline void hd_annotate_acquire_begin(void *object, unsigned how)
{
    if (hd_annotate_is_on(how)) {
        __tsan_mutex_pre_lock(object, how);
    }
}

static inline void hd_annotate_acquire_end(void *object, unsigned how, bool is_acquired)
{
    unsigned outcome = is_acquired ? 0 : __tsan_mutex_try_lock_failed;

    if (hd_annotate_is_on(how)) {
        __tsan_mutex_post_lock(object, (how) | outcome, 0);
    }
}

static inline void hd_annotate_release_begin(void *object, unsigned how)
{
    if (hd_annotate_is_on(how)) {
        (void)__tsan_mutex_pre_unlock(object, how);
    }
}

/* Uses the address only: the object may belong to somebody else by now. */
static inline void hd_annotate_release_end(void *object, unsigned how)
{
    if (hd_annotate_is_on(how)) {
        __tsan_mutex_post_unlock(object, how);
    }
}

#else

static inline void hd_annotate_init(void *object, unsigned how)
{
    (void)object;
    (void)how;
}

static inline void hd_annotate_destroy(void *object, unsigned how)
{
    (void)object;
    (void)how;
}

static inline void hd_annotate_acquire_begin(void *object, unsigned how)
{
    (void)object;
    (void)how;
}

static inline void hd_annotate_acquire_end(void *object, unsigned how, bool is_acquired)
{
    (void)object;
    (void)how;
    (void)is_acquired;
}

static inline void hd_annotate_release_begin(void *object, unsigned how)
{
    (void)object;
    (void)how;
}

static inline void hd_annotate_release_end(void *object, unsigned how)
{
    (void)object;
    (void)how;
}

#endif

#endif
