/*
 * Deadlock: threads that wait for ever.
 *
 * A thread waits for others if they hold the lock it wants, or are what it joins: a writer for all
 * readers, a reader for the writer, or, where a waiting writer keeps readers out, for that one. It
 * goes on only when all of them have let it. So when a thread begins to wait without a deadline,
 * those it waits for are followed, and those these wait for; if that comes back to it, the threads
 * on the way wait for ever, whatever the others do. When no thread can step at all, it is asked
 * once more whether there is such a cycle, now also through locks that any thread could have
 * released; if not, the threads at the ends of the chains say what is missing: a lock whose holder
 * is gone, a notify, a post, or who else should come to a barrier.
 *
 * Places: the waits of the cycle, by thread; or the waits at the ends of the chains. A thread that
 * waits for those is a consequence and not named. As a cause: where the lock was acquired whose
 * holder ended, or that its reader wants to write; the notify that found nobody, if no later one of
 * that condition variable found somebody.
 *
 * Guarantee  Reports a deadlock in every execution that has one: as soon as the last thread of a
 *            cycle begins to wait, or when nothing can step. A wait with a deadline is never part
 *            of one. Nothing is reported of an execution that could go on.
 * Misses     Deadlocks of other interleavings (detectors/lock_order.c has those of locks). While
 *            other threads go on: cycles through annotated locks, a lock whose holder ended, and
 *            waits for a notify, a post or a barrier, which any thread may end; these are reported
 *            only when nothing can step. Who took the units of a semaphore is not asked.
 * Source     Coffman, Elphick, Shoshani, System deadlocks, Computing Surveys 1971; Knapp, Deadlock
 *            detection in distributed databases, Computing Surveys 1987 (waits for all of several).
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
    const struct hde_object *object; /* a lock, a condition, a thread's end ..., or `nothing' */
    struct hde_set others;           /* all of them must let it go on; empty if they are unknown */
    bool is_certain;                 /* nobody else can */
};

static const struct hde_thread *thread_at(unsigned id) { return &hde_execution.threads[id]; }

/* Whether it waits without a deadline, and nobody has let it go on yet. */
static bool is_blocked(const struct hde_thread *thread)
{
    const struct hde_object *object = thread->waits_for;

    if (thread->has_ended || object == NULL || thread->deadline_ns != HDE_FOREVER) {
        return false;
    }
    if (hde_set_has(&object->at_gate, thread->id)) {
        return !object->is_open;
    }
    return hde_set_has(&object->waiters, thread->id);
}

/* Its owner, or all that hold it as readers. */
static struct hde_set find_holders(const struct hde_object *lock)
{
    struct hde_set holders = {{0}};

    if (lock->owner != HDE_NOBODY) {
        hde_set_add(&holders, lock->owner);
    }
    if (lock->shared == 0) {
        return holders;
    }
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        if (hde_thread_holds(thread_at(id), lock)) {
            hde_set_add(&holders, id);
        }
    }
    return holders;
}

/* Of a rwlock that a thread wants: where who holds it is noted. */
static const struct hde_object *lock_of(const struct hde_object *object)
{
    return object->kind == HDE_OBJECT_READERS ? hde_object_find(HDE_OBJECT_RWLOCK, object->address)
                                              : object;
}

static struct wait find_wait(const struct hde_thread *thread)
{
    struct wait wait = {.object = &nothing};

    if (!is_blocked(thread)) {
        return wait;
    }
    wait.object = lock_of(thread->waits_for);
    switch (thread->waits_for->kind) {
    case HDE_OBJECT_READERS:
        wait.is_certain = true;
        wait.others =
            wait.object->owner == HDE_NOBODY ? wait.object->waiters : find_holders(wait.object);
        break;
    case HDE_OBJECT_MUTEX:
    case HDE_OBJECT_RWLOCK:
    case HDE_OBJECT_SPINLOCK:
    case HDE_OBJECT_ONCE:
    case HDE_OBJECT_THREAD_END:
        wait.is_certain = true;
        wait.others = find_holders(wait.object);
        break;
    default:
        if (thread->wants != NULL) {
            wait.object = thread->wants;
            wait.is_certain = !wait.object->is_unowned;
            wait.others = find_holders(wait.object);
        }
        break;
    }
    return wait;
}

/* ---- Cycles ---------------------------------------------------------------------------------- */

/* A search in breadth: threads in the order in which they were found, and who waits for each. */
static struct {
    unsigned count;
    uint8_t found[HDE_THREADS_MAX];
    uint8_t waiter[HDE_THREADS_MAX]; /* by thread */
    struct hde_set is_found;
} search;

static void find_others(unsigned waiter, const struct hde_set *others)
{
    for (unsigned id = hde_set_first(others); id < HDE_THREADS_MAX;
         id = hde_set_next(others, id + 1)) {
        if (!hde_set_has(&search.is_found, id)) {
            hde_set_add(&search.is_found, id);
            search.waiter[id] = (uint8_t)waiter;
            search.found[search.count++] = (uint8_t)id;
        }
    }
}

/* From `start' to `last', who waits for `start'. */
static void trace_back(unsigned start, unsigned last, struct hde_set *cycle)
{
    static const struct hde_set nobody;

    *cycle = nobody;
    hde_set_add(cycle, start);
    for (unsigned id = last; id != start; id = search.waiter[id]) {
        hde_set_add(cycle, id);
    }
}

/* The threads that `start' waits for come back to it: a shortest way there is `cycle' then. */
static bool find_cycle(unsigned start, bool needs_certainty, struct hde_set *cycle)
{
    struct hde_set only_start = {{0}};

    hde_set_add(&only_start, start);
    search.count = 0;
    search.is_found = (struct hde_set){{0}};
    find_others(start, &only_start);
    for (unsigned next = 0; next < search.count; next++) {
        struct wait wait = find_wait(thread_at(search.found[next]));

        if (needs_certainty && !wait.is_certain) {
            continue;
        }
        if (hde_set_has(&wait.others, start)) {
            trace_back(start, search.found[next], cycle);
            return true;
        }
        find_others(search.found[next], &wait.others);
    }
    return false;
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

/* Where `object' was acquired, or the notify that came too early. */
static struct hde_place cause_of(const struct hde_object *object, enum hde_finding_class class)
{
    bool is_notify = class == HDE_CLASS_LOST_WAKE_UP;
    const struct hde_deed *deed = is_notify ? &object->notified : &object->acquired;

    return (struct hde_place){
        .address = object->address,
        .pc = deed->pc,
        .context = deed->context,
        .event = deed->event,
        .thread = deed->thread,
        .event_kind = is_notify ? HDE_EVENT_NOTIFY : HDE_EVENT_LOCK,
        .size = 1,
        .is_cause = true,
    };
}

static void add_cause(struct hde_finding *finding, const struct hde_object *object)
{
    struct hde_place cause = cause_of(object, finding->class);

    if (finding->places_count == HDE_PLACES_MAX) {
        finding->places_count--; /* it says more than one wait of many */
    }
    add_place(finding, &cause);
}

/* Of one thread of a cycle, `is_alone' in it or not. */
static enum hde_finding_class class_of_wait(const struct hde_thread *thread, bool is_alone)
{
    struct wait wait = find_wait(thread);
    bool is_reader = wait.object->kind == HDE_OBJECT_RWLOCK && wait.object->owner == HDE_NOBODY &&
                     hde_thread_holds(thread, wait.object);

    if (wait.object->kind == HDE_OBJECT_THREAD_END) {
        return HDE_CLASS_JOIN_CYCLE;
    }
    if (is_reader) {
        return thread->waits_for->kind == HDE_OBJECT_READERS ? HDE_CLASS_RECURSIVE_READ
                                                             : HDE_CLASS_UPGRADE;
    }
    return is_alone ? HDE_CLASS_SELF : HDE_CLASS_LOCK_CYCLE;
}

/* A cycle of locks is nothing more particular if none of its waits is. */
static enum hde_finding_class class_of(const struct hde_set *cycle)
{
    bool is_alone = hde_set_count(cycle) == 1;
    enum hde_finding_class class = HDE_CLASS_LOCK_CYCLE;

    for (unsigned id = hde_set_first(cycle); id < HDE_THREADS_MAX;
         id = hde_set_next(cycle, id + 1)) {
        enum hde_finding_class of_wait = class_of_wait(thread_at(id), is_alone);

        class = of_wait == HDE_CLASS_LOCK_CYCLE ? class : of_wait;
    }
    return class;
}

static noreturn void fail_cycle(const struct hde_set *cycle)
{
    struct hde_finding finding = {.kind = HD_DEADLOCK, .class = class_of(cycle)};
    const struct hde_thread *first = thread_at(hde_set_first(cycle));
    const struct hde_object *lock = find_wait(first).object;

    add_waits(&finding, cycle);
    if (finding.class == HDE_CLASS_UPGRADE && lock->acquired.thread == first->id) {
        add_cause(&finding, lock);
    }
    hde_execution_fail(&finding);
}

static void blocked(struct hde_thread *thread)
{
    const struct hde_object *object = thread->waits_for;
    struct hde_set cycle;

    /* As a rule it is a mutex whose owner is at work. */
    if (object->kind == HDE_OBJECT_MUTEX && !is_blocked(thread_at(object->owner))) {
        return;
    }
    if (find_cycle(thread->id, true, &cycle)) {
        fail_cycle(&cycle);
    }
}

/* ---- Nobody can step ------------------------------------------------------------------------- */

static bool has_ended_one(const struct hde_set *threads)
{
    for (unsigned id = hde_set_first(threads); id < HDE_THREADS_MAX;
         id = hde_set_next(threads, id + 1)) {
        if (thread_at(id)->has_ended) {
            return true;
        }
    }
    return false;
}

/* What a thread misses that waits for none of those that are still there. */
static enum hde_finding_class find_missing(const struct hde_thread *thread)
{
    struct wait wait = find_wait(thread);

    if (!hde_set_is_empty(&wait.others)) {
        return wait.object->kind != HDE_OBJECT_THREAD_END && has_ended_one(&wait.others)
                   ? HDE_CLASS_HOLDER_ENDED
                   : HDE_CLASS_NONE;
    }
    switch (wait.object->kind) {
    case HDE_OBJECT_KINDS: /* nothing */
    case HDE_OBJECT_THREAD_END:
        return HDE_CLASS_NONE;
    case HDE_OBJECT_SEMAPHORE:
        return HDE_CLASS_NEVER_POSTED;
    case HDE_OBJECT_BARRIER:
        return HDE_CLASS_PARTY_MISSING;
    case HDE_OBJECT_CONDITION:
        return wait.object->notified.pc != 0 ? HDE_CLASS_LOST_WAKE_UP : HDE_CLASS_NEVER_NOTIFIED;
    default:
        return HDE_CLASS_NEVER_NOTIFIED;
    }
}

/* Whether what is known of how it came about is a cause of this finding. */
static bool has_cause(enum hde_finding_class class, const struct hde_object *object)
{
    if (class == HDE_CLASS_HOLDER_ENDED) {
        return thread_at(object->acquired.thread)->has_ended;
    }
    return class == HDE_CLASS_LOST_WAKE_UP;
}

/* The waits of all threads that miss the same, and its cause. */
static noreturn void fail_missing(enum hde_finding_class class, const struct hde_set *threads)
{
    struct hde_finding finding = {.kind = HD_DEADLOCK, .class = class};
    const struct hde_object *object = find_wait(thread_at(hde_set_first(threads))).object;

    add_waits(&finding, threads);
    if (has_cause(class, object)) {
        add_cause(&finding, object);
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
        HDE_CLASS_HOLDER_ENDED, HDE_CLASS_LOST_WAKE_UP,   HDE_CLASS_PARTY_MISSING,
        HDE_CLASS_NEVER_POSTED, HDE_CLASS_NEVER_NOTIFIED,
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
    .summary = "threads that wait for ever: cycles of locks and joins, missed and missing "
               "notifies, posts, parties",
    .blocked = blocked,
    .stuck = stuck,
};
