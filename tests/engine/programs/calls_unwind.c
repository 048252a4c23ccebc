/*
 * Calls that end threads in code compiled with -fexceptions: what cleans up there is run by
 * unwinding, between handlers of code without.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/calls.h"

#define NOTES __attribute__((cleanup(note)))

struct noted {
    struct call_log *log;
    long number;
    uint32_t depth; /* of calls, in the function that declares it; 0 outside an execution */
};

__attribute__((noinline)) static struct noted begin(struct call_log *log, long number)
{
    return (struct noted){log, number, hd_experiment_call_depth()};
}

/* Called from the same function as begin(), by whatever way. */
__attribute__((noinline)) static void note(const struct noted *noted)
{
    call_note(noted->log, noted->number);
    call_note(noted->log, hd_experiment_call_depth() == noted->depth);
}

static void note_ten(void *log) { call_note(log, 10); }

__attribute__((noinline)) static void end_thread(struct call_log *log, void (*end)(void *log))
{
    NOTES struct noted inner = begin(log, 1);

    end(log);
    inner.number = 8;
}

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
__attribute__((noinline)) static void call_end(struct call_log *log, void (*end)(void *log))
{
    NOTES struct noted outer = begin(log, 2);

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
    NOTES struct noted outermost = begin(log, 3);

    call_end(log, cancel);
    outermost.number = 8;
    return log;
}

static void *run_exit(void *log)
{
    NOTES struct noted outermost = begin(log, 3);

    call_end(log, pthread_exit);
    outermost.number = 8;
    return NULL;
}

static void *run_plain_exit(void *log)
{
    NOTES struct noted outermost = begin(log, 3);

    call_end(log, call_exit_plainly);
    outermost.number = 8;
    return NULL;
}

static void *run_twice(void *log)
{
    for (long i = 0; i < 2; i++) {
        NOTES struct noted in_loop = begin(log, 20 + i);

        if (i == 1) {
            end_thread(log, pthread_exit);
        }
        in_loop.number += 10;
    }
    return NULL;
}

void call_end_in_depth(struct call_log *log) { call_end(log, pthread_exit); }

static void call_unwind(struct call_log *log)
{
    void *(*const functions[])(void *) = {run_cancel, run_exit, run_plain_exit, run_twice};

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
