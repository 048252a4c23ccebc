/*
 * Thread: one controlled thread of an execution.
 *
 * Ids are dense and in the order of creation; the thread that runs main, or a scenario's setup and
 * check, is 0.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_THREAD_H
#define HEDDLE_ENGINE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/clock.h"
#include "engine/object.h"

#define HDE_HELD_MAX 64U    /* locks held at once that reports can name */
#define HDE_FRAMES_MAX 512U /* frames whose extent is known */
#define HDE_SPIN_SET 8U

/*
 * How often each read that a thread may be spinning on has been seen, since it last changed
 * anything.
 */
struct hde_spin_read {
    uint64_t address;
    uint64_t value;
    uint32_t pc;
    int32_t repeats; /* below 0: so many more do not count */
};

/* A read that comes back in a loop, whatever the thread changes in between (round.h). */
struct hde_lap {
    uint64_t address;
    uint64_t value;
    uint64_t changes; /* of anything, until it was seen last: who only looks is spin.c's */
    uint32_t pc;
    uint32_t count; /* times in a row that it was seen */
};

#define HDE_LAPS 4U /* by code address */

/*
 * What every step touches comes first, and threads begin at different places in their pages: else
 * these parts of all threads would compete for the same few sets of the processor's cache.
 */
struct hde_thread {
    void *fiber; /* where it is suspended */
    uint8_t id;
    bool has_ended;
    bool is_ending; /* its function is over: destructors run */
    bool is_detached;
    bool is_joined;     /* or being joined */
    bool is_of_engine;  /* one of a scenario's .threads: primed, and joined by the engine */
    bool has_timed_out; /* of the last wait: its deadline came first */
    int saved_errno;    /* while it does not run */

    uint32_t events;      /* so far; the number of the pending one */
    uint32_t syncs;       /* of them: those that are no plain accesses */
    uint32_t quiet_until; /* number of the event that is a choice even if it is not visible */
    uint32_t fast_until;  /* the same, or 0 where each access is looked at more closely */
    uint32_t context;     /* calling context (context.h) */
    uint32_t depth;       /* of instrumented calls: index into frames */
    uint32_t reads_count; /* of `reads' */
    uint32_t held_count;  /* of `held'; may exceed HDE_HELD_MAX; the rest has no name */

    /* Its id and time as they stand in the records of its accesses (shadow.h). Follows `clock'. */
    uint64_t stamp;

    struct hde_object *waits_for; /* while at a gate or among waiters; NULL otherwise */
    struct hde_object *wants;     /* the annotated lock it is acquiring; NULL if none */
    uint64_t deadline_ns;         /* of the wait; UINT64_MAX: none */
    uint64_t wait_began;          /* the step at which it joined the waiters: who waits longest */

    struct hde_clock clock; /* what it knows */

    struct hde_object *held[HDE_HELD_MAX]; /* locks, in the order of acquiring */

    void *(*function)(void *);
    void *argument;
    void *result;
    struct hde_deed created; /* by its parent */

    struct hde_spin_read reads[HDE_SPIN_SET]; /* spin.c */
    uint64_t spin_state;  /* registers and stack, as they were at one of its turns */
    uint32_t spin_passes; /* turns since it may be a livelock */
    bool is_repeating;    /* they have been the same again */

    struct hde_lap laps[HDE_LAPS]; /* round.c */

    struct hde_clock at_fence;  /* what it knew at its last release fence; size 0: none */
    struct hde_clock for_fence; /* what relaxed loads found, for its next acquire fence */

    uintptr_t frames[HDE_FRAMES_MAX]; /* stack pointer at the entry of each call */
};

_Static_assert(sizeof(struct hde_thread) % 1024 != 0, "threads begin at few places in a page");

#endif
