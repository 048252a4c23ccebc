/*
 * Barrier: a fixed number of threads wait for each other, round after round.
 *
 *     static struct hd_barrier barrier = HD_BARRIER_INITIALIZER(3);
 *
 *     for (round = 0; round < rounds; round++) {
 *         compute(mine, round);
 *         if (hd_barrier_wait(&barrier, NULL) != HD_OK) {
 *             break; // somebody gave up
 *         }
 *     }
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                         init  wait*  reset  abort  is_broken  waiting  destroy
 *                 init     X     X      X      X        X          X       X
 *                 wait*    X     -      -      -        -          -       X
 *                 reset    X     -      -      -        -          -       X
 *                 abort    X     -      -      -        -          -       X
 *                 is_broken X    -      -      -        -          -       X
 *                 waiting  X     -      -      -        -          -       X
 *                 destroy  X     X      X      X        X          X       X
 *
 * Lifetime      Any thread whose wait has returned HD_OK may destroy and free the barrier, provided
 *               nobody begins another call: threads of that round that have not yet returned touch
 *               it no more. After HD_BROKEN or HD_TIMEOUT, only once every wait has returned.
 * Ordering      In a round that succeeds everything before each wait happens before the action, and
 *               the action happens before the return of every wait. A wait that ends HD_BROKEN is
 *               ordered after the reset, abort or time-out that ended it.
 * Fairness      A thread cannot enter a round twice; more threads than parties share rounds as they
 *               come.
 * Fork          The child may use it if no thread was waiting at the fork; else initialise it anew.
 * Source        Semantics of Python's threading.Barrier; departures: the thread whose own deadline
 *               passed gets HD_TIMEOUT, only the others HD_BROKEN; an action cannot fail.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_BARRIER_H
#define HEDDLE_BARRIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>
#include <heddle/waiter_list.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Runs once a round, in the thread that arrived last. Must return, and not call its own barrier. */
typedef void hd_barrier_action(void *argument);

struct hd_barrier {
    uint32_t guard;                /* atomic; the bits of struct hd_lock */
    uint32_t parties;              /* constant after init */
    uint32_t arrived;              /* under guard: threads in the round; less than parties */
    bool is_broken;                /* under guard */
    struct hd_waiter_list waiters; /* under guard: the `arrived` threads, first come first */
    hd_barrier_action *action;     /* constant after init; may be NULL */
    void *argument;                /* constant after init; for action */
};

/* `parties` is a constant, at least 1. */
#define HD_BARRIER_INITIALIZER(parties)                                                            \
    {0, (parties), 0, false, HD_WAITER_LIST_INITIALIZER, NULL, NULL}

/* The same with an action. */
#define HD_BARRIER_INITIALIZER_ACTION(parties, action, argument)                                   \
    {0, (parties), 0, false, HD_WAITER_LIST_INITIALIZER, (action), (argument)}

/*
 * Make `barrier` a barrier for `parties` threads. HD_BARRIER_INITIALIZER_ACTION does the same.
 *
 * Requires    Nobody uses *barrier. `action` may be NULL.
 * Blocks      No.
 * Returns     HD_OK       it is ready.
 *             HD_INVALID  parties is 0; nothing has changed.
 * Ownership   `argument` stays the caller's and must live as long as the barrier is waited at.
 * Ordering    None; publish the barrier to other threads by other means.
 */
HD_MUST_CHECK enum hd_result hd_barrier_init(struct hd_barrier *barrier,
                                             uint32_t parties,
                                             hd_barrier_action *action,
                                             void *argument);

/*
 * End the life of `barrier`. Its memory may be re-used afterwards.
 *
 * Requires    No round is under way, and nobody is calling into *barrier but waits whose round is
 *             complete.
 * Blocks      No.
 * Ordering    None.
 */
void hd_barrier_destroy(struct hd_barrier *barrier);

/*
 * Arrive, and wait until all parties of this round have. The last one runs the action.
 *
 * Requires    Initialised. `index` may be NULL.
 * Blocks      Yes, unless the caller is the last or the barrier is broken.
 * Returns     HD_OK      the round is complete; *index is the caller's place in the order of
 *                        arrival: 0 to parties - 1, each once a round.
 *             HD_BROKEN  the barrier is or became broken, or was reset; *index is unchanged.
 * Ordering    Release and acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_barrier_wait(struct hd_barrier *barrier, uint32_t *index);

/*
 * Like hd_barrier_wait(), but break the barrier if the round is not complete at `deadline_ns`.
 *
 * Requires    Initialised. `index` may be NULL.
 * Blocks      Yes, unless the caller is the last or the barrier is broken. HD_FOREVER waits without
 *             a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns().
 * Returns     HD_OK       as hd_barrier_wait().
 *             HD_TIMEOUT  the deadline came first; the barrier is broken now, *index is unchanged.
 *             HD_BROKEN   as hd_barrier_wait().
 * Ordering    Release and acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result
hd_barrier_wait_until(struct hd_barrier *barrier, uint32_t *index, uint64_t deadline_ns);

/*
 * Give the barrier a fresh, unbroken, empty round. Threads that wait return HD_BROKEN.
 *
 * Requires    Initialised.
 * Blocks      Only while an action runs.
 * Ordering    Release: it happens before the return of each wait that it ends.
 */
void hd_barrier_reset(struct hd_barrier *barrier);

/*
 * Break the barrier: threads that wait, and all that arrive until a reset, return HD_BROKEN.
 *
 * Requires    Initialised.
 * Blocks      Only while an action runs.
 * Ordering    Release: it happens before the return of each wait that it ends.
 */
void hd_barrier_abort(struct hd_barrier *barrier);

/*
 * Whether the barrier is broken at this moment.
 *
 * Requires    Initialised.
 * Blocks      Only while an action runs.
 * Returns     True from an abort or a time-out until the next reset.
 * Ordering    Acquire: after the abort or time-out that it sees.
 */
bool hd_barrier_is_broken(struct hd_barrier *barrier);

/*
 * How many threads are waiting in the present round.
 *
 * Requires    Initialised.
 * Blocks      Only while an action runs.
 * Returns     0 to parties - 1.
 * Ordering    Acquire: after the arrivals that it counts.
 */
uint32_t hd_barrier_waiting(struct hd_barrier *barrier);

#ifdef __cplusplus
}
#endif

#endif
