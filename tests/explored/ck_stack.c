/*
 * Concurrency Kit's stack, explored: no item is lost or doubled.
 *
 * Each node is used once: the link of one that was popped is read by a pop that comes too late
 * (tests/reference/known_races/stack_pop_next.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <stdbool.h>
#include <stddef.h>

#include <ck_stack.h>

#include <heddle/check.h>
#include <heddle/history.h>

#define ITEMS 3

struct node {
    struct ck_stack_entry link; /* first: one is the other */
    int value;                  /* written before the push */
    bool is_taken;              /* written by who popped it */
};

struct shared {
    struct ck_stack stack; /* first: it must lie at a multiple of 16 */
    struct node nodes[ITEMS];
};

static void push(struct shared *shared, int item)
{
    shared->nodes[item].value = item + 1;
    hd_history_call(&shared->stack, HD_OP_PUSH, (uint64_t)item);
    ck_stack_push_mpmc(&shared->stack, &shared->nodes[item].link);
    hd_history_return(&shared->stack, HD_OK, 0);
}

/* The item, or -1. */
static int pop(struct shared *shared)
{
    hd_history_call(&shared->stack, HD_OP_POP, 0);
    struct ck_stack_entry *entry = ck_stack_pop_mpmc(&shared->stack);
    struct node *node = (struct node *)entry;

    if (entry == NULL) {
        hd_history_return(&shared->stack, HD_EMPTY, 0);
        return -1;
    }
    hd_history_return(&shared->stack, HD_OK, (uint64_t)(node - shared->nodes));

    HD_EXPECT(node->value == (int)(node - shared->nodes) + 1 && !node->is_taken);
    node->is_taken = true;
    return node->value - 1;
}

static void setup(void *state)
{
    struct shared *shared = state;

    ck_stack_init(&shared->stack);
    hd_history_begin(&shared->stack, &hd_specification_stack, 0);
}

static void push_0_and_1(void *state)
{
    push(state, 0);
    push(state, 1);
}

static void push_2(void *state) { push(state, 2); }

static void pop_two(void *state)
{
    (void)pop(state);
    (void)pop(state);
}

/* What nobody has taken is still there. */
static void check_all_there(const void *state)
{
    const struct shared *shared = state;
    int there = 0;

    for (const struct ck_stack_entry *entry = shared->stack.head; entry != NULL;
         entry = entry->next) {
        there++;
    }
    for (int item = 0; item < ITEMS; item++) {
        there += shared->nodes[item].is_taken ? 1 : 0;
    }
    HD_EXPECT(there == ITEMS);
}

const struct hd_scenario hd_scenario_ck_stack = {
    .summary = "two producers and a consumer of CK's stack",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {push_0_and_1, push_2, pop_two},
    .check = check_all_there,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_with_two(void *state)
{
    setup(state);
    push_0_and_1(state);
}

static void push_2_and_pop(void *state)
{
    push(state, 2);
    (void)pop(state);
}

const struct hd_scenario hd_scenario_ck_stack_consumers = {
    .summary = "two consumers compete for the items of CK's stack, one of them pushes too",
    .state_size = sizeof(struct shared),
    .setup = setup_with_two,
    .threads = {push_2_and_pop, pop_two},
    .check = check_all_there,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
