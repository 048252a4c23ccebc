/*
 * Calls of pthread_once() whose function does not return, handlers of code without exceptions
 * outside functions with, and who gets a signal when another one is cancelled.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
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

__attribute__((noinline)) static void exit_deeper(void *log, unsigned *level)
{
    (*level)++;
    pthread_exit(log);
}

void hd_call_exit_plainly(void *log)
{
    unsigned level = 0;

    exit_deeper(log, &level);
}

static void note_nine(void *log) { call_note(log, 9); }

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
static void *end_in_depth(void *log)
{
    pthread_cleanup_push(note_nine, log);
    hd_call_end_in_depth(log);
    pthread_cleanup_pop(0);
    return NULL;
}

/* What is inside cleans up first. */
static void call_outer_handler(struct call_log *log)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, end_in_depth, log);
    (void)pthread_join(thread, NULL);
}

/* ---- Signals --------------------------------------------------------------------------------- */

struct seats {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    unsigned waiting; /* under mutex, and so is the next */
    unsigned items;
};

static void unlock(void *seats) { (void)pthread_mutex_unlock(&((struct seats *)seats)->mutex); }

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *take_item(void *argument)
{
    struct seats *seats = argument;

    (void)pthread_mutex_lock(&seats->mutex);
    pthread_cleanup_push(unlock, seats);
    seats->waiting++;
    while (seats->items == 0) {
        (void)pthread_cond_wait(&seats->condition, &seats->mutex);
    }
    seats->items--;
    pthread_cleanup_pop(1);
    return seats;
}

/* With the mutex. */
static void await_both(struct seats *seats)
{
    (void)pthread_mutex_lock(&seats->mutex);
    while (seats->waiting < 2) {
        (void)pthread_mutex_unlock(&seats->mutex);
        (void)sched_yield();
        (void)pthread_mutex_lock(&seats->mutex);
    }
}

/*
 * Who was cancelled takes no signal from the other one. It is joined first: glibc's condition
 * variables may give the signal to one that is cancelled but has not woken.
 */
static void call_signal_after_cancel(struct call_log *log)
{
    struct seats seats = {
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .condition = PTHREAD_COND_INITIALIZER,
    };
    pthread_t threads[2];
    void *result = NULL;

    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_create(&threads[i], NULL, take_item, &seats);
    }
    await_both(&seats);
    call_note(log, pthread_cancel(threads[0]));
    (void)pthread_mutex_unlock(&seats.mutex);
    (void)pthread_join(threads[0], &result);
    call_note(log, result == PTHREAD_CANCELED);
    (void)pthread_mutex_lock(&seats.mutex);
    seats.items++;
    call_note(log, pthread_cond_signal(&seats.condition));
    (void)pthread_mutex_unlock(&seats.mutex);
    (void)pthread_join(threads[1], &result);
    call_note(log, result == &seats);
}

const struct call_sequence call_once_sequences[] = {
    {"once again", call_once_again},
    {"a handler outside", call_outer_handler},
    {"a signal after a cancellation", call_signal_after_cancel},
    {NULL, NULL},
};
