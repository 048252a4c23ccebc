/*
 * Sticky random walk: the law of its switches, and that it is bound to nobody.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/rate.h"
#include "tests/engine/simulator_programs.h"

extern const struct hde_strategy hde_strategy_sticky;

static const struct hde_strategy_options options;
static struct sim_program program;

struct wanted {
    uint64_t straight; /* executions without a preemption */
    uint64_t split;    /* with one, of thread 1 before its event 5 */
};

static void count_wanted(const struct sim *sim, void *argument)
{
    struct wanted *wanted = argument;

    wanted->straight += sim->preemptions == 0;
    wanted->split += sim->preemptions == 1 && sim->schedule.count == 1 &&
                     sim->schedule.entries[0].thread == 1 && sim->schedule.entries[0].event == 5;
}

/*
 * Two threads of 10 events. The first choice is free, main being there no more: 1/2 begin with
 * thread 1. From then on a choice is left with probability q = 1/2, 1/4, ... 1/1024, equally likely
 * each. No preemption: all 9 further choices of the first thread stay, (1 - q)^9, 0.643 as a mean
 * over the ten q. One, at event 5 of thread 1: 5 of its choices stay, it goes, and 9 of thread 2's
 * stay: q (1 - q)^14 / 2, 0.00476 as a mean. A walk without stickiness has 2^-10 and 2^-16.
 */
static void preemptions_follow_their_law(void **state)
{
    const uint64_t executions = 200000;
    struct wanted wanted = {0};
    double straight = 0;
    double split = 0;

    (void)state;
    double q = 1;

    for (unsigned halvings = 0; halvings < 10; halvings++) {
        double stays = 1;

        q /= 2;
        for (unsigned i = 0; i < 9; i++) {
            stays *= 1 - q;
        }
        straight += stays / 10;
        for (unsigned i = 0; i < 4; i++) {
            stays *= 1 - q;
        }
        split += q * stays * (1 - q) / 20;
    }
    hd_sim_independent(&program, 2, 10);
    (void)hd_sim_explore(&program, &hde_strategy_sticky, &options, executions, count_wanted,
                         &wanted);
    RATE_CHECK(wanted.straight, executions, straight, 0);
    RATE_CHECK(wanted.split, executions, split, 0);
}

static void find_longest(const struct sim *sim, void *argument)
{
    uint64_t *longest = argument;

    *longest = sim->steps > *longest ? sim->steps : *longest;
}

/* Who asks others to go first is left at once: a spinning thread yields at most once in a row. */
static void who_yields_is_left(void **state)
{
    uint64_t longest = 0;

    (void)state;
    hd_sim_spin(&program, true);
    (void)hd_sim_explore(&program, &hde_strategy_sticky, &options, 10000, find_longest, &longest);
    assert_true(longest < 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preemptions_follow_their_law),
        cmocka_unit_test(who_yields_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
