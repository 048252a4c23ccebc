/*
 * Lock order: locks that threads acquire in a circle, in executions that went well.
 *
 * When a thread acquires a lock while it holds others, that is an edge from each of them
 * (lock_order.h). What creates and joins threads is logged, and tells how edges are ordered, once
 * there is a new one. Which circles are real, directed executions find out (explore.c): one that
 * they reach is a deadlock like any other; one that they do not reach is a note, no finding, for
 * nothing shows that the program can get there.
 *
 * Guarantee  Each circle of at most HDE_CYCLE_MAX locks whose edges were seen in any executions of
 *            the exploration is noted, unless one thread, a gate lock or create and join keep its
 *            edges apart, up to 32 circles of 1,024 edges. Nothing is noted of locks that are
 *            always acquired in one order. A note never makes a program guilty.
 * Misses     Locks acquired by a try or with a deadline: they give up (held, they count). Two
 *            readers kept apart by a writer that waits between them. What else than create and join
 *            keeps edges apart, as a notify does, is not known: such circles are noted and then
 *            cannot be reached. A lock whose memory was another lock's before, on a stack, counts
 *            as the same. Programs that create other threads in each execution.
 * Source     Havelund, SPIN 2000; Bensalem and Havelund, HVC 2005.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include "engine/detector.h"
#include "engine/execution.h"
#include "engine/lock_order.h"

#define KINSHIP_MAX (2 * HDE_THREADS_MAX)

/* One thread created or joined another one, in this execution. */
struct kinship {
    uint8_t thread;
    uint8_t other;
    bool is_join;
};

static struct kinship kinships[KINSHIP_MAX];
static uint32_t kinships_count;
static uint16_t segment_numbers[HDE_THREADS_MAX]; /* by thread: kinships of its own so far */

static void begin(void)
{
    kinships_count = 0;
    segment_numbers[0] = 0;
}

static void log_kinship(unsigned thread, unsigned other, bool is_join)
{
    if (kinships_count < KINSHIP_MAX) {
        kinships[kinships_count++] = (struct kinship){
            .thread = (uint8_t)thread,
            .other = (uint8_t)other,
            .is_join = is_join,
        };
        segment_numbers[thread]++;
    }
}

static void created(const struct hde_thread *thread, const struct hde_thread *other)
{
    segment_numbers[other->id] = 0;
    log_kinship(thread->id, other->id, false);
}

static void joined(const struct hde_thread *thread, const struct hde_thread *other)
{
    log_kinship(thread->id, other->id, true);
}

/* ---- Segments -------------------------------------------------------------------------------- */

static void copy(struct hde_segment *to, const struct hde_segment *from)
{
    for (unsigned i = 0; i < hde_execution.threads_count; i++) {
        to->at[i] = from->at[i];
    }
}

static void join(struct hde_segment *to, const struct hde_segment *from)
{
    for (unsigned i = 0; i < hde_execution.threads_count; i++) {
        to->at[i] = to->at[i] < from->at[i] ? from->at[i] : to->at[i];
    }
}

/* Where `thread' is now, from the log of the execution: only for a new edge. */
static struct hde_segment segment_of(unsigned thread)
{
    static struct hde_segment segments[HDE_THREADS_MAX];

    segments[0] = (struct hde_segment){.at = {1}};
    for (uint32_t i = 0; i < kinships_count; i++) {
        const struct kinship *kinship = &kinships[i];
        struct hde_segment *own = &segments[kinship->thread];
        struct hde_segment *other = &segments[kinship->other];

        if (kinship->is_join) {
            join(own, other);
        } else {
            copy(other, own);
            other->at[kinship->other] = 1;
        }
        own->at[kinship->thread]++;
    }
    segments[thread].size = (uint16_t)hde_execution.threads_count;
    return segments[thread];
}

/* ---- Edges ----------------------------------------------------------------------------------- */

static uint64_t mix_in(uint64_t hash, uint64_t value)
{
    uint64_t mixed = (hash ^ value) * UINT64_C(0x9fb21c651e98df25);

    return mixed ^ mixed >> 32;
}

static uint64_t mix_deed(uint64_t hash, const struct hde_deed *deed)
{
    return mix_in(hash, (uint64_t)deed->pc << 32 | deed->context);
}

static bool is_shared(const struct hde_thread *thread, const struct hde_object *lock)
{
    return lock->owner != thread->id;
}

/* Whether who acquires so may have to wait for ever. */
static bool can_wait(const struct hde_thread *thread,
                     const struct hde_object *lock,
                     const struct hde_event *event)
{
    if (event->kind != HDE_EVENT_LOCK && event->kind != HDE_EVENT_SHARED_LOCK) {
        return false;
    }
    /* An annotated lock waits by other means, and says of a deadline that it is a try. */
    return lock->kind == HDE_OBJECT_ANNOTATION ? lock->type != HDE_USE_AS_SEMAPHORE
                                               : thread->deadline_ns == HDE_FOREVER;
}

static struct hde_lock_use use_of(const struct hde_thread *thread, const struct hde_object *lock)
{
    return (struct hde_lock_use){.address = lock->address, .is_shared = is_shared(thread, lock)};
}

static void add_guards(struct hde_lock_edge *edge, const struct hde_thread *thread, uint32_t held)
{
    for (uint32_t i = 0; i < held && edge->guards_count < HDE_GUARDS_MAX; i++) {
        if (thread->held[i]->address != edge->held.address) {
            edge->guards[edge->guards_count++] = use_of(thread, thread->held[i]);
        }
    }
}

/* Where thread holds a lock that several hold: the last of them to come is all that is known. */
static struct hde_deed acquired_by(const struct hde_thread *thread, const struct hde_object *lock)
{
    struct hde_deed deed = lock->acquired;

    deed.thread = thread->id;
    return deed;
}

static void add_edge(const struct hde_thread *thread,
                     uint32_t held,
                     uint32_t from,
                     const struct hde_event *event,
                     uint64_t address)
{
    static struct hde_lock_edge edge;

    edge = (struct hde_lock_edge){
        .held = use_of(thread, thread->held[from]),
        .wanted = {.address = address, .is_shared = event->kind == HDE_EVENT_SHARED_LOCK},
        .held_at = acquired_by(thread, thread->held[from]),
        .wanted_at = {.pc = event->pc,
                      .context = thread->context,
                      .event = thread->events,
                      .thread = thread->id},
        .segment = segment_of(thread->id),
    };
    add_guards(&edge, thread, held);
    hde_lock_order_add(&edge);
}

/* The last of the locks held is the one that has just been acquired. */
static void
nested(struct hde_thread *thread, struct hde_object *lock, const struct hde_event *event)
{
    uint32_t held = (thread->held_count < HDE_HELD_MAX ? thread->held_count : HDE_HELD_MAX) - 1;
    uint64_t hash = mix_in((uint64_t)thread->id << 32 | segment_numbers[thread->id], lock->address);

    if (!can_wait(thread, lock, event)) {
        return;
    }
    hash = mix_in(hash, (uint64_t)event->pc << 32 | thread->context);
    for (uint32_t i = 0; i < held; i++) {
        hash = mix_in(hash, thread->held[i]->address | is_shared(thread, thread->held[i]));
        hash = mix_deed(hash, &thread->held[i]->acquired);
    }
    if (hde_lock_order_knows(mix_in(hash, event->kind))) {
        return;
    }
    for (uint32_t i = 0; i < held; i++) {
        if (thread->held[i]->address != lock->address) {
            add_edge(thread, held, i, event, lock->address);
        }
    }
}

const struct hde_detector hde_detector_lock_order = {
    .name = "lock_order",
    .summary = "locks acquired in a circle: driven to a deadlock, or noted",
    .begin = begin,
    .nested = nested,
    .created = created,
    .joined = joined,
};
