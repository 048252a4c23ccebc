/*
 * Pending flag cleared late: the consumer takes what there is, and then clears the flag that says
 * so.
 *
 * Bug      A producer wakes the consumer only if the flag was clear. Work that comes after the
 *          consumer has taken all, and before it clears the flag, is neither taken nor announced.
 * Needs    2 threads, 2 preemptions: the producer after its first item, and the consumer between
 *          taking and clearing.
 * Fix      Clear the flag first.
 * Source   libuv's uv_async: the pending flag was read and cleared in two steps.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/semaphore.h>

#define ITEMS 2

struct shared {
    struct hd_semaphore wake_ups;
    bool is_pending; /* atomic: a wake-up is on its way */
    int items;       /* atomic: not yet taken */
    int taken;       /* written by the consumer only */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_semaphore_init(&shared->wake_ups, 0) == HD_OK);
}

static void produce(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        (void)__atomic_fetch_add(&shared->items, 1, __ATOMIC_SEQ_CST);
        if (!__atomic_exchange_n(&shared->is_pending, true, __ATOMIC_SEQ_CST)) {
            HD_EXPECT(hd_semaphore_release(&shared->wake_ups, 1) == HD_OK);
        }
    }
}

static void take_all(struct shared *shared)
{
    shared->taken += __atomic_exchange_n(&shared->items, 0, __ATOMIC_SEQ_CST);
}

static void clear_flag(struct shared *shared)
{
    (void)__atomic_exchange_n(&shared->is_pending, false, __ATOMIC_SEQ_CST);
}

static void consume(void *state)
{
    struct shared *shared = state;

    while (shared->taken < ITEMS) {
        hd_semaphore_acquire(&shared->wake_ups); /* finding */
        take_all(shared);
        clear_flag(shared);
    }
}

static void consume_after_clearing(void *state)
{
    struct shared *shared = state;

    while (shared->taken < ITEMS) {
        hd_semaphore_acquire(&shared->wake_ups);
        clear_flag(shared);
        take_all(shared);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->taken == ITEMS && shared->items == 0);
}

const struct hd_scenario hd_scenario_pending_flag_cleared_late = {
    .summary = "a consumer takes its work and clears the flag for it after that",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {produce, consume},
    .fixed = {produce, consume_after_clearing},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
