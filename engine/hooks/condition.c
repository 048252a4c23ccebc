/*
 * pthread_cond_*: a wait is three events.
 *
 * The first gives up the mutex and joins the waiters, as one; the second wakes, and is enabled once
 * the thread was notified or its deadline has come; the third takes the mutex again. Which waiter a
 * signal wakes is a choice. The condition variable itself orders nothing: the mutex does.
 *
 * A notify that finds nobody is remembered until one finds somebody: if a thread then waits for
 * ever, that notify came too early (detectors/deadlock.c).
 *
 * Not modelled: spurious wake-ups.
 *
 * Modelled   pthread_cond_*
 * Unhooked   pthread_condattr_*
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/mutex.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"

/* Of glibc's __wrefs: the condition variable's clock is CLOCK_MONOTONIC. */
#define MONOTONIC_MASK 2U

static clockid_t clock_of(const pthread_cond_t *condition)
{
    return (condition->__data.__wrefs & MONOTONIC_MASK) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

static int
wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t deadline_ns, uint32_t pc)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_CONDITION, (uintptr_t)condition);
    struct hde_object *lock = hde_mutex_at(mutex);
    struct hde_event event = {
        .address = object->address,
        .address2 = lock->address,
        .pc = pc,
        .kind = HDE_EVENT_WAIT,
        .size = 1,
        .writes = true,
    };

    hde_step(&event);
    int error = hde_mutex_give_up(lock);

    if (error != 0) {
        return error;
    }
    event.kind = HDE_EVENT_AWAKE;
    event.address2 = 0;
    bool is_woken = hde_wait(object, &event, deadline_ns);

    error = hde_mutex_take(mutex, pc);
    if (error != 0) {
        return error;
    }
    return is_woken ? 0 : ETIMEDOUT;
}

static int notify(pthread_cond_t *condition, enum hde_event_kind kind, uint32_t pc)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_CONDITION, (uintptr_t)condition);
    const struct hde_event event = {
        .address = object->address,
        .pc = pc,
        .kind = (uint8_t)kind,
        .size = 1,
        .writes = true,
    };

    hde_step(&event);
    object->notified = (struct hde_deed){
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
    };
    if (hde_wake(object, kind == HDE_EVENT_NOTIFY ? 1 : UINT_MAX) > 0) {
        object->notified.pc = 0;
    }
    return 0;
}

static void forget(const pthread_cond_t *condition)
{
    struct hde_object *object = hde_object_find(HDE_OBJECT_CONDITION, (uintptr_t)condition);

    if (object != NULL) {
        object->notified.pc = 0;
    }
}

int pthread_cond_init(pthread_cond_t *restrict condition,
                      const pthread_condattr_t *restrict attributes)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_init)(condition, attributes);
    }
    hde_access((uintptr_t)condition, sizeof(*condition), true, HDE_CALLER());
    forget(condition);
    return HDE_REAL(pthread_cond_init)(condition, attributes);
}

int pthread_cond_destroy(pthread_cond_t *condition)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_destroy)(condition);
    }
    /* Real waiters there are none; the memory shows nothing of ours. */
    hde_access((uintptr_t)condition, sizeof(*condition), true, HDE_CALLER());
    forget(condition);
    return HDE_REAL(pthread_cond_destroy)(condition);
}

int pthread_cond_wait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_wait)(condition, mutex);
    }
    return wait_until(condition, mutex, HDE_FOREVER, HDE_CALLER());
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition,
                           pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_timedwait)(condition, mutex, until);
    }
    if (!hde_time_is_valid(until)) {
        return EINVAL;
    }
    uint64_t deadline_ns = hde_time_deadline(clock_of(condition), until);

    return wait_until(condition, mutex, deadline_ns, HDE_CALLER());
}

int pthread_cond_clockwait(pthread_cond_t *restrict condition,
                           pthread_mutex_t *restrict mutex,
                           clockid_t clock,
                           const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_clockwait)(condition, mutex, clock, until);
    }
    if (!hde_time_is_valid(until) || !hde_time_can_wait(clock)) {
        return EINVAL;
    }
    return wait_until(condition, mutex, hde_time_deadline(clock, until), HDE_CALLER());
}

int pthread_cond_signal(pthread_cond_t *condition)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_signal)(condition);
    }
    return notify(condition, HDE_EVENT_NOTIFY, HDE_CALLER());
}

int pthread_cond_broadcast(pthread_cond_t *condition)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_broadcast)(condition);
    }
    return notify(condition, HDE_EVENT_NOTIFY_ALL, HDE_CALLER());
}
