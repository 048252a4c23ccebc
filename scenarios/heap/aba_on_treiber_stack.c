/*
 * ABA on a Treiber stack: the top is the node that it was, but not on top of what it was.
 *
 * Bug      A pop reads the top and what lies below it, and stops. Meanwhile the other thread pops
 *          both and pushes the first again: the compare-and-exchange finds the top that it expects,
 *          and makes the second node the top, which that thread still has. Nodes are used again and
 *          never freed, and all is atomic: there is nothing else to notice.
 * Needs    2 threads, 1 preemption: between a pop's reading of the link and its exchange.
 * Fix      Count in the upper half of the top how often it was changed.
 * Source   Treiber, Systems programming: coping with parallelism, IBM RJ 5118, 1986, whose machine
 *          has a double compare-and-swap for the count.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/check.h>

#define NODES 3U
#define NONE UINT32_MAX

struct shared {
    /*
     * atomic
     * bits 0-31   the node on top; NONE: the stack is empty
     * bits 32-63  how often it was changed; in the repaired twin, else 0
     */
    uint64_t top;
    uint32_t below[NODES]; /* atomic: the node below each that is on the stack */
    uint32_t taken[NODES]; /* by node: how often somebody has it; each written by who has it */
    bool counts;           /* constant after setup */
};

static void setup_uncounted(void *state)
{
    struct shared *shared = state;

    shared->below[0] = 1;
    shared->below[1] = 2;
    shared->below[2] = NONE;
    shared->counts = false;
}

static void setup_counted(void *state)
{
    setup_uncounted(state);
    ((struct shared *)state)->counts = true;
}

/* The top that comes after `top'. */
static uint64_t next_top(const struct shared *shared, uint64_t top, uint32_t node)
{
    return (shared->counts ? (top >> 32) + 1 : 0) << 32 | node;
}

static uint32_t pop(struct shared *shared)
{
    /* Acquire: pairs with the exchange of the push or pop that made it the top. */
    uint64_t top = __atomic_load_n(&shared->top, __ATOMIC_ACQUIRE);

    for (;;) {
        uint32_t node = (uint32_t)top;

        if (node == NONE) {
            return NONE;
        }
        uint32_t below = __atomic_load_n(&shared->below[node], __ATOMIC_RELAXED);

        /* Both: pairs with itself and with the load above; hands the node over. */
        if (__atomic_compare_exchange_n(&shared->top, &top, next_top(shared, top, below), false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            return node;
        }
    }
}

static void push(struct shared *shared, uint32_t node)
{
    uint64_t top = __atomic_load_n(&shared->top, __ATOMIC_RELAXED);

    do {
        __atomic_store_n(&shared->below[node], (uint32_t)top, __ATOMIC_RELAXED);
        /* Release: pairs with the acquire of the pop that takes the node. */
    } while (!__atomic_compare_exchange_n(&shared->top, &top, next_top(shared, top, node), false,
                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

/* Whoever has a node says so. */
static void take(struct shared *shared, uint32_t node)
{
    if (node != NONE) {
        (void)__atomic_add_fetch(&shared->taken[node], 1, __ATOMIC_RELAXED);
    }
}

static void take_one(void *state) { take(state, pop(state)); }

static void take_second(void *state)
{
    uint32_t first = pop(state);
    uint32_t second = pop(state);

    if (first != NONE) {
        push(state, first);
    }
    take(state, second);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    for (uint32_t node = 0; node < NODES; node++) {
        bool is_on_stack = (uint32_t)shared->top == node;

        HD_EXPECT(shared->taken[node] + is_on_stack <= 1); /* finding */
    }
}

const struct hd_scenario hd_scenario_aba_on_treiber_stack = {
    .summary = "a node leaves a lock-free stack and comes back between a load and an exchange",
    .state_size = sizeof(struct shared),
    .setup = setup_uncounted,
    .threads = {take_one, take_second},
    .fixed_setup = setup_counted,
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
