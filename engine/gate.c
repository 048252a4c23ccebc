/*
 * Gates, waiters and sleep: how threads come to be unable to step, and able again.
 *
 * A thread at a closed gate, or among waiters, is not ready; if it has a deadline it is in `timed'
 * instead. It leaves the gate or the waiters itself, when its turn comes; who wakes it only makes
 * it ready.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include "engine/execution.h"
#include "engine/step.h"

static void tell_blocked(struct hde_thread *thread)
{
    for (unsigned i = 0; hde_watchers.blocked[i] != NULL; i++) {
        hde_watchers.blocked[i](thread);
    }
}

void hde_step_block(void)
{
    struct hde_thread *self = hde_self;

    hde_set_remove(&hde_execution.ready, self->id);
    if (self->deadline_ns != HDE_FOREVER) {
        hde_set_add(&hde_execution.timed, self->id);
    } else {
        tell_blocked(self);
    }
}

bool hde_pass(struct hde_object *object, const struct hde_event *event, uint64_t deadline_ns)
{
    hde_step_announce(event);
    return hde_step_pass(object, deadline_ns);
}

bool hde_wait(struct hde_object *object, const struct hde_event *event, uint64_t deadline_ns)
{
    struct hde_thread *self = hde_self;

    hde_step_announce(event);
    hde_step_begin_wait(object, deadline_ns);
    self->wait_began = hde_execution.steps;
    hde_set_add(&object->waiters, self->id);
    hde_step_block();
    hde_step_next(false);
    hde_set_remove(&self->waits_for->waiters, self->id); /* it may have been sent elsewhere */
    hde_step_end_wait();
    hde_step_carry_out();
    return !self->has_timed_out;
}

bool hde_step_interrupt(struct hde_thread *thread)
{
    struct hde_execution *execution = &hde_execution;
    struct hde_object *object = thread->waits_for;

    if (hde_set_has(&execution->spinning, thread->id)) {
        hde_set_remove(&execution->spinning, thread->id);
        hde_set_add(&execution->ready, thread->id);
        return false;
    }
    if (hde_set_has(&execution->ready, thread->id) ||
        (object == NULL && !hde_set_has(&execution->sleeping, thread->id))) {
        return false;
    }
    if (object != NULL) {
        hde_set_remove(&object->at_gate, thread->id);
        hde_set_remove(&object->waiters, thread->id);
    }
    hde_set_remove(&execution->timed, thread->id);
    hde_set_remove(&execution->sleeping, thread->id);
    hde_set_add(&execution->ready, thread->id);
    thread->has_timed_out = true;
    return true;
}

/* Who has waited longest. Requires that somebody waits. */
static unsigned longest_waiting(const struct hde_set *waiters)
{
    const struct hde_thread *threads = hde_execution.threads;
    unsigned longest = hde_set_first(waiters);

    for (unsigned id = longest; id < HDE_THREADS_MAX; id = hde_set_next(waiters, id + 1)) {
        if (threads[id].wait_began < threads[longest].wait_began) {
            longest = id;
        }
    }
    return longest;
}

static unsigned choose_waiter(const struct hde_set *waiters)
{
    static const struct hde_set nobody;
    struct hde_choice choice = {
        .kind = HDE_CHOICE_WAKE,
        .count = hde_set_count(waiters),
        .threads = waiters,
        .timed = &nobody,
        .normal = longest_waiting(waiters),
    };

    if (choice.count < 2 || hde_execution.budgets_left.of[HDE_CHOICE_WAKE] == 0) {
        return choice.normal;
    }
    hde_self->events++;
    return hde_step_choose(&choice);
}

unsigned hde_wake(struct hde_object *object, unsigned count)
{
    struct hde_execution *execution = &hde_execution;
    struct hde_set asleep = object->waiters;
    unsigned woken = 0;

    /* All wake: which one first is not a choice. */
    bool is_all = count >= hde_set_count(&asleep);

    for (; woken < count && !hde_set_is_empty(&asleep); woken++) {
        unsigned id = is_all ? hde_set_first(&asleep) : choose_waiter(&asleep);

        hde_set_remove(&asleep, id);
        hde_set_remove(&object->waiters, id);
        hde_set_remove(&execution->timed, id);
        hde_set_add(&execution->ready, id);
    }
    return woken;
}

void hde_sleep(const struct hde_event *event, uint64_t deadline_ns)
{
    struct hde_thread *self = hde_self;

    hde_step_announce(event);
    hde_step_begin_wait(NULL, deadline_ns);
    hde_set_remove(&hde_execution.ready, self->id);
    if (deadline_ns != HDE_FOREVER) {
        hde_set_add(&hde_execution.timed, self->id);
        hde_set_add(&hde_execution.sleeping, self->id);
    }
    hde_step_next(false);
    hde_step_end_wait();
    hde_step_carry_out();
}
