/*
 * Waiter: one thread that waits in a list, on a word of its own.
 *
 * The waiter lives on its thread's stack, so nothing is allocated, and it leaves the function that
 * made it only when nobody can touch it any more: woken, or taken off its list by itself. Whoever
 * wakes it need not touch the object with the list again: that is what makes it safe to destroy an
 * object while threads that it has let go are still waking up.
 *
 * Life of `state`:
 *
 *     AWAKE -> ASLEEP -> LEAVING            by the waiter; LEAVING when its deadline has come
 *     AWAKE or ASLEEP -> CLAIMED            by a waker, under the guard of the list
 *     any -> WOKEN                          by the waker that took it off the list; its last access
 *
 * A waiter that is LEAVING takes the guard and looks whether it is still listed: if so it takes
 * itself off and gives up, else it waits for its waker. A waiter that is CLAIMED cannot leave any
 * more: for objects that must know, before they let anybody go, that all will go.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_WAITER_H
#define HEDDLE_PRIMITIVES_WAITER_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/result.h>
#include <heddle/waiter_list.h>

enum hd_waiter_state {
    HD_WAITER_AWAKE,   /* looking, or about to sleep */
    HD_WAITER_ASLEEP,  /* a waker must wake it through the kernel */
    HD_WAITER_LEAVING, /* its deadline has come */
    HD_WAITER_CLAIMED, /* awake or asleep; will be woken, whatever its deadline */
    HD_WAITER_WOKEN,   /* over; `outcome` is set */
};

struct hd_waiter {
    struct hd_waiter *previous; /* under the list's guard */
    struct hd_waiter *next;     /* under the list's guard; once taken, the taker's */
    uint32_t state;             /* atomic; an enum hd_waiter_state */
    bool is_listed;             /* under the list's guard */
    bool is_late;               /* the waiter's: it has been LEAVING */
    enum hd_result outcome;     /* the waker's until WOKEN, then the waiter's */
};

/* Make `waiter` the last in `list`, awake. Under the guard. */
void hd_waiter_list_append(struct hd_waiter_list *list, struct hd_waiter *waiter);

/* Take `waiter`, which is in `list`, off it. Under the guard. */
void hd_waiter_list_remove(struct hd_waiter_list *list, struct hd_waiter *waiter);

/* Take the first waiter off `list`; NULL if there is none. Under the guard. */
struct hd_waiter *hd_waiter_list_take_first(struct hd_waiter_list *list);

/* Take all waiters off `list`: they are chained by `next`. Under the guard. */
struct hd_waiter *hd_waiter_list_take_all(struct hd_waiter_list *list);

static inline bool hd_waiter_list_is_empty(const struct hd_waiter_list *list)
{
    return list->first == NULL;
}

/* Sleep until woken: true. False if `deadline_ns` came first: the waiter is LEAVING. */
bool hd_waiter_sleep(struct hd_waiter *waiter, uint64_t deadline_ns);

/*
 * Wait in `list`, to which `waiter` was appended, until woken: true, without the guard. False if
 * `deadline_ns` came first: the waiter is off the list, and the guard is held. `guard` is the word
 * lock of the list, and held at the call.
 */
bool hd_waiter_wait(struct hd_waiter *waiter,
                    struct hd_waiter_list *list,
                    uint32_t *guard,
                    uint64_t deadline_ns);

/* Keep `waiter` from leaving: true unless it is already LEAVING. Under the guard. */
bool hd_waiter_claim(struct hd_waiter *waiter);

/* Let `waiter`, which was taken off its list, go with `outcome`. It is gone when this returns. */
void hd_waiter_wake(struct hd_waiter *waiter, enum hd_result outcome);

/* Let all go that hd_waiter_list_take_all() took. */
void hd_waiter_wake_all(struct hd_waiter *first, enum hd_result outcome);

#endif
