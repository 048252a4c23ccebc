/*
 * Sleep set: the threads that need not step now, since each execution in which one of them does is
 * equivalent to one that has been.
 *
 * Two executions are equivalent if one becomes the other by swapping neighbouring steps of
 * different threads whose order does not matter. When all executions in which a thread steps at
 * some point have been, it goes to sleep for the others that begin there. It wakes when somebody
 * carries out an event that does not commute with what it is about to do.
 *
 * Invariant: a thread that sleeps has not stepped since, so `events` is still what it is about to
 * do.
 *
 * Source: Godefroid, Partial-order methods for the verification of concurrent systems, LNCS 1032,
 *         1996; equivalence: Mazurkiewicz, Trace theory, 1986.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SLEEP_SET_H
#define HEDDLE_ENGINE_SLEEP_SET_H

#include <stdbool.h>

#include "engine/event.h"
#include "engine/set.h"

struct hde_sleep_set {
    struct hde_set threads;
    struct hde_event events[HDE_THREADS_MAX]; /* of those in `threads' */
};

/*
 * Whether two events of different threads come to the same in either order. What an event may do
 * beyond what it says of itself counts: if in doubt, they do not commute.
 */
bool hde_event_commutes(const struct hde_event *a, const struct hde_event *b);

/* These threads sleep, and no others; `pending`, by thread, is what they are about to do. */
void hde_sleep_set_begin(struct hde_sleep_set *set,
                         const struct hde_set *threads,
                         const struct hde_event *pending);

/* Somebody carries out `event`: who does not commute with it wakes. */
void hde_sleep_set_step(struct hde_sleep_set *set, const struct hde_event *event);

/* Something happened that may concern anybody. */
void hde_sleep_set_wake_all(struct hde_sleep_set *set);

#endif
