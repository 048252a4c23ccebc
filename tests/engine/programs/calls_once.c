/*
 * Calls of pthread_once() whose function does not return.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include "tests/engine/programs/calls.h"

static struct call_log *once_log;

static void leave_once(void)
{
    call_note(once_log, 1);
    pthread_exit(once_log);
}

static void cancel_once(void)
{
    call_note(once_log, 2);
    (void)pthread_cancel(pthread_self());
    pthread_testcancel();
}

static void do_once(void) { call_note(once_log, 3); }

static void *run_leave_once(void *control)
{
    (void)pthread_once(control, leave_once);
    return NULL;
}

static void *run_cancel_once(void *control)
{
    (void)pthread_once(control, cancel_once);
    return NULL;
}

/* The next caller runs the function if the first one ended in it. */
static void call_once_again(struct call_log *log)
{
    static pthread_once_t control;
    void *(*const functions[])(void *) = {run_leave_once, run_cancel_once};

    once_log = log;
    control = PTHREAD_ONCE_INIT;
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        pthread_t thread;
        void *result = NULL;

        (void)pthread_create(&thread, NULL, functions[i], &control);
        (void)pthread_join(thread, &result);
        call_note(log, result == log);
    }
    call_note(log, pthread_once(&control, do_once));
    call_note(log, pthread_once(&control, do_once));
}

const struct call_sequence call_once_sequences[] = {
    {"once again", call_once_again},
    {NULL, NULL},
};
