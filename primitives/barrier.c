/*
 * Barrier: the threads of a round in a list; the last one lets them all go.
 *
 * It claims all of them before it does: a thread whose deadline has come but which has not yet left
 * would otherwise still touch the barrier, which a thread of the completed round may already have
 * freed. If one cannot be claimed, its deadline was first, and the round is broken instead.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/barrier.h>

#include "primitives/waiter.h"
#include "primitives/word_lock.h"

enum hd_result hd_barrier_init(struct hd_barrier *barrier,
                               uint32_t parties,
                               hd_barrier_action *action,
                               void *argument)
{
    if (parties == 0) {
        return HD_INVALID;
    }
    *barrier = (struct hd_barrier)HD_BARRIER_INITIALIZER_ACTION(parties, action, argument);
    return HD_OK;
}

void hd_barrier_destroy(struct hd_barrier *barrier) { (void)barrier; }

/* End the round for those who wait in it, and begin another one. Releases the guard. */
static void end_round(struct hd_barrier *barrier, enum hd_result outcome)
{
    struct hd_waiter *waiters = hd_waiter_list_take_all(&barrier->waiters);

    barrier->arrived = 0;
    (void)hd_word_lock_release(&barrier->guard);
    hd_waiter_wake_all(waiters, outcome);
}

/* Break the round. Releases the guard. */
static void break_round(struct hd_barrier *barrier)
{
    barrier->is_broken = true;
    end_round(barrier, HD_BROKEN);
}

/* Keep the threads of the round from leaving; false if one of them is. Under guard. */
static bool claim_round(const struct hd_barrier *barrier)
{
    for (struct hd_waiter *waiter = barrier->waiters.first; waiter != NULL; waiter = waiter->next) {
        if (!hd_waiter_claim(waiter)) {
            return false;
        }
    }
    return true;
}

/* The caller is the last of the round. Releases the guard. */
static enum hd_result complete_round(struct hd_barrier *barrier)
{
    if (!claim_round(barrier)) {
        break_round(barrier);
        return HD_BROKEN;
    }
    if (barrier->action != NULL) {
        barrier->action(barrier->argument);
    }
    end_round(barrier, HD_OK);
    return HD_OK;
}

/* Wait for the last of the round. Releases the guard. */
static enum hd_result await_round(struct hd_barrier *barrier, uint64_t deadline_ns)
{
    struct hd_waiter waiter;

    hd_waiter_list_append(&barrier->waiters, &waiter);
    if (hd_waiter_wait(&waiter, &barrier->waiters, &barrier->guard, deadline_ns)) {
        return waiter.outcome == HD_BROKEN && waiter.is_late ? HD_TIMEOUT : waiter.outcome;
    }
    break_round(barrier);
    return HD_TIMEOUT;
}

enum hd_result hd_barrier_wait(struct hd_barrier *barrier, uint32_t *index)
{
    return hd_barrier_wait_until(barrier, index, HD_FOREVER);
}

enum hd_result
hd_barrier_wait_until(struct hd_barrier *barrier, uint32_t *index, uint64_t deadline_ns)
{
    enum hd_result result = HD_BROKEN;

    hd_word_lock_acquire(&barrier->guard);
    uint32_t place = barrier->arrived;

    if (barrier->is_broken) {
        (void)hd_word_lock_release(&barrier->guard);
        return HD_BROKEN;
    }
    barrier->arrived++;
    if (barrier->arrived == barrier->parties) {
        result = complete_round(barrier);
    } else {
        result = await_round(barrier, deadline_ns);
    }
    if (result == HD_OK && index != NULL) {
        *index = place;
    }
    return result;
}

void hd_barrier_reset(struct hd_barrier *barrier)
{
    hd_word_lock_acquire(&barrier->guard);
    barrier->is_broken = false;
    end_round(barrier, HD_BROKEN);
}

void hd_barrier_abort(struct hd_barrier *barrier)
{
    hd_word_lock_acquire(&barrier->guard);
    break_round(barrier);
}

bool hd_barrier_is_broken(struct hd_barrier *barrier)
{
    hd_word_lock_acquire(&barrier->guard);
    bool is_broken = barrier->is_broken;

    (void)hd_word_lock_release(&barrier->guard);
    return is_broken;
}

uint32_t hd_barrier_waiting(struct hd_barrier *barrier)
{
    hd_word_lock_acquire(&barrier->guard);
    uint32_t waiting = barrier->arrived;

    (void)hd_word_lock_release(&barrier->guard);
    return waiting;
}
