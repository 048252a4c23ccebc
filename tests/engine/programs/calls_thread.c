/*
 * Calls on threads: create, join in all its forms, detach, exit, and what else a thread has.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "tests/engine/programs/calls.h"

static const struct timespec long_ago = {.tv_sec = 1};
static const struct timespec before_all = {.tv_sec = -1};

/* A thread that stays until it is let go, by its mutex. */
struct guest {
    pthread_mutex_t stay;
    struct call_log *log;
    pthread_t self;
};

static void *stay(void *argument)
{
    struct guest *guest = argument;

    guest->self = pthread_self();
    (void)pthread_mutex_lock(&guest->stay);
    (void)pthread_mutex_unlock(&guest->stay);
    return guest;
}

static void call_join(struct call_log *log)
{
    struct guest guest = {.stay = PTHREAD_MUTEX_INITIALIZER};
    pthread_t thread;
    void *result = NULL;

    (void)pthread_mutex_lock(&guest.stay);
    call_note(log, pthread_create(&thread, NULL, stay, &guest));
    call_note(log, pthread_tryjoin_np(thread, &result));
    call_note(log, pthread_timedjoin_np(thread, &result, &long_ago));
    call_note(log, pthread_timedjoin_np(thread, &result, &before_all));
    call_note(log, pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &long_ago));
    call_note(log, pthread_clockjoin_np(thread, &result, CLOCK_BOOTTIME, &long_ago));
    call_note(log, pthread_join(pthread_self(), NULL));
    call_note(log, pthread_kill(thread, 0));
    (void)pthread_mutex_unlock(&guest.stay);
    call_note(log, pthread_join(thread, &result));
    call_note(log, result == &guest);
    call_note(log, pthread_equal(thread, guest.self) != 0);
    call_note(log, pthread_equal(pthread_self(), guest.self) != 0);
}

static void call_timed_join(struct call_log *log)
{
    struct guest guest = {.stay = PTHREAD_MUTEX_INITIALIZER};
    struct timespec later;
    pthread_t thread;
    void *result = NULL;

    (void)clock_gettime(CLOCK_REALTIME, &later);
    later.tv_sec += 3600;
    call_note(log, pthread_create(&thread, NULL, stay, &guest));
    while (pthread_tryjoin_np(thread, &result) == EBUSY) {
        (void)sched_yield();
    }
    call_note(log, result == &guest);
    call_note(log, pthread_create(&thread, NULL, stay, &guest));
    call_note(log, pthread_timedjoin_np(thread, &result, NULL));
    call_note(log, result == &guest);
    /* A deadline may come at any time in an execution: so it is as likely as not that it does. */
    call_note(log, pthread_create(&thread, NULL, stay, &guest));
    if (pthread_timedjoin_np(thread, NULL, &later) == ETIMEDOUT) {
        (void)pthread_join(thread, NULL);
    }
}

static void *pass(void *mutex)
{
    (void)pthread_mutex_lock(mutex);
    (void)pthread_mutex_unlock(mutex);
    return NULL;
}

static void call_detach(struct call_log *log)
{
    static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* outlives the call */
    pthread_attr_t attributes;
    pthread_t thread;

    (void)pthread_mutex_lock(&gate);
    call_note(log, pthread_create(&thread, NULL, pass, &gate));
    call_note(log, pthread_detach(thread));
    call_note(log, pthread_detach(thread));
    call_note(log, pthread_join(thread, NULL));
    call_note(log, pthread_attr_init(&attributes));
    call_note(log, pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED));
    call_note(log, pthread_attr_setstacksize(&attributes, 1 << 20));
    call_note(log, pthread_create(&thread, &attributes, pass, &gate));
    call_note(log, pthread_join(thread, NULL));
    call_note(log, pthread_detach(thread));
    call_note(log, pthread_attr_destroy(&attributes));
    (void)pthread_mutex_unlock(&gate);
}

/* ---- Exit and clean-up ----------------------------------------------------------------------- */

static void note_one(void *log) { call_note(log, 1); }
static void note_two(void *log) { call_note(log, 2); }
static void note_three(void *log) { call_note(log, 3); }

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
static void leave(struct call_log *log)
{
    pthread_cleanup_push(note_three, log);
    pthread_exit(log);
    pthread_cleanup_pop(0);
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *clean_up(void *log)
{
    pthread_cleanup_push(note_one, log);
    pthread_cleanup_push(note_two, log);
    leave(log);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return NULL;
}

/* NOLINTNEXTLINE(readability-function-size): as above. */
static void *clean_up_partly(void *log)
{
    pthread_cleanup_push(note_one, log);
    pthread_cleanup_push(note_two, log);
    pthread_cleanup_pop(1);
    pthread_exit(log);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *exit_at_once(void *log) { pthread_exit(log); }

static void call_exit(struct call_log *log)
{
    void *(*const functions[])(void *) = {clean_up, clean_up_partly, exit_at_once};
    pthread_t thread;
    void *result;

    for (unsigned i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        result = NULL;
        int error = pthread_create(&thread, NULL, functions[i], log);

        call_note(log, pthread_join(thread, &result)); /* the log is ours again */
        call_note(log, error);
        call_note(log, result == log);
    }
}

/* ---- The rest -------------------------------------------------------------------------------- */

static void call_names(struct call_log *log)
{
    char name[16];

    call_note(log, pthread_setname_np(pthread_self(), "fifteen letters"));
    call_note(log, pthread_setname_np(pthread_self(), "sixteen letters!"));
    call_note(log, pthread_getname_np(pthread_self(), name, 15));
    call_note(log, pthread_getname_np(pthread_self(), name, 16));
    call_note(log, strcmp(name, "fifteen letters"));
}

static void call_cancel_state(struct call_log *log)
{
    int before = -1;

    call_note(log, pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before));
    call_note(log, before);
    call_note(log, pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before));
    call_note(log, before);
    call_note(log, pthread_setcancelstate(17, NULL));
    call_note(log, pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &before));
    call_note(log, before);
    call_note(log, pthread_setcanceltype(17, NULL));
}

static void call_cores(struct call_log *log)
{
    cpu_set_t cores;

    call_note(log, sched_getaffinity(0, 7, &cores));
    call_note(log, errno);
    call_note(log, sched_getaffinity(0, sizeof(cores), &cores));
    call_note(log, CPU_COUNT(&cores) > 0);
    call_note(log, sched_setaffinity(0, sizeof(cores), &cores));
    call_note(log, pthread_getaffinity_np(pthread_self(), sizeof(cores), &cores));
    call_note(log, pthread_setaffinity_np(pthread_self(), sizeof(cores), &cores));
    CPU_ZERO(&cores);
    call_note(log, sched_setaffinity(0, sizeof(cores), &cores));
    call_note(log, errno);
    call_note(log, pthread_setaffinity_np(pthread_self(), sizeof(cores), &cores));
}

const struct call_sequence call_thread_sequences[] = {
    {"join", call_join},     {"timed join", call_timed_join},
    {"detach", call_detach}, {"exit", call_exit},
    {"names", call_names},   {"cancel state", call_cancel_state},
    {"cores", call_cores},   {NULL, NULL},
};
