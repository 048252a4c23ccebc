/*
 * Stall: a wait for a notify that was given and not heard, and that only a deadline ends.
 *
 * When nobody can step, and one thread can, by timing out, nothing but that ends its wait. If the
 * last notify of what it waits for found nobody, and nothing that the notifying thread ever did
 * happens before the wait, the waiting thread cannot have acted on what that notify told: it came
 * between the look at the condition and the wait, or the look saw memory that nothing guards.
 *
 * Place: the wait; as a cause, the notify.
 *
 * Guarantee  What is reported is a wake-up that was lost in this execution: without its deadline
 *            the wait would be a deadlock. Sleeps, periodic waits as timers and pollers make them,
 *            waits of idle workers that found nothing to do, are silent: nobody notifies them
 *            in vain, or they know of it by the lock that they hold as they look.
 * Misses     Lost wake-ups while others still run or sleep; those of threads that heard of each
 *            other before, by any lock or atomic, for then it is not known which notify was meant;
 *            of what is no condition variable, for a futex wake in vain is usual.
 * Source     The deadlock of the same name: algorithms of detectors/deadlock.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include "engine/detector.h"
#include "engine/execution.h"

static bool is_only_one(const struct hde_thread *thread)
{
    return hde_set_count(&hde_execution.timed) == 1 &&
           hde_set_has(&hde_execution.timed, thread->id);
}

static bool was_notified_unheard(const struct hde_thread *thread, const struct hde_object *object)
{
    const struct hde_deed *notified = &object->notified;

    return object->kind == HDE_OBJECT_CONDITION && notified->pc != 0 &&
           notified->thread != thread->id && hde_clock_at(&thread->clock, notified->thread) == 0;
}

/* Nobody can step, and it is about to time out. */
static void expired(struct hde_thread *thread)
{
    struct hde_finding finding = {.kind = HD_STALL, .class = HDE_CLASS_LOST_WAKE_UP};
    const struct hde_object *object = thread->waits_for;

    if (object == NULL || !is_only_one(thread) || !was_notified_unheard(thread, object)) {
        return;
    }
    finding.places[0] = hde_thread_place(thread);
    finding.places[1] = (struct hde_place){
        .address = object->address,
        .pc = object->notified.pc,
        .context = object->notified.context,
        .event = object->notified.event,
        .thread = object->notified.thread,
        .event_kind = HDE_EVENT_NOTIFY,
        .size = 1,
        .is_cause = true,
    };
    finding.places_count = 2;
    hde_execution_find(&finding);
}

const struct hde_detector hde_detector_stall = {
    .name = "stall",
    .summary = "lost wake-ups that only a deadline ends",
    .expired = expired,
};
