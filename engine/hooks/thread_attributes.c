/*
 * What else a thread has: a name, scheduling parameters, attributes, signals.
 *
 * They are kept here by the thread's id and are void in the next execution. Priorities mean nothing
 * where any thread may be arbitrarily slow; they are checked and kept as libc would.
 *
 * A signal that a thread sends itself arrives at once, as with raise(). One for another thread
 * would have to arrive between any two of its instructions.
 *
 * Modelled   pthread_setname_np pthread_getname_np pthread_getattr_np pthread_getcpuclockid
 *            pthread_getschedparam
 * Modelled   pthread_kill: to oneself; signal 0 asks whether a thread is there. A signal to another
 *            thread ends the execution.
 * Accepted   pthread_setschedparam pthread_setschedprio: what was set can be read back.
 * Refused    pthread_sigqueue: ends the execution.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/fiber.h"
#include "engine/hooks/libc_call.h"
#include "engine/hooks/real.h"
#include "engine/hooks/thread.h"
#include "engine/unmodelled.h"

#define LABEL_SIZE 16U /* pthread_setname_np(), with the final 0 */
#define SIGNALS "the engine delivers no signals; a flag that threads look at can be explored"

struct own {
    uint32_t generation; /* of the execution that the rest is of */
    char label[LABEL_SIZE];
    int policy;
    struct sched_param parameter;
};

static struct own owns[HDE_THREADS_MAX];

static struct own *own_of(const struct hde_thread *thread)
{
    struct own *own = &owns[thread->id];

    if (own->generation != hde_execution.generation) {
        *own = (struct own){
            .generation = hde_execution.generation,
            .label = "heddle",
            .policy = SCHED_OTHER,
        };
    }
    return own;
}

/* ---- Names ----------------------------------------------------------------------------------- */

int pthread_setname_np(pthread_t name, const char *label)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setname_np)(name, label);
    }
    struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    if (strlen(label) >= LABEL_SIZE) {
        return ERANGE;
    }
    memcpy(own_of(thread)->label, label, strlen(label) + 1);
    return 0;
}

int pthread_getname_np(pthread_t name, char *label, size_t size)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_getname_np)(name, label, size);
    }
    struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    if (size < LABEL_SIZE) {
        return ERANGE;
    }
    hde_access((uintptr_t)label, LABEL_SIZE, true, HDE_CALLER());
    memcpy(label, own_of(thread)->label, LABEL_SIZE);
    return 0;
}

/* ---- Attributes ------------------------------------------------------------------------------ */

static int read_attributes(const struct hde_thread *thread, pthread_attr_t *attributes)
{
    char *stack_end = (char *)hde_fiber_stack_top(thread->id);
    int error = pthread_attr_init(attributes);

    if (error == 0) {
        error = pthread_attr_setdetachstate(
            attributes, thread->is_detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE);
    }
    if (error == 0) {
        error = pthread_attr_setstack(attributes, stack_end - HDE_STACK_SIZE, HDE_STACK_SIZE);
    }
    return error != 0 ? error : pthread_attr_setguardsize(attributes, HDE_STACK_SIZE);
}

int pthread_getattr_np(pthread_t name, pthread_attr_t *attributes)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_getattr_np)(name, attributes);
    }
    const struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    hde_access((uintptr_t)attributes, sizeof(*attributes), true, HDE_CALLER());
    return read_attributes(thread, attributes);
}

/* ---- Scheduling ------------------------------------------------------------------------------ */

int pthread_getcpuclockid(pthread_t name, clockid_t *clock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_getcpuclockid)(name, clock);
    }
    if (hde_thread_named(name) == NULL) {
        return ESRCH;
    }
    hde_access((uintptr_t)clock, sizeof(*clock), true, HDE_CALLER());
    *clock = CLOCK_THREAD_CPUTIME_ID; /* threads have one virtual time */
    return 0;
}

int pthread_getschedparam(pthread_t name,
                          int *restrict policy,
                          struct sched_param *restrict parameter)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_getschedparam)(name, policy, parameter);
    }
    const struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    hde_access((uintptr_t)policy, sizeof(*policy), true, HDE_CALLER());
    hde_access((uintptr_t)parameter, sizeof(*parameter), true, HDE_CALLER());
    *policy = own_of(thread)->policy;
    *parameter = own_of(thread)->parameter;
    return 0;
}

static bool is_priority_valid(int policy, int priority)
{
    int most = sched_get_priority_max(policy);

    return most >= 0 && sched_get_priority_min(policy) <= priority && priority <= most;
}

static int set_scheduling(pthread_t name, const int *policy, int priority)
{
    const struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    struct own *own = own_of(thread);
    int wanted = policy == NULL ? own->policy : *policy;
    int errno_before = errno;
    bool is_valid = is_priority_valid(wanted, priority);

    errno = errno_before;
    if (!is_valid) {
        return EINVAL;
    }
    own->policy = wanted;
    own->parameter.sched_priority = priority;
    return 0;
}

int pthread_setschedparam(pthread_t name, int policy, const struct sched_param *parameter)
{
    return hde_self == NULL ? HDE_REAL(pthread_setschedparam)(name, policy, parameter)
                            : set_scheduling(name, &policy, parameter->sched_priority);
}

int pthread_setschedprio(pthread_t name, int priority)
{
    return hde_self == NULL ? HDE_REAL(pthread_setschedprio)(name, priority)
                            : set_scheduling(name, NULL, priority);
}

/* ---- Signals --------------------------------------------------------------------------------- */

int pthread_kill(pthread_t name, int signal)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_kill)(name, signal);
    }
    const struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    if (signal == 0) {
        return 0;
    }
    if (thread != hde_self) {
        hde_unmodelled_fail("pthread_kill", SIGNALS, HDE_CALLER());
    }
    hde_libc_call_begins(HDE_CALLER());
    return HDE_REAL(raise)(signal) == 0 ? 0 : errno;
}

int pthread_sigqueue(pthread_t name, int signal, const union sigval value)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("pthread_sigqueue", SIGNALS, HDE_CALLER());
    }
    return HDE_REAL(pthread_sigqueue)(name, signal, value);
}
