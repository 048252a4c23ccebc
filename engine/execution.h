/*
 * Execution: one run of one program under control, from its first thread to its end.
 *
 * All threads are fibers of one thread of the process; one runs at a time. It goes on until it
 * announces an event; there the strategy says who steps next, and the announcing thread goes on,
 * with its event carried out, when it is its turn again. So at every choice each thread's next
 * event is known, and whether it is enabled.
 *
 * Hooks call what stands under "For hooks", on the stack of the code under test. Their pattern:
 *
 *     hde_step(&event);            wait for our turn
 *     change the object            nobody else runs in between
 *     return to the code under test
 *
 * Invariants: hde_self is NULL outside an execution, and while the engine itself runs what may call
 * hooks; `ready', `timed' and `spinning' are disjoint; an ended thread is in none of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_EXECUTION_H
#define HEDDLE_ENGINE_EXECUTION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "engine/choice.h"
#include "engine/detector.h"
#include "engine/event.h"
#include "engine/finding.h"
#include "engine/object.h"
#include "engine/sanitizer.h"
#include "engine/schedule.h"
#include "engine/strategy.h"
#include "engine/thread.h"

#define HDE_FOREVER UINT64_MAX
#define HDE_FINDINGS_MAX 32U

/* Events that are no scheduling points in a row, after which one is: who spins on plain memory. */
#define HDE_QUIET_MAX 4096U

/* At which plain accesses a choice is made. Synchronization and atomics always are one. */
enum hde_visibility {
    HDE_VISIBLE_SYNC, /* at none: complete for programs without data races */
    HDE_VISIBLE_RACY, /* at those to memory that was seen in a data race before */
    HDE_VISIBLE_ALL,
};

/* Why an execution ended. */
enum hde_end {
    HDE_END_DONE,     /* main returned, or all threads ended */
    HDE_END_EXIT,     /* exit() was called, or main returned before the others */
    HDE_END_FAILED,   /* a finding ended it: the last one noted */
    HDE_END_STEPS,    /* steps_max was reached */
    HDE_END_GIVEN_UP, /* the strategy has seen what would come */
};

/* What runs: body(argument) on thread 0. */
struct hde_program {
    const char *name;
    void (*body)(const void *argument);
    const void *argument;

    /* What is left to do if thread 0 ends within body(): when all have ended. NULL: nothing. */
    void (*rest)(const void *argument);
};

struct hde_settings {
    enum hde_visibility visibility;
    uint64_t steps_max; /* of an execution; plain accesses count when they are very many in a row */
    struct hde_budgets budgets;
    uint32_t ignored; /* bits by enum hd_verdict: what is not noted, unless it ends the execution;
                         data races then still become visible */

    bool reuses_memory; /* freed blocks, by the thread that freed them (arena.h); their use after
                           the free is not found then */

    bool skips_rounds; /* who goes round for ever is not found, only cut (round.h) */

    /* Sees each event, every plain access as well, just before it is carried out; NULL: nobody. */
    void (*observe)(const struct hde_thread *thread, const struct hde_event *event);

    /* The same, without plain accesses that are no scheduling points; these cost nothing then. */
    void (*observe_steps)(const struct hde_thread *thread, const struct hde_event *event);
};

struct hde_execution {
    /* Who can step. */
    struct hde_set ready;         /* the pending event is enabled */
    struct hde_set timed;         /* waits with a deadline */
    struct hde_set sleeping;      /* those of `timed' that only sleep */
    struct hde_set spinning;      /* would only repeat itself: goes on when nobody else can step */
    struct hde_set with_deadline; /* at a gate or among waiters with a deadline, open or not */
    bool has_deadlines;           /* somebody has waited with a deadline, or it has become fair */
    bool has_spun;                /* somebody has been in `spinning' */
    uint32_t live_count;          /* threads that have not ended */
    bool is_awaiting;             /* thread 0 waits for all others to end */
    bool has_abandoned;           /* a thread has ended and holds locks */

    uint32_t threads_count;
    struct hde_event pending[HDE_THREADS_MAX]; /* by thread */
    struct hde_thread *threads;                /* HDE_THREADS_MAX of them */

    uint32_t generation; /* a number of its own for each execution, from 1 */
    uint64_t base;       /* times of records up to it are of earlier executions */
    uint64_t void_below; /* such records, as words (shadow.h), are less than this */
    uint64_t now_ns;     /* virtual time */
    uint64_t steps;
    uint64_t steps_alarm; /* at most steps_max: beyond it, spinning threads have waited enough */
    uint64_t choices;     /* put to the strategy */
    struct hde_budgets budgets_left;
    uint32_t spin_rounds; /* times a spinning thread went on, since anything was changed */
    uint64_t changes; /* of what others can see, so far; counted on from execution to execution */
    uint64_t draws;   /* what was decided but who steps: values, faults, time-outs; the same */

    bool is_concurrent; /* a second thread has been created: accesses are recorded */
    bool is_watched;    /* accesses are looked at: it is concurrent, or somebody observes */
    bool is_observed;   /* steps are shown to the settings, the strategy, hde_thread_resumed or
                           hde_round_step(); once true, true while it runs */
    bool is_scrubbed;   /* while looks around are taken (round.h) */
    uint32_t
        fast_mask;   /* constant while it runs: 0 if each access must be looked at, else all ones */
    bool sees_all;   /* constant while it runs: every plain access is a scheduling point */
    bool has_raced;  /* a data race was seen, noted or ignored */
    bool is_priming; /* threads of .threads run up to their first event */
    bool has_stopped; /* threads stopped where they were, for ever */

    const struct hde_settings *settings;
    const struct hde_strategy *strategy;
    void *strategy_state;
    struct hde_schedule schedule; /* so far */

    unsigned owed;       /* once the execution is fair: whose turn it is */
    uint64_t owed_since; /* the step at which that began */
    uint64_t owed_asked; /* the last step at which it was asked whether it has come */

    enum hde_end end;
    int exit_status; /* END_EXIT */
    uint32_t findings_count;
    struct hde_finding findings[HDE_FINDINGS_MAX];
};

/* One execution runs at a time in a process. */
extern struct hde_execution hde_execution;

/* The running thread; NULL outside an execution. */
extern _Thread_local struct hde_thread *hde_self __attribute__((tls_model("initial-exec")));

/* ---- For what runs executions --------------------------------------------------------------- */

/* Map what executions need and install the signal handlers; once a process. */
void hde_execution_start(void);

/* Run `program` once. What came of it is in hde_execution until the next one. */
void hde_execution_run(const struct hde_program *program,
                       const struct hde_settings *settings,
                       const struct hde_strategy *strategy,
                       void *strategy_state);

/* A new exploration begins: no plain access is visible any more. */
void hde_execution_forget_visible(void);

/* ---- For programs, on thread 0 --------------------------------------------------------------- */

/*
 * Run functions[0..count) on threads of their own, each with `argument`, and wait until
 * all have ended. Each has announced its first event before the first choice is made.
 */
void hde_execution_run_threads(void (*const *functions)(void *), unsigned count, void *argument);

/* Wait until all other threads have ended; what they did happens before what follows. */
void hde_execution_await_threads(void);

/*
 * The other threads stop for ever where they are; what they did is not compared with what follows.
 */
void hde_execution_stop_threads(void);

/* The program is over: other threads are not waited for. Also for hooks: exit(). */
noreturn void hde_execution_exit(int status);

/* ---- For hooks ------------------------------------------------------------------------------- */

/* Announce an event that is always enabled; returns when it is to be carried out. */
void hde_step(const struct hde_event *event);

/*
 * Announce an event that is enabled while the gate of `object` is open. Returns true when it is to
 * be carried out, with the gate open; false if `deadline_ns` came first.
 */
bool hde_pass(struct hde_object *object, const struct hde_event *event, uint64_t deadline_ns);

/*
 * Join the waiters of `object`; `event` (an _AWAKE one) is what the thread does when it is woken.
 * Returns true if it was woken, false if `deadline_ns` came first. Not a step by itself: the caller
 * has stepped with the event that gives up the lock or compares the word.
 */
bool hde_wait(struct hde_object *object, const struct hde_event *event, uint64_t deadline_ns);

/* Wake up to `count` waiters of `object`; which ones is a choice. Returns how many were woken. */
unsigned hde_wake(struct hde_object *object, unsigned count);

/*
 * Virtual time has gone on without a step, because the thread has looked at a clock: strategies
 * observe that as if it had slept.
 */
void hde_time_passed(void);

/* Sleep until `deadline_ns` of virtual time. */
void hde_sleep(const struct hde_event *event, uint64_t deadline_ns);

/* The object at `address`, made if there is none yet in this execution. */
static inline struct hde_object *hde_object_at(enum hde_object_kind kind, uint64_t address)
{
    const struct hde_granule *granule = hde_shadow_at(address);

    if (__builtin_expect(granule->generation == hde_execution.generation, 1)) {
        struct hde_object *first = &hde_objects[granule->objects];

        if (__builtin_expect(first->address == address && first->kind == kind, 1)) {
            return first;
        }
    }
    return hde_object_make(kind, address);
}

/* Keep hde_thread.stamp in step with its clock. */
static inline void hde_thread_set_stamp(struct hde_thread *thread)
{
    thread->stamp = (hde_execution.base + thread->clock.at[thread->id]) << HDE_CELL_TIME_SHIFT |
                    (uint64_t)thread->id << HDE_CELL_THREAD_SHIFT;
}

/* What the thread did so far gets a time before that of what it does from here on. */
static inline void hde_thread_tick(struct hde_thread *thread)
{
    thread->clock.at[thread->id]++;
    hde_thread_set_stamp(thread);
}

/* What was released on `object` happens before what the thread does from here on. */
static inline void hde_acquire(const struct hde_object *object)
{
    hde_clock_join(&hde_self->clock, &object->clock);
    hde_sanitizer_acquire(object);
}

/* hde_release() for the location of an atomic: a sanitizer knows by itself what atomics order. */
static inline void hde_release_untold(struct hde_object *object)
{
    hde_clock_join(&object->clock, &hde_self->clock);
    hde_thread_tick(hde_self);
}

/* What the thread did so far happens before what those do who acquire `object` from now on. */
static inline void hde_release(struct hde_object *object)
{
    hde_release_untold(object);
    hde_sanitizer_release(object);
}

/*
 * The same, for a thread that acquired `object` when it was last released, and so knows all that
 * the object does.
 */
static inline void hde_release_held(struct hde_object *object)
{
    hde_clock_copy(&object->clock, &hde_self->clock);
    hde_thread_tick(hde_self);
    hde_sanitizer_release(object);
}

/* The thread now holds the lock; `event` is where it got it. Sets the owner. */
static inline void hde_hold(struct hde_object *lock, const struct hde_event *event)
{
    struct hde_thread *self = hde_self;

    lock->owner = self->id;
    lock->acquired.pc = event->pc;
    lock->acquired.context = self->context;
    lock->acquired.event = self->events;
    lock->acquired.thread = self->id;
    if (self->held_count < HDE_HELD_MAX) {
        self->held[self->held_count] = lock;
    }
    self->held_count++;
    if (self->held_count > 1) {
        for (unsigned i = 0; hde_watchers.nested[i] != NULL; i++) {
            hde_watchers.nested[i](self, lock, event);
        }
    }
}

/* Whether it holds the lock, as an owner or as one of several; of HDE_HELD_MAX locks at most. */
bool hde_thread_holds(const struct hde_thread *thread, const struct hde_object *lock);

/* hde_let_go() of any lock, whoever holds it. */
void hde_let_go_any(struct hde_object *lock);

/* It does not hold it any more. Clears the owner. */
static inline void hde_let_go(struct hde_object *lock)
{
    struct hde_thread *self = hde_self;
    uint32_t last = self->held_count - 1;

    if (__builtin_expect(lock->owner == self->id && last < HDE_HELD_MAX && self->held[last] == lock,
                         1)) {
        self->held_count = last;
        lock->owner = HDE_NOBODY;
        return;
    }
    hde_let_go_any(lock);
}

/* One of 0 .. count-1; the announced event is `event`. Requires 0 < count. */
uint32_t hde_choose_value(const struct hde_event *event, uint32_t count);

/*
 * Whether the system fails the running thread at its pending event, in the way of `kind', a fault;
 * a choice while the budget lasts.
 */
bool hde_choose_fault(enum hde_choice_kind kind);

/*
 * Create a thread that runs function(argument) and is ready to start; NULL if there are too many.
 * The caller has stepped with the CREATE event.
 */
struct hde_thread *
hde_thread_create(void *(*function)(void *), void *argument, const struct hde_event *event);

/* The running thread has joined `thread'. */
void hde_thread_joined(const struct hde_thread *thread);

/* The running thread is over. */
noreturn void hde_thread_finish(void *result);

/* Runs first on a thread that is over, e.g. the destructors of its values; NULL: nothing does. */
extern void (*hde_thread_ending)(void);

/*
 * Called on a thread that is about to carry out its event, in executions that are observed; NULL:
 * nothing is.
 */
extern void (*hde_thread_resumed)(void);

/* Runs next on a thread that is over and holds locks: it may step; NULL: nothing does. */
extern void (*hde_thread_abandoning)(void);

/* The gate that opens when `thread` ends. */
struct hde_object *hde_thread_end_gate(const struct hde_thread *thread);

/* A plain access is about to be made: an event. `size` may be any; it is split by granules. */
void hde_access(uint64_t address, uint64_t size, bool writes, uint32_t pc);

/* The access of an atomic that has stepped: plain accesses are compared with it. */
void hde_access_atomic(uint64_t address, uint8_t size, bool writes, uint32_t pc);

/*
 * The thread has read, and changed nothing: `value` at `address`. A thread that only repeats such
 * reads is spinning, and goes on when nobody else can or when the address is written.
 */
void hde_spin_read(uint64_t address, uint64_t value, uint32_t pc);

/*
 * The thread goes round: let the others go first, unless it is to go on as if to give up soon,
 * which is a choice. Returns whether others were let go first.
 */
bool hde_spin_pass_over(uint32_t pc);

/* What hde_spin_write() does when there are threads that spin. */
void hde_spin_wake(uint64_t address, uint64_t size);

/* The thread has changed something that others can see; at `address`, of `size` bytes. */
static inline void hde_spin_write(uint64_t address, uint64_t size)
{
    hde_self->reads_count = 0;
    hde_execution.spin_rounds = 0;
    hde_execution.changes++;
    if (__builtin_expect(hde_execution.has_spun, 0)) {
        hde_spin_wake(address, size);
    }
}

/* Let those pass who stand at the gate, and who come. */
static inline void hde_gate_open(struct hde_object *object)
{
    struct hde_execution *execution = &hde_execution;

    object->is_open = true;
    object->opened++;
    hde_spin_write(object->address, 1);
    hde_set_add_all(&execution->ready, &object->at_gate, execution->threads_count);
    if (__builtin_expect(execution->has_deadlines, 0)) {
        hde_set_remove_all(&execution->timed, &object->at_gate, execution->threads_count);
    }
}

/* Nobody passes any more, except by timing out. */
static inline void hde_gate_close(struct hde_object *object)
{
    struct hde_execution *execution = &hde_execution;

    object->is_open = false;
    hde_spin_write(object->address, 1);
    hde_set_remove_all(&execution->ready, &object->at_gate, execution->threads_count);
    if (__builtin_expect(execution->has_deadlines, 0)) {
        struct hde_set without = hde_set_minus(&object->at_gate, &execution->with_deadline);
        struct hde_set with = hde_set_minus(&object->at_gate, &without);

        hde_set_add_all(&execution->timed, &with, execution->threads_count);
    }
}

/*
 * ---- For detectors and hooks ------------------------------------------------------------------
 */

/*
 * Note a finding and go on. A second one of the same kind and places is not noted, nor is what the
 * settings ignore.
 */
void hde_execution_find(const struct hde_finding *finding);

/* Note a finding and end the execution. */
noreturn void hde_execution_fail(const struct hde_finding *finding);

/* The thread is at an event that others can see: its plain accesses may be quiet for a while. */
static inline void hde_thread_set_quiet(struct hde_thread *thread)
{
    thread->quiet_until = thread->events + HDE_QUIET_MAX;
    thread->fast_until = thread->quiet_until & hde_execution.fast_mask;
}

/*
 * Whether an address is that of errno, which each thread has for itself though all use one place.
 */
bool hde_execution_is_errno(uint64_t address);

/* Where the thread is: its pending event. */
struct hde_place hde_thread_place(const struct hde_thread *thread);

#endif
