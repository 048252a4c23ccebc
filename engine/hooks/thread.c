/*
 * pthread_create() and what else is about whole threads.
 *
 * A pthread_t names a thread by its id, so it is the same in every run, and no address: functions
 * of libc that take one are hooked, here, in affinity.c or in unmodelled_threads.c. Results are
 * glibc's, also where POSIX leaves them open: two threads that join each other get EDEADLK.
 *
 * What a thread has of libc's that the engine does not know (its name, clean-up handlers) is kept
 * here by its id and is void in the next execution.
 *
 * Clean-up handlers are those of C without exceptions: pthread_cleanup_push() saves where to jump
 * to, and pthread_exit() jumps there, innermost first; each jump ends in __pthread_unwind_next().
 *
 * Not modelled: cancellation (unmodelled_threads.c), clean-up by unwinding in C++ or with
 * -fexceptions.
 *
 * Modelled   pthread_create pthread_self gettid sched_yield pthread_exit __pthread_register_cancel
 *            __pthread_unregister_cancel __pthread_unwind_next pthread_join pthread_tryjoin_np
 *            pthread_timedjoin_np pthread_clockjoin_np pthread_detach pthread_setname_np
 *            pthread_getname_np pthread_setcancelstate pthread_setcanceltype
 * Unhooked   pthread_equal pthread_attr_* pthread_getattr_default_np pthread_setattr_default_np
 *            pthread_getconcurrency pthread_setconcurrency pthread_sigmask pthread_testcancel
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/thread.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"

#define NAME_BASE UINT64_C(0x6864640000000000) /* of pthread_t; no address */
#define TID_BASE (1 << 23)                     /* the system's own are below 2^22 */
#define LABEL_SIZE 16U                         /* pthread_setname_np(), with the final 0 */

struct own {
    uint32_t generation; /* of the execution that the rest is of */
    bool is_gone;        /* joined */
    uint16_t joiner;     /* who is joining it; HDE_NOBODY */
    int cancel_state;
    int cancel_type;
    char label[LABEL_SIZE];
    void *result;                    /* while it exits */
    __pthread_unwind_buf_t *cleanup; /* innermost handler; NULL: none */
};

static struct own owns[HDE_THREADS_MAX];

static struct own *own_of(const struct hde_thread *thread)
{
    struct own *own = &owns[thread->id];

    if (own->generation != hde_execution.generation) {
        *own = (struct own){
            .generation = hde_execution.generation,
            .joiner = HDE_NOBODY,
            .cancel_state = PTHREAD_CANCEL_ENABLE,
            .cancel_type = PTHREAD_CANCEL_DEFERRED,
            .label = "heddle",
        };
    }
    return own;
}

static pthread_t name_of(const struct hde_thread *thread) { return NAME_BASE + thread->id; }

struct hde_thread *hde_thread_named(pthread_t name)
{
    if (name < NAME_BASE || name - NAME_BASE >= hde_execution.threads_count) {
        return NULL;
    }
    struct hde_thread *thread = &hde_execution.threads[name - NAME_BASE];
    bool is_gone = own_of(thread)->is_gone || (thread->has_ended && thread->is_detached);

    return is_gone ? NULL : thread;
}

pid_t hde_thread_tid(const struct hde_thread *thread) { return TID_BASE + thread->id; }

static struct hde_event
event_of(const struct hde_object *gate, enum hde_event_kind kind, uint32_t pc)
{
    return (struct hde_event){
        .address = gate == NULL ? 0 : gate->address,
        .pc = pc,
        .kind = (uint8_t)kind,
        .size = 1,
        .writes = kind != HDE_EVENT_JOIN,
    };
}

/* ---- Begin and end --------------------------------------------------------------------------- */

int pthread_create(pthread_t *restrict name,
                   const pthread_attr_t *restrict attributes,
                   void *(*function)(void *),
                   void *restrict argument)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_create)(name, attributes, function, argument);
    }
    const struct hde_event event = event_of(NULL, HDE_EVENT_CREATE, HDE_CALLER());
    int detach_state = PTHREAD_CREATE_JOINABLE;

    if (attributes != NULL) {
        (void)pthread_attr_getdetachstate(attributes, &detach_state); /* cannot fail */
    }
    /* Before the child exists: what it reads there is written. */
    hde_access((uintptr_t)name, sizeof(*name), true, event.pc);
    hde_step(&event);
    struct hde_thread *thread = hde_thread_create(function, argument, &event);

    if (thread == NULL) {
        return EAGAIN;
    }
    thread->is_detached = detach_state == PTHREAD_CREATE_DETACHED;
    *name = name_of(thread);
    return 0;
}

pthread_t pthread_self(void)
{
    return hde_self == NULL ? HDE_REAL(pthread_self)() : name_of(hde_self);
}

pid_t gettid(void) { return hde_self == NULL ? HDE_REAL(gettid)() : hde_thread_tid(hde_self); }

int sched_yield(void)
{
    if (hde_self == NULL) {
        return HDE_REAL(sched_yield)();
    }
    const struct hde_event event = {.kind = HDE_EVENT_YIELD, .pc = HDE_CALLER()};

    hde_step(&event);
    return 0;
}

/* Run the next clean-up handler; it comes back here through __pthread_unwind_next(). */
static noreturn void unwind(struct own *own)
{
    __pthread_unwind_buf_t *cleanup = own->cleanup;
    jmp_buf handler; /* its head is what __sigsetjmp() saved, without a signal mask */

    if (cleanup == NULL) {
        hde_thread_finish(own->result);
    }
    hde_self->context = (uint32_t)(uintptr_t)cleanup->__pad[1];
    hde_self->depth = (uint32_t)(uintptr_t)cleanup->__pad[2];
    memcpy(handler, cleanup->__cancel_jmp_buf, sizeof(cleanup->__cancel_jmp_buf));
    longjmp(handler, 1);
}

void pthread_exit(void *result)
{
    if (hde_self == NULL) {
        HDE_REAL(pthread_exit)(result);
    }
    struct own *own = own_of(hde_self);

    own->result = result;
    unwind(own);
}

void __pthread_register_cancel(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_register_cancel)(cleanup);
        return;
    }
    struct own *own = own_of(hde_self);

    cleanup->__pad[0] = own->cleanup;
    cleanup->__pad[1] = (void *)(uintptr_t)hde_self->context;
    cleanup->__pad[2] = (void *)(uintptr_t)hde_self->depth;
    own->cleanup = cleanup;
}

void __pthread_unregister_cancel(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_unregister_cancel)(cleanup);
        return;
    }
    own_of(hde_self)->cleanup = cleanup->__pad[0];
}

void __pthread_unwind_next(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_unwind_next)(cleanup);
    }
    struct own *own = own_of(hde_self);

    own->cleanup = cleanup->__pad[0];
    unwind(own);
}

/* ---- Join and detach ------------------------------------------------------------------------- */

/* Why `self' cannot join `thread'; 0 if it can. */
static int find_join_error(const struct hde_thread *thread)
{
    if (thread == NULL) {
        return ESRCH;
    }
    if (thread->is_detached) {
        return EINVAL;
    }
    if (thread == hde_self || (own_of(hde_self)->joiner == thread->id && !thread->has_ended)) {
        return EDEADLK;
    }
    return own_of(thread)->joiner != HDE_NOBODY ? EINVAL : 0;
}

/* It has ended: take its result. */
static void
finish_join(struct hde_thread *thread, struct hde_object *gate, void **result, uint32_t pc)
{
    hde_acquire(gate);
    hde_thread_joined(thread);
    thread->is_joined = true;
    own_of(thread)->is_gone = true;
    if (result != NULL) {
        hde_access((uintptr_t)result, sizeof(*result), true, pc);
        *result = thread->result;
    }
}

static int join_until(pthread_t name, void **result, uint64_t deadline_ns, uint32_t pc)
{
    struct hde_thread *thread = hde_thread_named(name);
    int error = find_join_error(thread);

    if (error != 0) {
        return error;
    }
    struct hde_object *gate = hde_thread_end_gate(thread);
    const struct hde_event event = event_of(gate, HDE_EVENT_JOIN, pc);

    own_of(thread)->joiner = hde_self->id;
    thread->is_joined = true;
    if (!hde_pass(gate, &event, deadline_ns)) {
        own_of(thread)->joiner = HDE_NOBODY;
        thread->is_joined = false;
        return ETIMEDOUT;
    }
    finish_join(thread, gate, result, pc);
    return 0;
}

/* Join a thread that has ended; otherwise return `error'. */
static int join_now(pthread_t name, void **result, int error, uint32_t pc)
{
    struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    struct hde_object *gate = hde_thread_end_gate(thread);
    const struct hde_event event = event_of(gate, HDE_EVENT_JOIN, pc);

    hde_step(&event);
    if (!thread->has_ended) {
        hde_spin_read(gate->address, 0, pc);
        return error;
    }
    int join_error = find_join_error(thread);

    if (join_error == 0) {
        finish_join(thread, gate, result, pc);
    }
    return join_error;
}

int pthread_join(pthread_t name, void **result)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_join)(name, result);
    }
    return join_until(name, result, HDE_FOREVER, HDE_CALLER());
}

int pthread_tryjoin_np(pthread_t name, void **result)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_tryjoin_np)(name, result);
    }
    return join_now(name, result, EBUSY, HDE_CALLER());
}

/* No time, and one that is not valid, both mean to wait for ever, as in glibc. */
static int
join_by(pthread_t name, void **result, clockid_t clock, const struct timespec *until, uint32_t pc)
{
    bool has_deadline = until != NULL && hde_time_is_valid(until);
    uint64_t deadline_ns = has_deadline ? hde_time_deadline(clock, until) : HDE_FOREVER;
    int error = find_join_error(hde_thread_named(name));

    if (error != 0) {
        return error;
    }
    return deadline_ns <= hde_execution.now_ns ? join_now(name, result, ETIMEDOUT, pc)
                                               : join_until(name, result, deadline_ns, pc);
}

int pthread_timedjoin_np(pthread_t name, void **result, const struct timespec *until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_timedjoin_np)(name, result, until);
    }
    return join_by(name, result, CLOCK_REALTIME, until, HDE_CALLER());
}

int pthread_clockjoin_np(pthread_t name,
                         void **result,
                         clockid_t clock,
                         const struct timespec *until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_clockjoin_np)(name, result, clock, until);
    }
    if (!hde_time_can_wait(clock)) {
        return EINVAL;
    }
    return join_by(name, result, clock, until, HDE_CALLER());
}

int pthread_detach(pthread_t name)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_detach)(name);
    }
    struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    const struct hde_event event =
        event_of(hde_thread_end_gate(thread), HDE_EVENT_DETACH, HDE_CALLER());

    hde_step(&event);
    if (thread->is_detached) {
        return EINVAL;
    }
    /* Somebody is joining it: glibc leaves it to them. */
    if (own_of(thread)->joiner == HDE_NOBODY) {
        thread->is_detached = true;
    }
    return 0;
}

/* ---- What else a thread has ------------------------------------------------------------------ */

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

int pthread_setcancelstate(int state, int *before)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setcancelstate)(state, before);
    }
    struct own *own = own_of(hde_self);

    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) {
        return EINVAL;
    }
    if (before != NULL) {
        hde_access((uintptr_t)before, sizeof(*before), true, HDE_CALLER());
        *before = own->cancel_state;
    }
    own->cancel_state = state;
    return 0;
}

int pthread_setcanceltype(int type, int *before)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setcanceltype)(type, before);
    }
    struct own *own = own_of(hde_self);

    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) {
        return EINVAL;
    }
    if (before != NULL) {
        hde_access((uintptr_t)before, sizeof(*before), true, HDE_CALLER());
        *before = own->cancel_type;
    }
    own->cancel_type = type;
    return 0;
}
