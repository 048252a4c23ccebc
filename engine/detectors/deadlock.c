/*
 * Deadlock: threads that wait for ever.
 *
 * A thread waits for another one if that one holds the lock it wants, or is the one it joins. When
 * a thread begins to wait without a deadline, the chain from it is followed; if it comes back,
 * these threads wait for ever, whatever the others do. When no thread can step at all, it is asked
 * once more whether there is such a cycle, now also through locks that any thread could have
 * released; if not, the threads at the ends of the chains say what is missing: a lock whose holder
 * is gone, or a notify.
 *
 * Places: the waits of the cycle, by thread; or the waits at the ends of the chains. A thread that
 * waits for those is a consequence and not named. As a cause: where the lock was acquired whose
 * holder ended; the notify that found nobody, if no later one of that condition variable found
 * somebody.
 *
 * Guarantee  Reports a deadlock in every execution that has one: as soon as the last thread of a
 *            cycle begins to wait, or when nothing can step. A wait with a deadline is never part
 *            of one. Nothing is reported of an execution that could go on.
 * Misses     Deadlocks of other interleavings (lock orders are not recorded). While other threads
 *            go on: cycles through annotated locks, and waits for a notify; these are reported only
 *            when nothing can step. Of readers that hold a lock, all but the least thread.
 * Source     Coffman, Elphick, Shoshani, System deadlocks, Computing Surveys 1971.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include "engine/detector.h"
#include "engine/execution.h"
#include "engine/fatal.h"

/* What a thread waits for that is not blocked. */
static const struct hde_object nothing = {.kind = HDE_OBJECT_KINDS, .owner = HDE_NOBODY};

/* Who waits for what, and for whom. */
struct wait {
    const struct hde_object
        *object;     /* a lock, a condition, a futex, a thread's end, or `nothing' */
    unsigned owner;  /* the thread that could end the wait; HDE_NOBODY if unknown */
    bool is_certain; /* only the owner can */
};

static const struct hde_thread *thread_at(unsigned id) { return &hde_execution.threads[id]; }

/* Whether it waits without a deadline, and nobody has let it go on yet. */
static bool is_blocked(const struct hde_thread *thread)
{
    const struct hde_object *object = thread->waits_for;

    if (thread->has_ended || object == NULL || thread->deadline_ns != HDE_FOREVER) {
        return false;
    }
    if (hde_set_has(&object->waiters, thread->id)) {
        return true;
    }
    return !object->is_open && hde_set_has(&object->at_gate, thread->id);
}

static bool holds(const struct hde_thread *thread, const struct hde_object *lock)
{
    uint32_t named = thread->held_count < HDE_HELD_MAX ? thread->held_count : HDE_HELD_MAX;

    for (uint32_t i = 0; i < named; i++) {
        if (thread->held[i] == lock) {
            return true;
        }
    }
    return false;
}

/* Who holds a lock as a reader; the thread that asks, if it is one; HDE_NOBODY. */
static unsigned find_reader(const struct hde_object *lock, const struct hde_thread *asking)
{
    if (lock->shared == 0) {
        return HDE_NOBODY;
    }
    if (holds(asking, lock)) {
        return asking->id;
    }
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        if (holds(thread_at(id), lock)) {
            return id;
        }
    }
    return HDE_NOBODY;
}

static struct wait find_wait(const struct hde_thread *thread)
{
    struct wait wait = {.object = &nothing, .owner = HDE_NOBODY};

    if (!is_blocked(thread)) {
        return wait;
    }
    wait.object = thread->waits_for;
    if (wait.object->kind == HDE_OBJECT_MUTEX || wait.object->kind == HDE_OBJECT_ONCE ||
        wait.object->kind == HDE_OBJECT_THREAD_END) {
        wait.owner = wait.object->owner;
        wait.is_certain = true;
    } else if (thread->wants != NULL) {
        wait.object = thread->wants;
        wait.owner = wait.object->owner == HDE_NOBODY ? find_reader(wait.object, thread)
                                                      : wait.object->owner;
        wait.is_certain = !wait.object->is_unowned;
    }
    return wait;
}

/* ---- Cycles ---------------------------------------------------------------------------------- */

/* The threads that `start' waits for come back to it: they are `cycle' then. */
static bool find_cycle(unsigned start, bool needs_certainty, struct hde_set *cycle)
{
    static const struct hde_set nobody;
    unsigned id = start;

    *cycle = nobody;
    do {
        struct wait wait = find_wait(thread_at(id));

        if (wait.owner == HDE_NOBODY || (needs_certainty && !wait.is_certain)) {
            return false;
        }
        hde_set_add(cycle, id);
        id = wait.owner;
    } while (!hde_set_has(cycle, id));
    return id == start;
}

static struct hde_place place_of(const struct hde_thread *thread)
{
    struct hde_place place = hde_thread_place(thread);

    place.address = find_wait(thread).object->address;
    return place;
}

static void add_place(struct hde_finding *finding, const struct hde_place *place)
{
    if (finding->places_count < HDE_PLACES_MAX) {
        finding->places[finding->places_count++] = *place;
    }
}

static void add_waits(struct hde_finding *finding, const struct hde_set *threads)
{
    for (unsigned id = hde_set_first(threads); id < HDE_THREADS_MAX;
         id = hde_set_next(threads, id + 1)) {
        struct hde_place place = place_of(thread_at(id));

        add_place(finding, &place);
    }
}

static enum hde_finding_class class_of(const struct hde_set *cycle)
{
    enum hde_finding_class class =
        hde_set_count(cycle) == 1 ? HDE_CLASS_SELF : HDE_CLASS_LOCK_CYCLE;

    for (unsigned id = hde_set_first(cycle); id < HDE_THREADS_MAX;
         id = hde_set_next(cycle, id + 1)) {
        if (find_wait(thread_at(id)).object->kind == HDE_OBJECT_THREAD_END) {
            class = HDE_CLASS_JOIN_CYCLE;
        }
    }
    return class;
}

static noreturn void fail_cycle(const struct hde_set *cycle)
{
    struct hde_finding finding = {.kind = HD_DEADLOCK, .class = class_of(cycle)};

    add_waits(&finding, cycle);
    hde_execution_fail(&finding);
}

static void blocked(struct hde_thread *thread)
{
    struct hde_set cycle;

    if (find_cycle(thread->id, true, &cycle)) {
        fail_cycle(&cycle);
    }
}

/* ---- Nobody can step ------------------------------------------------------------------------- */

/* What a thread misses that waits for none of those that are still there. */
static enum hde_finding_class find_missing(const struct hde_thread *thread)
{
    struct wait wait = find_wait(thread);

    if (wait.object == &nothing || wait.object->kind == HDE_OBJECT_THREAD_END) {
        return HDE_CLASS_NONE;
    }
    if (wait.owner != HDE_NOBODY) {
        return thread_at(wait.owner)->has_ended ? HDE_CLASS_HOLDER_ENDED : HDE_CLASS_NONE;
    }
    return wait.object->kind == HDE_OBJECT_CONDITION && wait.object->notified.pc != 0
               ? HDE_CLASS_LOST_WAKE_UP
               : HDE_CLASS_NEVER_NOTIFIED;
}

static struct hde_place cause_of(const struct hde_object *object, enum hde_finding_class class)
{
    bool is_acquire = class == HDE_CLASS_HOLDER_ENDED;
    const struct hde_deed *deed = is_acquire ? &object->acquired : &object->notified;

    return (struct hde_place){
        .address = object->address,
        .pc = deed->pc,
        .context = deed->context,
        .event = deed->event,
        .thread = deed->thread,
        .event_kind = is_acquire ? HDE_EVENT_LOCK : HDE_EVENT_NOTIFY,
        .size = 1,
        .is_cause = true,
    };
}

/* The waits of all threads that miss the same, and its cause. */
static noreturn void fail_missing(enum hde_finding_class class, const struct hde_set *threads)
{
    struct hde_finding finding = {.kind = HD_DEADLOCK, .class = class};
    const struct hde_thread *first = thread_at(hde_set_first(threads));

    add_waits(&finding, threads);
    if (class != HDE_CLASS_NEVER_NOTIFIED) {
        struct hde_place cause = cause_of(find_wait(first).object, class);

        if (finding.places_count == HDE_PLACES_MAX) {
            finding.places_count--; /* it says more than one wait of many */
        }
        add_place(&finding, &cause);
    }
    hde_execution_fail(&finding);
}

/* Who waits for somebody that will never let it go on, e.g. a thread that was stopped. */
static struct hde_set find_waiting(void)
{
    struct hde_set waiting = {{0}};

    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        if (is_blocked(thread_at(id))) {
            hde_set_add(&waiting, id);
        }
    }
    return waiting;
}

static void stuck(void)
{
    /* The one that says most comes first. */
    static const enum hde_finding_class classes[] = {
        HDE_CLASS_HOLDER_ENDED,
        HDE_CLASS_LOST_WAKE_UP,
        HDE_CLASS_NEVER_NOTIFIED,
    };
    static const struct hde_set nobody;
    struct hde_set missing[HDE_FINDING_CLASSES];

    for (unsigned class = 0; class < HDE_FINDING_CLASSES; class ++) {
        missing[class] = nobody;
    }
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        struct hde_set cycle;

        if (find_cycle(id, false, &cycle)) {
            fail_cycle(&cycle);
        }
        hde_set_add(&missing[find_missing(thread_at(id))], id);
    }
    for (unsigned i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (!hde_set_is_empty(&missing[classes[i]])) {
            fail_missing(classes[i], &missing[classes[i]]);
        }
    }
    missing[HDE_CLASS_NONE] = find_waiting();
    if (!hde_set_is_empty(&missing[HDE_CLASS_NONE])) {
        fail_missing(HDE_CLASS_NEVER_NOTIFIED, &missing[HDE_CLASS_NONE]);
    }
    hde_fatal("no thread can step, and none waits for anything");
}

const struct hde_detector hde_detector_deadlock = {
    .name = "deadlock",
    .summary = "threads that wait for ever: cycles of locks and joins, missed and missing notifies",
    .blocked = blocked,
    .stuck = stuck,
};
