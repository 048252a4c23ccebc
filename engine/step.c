/*
 * Step: choosing who steps next, and switching to it.
 *
 * A thread can step if its pending event is enabled (`ready'), or, by timing out, if it waits with
 * a deadline (`timed'). So that a wait with a deadline does not time out all the time, waits (not
 * sleeps) time out while others could step at most `timeouts_max' times an execution. Threads that
 * spin are passed over until somebody changes what they read; when there are no others they go on
 * round and round, which is no choice, and after SPIN_ROUNDS_MAX turns in which nobody changed
 * anything this is a livelock.
 *
 * Source: fairness as in Musuvathi and Qadeer, Fair stateless model checking, PLDI 2008: a thread
 *         that yields is not scheduled before others that could.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/step.h"

#include <errno.h>
#include <stddef.h>

#include "engine/fatal.h"
#include "engine/fiber.h"

/* A loop that gives up after n equal reads is not a livelock for n < 2 x this. */
#define SPIN_ROUNDS_MAX 2000U

static void *host; /* the fiber that called hde_step_enter() */

/* All threads run on one thread of the process, whose errno they share in turn. */
static int *shared_errno;

bool hde_execution_is_errno(uint64_t address)
{
    return address - (uintptr_t)shared_errno < sizeof(*shared_errno);
}

static void switch_to(struct hde_thread *to)
{
    struct hde_thread *from = hde_self;

    from->saved_errno = *shared_errno;
    hde_self = to;
    hde_fiber_switch(&from->fiber, to->fiber);
    *shared_errno = from->saved_errno;
}

void hde_step_enter(void)
{
    shared_errno = &errno;
    hde_self = &hde_execution.threads[0];
    hde_fiber_switch(&host, hde_self->fiber);
}

void hde_step_leave(void)
{
    void *nowhere;

    hde_self = NULL;
    hde_fiber_switch(&nowhere, host);
    hde_fatal("an execution that was left went on");
}

void hde_step_prime(struct hde_thread *thread)
{
    hde_set_add(&hde_execution.ready, thread->id);
    hde_execution.is_priming = true;
    switch_to(thread);
    hde_execution.is_priming = false;
}

static void log_choice(const struct hde_choice *choice, uint32_t alternative)
{
    const struct hde_event *event = &choice->pending[choice->thread];
    const struct hde_entry entry = {
        .event = choice->event,
        .alternative = alternative,
        .pc = event->pc,
        .thread = choice->thread,
        .choice = (uint8_t)choice->kind,
        .event_kind = event->kind,
    };

    hde_schedule_append(&hde_execution.schedule, &entry);
}

uint32_t hde_step_choose(struct hde_choice *choice)
{
    choice->thread = hde_self->id;
    choice->event = hde_self->events;
    choice->pending = hde_execution.pending;
    choice->threads_count = hde_execution.threads_count;
    hde_execution.choices++;

    uint32_t alternative = hde_execution.strategy->choose(hde_execution.strategy_state, choice);

    if (alternative != choice->normal) {
        log_choice(choice, alternative);
    }
    return alternative;
}

/* The member of `set` that comes after `thread`, round and round. Requires that there is one. */
static unsigned next_after(const struct hde_set *set, unsigned thread)
{
    unsigned next = hde_set_next(set, thread + 1);

    return next < HDE_THREADS_MAX ? next : hde_set_first(set);
}

static uint32_t normal_thread(const struct hde_set *open, bool is_yield)
{
    const struct hde_set *ready = &hde_execution.ready;
    unsigned self = hde_self->id;

    if (hde_set_is_empty(ready)) {
        return hde_set_first(open);
    }
    if (is_yield) {
        return next_after(ready, self);
    }
    return hde_set_has(ready, self) ? self : hde_set_first(ready);
}

/* One of `open', `count' of them; `ready' are among them. */
static unsigned choose_thread(const struct hde_set *open, uint32_t count, bool is_yield)
{
    struct hde_choice choice;

    if (count == 1) {
        return hde_set_first(open);
    }
    choice.kind = HDE_CHOICE_THREAD;
    choice.count = count;
    hde_set_copy(&choice.threads, open);
    choice.timed = hde_set_minus(open, &hde_execution.ready);
    choice.normal = normal_thread(open, is_yield);
    choice.is_yield = is_yield;
    return hde_step_choose(&choice);
}

static noreturn void fail_livelock(void)
{
    struct hde_finding finding = {.kind = HD_LIVELOCK};
    const struct hde_set *spinning = &hde_execution.spinning;

    for (unsigned id = hde_set_first(spinning);
         id < HDE_THREADS_MAX && finding.places_count < HDE_PLACES_MAX;
         id = hde_set_next(spinning, id + 1)) {
        finding.places[finding.places_count++] = hde_thread_place(&hde_execution.threads[id]);
    }
    hde_execution_fail(&finding);
}

/* Nobody is ready and nobody may time out yet: who steps all the same? */
static unsigned choose_last_resort(void)
{
    struct hde_set *spinning = &hde_execution.spinning;

    uint32_t timed_count = hde_set_count(&hde_execution.timed);

    if (timed_count > 0) {
        return choose_thread(&hde_execution.timed, timed_count, false);
    }
    if (!hde_set_is_empty(spinning)) {
        if (++hde_execution.spin_rounds > SPIN_ROUNDS_MAX) {
            fail_livelock();
        }
        unsigned next = next_after(spinning, hde_self->id);

        hde_set_remove(spinning, next);
        hde_set_add(&hde_execution.ready, next);
        hde_execution.threads[next].reads_count = 0;
        return next;
    }
    for (const struct hde_detector *const *detector = hde_detectors; *detector != NULL;
         detector++) {
        if ((*detector)->stuck != NULL) {
            (*detector)->stuck();
        }
    }
    hde_fatal("no thread can step, and no detector says why");
}

/* The thread that waits with a deadline steps: its deadline has come. */
static void time_out(struct hde_thread *thread, bool is_early)
{
    hde_set_remove(&hde_execution.timed, thread->id);
    hde_set_add(&hde_execution.ready, thread->id);
    thread->has_timed_out = true;
    if (hde_execution.now_ns < thread->deadline_ns) {
        hde_execution.now_ns = thread->deadline_ns;
    }
    if (hde_set_has(&hde_execution.sleeping, thread->id)) {
        hde_set_remove(&hde_execution.sleeping, thread->id);
    } else if (is_early) {
        hde_execution.timeouts_left--;
    }
}

/* The thread that steps next, made ready. */
static struct hde_thread *choose_next(bool is_yield)
{
    struct hde_execution *execution = &hde_execution;
    const struct hde_set *timed =
        execution->timeouts_left > 0 ? &execution->timed : &execution->sleeping;
    struct hde_set open;

    hde_set_copy(&open, &execution->ready);
    if (__builtin_expect(!hde_set_is_empty(timed), 0)) {
        open = hde_set_union(&open, timed);
    }
    uint32_t count = hde_set_count(&open);
    unsigned next = count > 0 ? choose_thread(&open, count, is_yield) : choose_last_resort();
    struct hde_thread *thread = &execution->threads[next];

    if (__builtin_expect(!hde_set_has(&execution->ready, next), 0)) {
        time_out(thread, count > 0 && !hde_set_is_empty(&execution->ready));
    }
    return thread;
}

void hde_step_next(bool is_yield)
{
    struct hde_execution *execution = &hde_execution;

    if (__builtin_expect(execution->is_priming, 0)) {
        switch_to(&execution->threads[0]);
        return;
    }
    if (__builtin_expect(++execution->steps > execution->settings->steps_max, 0)) {
        execution->end = HDE_END_STEPS;
        hde_step_leave();
    }
    struct hde_thread *thread = choose_next(is_yield);

    if (thread != hde_self) {
        switch_to(thread);
    }
}

void hde_step(const struct hde_event *event)
{
    hde_step_announce(event);
    hde_thread_set_quiet(hde_self);
    hde_step_next(event->kind == HDE_EVENT_YIELD);
    hde_step_carry_out(event);
}

uint32_t hde_choose_value(const struct hde_event *event, uint32_t count)
{
    hde_step(event);
    if (count < 2) {
        return 0;
    }
    struct hde_choice choice = {.kind = HDE_CHOICE_VALUE, .count = count, .normal = 0};

    hde_self->events++;
    return hde_step_choose(&choice);
}
