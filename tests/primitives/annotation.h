/*
 * Annotation: a record of what the library tells a race detector, each thread's own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_ANNOTATION_H
#define HEDDLE_TESTS_PRIMITIVES_ANNOTATION_H

#include <stddef.h>

/* Which of the __tsan_mutex_...() was called. */
enum hd_annotation_call {
    HD_ANNOTATION_CREATE,
    HD_ANNOTATION_DESTROY,
    HD_ANNOTATION_PRE_LOCK,
    HD_ANNOTATION_POST_LOCK,
    HD_ANNOTATION_PRE_UNLOCK,
    HD_ANNOTATION_POST_UNLOCK,
};

/* How: a bit set with the values of tsan_interface.h. */
#define HD_ANNOTATION_EXCLUSIVE 0U
#define HD_ANNOTATION_SHARED 8U
#define HD_ANNOTATION_TRY 16U
#define HD_ANNOTATION_FAILED 32U

struct hd_annotation {
    enum hd_annotation_call call;
    unsigned how;
};

/* Add to the record of the calling thread. */
void hd_annotation_note(enum hd_annotation_call call, const void *object, unsigned how);

/*
 * Fail unless the calling thread's record consists of exactly these annotations, all of them of
 * `object`, and begin a new one.
 */
void hd_annotation_check(const void *object, const struct hd_annotation *annotations, size_t count);

#endif
