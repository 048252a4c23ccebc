/*
 * Annotation: the record.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/annotation.h"

#include "primitives/annotate.h"
#include "tests/primitives/support.h"

#define NOTES_MAX 16U

/* What this thread has noted since its last check. */
static _Thread_local struct {
    struct hd_annotation annotations[NOTES_MAX];
    const void *objects[NOTES_MAX];
    size_t count;
} record;

void hd_annotation_note(enum hd_annotation_call call, const void *object, unsigned how)
{
    HD_CHECK(record.count < NOTES_MAX);
    record.annotations[record.count] = (struct hd_annotation){call, how};
    record.objects[record.count] = object;
    record.count++;
}

void hd_annotation_check(const void *object, const struct hd_annotation *annotations, size_t count)
{
    HD_CHECK_EQUAL(record.count, count);
    for (size_t i = 0; i < count; i++) {
        HD_CHECK_EQUAL(record.annotations[i].call, annotations[i].call);
        /* Who may release it is for the engine, whose tests look at that. */
        HD_CHECK_EQUAL(record.annotations[i].how & ~HD_ANNOTATE_UNOWNED, annotations[i].how);
        HD_CHECK(record.objects[i] == object);
    }
    record.count = 0;
}
