/*
 * Calls on what else threads have: attributes, scheduling, clocks, signals.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "tests/engine/programs/calls.h"

static void note_own_attributes(struct call_log *log)
{
    pthread_attr_t attributes;
    void *stack = NULL;
    size_t size = 0;
    int detach_state = -1;

    call_note(log, pthread_getattr_np(pthread_self(), &attributes));
    call_note(log, pthread_attr_getdetachstate(&attributes, &detach_state));
    call_note(log, detach_state);
    call_note(log, pthread_attr_getstack(&attributes, &stack, &size));
    call_note(log, (uintptr_t)&size - (uintptr_t)stack < size); /* it is on its stack */
    call_note(log, pthread_attr_getguardsize(&attributes, &size));
    call_note(log, size > 0);
    call_note(log, pthread_attr_destroy(&attributes));
}

static void *run_attributes(void *log)
{
    note_own_attributes(log);
    return NULL;
}

static void call_attributes(struct call_log *log)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, run_attributes, log);
    (void)pthread_join(thread, NULL);
}

static void call_scheduling(struct call_log *log)
{
    struct sched_param parameter = {.sched_priority = 5};
    int policy = -1;
    clockid_t clock;
    struct timespec now;

    call_note(log, pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameter));
    call_note(log, pthread_setschedparam(pthread_self(), 99, &parameter));
    parameter.sched_priority = 0;
    call_note(log, pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameter));
    call_note(log, pthread_setschedprio(pthread_self(), 3));
    call_note(log, pthread_setschedprio(pthread_self(), 0));
    call_note(log, pthread_getschedparam(pthread_self(), &policy, &parameter));
    call_note(log, policy);
    call_note(log, parameter.sched_priority);
    call_note(log, pthread_getcpuclockid(pthread_self(), &clock));
    call_note(log, clock_gettime(clock, &now));
}

static volatile sig_atomic_t came;

static void handle(int signal) { came = signal; }

static void call_signals(struct call_log *log)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    struct sigaction before;

    came = 0;
    call_note(log, sigaction(SIGUSR1, &action, &before));
    call_note(log, pthread_kill(pthread_self(), SIGUSR1));
    call_note(log, came);
    call_note(log, pthread_kill(pthread_self(), 0));
    call_note(log, pthread_kill(pthread_self(), 999));
    call_note(log, sigaction(SIGUSR1, &before, NULL));
}

static void *create_with(void *argument) { return argument; }

static void call_creation(struct call_log *log)
{
    struct sched_param parameter = {.sched_priority = 0};
    pthread_attr_t attributes;
    pthread_t thread;
    void *result = NULL;

    call_note(log, pthread_attr_init(&attributes));
    call_note(log, pthread_attr_setschedpolicy(&attributes, SCHED_OTHER));
    call_note(log, pthread_attr_setschedparam(&attributes, &parameter));
    call_note(log, pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED));
    call_note(log, pthread_attr_setscope(&attributes, PTHREAD_SCOPE_SYSTEM));
    call_note(log, pthread_attr_setguardsize(&attributes, 8192));
    call_note(log, pthread_attr_setstacksize(&attributes, 65536));
    call_note(log, pthread_attr_setdetachstate(&attributes, 17));
    call_note(log, pthread_create(&thread, &attributes, create_with, log));
    call_note(log, pthread_join(thread, &result));
    call_note(log, result == log);
    call_note(log, pthread_attr_destroy(&attributes));
}

const struct call_sequence call_thread_attributes_sequences[] = {
    {"attributes", call_attributes},
    {"scheduling", call_scheduling},
    {"signals", call_signals},
    {"creation", call_creation},
    {NULL, NULL},
};
