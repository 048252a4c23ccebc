/*
 * pthread_cancel(), pthread_exit() and clean-up handlers: how a thread ends before its function
 * returns.
 *
 * A cancelled thread acts at its next cancellation point: one that would wait, or
 * pthread_testcancel(). If it waits there already, the wait ends as if its deadline had come. With
 * the asynchronous type it acts before its next event, whatever that is.
 *
 * It ends by forced unwinding, frame by frame, so that clean-up by -fexceptions runs. Handlers of C
 * without exceptions are reached on the way: pthread_cleanup_push() saves where to jump to; each
 * jump ends in __pthread_unwind_next(), which unwinds from there. The calling context is that of
 * the frame that was reached.
 *
 * What the canceller did happens before what the cancelled thread does about it. POSIX does not
 * promise that, but it cannot be otherwise where cancelling is an atomic or a signal.
 *
 * Modelled   pthread_cancel pthread_testcancel pthread_setcancelstate pthread_setcanceltype
 *            pthread_exit __pthread_register_cancel __pthread_unregister_cancel
 *            __pthread_register_cancel_defer __pthread_unregister_cancel_restore
 *            __pthread_unwind_next
 *
 * Not modelled: an asynchronous cancellation between two events. Of calls that pass through
 * (unmodelled.c) a cancellation is acted on before them, not in them.
 *
 * Source: POSIX, 2.9.5 Thread Cancellation; glibc's nptl/unwind.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/cancel.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <string.h>
#include <unwind.h>

#include "engine/code.h"
#include "engine/context.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/hooks/thread.h"
#include "engine/sanitizer.h"
#include "engine/step.h"

/* What a thread has of libc's that the engine does not know; void in the next execution. */
struct own {
    uint32_t generation; /* of the execution that the rest is of */
    int state;           /* PTHREAD_CANCEL_ENABLE, _DISABLE */
    int type;            /* PTHREAD_CANCEL_DEFERRED, _ASYNCHRONOUS */
    bool is_cancelled;
    bool is_exiting;                 /* it acts on it, or has called pthread_exit() */
    bool may_end_wait;               /* between hde_cancel_begin_wait() and _end_wait() */
    bool has_ended_wait;             /* a cancellation has */
    void *result;                    /* while it exits */
    __pthread_unwind_buf_t *cleanup; /* innermost handler; NULL: none */
    struct _Unwind_Exception unwinding;
};

static struct own owns[HDE_THREADS_MAX];
static uint32_t cancelled_in; /* the last execution in which somebody was cancelled */

static struct own *own_of(const struct hde_thread *thread)
{
    struct own *own = &owns[thread->id];

    if (own->generation != hde_execution.generation) {
        own->generation = hde_execution.generation;
        own->state = PTHREAD_CANCEL_ENABLE;
        own->type = PTHREAD_CANCEL_DEFERRED;
        own->is_cancelled = false;
        own->is_exiting = false;
        own->may_end_wait = false;
        own->has_ended_wait = false;
        own->cleanup = NULL;
    }
    return own;
}

static bool is_due(const struct hde_thread *thread)
{
    const struct own *own = own_of(thread);

    return own->is_cancelled && own->state == PTHREAD_CANCEL_ENABLE && !own->is_exiting &&
           !thread->is_ending;
}

bool hde_cancel_is_due(void)
{
    return cancelled_in == hde_execution.generation && is_due(hde_self);
}

void hde_cancel_begin_wait(void)
{
    struct own *own = own_of(hde_self);

    own->may_end_wait = true;
    own->has_ended_wait = false;
}

bool hde_cancel_end_wait(void)
{
    struct own *own = own_of(hde_self);

    own->may_end_wait = false;
    return own->has_ended_wait;
}

/* ---- Unwinding ------------------------------------------------------------------------------- */

/* What of a handler's buffer the engine keeps to itself. */
enum { PAD_OUTER, PAD_CONTEXT, PAD_DEPTH, PAD_STACK };

static noreturn void jump_to(const __pthread_unwind_buf_t *cleanup)
{
    jmp_buf handler; /* its head is what __sigsetjmp() saved, without a signal mask */

    hde_self->context = (uint32_t)(uintptr_t)cleanup->__pad[PAD_CONTEXT];
    hde_self->depth = (uint32_t)(uintptr_t)cleanup->__pad[PAD_DEPTH]; /* a sanitizer sees it jump */
    memcpy(handler, cleanup->__cancel_jmp_buf, sizeof(cleanup->__cancel_jmp_buf));
    longjmp(handler, 1);
}

/* Functions entered below the frame whose stack ends at `stack' are left. */
static void leave_calls(struct hde_thread *self, uintptr_t stack)
{
    /* What a frame itself noted when it was entered lies right below its end. */
    const uintptr_t beside = 2 * sizeof(void *);

    while (self->depth > 0 && self->depth <= HDE_FRAMES_MAX &&
           self->frames[self->depth - 1] + beside < stack) {
        self->depth--;
        self->context = hde_context_leave(self->context);
        hde_sanitizer_unwind();
    }
}

/* Called at each frame before its clean-up; `state' is the thread. */
static _Unwind_Reason_Code stop_at(int version,
                                   _Unwind_Action actions,
                                   _Unwind_Exception_Class class,
                                   struct _Unwind_Exception *exception,
                                   struct _Unwind_Context *context,
                                   void *state)
{
    struct hde_thread *self = state;
    const struct own *own = own_of(self);
    const __pthread_unwind_buf_t *cleanup = own->cleanup;
    uintptr_t stack = _Unwind_GetCFA(context); /* where the frame ends */

    (void)version;
    (void)class;
    (void)exception;
    hde_self = self;
    if (cleanup != NULL && stack >= (uintptr_t)cleanup->__pad[PAD_STACK]) {
        jump_to(cleanup);
    }
    if ((actions & _UA_END_OF_STACK) != 0) {
        if (cleanup != NULL) {
            jump_to(cleanup);
        }
        hde_thread_finish(own->result);
    }
    leave_calls(self, stack);
    return _URC_NO_REASON;
}

/* The unwinder must not come to hooks before it has begun: it takes locks of libc's. */
static noreturn void unwind(struct own *own)
{
    struct hde_thread *self = hde_self;

    memset(&own->unwinding, 0, sizeof(own->unwinding));
    hde_self = NULL;
    (void)_Unwind_ForcedUnwind(&own->unwinding, stop_at, self);
    /* There is no way up: what is left is what stands in own->cleanup. */
    hde_self = self;
    if (own->cleanup != NULL) {
        jump_to(own->cleanup);
    }
    hde_thread_finish(own->result);
}

void hde_cancel_exit(void *result)
{
    struct own *own = own_of(hde_self);

    own->result = result;
    own->is_exiting = true;
    unwind(own);
}

void hde_cancel_act(uint32_t pc)
{
    struct hde_object *gate = hde_thread_end_gate(hde_self);
    const struct hde_event event = {
        .address = gate->address,
        .pc = pc,
        .kind = HDE_EVENT_CANCELLED,
        .size = 1,
        .writes = true,
    };

    own_of(hde_self)->is_exiting = true; /* not twice */
    hde_step(&event);
    hde_acquire(gate);
    hde_cancel_exit(PTHREAD_CANCELED);
}

void pthread_exit(void *result)
{
    if (hde_self == NULL) {
        HDE_REAL(pthread_exit)(result);
    }
    hde_cancel_exit(result);
}

/* ---- Clean-up handlers ----------------------------------------------------------------------- */

static void push(__pthread_unwind_buf_t *cleanup, void *stack)
{
    struct own *own = own_of(hde_self);

    cleanup->__pad[PAD_OUTER] = own->cleanup;
    cleanup->__pad[PAD_CONTEXT] = (void *)(uintptr_t)hde_self->context;
    cleanup->__pad[PAD_DEPTH] = (void *)(uintptr_t)hde_self->depth;
    cleanup->__pad[PAD_STACK] = stack;
    own->cleanup = cleanup;
}

void __pthread_register_cancel(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_register_cancel)(cleanup);
        return;
    }
    push(cleanup, __builtin_dwarf_cfa());
}

void __pthread_unregister_cancel(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_unregister_cancel)(cleanup);
        return;
    }
    own_of(hde_self)->cleanup = cleanup->__pad[PAD_OUTER];
}

void __pthread_unwind_next(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_unwind_next)(cleanup);
    }
    struct own *own = own_of(hde_self);

    own->cleanup = cleanup->__pad[PAD_OUTER];
    unwind(own);
}

/* ---- Cancelling ------------------------------------------------------------------------------ */

/*
 * The thread, which is not the running one, goes on from a wait that this may end. An earlier
 * cancellation may have ended it, and the thread not have come to its turn yet.
 */
static void end_wait(struct hde_thread *thread, struct own *own)
{
    bool is_asynchronous = own->type == PTHREAD_CANCEL_ASYNCHRONOUS;

    if ((own->may_end_wait || is_asynchronous) && hde_step_interrupt(thread)) {
        own->has_ended_wait = own->may_end_wait;
    }
}

/* A thread has resumed, and is about to carry out its event. */
static void act_at_once(void)
{
    const struct own *own = own_of(hde_self);

    if (own->type == PTHREAD_CANCEL_ASYNCHRONOUS && !own->may_end_wait && hde_cancel_is_due()) {
        hde_cancel_act(hde_execution.pending[hde_self->id].pc);
    }
}

static void cancel(struct hde_thread *thread, uint32_t pc)
{
    struct own *own = own_of(thread);

    hde_release(hde_thread_end_gate(thread));
    own->is_cancelled = true;
    cancelled_in = hde_execution.generation;
    if (!is_due(thread)) {
        return;
    }
    if (own->type == PTHREAD_CANCEL_ASYNCHRONOUS) {
        hde_thread_resumed = act_at_once;
        hde_execution.is_observed = true;
        if (thread == hde_self) {
            hde_cancel_act(pc);
        }
    }
    if (thread != hde_self) {
        end_wait(thread, own);
    }
}

int pthread_cancel(pthread_t name)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_cancel)(name);
    }
    struct hde_thread *thread = hde_thread_named(name);

    if (thread == NULL) {
        return ESRCH;
    }
    const struct hde_event event = {
        .address = hde_thread_end_gate(thread)->address,
        .pc = HDE_CALLER(),
        .kind = HDE_EVENT_CANCEL,
        .size = 1,
        .writes = true,
    };

    hde_step(&event);
    hde_spin_write(event.address, 1);
    if (!thread->has_ended) {
        cancel(thread, event.pc);
    }
    return 0;
}

void pthread_testcancel(void)
{
    if (hde_self == NULL) {
        HDE_REAL(pthread_testcancel)();
        return;
    }
    const struct hde_event event = {
        .address = hde_thread_end_gate(hde_self)->address,
        .pc = HDE_CALLER(),
        .kind = HDE_EVENT_CANCELLED,
        .size = 1,
    };

    if (!hde_cancel_is_due()) {
        hde_step(&event);
    }
    hde_cancel_point(event.pc);
    hde_spin_read(event.address, 0, event.pc);
}

/* ---- Whether, and when ----------------------------------------------------------------------- */

static int set_state(struct own *own, int state, int *before, uint32_t pc)
{
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) {
        return EINVAL;
    }
    if (before != NULL) {
        hde_access((uintptr_t)before, sizeof(*before), true, pc);
        *before = own->state;
    }
    own->state = state;
    return 0;
}

static int set_type(struct own *own, int type, int *before, uint32_t pc)
{
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) {
        return EINVAL;
    }
    if (before != NULL) {
        hde_access((uintptr_t)before, sizeof(*before), true, pc);
        *before = own->type;
    }
    own->type = type;
    return 0;
}

/* Who was cancelled meanwhile acts now if it may do so at any time. */
static void act_if_asynchronous(uint32_t pc)
{
    if (own_of(hde_self)->type == PTHREAD_CANCEL_ASYNCHRONOUS) {
        hde_cancel_point(pc);
    }
}

int pthread_setcancelstate(int state, int *before)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setcancelstate)(state, before);
    }
    int error = set_state(own_of(hde_self), state, before, HDE_CALLER());

    act_if_asynchronous(HDE_CALLER());
    return error;
}

int pthread_setcanceltype(int type, int *before)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setcanceltype)(type, before);
    }
    int error = set_type(own_of(hde_self), type, before, HDE_CALLER());

    act_if_asynchronous(HDE_CALLER());
    return error;
}

/* pthread_cleanup_push_defer_np(): what is pushed also says which type to go back to. */
void __pthread_register_cancel_defer(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_register_cancel_defer)(cleanup);
        return;
    }
    struct own *own = own_of(hde_self);

    push(cleanup, __builtin_dwarf_cfa());
    cleanup->__pad[PAD_DEPTH] =
        (void *)((uintptr_t)cleanup->__pad[PAD_DEPTH] | (uintptr_t)own->type << 32);
    own->type = PTHREAD_CANCEL_DEFERRED;
}

void __pthread_unregister_cancel_restore(__pthread_unwind_buf_t *cleanup)
{
    if (hde_self == NULL) {
        HDE_REAL(__pthread_unregister_cancel_restore)(cleanup);
        return;
    }
    struct own *own = own_of(hde_self);

    own->cleanup = cleanup->__pad[PAD_OUTER];
    own->type = (int)((uintptr_t)cleanup->__pad[PAD_DEPTH] >> 32);
    act_if_asynchronous(HDE_CALLER());
}
