/*
 * Starvation and livelock: an execution that can go round for ever, fairly, and gets nowhere.
 *
 * Rounds (round.h) are told of as they are closed. If each thread in one has tried to acquire a
 * lock while it held another one, and failed, they only undo what they did and try again: a
 * livelock.
 * If others go round, changing something, while a thread waits for a lock that is not free for it
 * at any moment of that, it is starved.
 *
 * Places: where the tries of a livelock failed, by thread; the waits of those that are starved.
 *
 * Guarantee  What is reported is a fair execution that does not end: every thread that could step
 *            at any moment of the round steps in it, and the state is the same before and after. A
 *            program that ends in every fair execution is never reported, e.g. one whose loops
 *            give up, or count, or in which a lock is free for the waiting thread now and then.
 * Misses     Rounds that are longer than 16 looks, or in which anything counts, even if only for
 *            statistics; in which a deadline passes or a thread sleeps; in which threads only
 *            yield to each other through atomics of their own, for that is also how pollers look;
 *            in which a thread that tries loses each time, though it could have won. Large
 *            executions (round.c). Threads that only read and change nothing are spin.c's.
 * Source     Ashcroft, Manna, Formalization of properties of parallel programs, 1970, for livelock;
 *            Courtois, Heymans, Parnas, Concurrent control with "readers" and "writers", 1971.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include "engine/detector.h"
#include "engine/execution.h"
#include "engine/round.h"

/* Whether a thread waits for a lock of the system's; not e.g. for another's end. */
static bool waits_for_lock(const struct hde_thread *thread)
{
    const struct hde_object *object = thread->waits_for;

    return object->kind == HDE_OBJECT_MUTEX || object->kind == HDE_OBJECT_RWLOCK ||
           object->kind == HDE_OBJECT_READERS || object->kind == HDE_OBJECT_SPINLOCK;
}

static bool is_same(const struct hde_set *a, const struct hde_set *b)
{
    struct hde_set more = hde_set_minus(a, b);

    return hde_set_is_empty(&more);
}

static noreturn void fail_livelock(const struct hde_round *round)
{
    struct hde_finding finding = {.kind = HD_LIVELOCK, .class = HDE_CLASS_GIVING_WAY};

    for (unsigned id = hde_set_first(&round->stepped);
         id < HDE_THREADS_MAX && finding.places_count < HDE_PLACES_MAX;
         id = hde_set_next(&round->stepped, id + 1)) {
        finding.places[finding.places_count++] = hde_round_retry(id);
    }
    hde_execution_fail(&finding);
}

static void round_closed(const struct hde_round *round)
{
    struct hde_finding finding = {.kind = HD_STARVATION};

    if (!round->has_changes) {
        return;
    }
    if (hde_set_count(&round->retried) > 1 && is_same(&round->stepped, &round->retried)) {
        fail_livelock(round);
    }
    for (unsigned id = hde_set_first(&round->blocked);
         id < HDE_THREADS_MAX && finding.places_count < HDE_PLACES_MAX;
         id = hde_set_next(&round->blocked, id + 1)) {
        const struct hde_thread *thread = &hde_execution.threads[id];

        if (waits_for_lock(thread)) {
            struct hde_place place = hde_thread_place(thread);

            place.address = thread->waits_for->address;
            finding.places[finding.places_count++] = place;
        }
    }
    if (finding.places_count > 0) {
        hde_execution_fail(&finding);
    }
}

const struct hde_detector hde_detector_starvation = {
    .name = "starvation",
    .summary = "rounds that get nowhere: threads that give way to each other, locks never free",
    .round = round_closed,
};
