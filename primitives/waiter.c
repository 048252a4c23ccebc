/*
 * Waiter: the list, and the sleep.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/waiter.h"

#include <stddef.h>

#include <heddle/clock.h>

#include "primitives/futex.h"
#include "primitives/spin.h"
#include "primitives/word_lock.h"

void hd_waiter_list_append(struct hd_waiter_list *list, struct hd_waiter *waiter)
{
    *waiter = (struct hd_waiter){
        .previous = list->last,
        .next = NULL,
        .state = HD_WAITER_AWAKE,
        .is_listed = true,
        .is_late = false,
        .outcome = HD_OK,
    };
    if (list->last == NULL) {
        list->first = waiter;
    } else {
        list->last->next = waiter;
    }
    list->last = waiter;
}

void hd_waiter_list_remove(struct hd_waiter_list *list, struct hd_waiter *waiter)
{
    if (waiter->previous == NULL) {
        list->first = waiter->next;
    } else {
        waiter->previous->next = waiter->next;
    }
    if (waiter->next == NULL) {
        list->last = waiter->previous;
    } else {
        waiter->next->previous = waiter->previous;
    }
    waiter->next = NULL;
    waiter->is_listed = false;
}

struct hd_waiter *hd_waiter_list_take_first(struct hd_waiter_list *list)
{
    struct hd_waiter *first = list->first;

    if (first != NULL) {
        hd_waiter_list_remove(list, first);
    }
    return first;
}

struct hd_waiter *hd_waiter_list_take_all(struct hd_waiter_list *list)
{
    struct hd_waiter *first = list->first;

    for (struct hd_waiter *waiter = first; waiter != NULL; waiter = waiter->next) {
        waiter->is_listed = false;
    }
    *list = (struct hd_waiter_list)HD_WAITER_LIST_INITIALIZER;
    return first;
}

static bool is_woken_by_looking(const struct hd_waiter *waiter)
{
    for (uint32_t looks = hd_spin_limit(); looks > 0; looks--) {
        /* Acquire: pairs with the release in hd_waiter_wake(). */
        if (__atomic_load_n(&waiter->state, __ATOMIC_ACQUIRE) == HD_WAITER_WOKEN) {
            return true;
        }
        hd_spin_pause();
    }
    return false;
}

/* Move from one state to another, if it is still in it. */
static bool change_state(struct hd_waiter *waiter, uint32_t from, enum hd_waiter_state to)
{
    return __atomic_compare_exchange_n(&waiter->state, &from, (uint32_t)to, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

bool hd_waiter_sleep(struct hd_waiter *waiter, uint64_t deadline_ns)
{
    if (is_woken_by_looking(waiter)) {
        return true;
    }
    (void)change_state(waiter, HD_WAITER_AWAKE, HD_WAITER_ASLEEP);
    for (;;) {
        /* Acquire: pairs with the release in hd_waiter_wake(). */
        uint32_t state = __atomic_load_n(&waiter->state, __ATOMIC_ACQUIRE);

        if (state == HD_WAITER_WOKEN) {
            return true;
        }
        /* Only a waiter that is still free to leave has a deadline. */
        uint64_t until_ns = state == HD_WAITER_ASLEEP ? deadline_ns : HD_FOREVER;

        if (!hd_futex_wait(&waiter->state, state, until_ns) &&
            change_state(waiter, HD_WAITER_ASLEEP, HD_WAITER_LEAVING)) {
            waiter->is_late = true;
            return false;
        }
    }
}

bool hd_waiter_wait(struct hd_waiter *waiter,
                    struct hd_waiter_list *list,
                    uint32_t *guard,
                    uint64_t deadline_ns)
{
    (void)hd_word_lock_release(guard);
    if (hd_waiter_sleep(waiter, deadline_ns)) {
        return true;
    }
    hd_word_lock_acquire(guard);
    if (waiter->is_listed) {
        hd_waiter_list_remove(list, waiter);
        return false;
    }
    (void)hd_word_lock_release(guard);
    /* The waker has it already. It is LEAVING, so this cannot end by a deadline. */
    return hd_waiter_sleep(waiter, HD_FOREVER);
}

bool hd_waiter_claim(struct hd_waiter *waiter)
{
    uint32_t state = __atomic_load_n(&waiter->state, __ATOMIC_RELAXED);

    while (state == HD_WAITER_AWAKE || state == HD_WAITER_ASLEEP) {
        if (__atomic_compare_exchange_n(&waiter->state, &state, (uint32_t)HD_WAITER_CLAIMED, true,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return state == HD_WAITER_CLAIMED;
}

void hd_waiter_wake(struct hd_waiter *waiter, enum hd_result outcome)
{
    waiter->outcome = outcome;
    /* Release: pairs with the acquires in hd_waiter_sleep(). After it, only the address is used. */
    uint32_t before =
        __atomic_exchange_n(&waiter->state, (uint32_t)HD_WAITER_WOKEN, __ATOMIC_RELEASE);

    if (before != HD_WAITER_AWAKE) {
        hd_futex_wake(&waiter->state, 1);
    }
}

void hd_waiter_wake_all(struct hd_waiter *first, enum hd_result outcome)
{
    while (first != NULL) {
        struct hd_waiter *next = first->next; /* read before it is gone */

        hd_waiter_wake(first, outcome);
        first = next;
    }
}
