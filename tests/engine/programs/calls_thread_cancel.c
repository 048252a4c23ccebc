/*
 * Calls that end threads before their function returns: cancellation, exit, and what cleans up
 * after them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "tests/engine/programs/calls.h"

/* A thread, and what it and its canceller use. */
struct victim {
    pthread_mutex_t mutex; /* checks errors */
    pthread_cond_t condition;
    pthread_mutex_t gate; /* held by the canceller until the victim is to go on */
    struct call_log *log;
    bool is_there; /* under mutex */
    pthread_t other;
    int word; /* never set */
};

static void begin(struct victim *victim, struct call_log *log)
{
    pthread_mutexattr_t attributes;

    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    (void)pthread_mutex_init(&victim->mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    (void)pthread_cond_init(&victim->condition, NULL);
    (void)pthread_mutex_init(&victim->gate, NULL);
    victim->log = log;
    victim->is_there = false;
    victim->word = 0;
}

/* A thread runs `function', is cancelled, then let through its gate, and joined. */
static void cancel_one(struct call_log *log, void *(*function)(void *victim))
{
    struct victim victim;
    pthread_t thread;
    void *result = NULL;

    begin(&victim, log);
    (void)pthread_mutex_lock(&victim.gate);
    (void)pthread_create(&thread, NULL, function, &victim);
    int error = pthread_cancel(thread);

    (void)pthread_mutex_unlock(&victim.gate);
    (void)pthread_join(thread, &result); /* the log is ours again */
    call_note(log, error);
    call_note(log, result == PTHREAD_CANCELED);
}

static void pass_gate(struct victim *victim)
{
    (void)pthread_mutex_lock(&victim->gate); /* no cancellation point */
    (void)pthread_mutex_unlock(&victim->gate);
}

static void note_one(void *log) { call_note(log, 1); }
static void note_two(void *log) { call_note(log, 2); }
static void note_three(void *log) { call_note(log, 3); }

static int be_asynchronous(void)
{
    /* NOLINTNEXTLINE(concurrency-thread-canceltype-asynchronous): it is what is tested. */
    return pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
}

/* ---- Cancellation points, with the cancellation pending -------------------------------------- */

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
static void *test_cancel(void *argument)
{
    struct victim *victim = argument;

    pass_gate(victim);
    pthread_cleanup_push(note_one, victim->log);
    call_note(victim->log, 7);
    pthread_testcancel();
    call_note(victim->log, 8);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *sleep_long(void *argument)
{
    static const struct timespec hour = {.tv_sec = 3600};
    struct victim *victim = argument;

    pass_gate(victim);
    (void)nanosleep(&hour, NULL);
    return NULL;
}

static void *sleep_by_clock(void *argument)
{
    static const struct timespec hour = {.tv_sec = 3600};
    struct victim *victim = argument;

    pass_gate(victim);
    (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL);
    return NULL;
}

static void unlock(void *argument)
{
    struct victim *victim = argument;

    call_note(victim->log, pthread_mutex_unlock(&victim->mutex)); /* its owner may */
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *await_condition(void *argument)
{
    struct victim *victim = argument;

    pass_gate(victim);
    (void)pthread_mutex_lock(&victim->mutex);
    pthread_cleanup_push(unlock, victim);
    (void)pthread_cond_wait(&victim->condition, &victim->mutex);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *read_byte(void *argument)
{
    struct victim *victim = argument;
    char byte;
    int ends[2];

    if (pipe(ends) != 0) {
        return NULL;
    }
    (void)write(ends[1], "byte", 1);
    pass_gate(victim);
    (void)read(ends[0], &byte, 1);
    return NULL;
}

static void *cancel_disabled(void *argument)
{
    struct victim *victim = argument;
    int before = -1;

    call_note(victim->log, pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before));
    call_note(victim->log, before);
    pass_gate(victim);
    pthread_testcancel();
    call_note(victim->log, pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before));
    call_note(victim->log, before);
    pthread_testcancel();
    call_note(victim->log, 8);
    return NULL;
}

/* Who was cancelled while that was disabled acts as soon as it may. */
static void *enable_asynchronous(void *argument)
{
    struct victim *victim = argument;

    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pass_gate(victim);
    call_note(victim->log, be_asynchronous());
    (void)pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    call_note(victim->log, 8);
    return NULL;
}

static void call_pending(struct call_log *log)
{
    void *(*const functions[])(void *) = {
        test_cancel, sleep_long,      sleep_by_clock,      await_condition,
        read_byte,   cancel_disabled, enable_asynchronous,
    };

    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        cancel_one(log, functions[i]);
    }
}

/* ---- Waits that a cancellation ends ---------------------------------------------------------- */

static void arrive(struct victim *victim)
{
    (void)pthread_mutex_lock(&victim->mutex);
    victim->is_there = true;
    (void)pthread_mutex_unlock(&victim->mutex);
}

/* The victim has arrived: it waits, or soon will. */
static void await_arrival(struct victim *victim)
{
    bool is_there;

    do {
        (void)sched_yield();
        (void)pthread_mutex_lock(&victim->mutex);
        is_there = victim->is_there;
        (void)pthread_mutex_unlock(&victim->mutex);
    } while (!is_there);
}

static void end_wait(struct victim *victim, void *(*function)(void *victim))
{
    pthread_t thread;
    void *result = NULL;

    victim->is_there = false;
    (void)pthread_create(&thread, NULL, function, victim);
    await_arrival(victim);
    int error = pthread_cancel(thread);
    int error_again = pthread_cancel(thread); /* it need not have woken up */

    (void)pthread_join(thread, &result);
    call_note(victim->log, error);
    call_note(victim->log, error_again);
    call_note(victim->log, result == PTHREAD_CANCELED);
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *wait_for_ever(void *argument)
{
    struct victim *victim = argument;

    (void)pthread_mutex_lock(&victim->mutex);
    pthread_cleanup_push(unlock, victim);
    victim->is_there = true;
    for (;;) {
        call_note(victim->log, pthread_cond_wait(&victim->condition, &victim->mutex));
    }
    pthread_cleanup_pop(0);
    return NULL;
}

static void *sleep_for_ever(void *argument)
{
    static const struct timespec hour = {.tv_sec = 3600};

    arrive(argument);
    for (;;) {
        (void)nanosleep(&hour, NULL);
    }
    return NULL;
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *wait_for_unit(void *argument)
{
    struct victim *victim = argument;
    sem_t semaphore;

    (void)sem_init(&semaphore, 0, 1);
    pthread_cleanup_push(note_one, victim->log);
    call_note(victim->log, sem_wait(&semaphore));
    arrive(victim);
    (void)sem_wait(&semaphore);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *join_other(void *argument)
{
    struct victim *victim = argument;

    arrive(victim);
    (void)pthread_join(victim->other, NULL);
    return NULL;
}

static void *test_for_ever(void *argument)
{
    arrive(argument);
    for (;;) {
        pthread_testcancel();
    }
    return NULL;
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *spin_for_ever(void *argument)
{
    struct victim *victim = argument;
    int *word = &victim->word;

    (void)be_asynchronous();
    pthread_cleanup_push(note_one, victim->log);
    arrive(victim);
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 0) {
    }
    pthread_cleanup_pop(0);
    return NULL;
}

static void *stay(void *argument)
{
    pass_gate(argument);
    return argument;
}

static void call_waits(struct call_log *log)
{
    struct victim victim;
    void *result = NULL;

    begin(&victim, log);
    end_wait(&victim, wait_for_ever);
    end_wait(&victim, sleep_for_ever);
    end_wait(&victim, test_for_ever);
    end_wait(&victim, wait_for_unit);
    end_wait(&victim, spin_for_ever);
    (void)pthread_mutex_lock(&victim.gate);
    (void)pthread_create(&victim.other, NULL, stay, &victim);
    end_wait(&victim, join_other);
    (void)pthread_mutex_unlock(&victim.gate);
    call_note(log, pthread_join(victim.other, &result)); /* it can be joined still */
    call_note(log, result == &victim);
}

/* ---- Oneself, and those that are over -------------------------------------------------------- */

static void *cancel_self(void *log)
{
    call_note(log, pthread_cancel(pthread_self()));
    call_note(log, pthread_cancel(pthread_self()));
    pthread_testcancel();
    call_note(log, 8);
    return NULL;
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *cancel_self_at_once(void *log)
{
    pthread_cleanup_push(note_two, log);
    (void)be_asynchronous();
    (void)pthread_cancel(pthread_self());
    call_note(log, 8);
    pthread_cleanup_pop(0);
    return NULL;
}

/* What pends when a thread ends is forgotten. */
static void *cancel_self_and_return(void *log)
{
    call_note(log, pthread_cancel(pthread_self()));
    return log;
}

/* It takes no unit. */
static void *cancel_self_and_wait(void *log)
{
    static sem_t semaphore;

    (void)sem_init(&semaphore, 0, 1);
    call_note(log, pthread_cancel(pthread_self()));
    call_note(log, sem_wait(&semaphore));
    return NULL;
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *defer(void *log)
{
    int type = -1;

    (void)be_asynchronous();
    pthread_cleanup_push_defer_np(note_three, log);
    (void)pthread_cancel(pthread_self());
    call_note(log, 7); /* deferred */
    pthread_cleanup_pop_restore_np(1);
    call_note(log, pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type));
    return NULL;
}

static void call_self(struct call_log *log)
{
    void *(*const functions[])(void *) = {
        cancel_self, cancel_self_at_once, cancel_self_and_return, cancel_self_and_wait, defer,
    };

    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        pthread_t thread;
        void *result = NULL;

        (void)pthread_create(&thread, NULL, functions[i], log);
        (void)pthread_join(thread, &result);
        call_note(log, result == PTHREAD_CANCELED);
        call_note(log, result == log);
    }
}

/* ---- In what order --------------------------------------------------------------------------- */

static pthread_key_t keys[2];

static void destroy_value(void *log) { call_note(log, 5); }
static void destroy_other(void *log) { call_note(log, 6); }

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void go_down(struct call_log *log, unsigned levels)
{
    for (unsigned level = levels; level > 0; level--) {
        call_note(log, (long)level);
    }
    pthread_cleanup_push(note_three, log);
    pthread_cleanup_push(note_two, log);
    pthread_cleanup_pop(levels == 0);
    pthread_testcancel();
    pthread_cleanup_pop(0);
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *end_in_depth(void *log)
{
    (void)pthread_setspecific(keys[0], log);
    (void)pthread_setspecific(keys[1], log);
    pthread_cleanup_push(note_one, log);
    go_down(log, 0);
    (void)pthread_cancel(pthread_self());
    go_down(log, 2);
    pthread_cleanup_pop(0);
    return NULL;
}

/* A handler that calls cancellation points is not cancelled again. */
static void test_again(void *log)
{
    pthread_testcancel();
    call_note(log, pthread_cancel(pthread_self()));
    pthread_testcancel();
    call_note(log, 4);
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *end_in_handler(void *log)
{
    (void)pthread_setspecific(keys[0], log);
    pthread_cleanup_push(note_one, log);
    pthread_cleanup_push(test_again, log);
    (void)pthread_cancel(pthread_self());
    pthread_testcancel();
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return NULL;
}

/* First the handlers, innermost first, then the values of keys. */
static void call_order(struct call_log *log)
{
    void *(*const functions[])(void *) = {end_in_depth, end_in_handler};

    (void)pthread_key_create(&keys[0], destroy_value);
    (void)pthread_key_create(&keys[1], destroy_other);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        pthread_t thread;
        void *result = NULL;

        (void)pthread_create(&thread, NULL, functions[i], log);
        (void)pthread_join(thread, &result);
        call_note(log, result == PTHREAD_CANCELED);
        call_note(log, result == log);
    }
    (void)pthread_key_delete(keys[0]);
    (void)pthread_key_delete(keys[1]);
}

const struct call_sequence call_thread_cancel_sequences[] = {
    {"cancellation that pends", call_pending},
    {"cancellation of waits", call_waits},
    {"cancellation of oneself", call_self},
    {"order of clean-up", call_order},
    {NULL, NULL},
};
