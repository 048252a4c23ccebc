/*
 * Blocking calls: every call of the library that waits, as a table, for what all of them promise.
 *
 * Each has objects of its own that make it block and let it go, so that blocking_calls_test.c need
 * not know what it waits for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_BLOCKING_CALLS_H
#define HEDDLE_TESTS_PRIMITIVES_BLOCKING_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/result.h>

/* How to use one such call. `kind` is what the table gives: a kind of lock or queue, or NULL. */
struct hd_blocking_steps {
    void (*prepare)(const void *kind); /* from here on the call blocks */
    /* By any thread. What it acquires it releases before it returns. */
    enum hd_result (*call)(const void *kind, uint64_t deadline_ns);
    bool (*is_waited_for)(const void *kind); /* a thread is blocked in the call, or about to be */
    void (*let_go)(const void *kind); /* by the preparing thread: one blocked call ends HD_OK */
    void (*finish)(const void *kind); /* after let_go() */
    bool is_remembered;               /* let_go() ends the next call if none is blocked */
};

struct hd_blocking_call {
    const char *name;
    const struct hd_blocking_steps *steps;
    const void *kind;
};

extern const struct hd_blocking_call hd_blocking_calls[];
extern const size_t hd_blocking_call_count;

#endif
