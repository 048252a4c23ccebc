/*
 * Order shipped and refunded: an order goes through its states by three parties in turn, to one
 * that nobody thought of.
 *
 * Bug      Customer, shop and bank each move the order on if it is in the state that they react to,
 *          and else go on. A cancellation is accepted after the order was shipped; the shop takes
 *          for returned what was not, and the bank gives the money back.
 * Needs    3 threads, 6 preemptions: each party's move must come between two of others'.
 * Fix      What is shipped cannot be cancelled.
 * Source   Textbook: state machines that several parties drive, here with nine moves.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

enum order {
    NEW,
    PLACED,
    RESERVED,
    AUTHORIZED,
    CONFIRMED,
    CHARGED,
    SHIPPED,
    CANCELLED,
    RETURNED,
    REFUNDED
};

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
struct shared {
    uint32_t order;      /* atomic: enum order */
    uint32_t is_shipped; /* atomic */
};

/* Whether the order was in that state, and is in the next one. */
static bool move_on(struct shared *shared, uint32_t from, uint32_t to)
{
    return __atomic_compare_exchange_n(&shared->order, &from, to, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static void order_and_cancel(struct shared *shared, uint32_t last)
{
    (void)move_on(shared, NEW, PLACED);
    (void)move_on(shared, AUTHORIZED, CONFIRMED);
    (void)move_on(shared, last, CANCELLED);
}

static void buy(void *state) { order_and_cancel(state, SHIPPED); }

static void buy_for_good(void *state) { order_and_cancel(state, CHARGED); }

static void sell(void *state)
{
    struct shared *shared = state;

    (void)move_on(shared, PLACED, RESERVED);
    if (move_on(shared, CHARGED, SHIPPED)) {
        __atomic_store_n(&shared->is_shipped, 1, __ATOMIC_SEQ_CST);
    }
    (void)move_on(shared, CANCELLED, RETURNED);
}

static void charge_and_refund(void *state)
{
    struct shared *shared = state;

    (void)move_on(shared, RESERVED, AUTHORIZED);
    (void)move_on(shared, CONFIRMED, CHARGED);
    (void)move_on(shared, RETURNED, REFUNDED);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->order != REFUNDED || shared->is_shipped == 0); /* finding */
}

const struct hd_scenario hd_scenario_order_shipped_and_refunded = {
    .summary = "an order that is moved on by three parties in turn",
    .state_size = sizeof(struct shared),
    .threads = {buy, sell, charge_and_refund},
    .fixed = {buy_for_good, sell, charge_and_refund},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
