/*
 * ABA on a tagged stack: the tag that tells one visit of a node from the next comes round.
 *
 * Bug      A pop reads the top, its tag, and what lies below, and stops. Another thread takes that
 *          node, a third one takes the next, the first node is pushed, popped and pushed again: the
 *          tag has one bit, and is as it was. The exchange succeeds, and makes the node the top
 *          that the third thread still uses.
 * Needs    4 threads, 3 preemptions: the pop before its exchange, and two threads that use a node.
 * Fix      A tag of 32 bits.
 * Source   The tag is IBM's, System/370 Principles of Operation, 1983, appendix A, where it has 32
 *          bits; that it may not have few is Michael, ABA prevention using single-word
 *          instructions, IBM RC 23089, 2004.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

#define NODES 2U
#define NONE UINT32_MAX

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
struct shared {
    /*
     * atomic
     * bits 0-31   the node on top; NONE: the stack is empty
     * bits 32-63  the tag, one more with each push, of as many bits as tag_mask has
     */
    uint64_t top;
    uint32_t tag_mask;     /* constant after setup */
    uint32_t below[NODES]; /* atomic: the node below each that is on the stack */
    uint32_t users[NODES]; /* atomic: how many threads have the node */
};

static void setup_tag(struct shared *shared, uint32_t tag_mask)
{
    shared->tag_mask = tag_mask;
    for (uint32_t node = 0; node < NODES; node++) {
        shared->below[node] = node + 1 < NODES ? node + 1 : NONE;
    }
}

static void setup(void *state) { setup_tag(state, 1); }

static void setup_wide(void *state) { setup_tag(state, UINT32_MAX); }

static uint32_t pop(struct shared *shared)
{
    uint64_t top = __atomic_load_n(&shared->top, __ATOMIC_SEQ_CST);

    while ((uint32_t)top != NONE) {
        uint32_t node = (uint32_t)top;
        uint32_t below = __atomic_load_n(&shared->below[node], __ATOMIC_SEQ_CST);
        uint64_t rest = (top & ~(uint64_t)NONE) | below;

        if (__atomic_compare_exchange_n(&shared->top, &top, rest, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST)) {
            return node;
        }
    }
    return NONE;
}

static void push(struct shared *shared, uint32_t node)
{
    uint64_t top = __atomic_load_n(&shared->top, __ATOMIC_SEQ_CST);
    uint64_t more = 0;

    do {
        uint64_t tag = ((top >> 32) + 1) & shared->tag_mask;

        __atomic_store_n(&shared->below[node], (uint32_t)top, __ATOMIC_SEQ_CST);
        more = tag << 32 | node;
    } while (!__atomic_compare_exchange_n(&shared->top, &top, more, false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST));
}

/* Nobody else has the node. */
static void use(struct shared *shared, uint32_t node)
{
    uint32_t others = __atomic_fetch_add(&shared->users[node], 1, __ATOMIC_SEQ_CST);

    HD_EXPECT(others == 0); /* finding */
}

static void borrow(void *state)
{
    struct shared *shared = state;
    uint32_t node = pop(shared);

    if (node != NONE) {
        use(shared, node);
        (void)__atomic_fetch_sub(&shared->users[node], 1, __ATOMIC_SEQ_CST);
        push(shared, node);
    }
}

static void take_two(void *state)
{
    struct shared *shared = state;

    for (int i = 0; i < 2; i++) {
        uint32_t node = pop(shared);

        if (node != NONE) {
            use(shared, node);
        }
    }
}

const struct hd_scenario hd_scenario_aba_on_tagged_stack = {
    .summary = "a lock-free stack whose tag of one bit is as it was",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {take_two, borrow, borrow, borrow},
    .fixed_setup = setup_wide,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
