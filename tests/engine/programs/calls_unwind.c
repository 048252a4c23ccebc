/*
 * Calls that end threads in code compiled with -fexceptions: what cleans up there is run by
 * unwinding, between handlers of code without.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include "tests/engine/programs/calls.h"

#define NOTES __attribute__((cleanup(note)))

struct noted {
    struct call_log *log;
    long number;
};

static void note(const struct noted *noted) { call_note(noted->log, noted->number); }

static void note_ten(void *log) { call_note(log, 10); }

__attribute__((noinline)) static void end_thread(struct call_log *log, void (*end)(void *log))
{
    NOTES struct noted inner = {log, 1};

    end(log);
    inner.number = 8;
}

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
__attribute__((noinline)) static void call_end(struct call_log *log, void (*end)(void *log))
{
    NOTES struct noted outer = {log, 2};

    pthread_cleanup_push(note_ten, log);
    end_thread(log, end);
    pthread_cleanup_pop(0);
    outer.number = 8;
}

static void cancel(void *log)
{
    call_note(log, pthread_cancel(pthread_self()));
    pthread_testcancel();
}

static void *run_cancel(void *log)
{
    NOTES struct noted outermost = {log, 3};

    call_end(log, cancel);
    outermost.number = 8;
    return log;
}

static void *run_exit(void *log)
{
    NOTES struct noted outermost = {log, 3};

    call_end(log, pthread_exit);
    outermost.number = 8;
    return NULL;
}

static void *run_twice(void *log)
{
    for (long i = 0; i < 2; i++) {
        NOTES struct noted in_loop = {log, 20 + i};

        if (i == 1) {
            end_thread(log, pthread_exit);
        }
        in_loop.number += 10;
    }
    return NULL;
}

static void call_unwind(struct call_log *log)
{
    void *(*const functions[])(void *) = {run_cancel, run_exit, run_twice};

    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        pthread_t thread;
        void *result = NULL;

        (void)pthread_create(&thread, NULL, functions[i], log);
        (void)pthread_join(thread, &result);
        call_note(log, result == PTHREAD_CANCELED);
        call_note(log, result == log);
    }
}

const struct call_sequence call_unwind_sequences[] = {
    {"unwinding", call_unwind},
    {NULL, NULL},
};
