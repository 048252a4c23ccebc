/*
 * pthread_create() and what else is about whole threads: join and detach.
 *
 * A pthread_t names a thread by its id, so it is the same in every run, and no address: functions
 * of libc that take one are hooked, here, in cancel.c, affinity.c or thread_attributes.c. Results
 * are glibc's, also where POSIX leaves them open: two threads that join each other get EDEADLK.
 *
 * A thread that is joined or detached twice, or joins itself, is misuse: what libc's own would do
 * with a thread that is gone is anything.
 *
 * Modelled   pthread_create pthread_self gettid sched_yield pthread_join pthread_tryjoin_np
 *            pthread_timedjoin_np pthread_clockjoin_np pthread_detach
 * Unhooked   pthread_equal pthread_attr_* pthread_getattr_default_np pthread_setattr_default_np
 *            pthread_getconcurrency pthread_setconcurrency pthread_sigmask
 *
 * Not modelled: stacks of the program's own, or larger than the engine's (a warning says so);
 * scheduling attributes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/thread.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/fiber.h"
#include "engine/hooks/cancel.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"
#include "engine/misuse.h"
#include "engine/unmodelled.h"

#define NAME_BASE UINT64_C(0x6864640000000000) /* of pthread_t; no address */
#define TID_BASE (1 << 23)                     /* the system's own are below 2^22 */

struct own {
    uint32_t generation;   /* of the execution that the rest is of */
    struct hde_deed given; /* where it was joined or detached */
    uint16_t joiner;       /* who is joining it; HDE_NOBODY */
    bool is_gone;          /* joined */
    uint8_t given_by;      /* kind of the event that `given' is */
};

static struct own owns[HDE_THREADS_MAX];

static struct own *own_of(const struct hde_thread *thread)
{
    struct own *own = &owns[thread->id];

    if (own->generation != hde_execution.generation) {
        *own = (struct own){.generation = hde_execution.generation, .joiner = HDE_NOBODY};
    }
    return own;
}

static pthread_t name_of(const struct hde_thread *thread) { return NAME_BASE + thread->id; }

unsigned hde_thread_id(pthread_t name)
{
    bool is_name = name >= NAME_BASE && name - NAME_BASE < hde_execution.threads_count;

    return is_name ? (unsigned)(name - NAME_BASE) : HDE_NOBODY;
}

struct hde_thread *hde_thread_named(pthread_t name)
{
    unsigned id = hde_thread_id(name);

    if (id == HDE_NOBODY) {
        return NULL;
    }
    struct hde_thread *thread = &hde_execution.threads[id];
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

/* That of attributes which do not ask for another. */
static size_t default_stack_size(void)
{
    pthread_attr_t attributes;
    size_t size = 0;

    if (pthread_attr_init(&attributes) == 0) {
        (void)pthread_attr_getstacksize(&attributes, &size); /* cannot fail */
        (void)pthread_attr_destroy(&attributes);
    }
    return size;
}

/* What the attributes ask for: whether it is detached. */
static bool read_attributes(const pthread_attr_t *attributes, uint32_t pc)
{
    int detach_state = PTHREAD_CREATE_JOINABLE;
    size_t stack_size = 0;

    if (attributes == NULL) {
        return false;
    }
    (void)pthread_attr_getdetachstate(attributes, &detach_state); /* neither can fail */
    (void)pthread_attr_getstacksize(attributes, &stack_size);
    if (stack_size > HDE_STACK_SIZE && stack_size != default_stack_size()) {
        hde_unmodelled_note_instead("pthread_attr_setstacksize", "a stack has less", pc);
    }
    return detach_state == PTHREAD_CREATE_DETACHED;
}

int hde_thread_start(pthread_t *name,
                     const pthread_attr_t *attributes,
                     void *(*function)(void *),
                     void *argument,
                     uint32_t pc,
                     struct hde_thread **child)
{
    const struct hde_event event = event_of(NULL, HDE_EVENT_CREATE, pc);
    bool is_detached = read_attributes(attributes, pc);

    /* Before the child exists: what it reads there is written. */
    hde_access((uintptr_t)name, sizeof(*name), true, event.pc);
    hde_step(&event);
    struct hde_thread *thread = hde_thread_create(function, argument, &event);

    if (thread == NULL) {
        return EAGAIN;
    }
    thread->is_detached = is_detached;
    if (is_detached) {
        own_of(thread)->given = thread->created;
        own_of(thread)->given_by = HDE_EVENT_CREATE;
    }
    *name = name_of(thread);
    *child = thread;
    return 0;
}

int pthread_create(pthread_t *restrict name,
                   const pthread_attr_t *restrict attributes,
                   void *(*function)(void *),
                   void *restrict argument)
{
    struct hde_thread *child;

    if (hde_self == NULL) {
        return HDE_REAL(pthread_create)(name, attributes, function, argument);
    }
    return hde_thread_start(name, attributes, function, argument, HDE_CALLER(), &child);
}

pthread_t pthread_self(void)
{
    return hde_self == NULL ? HDE_REAL(pthread_self)() : name_of(hde_self);
}

pid_t gettid(void) { return hde_self == NULL ? HDE_REAL(gettid)() : hde_thread_tid(hde_self); }

void hde_thread_yield(uint32_t pc)
{
    const struct hde_event event = {.kind = HDE_EVENT_YIELD, .pc = pc};

    hde_step(&event);
}

int sched_yield(void)
{
    if (hde_self == NULL) {
        return HDE_REAL(sched_yield)();
    }
    hde_thread_yield(HDE_CALLER());
    return 0;
}

/* ---- Join and detach ------------------------------------------------------------------------- */

/* `name' is joined or detached, and cannot be. */
static void misuse_name(pthread_t name, enum hde_event_kind kind, uint32_t pc)
{
    const struct hde_event event = event_of(NULL, kind, pc);
    bool is_known = name >= NAME_BASE && name - NAME_BASE < hde_execution.threads_count;

    hde_step(&event);
    if (!is_known) {
        hde_misuse(HDE_CLASS_UNINITIALIZED, 0, pc, NULL, HDE_EVENT_NONE);
        return;
    }
    const struct hde_thread *thread = &hde_execution.threads[name - NAME_BASE];
    const struct own *own = own_of(thread);

    if (thread == hde_self && own->given.pc == 0) {
        hde_misuse(HDE_CLASS_SELF, 0, pc, NULL, HDE_EVENT_NONE);
    } else {
        hde_misuse(HDE_CLASS_JOINED_TWICE, 0, pc, &own->given, (enum hde_event_kind)own->given_by);
    }
}

/* Why the running thread cannot join this one, called `name'; 0 if it can. */
static int find_join_error(const struct hde_thread *thread, pthread_t name, uint32_t pc)
{
    if (thread == NULL) {
        misuse_name(name, HDE_EVENT_JOIN, pc);
        return ESRCH;
    }
    if (thread->is_detached) {
        misuse_name(name, HDE_EVENT_JOIN, pc);
        return EINVAL;
    }
    if (thread == hde_self) {
        misuse_name(name, HDE_EVENT_JOIN, pc);
        return EDEADLK;
    }
    if (own_of(hde_self)->joiner == thread->id && !thread->has_ended) {
        return EDEADLK;
    }
    if (own_of(thread)->joiner != HDE_NOBODY) {
        misuse_name(name, HDE_EVENT_JOIN, pc);
        return EINVAL;
    }
    return 0;
}

/* It has ended: take its result. */
static void
finish_join(struct hde_thread *thread, struct hde_object *gate, void **result, uint32_t pc)
{
    hde_acquire(gate);
    hde_thread_joined(thread);
    thread->is_joined = true;
    own_of(thread)->is_gone = true;
    own_of(thread)->given = hde_misuse_deed(pc);
    own_of(thread)->given_by = HDE_EVENT_JOIN;
    if (result != NULL) {
        hde_access((uintptr_t)result, sizeof(*result), true, pc);
        *result = thread->result;
    }
}

static int join_until(pthread_t name, void **result, uint64_t deadline_ns, uint32_t pc)
{
    struct hde_thread *thread = hde_thread_named(name);
    int error = find_join_error(thread, name, pc);

    if (error != 0) {
        return error;
    }
    struct hde_object *gate = hde_thread_end_gate(thread);
    const struct hde_event event = event_of(gate, HDE_EVENT_JOIN, pc);

    if (!gate->is_open) {
        hde_cancel_point(pc);
    }
    own_of(thread)->joiner = hde_self->id;
    own_of(thread)->given = hde_misuse_deed(pc);
    own_of(thread)->given_by = HDE_EVENT_JOIN;
    thread->is_joined = true;
    hde_cancel_begin_wait();
    bool has_passed = hde_pass(gate, &event, deadline_ns);
    bool is_cancelled = hde_cancel_end_wait();

    if (!has_passed) {
        own_of(thread)->joiner = HDE_NOBODY;
        thread->is_joined = false;
        if (is_cancelled) {
            hde_cancel_act(pc);
        }
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
        misuse_name(name, HDE_EVENT_JOIN, pc);
        return ESRCH;
    }
    struct hde_object *gate = hde_thread_end_gate(thread);
    const struct hde_event event = event_of(gate, HDE_EVENT_JOIN, pc);

    hde_step(&event);
    if (!thread->has_ended) {
        hde_spin_read(gate->address, 0, pc);
        return error;
    }
    int join_error = find_join_error(thread, name, pc);

    if (join_error == 0) {
        finish_join(thread, gate, result, pc);
    }
    return join_error;
}

int hde_thread_join(pthread_t name, void **result, uint32_t pc)
{
    return join_until(name, result, HDE_FOREVER, pc);
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
    int error = find_join_error(hde_thread_named(name), name, pc);

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

int hde_thread_detach(pthread_t name, uint32_t pc)
{
    struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        misuse_name(name, HDE_EVENT_DETACH, pc);
        return ESRCH;
    }
    const struct hde_event event = event_of(hde_thread_end_gate(thread), HDE_EVENT_DETACH, pc);

    hde_step(&event);
    if (thread->is_detached) {
        misuse_name(name, HDE_EVENT_DETACH, pc);
        return EINVAL;
    }
    /* Somebody is joining it: glibc leaves it to them. */
    if (own_of(thread)->joiner == HDE_NOBODY) {
        thread->is_detached = true;
        own_of(thread)->given = hde_misuse_deed(pc);
        own_of(thread)->given_by = HDE_EVENT_DETACH;
    }
    return 0;
}

int pthread_detach(pthread_t name)
{
    return hde_self == NULL ? HDE_REAL(pthread_detach)(name)
                            : hde_thread_detach(name, HDE_CALLER());
}
