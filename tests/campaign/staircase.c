/*
 * Staircase: a bug behind steps that two threads must take by turns.
 *
 * Bug      The expectation fails when the last step is taken. Each step is taken only if the other
 *          thread has just taken the one before, and if the program chooses one number of 8.
 * Needs    2 threads, 4 preemptions: one between any two steps; and 4 numbers: one execution in
 *          4096 has them, if it is lucky with the preemptions. Who sees that a step was taken finds
 *          them one by one.
 * Fix      Nobody takes the last step.
 * Source   Made to be found by campaigns, not soon, and surely.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

enum { NUMBERS = 8, LUCKY = 5 };

struct shared {
    uint32_t step; /* atomic; sequentially consistent: the order is not what is wrong */
    bool is_fixed; /* constant after setup */
};

static void setup_fixed(void *state) { ((struct shared *)state)->is_fixed = true; }

/* Takes a step if the one before was the last that was taken; one branch each for the coverage. */
static bool take(struct shared *shared, uint32_t step)
{
    if (__atomic_load_n(&shared->step, __ATOMIC_SEQ_CST) != step - 1) {
        return false;
    }
    __atomic_store_n(&shared->step, step, __ATOMIC_SEQ_CST);
    return true;
}

static void climb_odd(void *state)
{
    if (!take(state, 1) || hd_choose(NUMBERS) != LUCKY) {
        return;
    }
    if (!take(state, 3) || hd_choose(NUMBERS) != LUCKY) {
        return;
    }
    struct shared *shared = state;

    HD_EXPECT(shared->is_fixed || !take(shared, 5)); /* finding */
}

static void climb_even(void *state)
{
    if (!take(state, 2) || hd_choose(NUMBERS) != LUCKY) {
        return;
    }
    if (!take(state, 4) || hd_choose(NUMBERS) != LUCKY) {
        return;
    }
}

const struct hd_scenario hd_scenario_staircase = {
    .summary = "an expectation that fails after five steps, taken by turns",
    .state_size = sizeof(struct shared),
    .threads = {climb_odd, climb_even},
    .fixed_setup = setup_fixed,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
