/*
 * pthread_cond_*: a wait is three events.
 *
 * The first gives up the mutex and joins the waiters, as one; the second wakes, and is enabled once
 * the thread was notified, its deadline has come or it was cancelled; the third takes the mutex
 * again. Which waiter a signal wakes is a choice, and so is whether a wait ends at once though
 * nobody notified: such a thread does not join the waiters, and competes for the mutex. The
 * condition variable itself orders nothing: the mutex does.
 *
 * A notify that finds nobody is remembered until one finds somebody: if a thread then waits for
 * ever, that notify came too early (detectors/deadlock.c).
 *
 * Misuse: a wait with a mutex that the thread does not hold, or with another one than those who
 * wait already; destruction while somebody waits; use after destruction, which glibc's memory
 * shows.
 *
 * Modelled   pthread_cond_*
 * Unhooked   pthread_condattr_*
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/condition.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/cancel.h"
#include "engine/hooks/mutex.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"
#include "engine/misuse.h"

/* Of glibc's __wrefs: its clock is CLOCK_MONOTONIC; pthread_cond_destroy() was called. */
#define MONOTONIC_MASK 2U
#define DESTROYED_MASK 4U

/* By thread: the mutex that it waits with; valid while it is among the waiters. */
static struct hde_object *mutexes[HDE_THREADS_MAX];

static clockid_t clock_of(const pthread_cond_t *condition)
{
    return (condition->__data.__wrefs & MONOTONIC_MASK) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

/* ---- Misuse ---------------------------------------------------------------------------------- */

/* The event is carried out on a condition variable that was destroyed. */
static void check_alive(const pthread_cond_t *condition, const struct hde_object *object)
{
    const struct hde_event *event = &hde_execution.pending[hde_self->id];

    if (__builtin_expect((condition->__data.__wrefs & DESTROYED_MASK) != 0, 0)) {
        hde_misuse(object->acquired.pc != 0 ? HDE_CLASS_DESTROYED : HDE_CLASS_UNINITIALIZED,
                   object->address, event->pc, &object->acquired, HDE_EVENT_DESTROY);
    }
}

/* Where a thread waits that is among the waiters. */
static struct hde_deed wait_of(unsigned id)
{
    struct hde_place place = hde_thread_place(&hde_execution.threads[id]);

    return (struct hde_deed){
        .pc = place.pc,
        .context = place.context,
        .event = place.event,
        .thread = place.thread,
    };
}

static void check_mutex(const struct hde_object *object, const struct hde_object *mutex)
{
    uint32_t pc = hde_execution.pending[hde_self->id].pc;
    unsigned other = hde_set_first(&object->waiters);

    if (mutex->owner != hde_self->id) {
        hde_misuse(HDE_CLASS_NOT_HELD, mutex->address, pc,
                   mutex->owner == HDE_NOBODY ? NULL : &mutex->acquired, HDE_EVENT_LOCK);
    }
    if (other < HDE_THREADS_MAX && mutexes[other] != mutex) {
        struct hde_deed wait = wait_of(other);

        hde_misuse(HDE_CLASS_TWO_LOCKS, object->address, pc, &wait, HDE_EVENT_WAIT);
    }
}

/* ---- What is done ---------------------------------------------------------------------------- */

/* What ended a wait. */
enum wait_end { NOTIFIED, TIMED_OUT, CANCELLED };

/* Having given up the mutex. A spurious end looks like a notify. */
static enum wait_end await_notify(struct hde_object *object, uint64_t deadline_ns, uint32_t pc)
{
    const struct hde_event event = {
        .address = object->address,
        .pc = pc,
        .kind = HDE_EVENT_AWAKE,
        .size = 1,
        .writes = true,
    };

    bool is_spurious = hde_choose_fault(HDE_CHOICE_SPURIOUS);

    if (hde_cancel_is_due()) {
        return CANCELLED;
    }
    if (is_spurious) {
        return NOTIFIED;
    }
    hde_cancel_begin_wait();
    bool is_woken = hde_wait(object, &event, deadline_ns);

    if (hde_cancel_end_wait()) {
        return CANCELLED;
    }
    return is_woken ? NOTIFIED : TIMED_OUT;
}

static int
wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t deadline_ns, uint32_t pc)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_CONDITION, (uintptr_t)condition);
    struct hde_object *lock = hde_mutex_at(mutex);
    const struct hde_event event = {
        .address = object->address,
        .address2 = lock->address,
        .pc = pc,
        .kind = HDE_EVENT_WAIT,
        .size = 1,
        .writes = true,
    };

    hde_step(&event);
    check_alive(condition, object);
    check_mutex(object, lock);
    int error = hde_mutex_give_up(lock);

    if (error != 0) {
        return error;
    }
    mutexes[hde_self->id] = lock;
    enum wait_end end = await_notify(object, deadline_ns, pc);

    error = hde_mutex_take(mutex, pc);
    if (end == CANCELLED) {
        hde_cancel_act(pc);
    }
    if (error != 0) {
        return error;
    }
    return end == TIMED_OUT ? ETIMEDOUT : 0;
}

int hde_condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, uint32_t pc)
{
    return wait_until(condition, mutex, HDE_FOREVER, pc);
}

int hde_condition_wait_until(pthread_cond_t *condition,
                             pthread_mutex_t *mutex,
                             const struct timespec *until,
                             uint32_t pc)
{
    if (!hde_time_is_valid(until)) {
        return EINVAL;
    }
    return wait_until(condition, mutex, hde_time_deadline(clock_of(condition), until), pc);
}

int hde_condition_notify(pthread_cond_t *condition, bool is_all, uint32_t pc)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_CONDITION, (uintptr_t)condition);
    const struct hde_event event = {
        .address = object->address,
        .pc = pc,
        .kind = is_all ? HDE_EVENT_NOTIFY_ALL : HDE_EVENT_NOTIFY,
        .size = 1,
        .writes = true,
    };

    hde_step(&event);
    check_alive(condition, object);
    object->notified = hde_misuse_deed(pc);
    if (hde_wake(object, is_all ? UINT_MAX : 1) > 0) {
        object->notified.pc = 0;
    }
    return 0;
}

static void forget(const pthread_cond_t *condition)
{
    struct hde_object *object = hde_object_find(HDE_OBJECT_CONDITION, (uintptr_t)condition);

    if (object != NULL) {
        object->notified.pc = 0;
        object->acquired.pc = 0;
    }
}

int hde_condition_init(pthread_cond_t *condition, const pthread_condattr_t *attributes, uint32_t pc)
{
    hde_access((uintptr_t)condition, sizeof(*condition), true, pc);
    forget(condition);
    return HDE_REAL(pthread_cond_init)(condition, attributes);
}

/* Real waiters there are none; the memory shows nothing of ours. */
int hde_condition_destroy(pthread_cond_t *condition, uint32_t pc)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_CONDITION, (uintptr_t)condition);
    const struct hde_event event = {
        .address = object->address,
        .pc = pc,
        .kind = HDE_EVENT_DESTROY,
        .size = 1,
        .writes = true,
    };

    hde_step(&event);
    check_alive(condition, object);
    unsigned waiter = hde_set_first(&object->waiters);

    if (waiter < HDE_THREADS_MAX) {
        struct hde_deed wait = wait_of(waiter);

        hde_misuse(HDE_CLASS_IN_USE, object->address, pc, &wait, HDE_EVENT_WAIT);
    }
    hde_access((uintptr_t)condition, sizeof(*condition), true, pc);
    forget(condition);
    object->acquired = hde_misuse_deed(pc);
    return HDE_REAL(pthread_cond_destroy)(condition);
}

/* ---- The calls ------------------------------------------------------------------------------- */

int pthread_cond_init(pthread_cond_t *restrict condition,
                      const pthread_condattr_t *restrict attributes)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_init)(condition, attributes);
    }
    return hde_condition_init(condition, attributes, HDE_CALLER());
}

int pthread_cond_destroy(pthread_cond_t *condition)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_destroy)(condition);
    }
    return hde_condition_destroy(condition, HDE_CALLER());
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
    return hde_condition_wait_until(condition, mutex, until, HDE_CALLER());
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
    return hde_condition_notify(condition, false, HDE_CALLER());
}

int pthread_cond_broadcast(pthread_cond_t *condition)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cond_broadcast)(condition);
    }
    return hde_condition_notify(condition, true, HDE_CALLER());
}
