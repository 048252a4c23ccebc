/*
 * Shrink: from random executions that fail to the simplest ones, of which the number of preemptions
 * is known. What is left replays, and shows the same finding.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/replay.h"
#include "engine/shrink.h"
#include "tests/engine/litmus.h"

extern const struct hde_strategy hde_strategy_random;
extern const struct hde_strategy hde_strategy_pct;

#define REPLAYS_MAX 20000U
#define FINDINGS 5U /* of each program, with different seeds */

static struct hde_schedule schedule;
static struct hde_finding finding;

/* The next execution that finds something, from *seed on; *seed goes behind it. */
static void
find_next(const struct litmus *litmus, const struct hde_strategy *strategy, uint64_t *seed)
{
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    const struct hde_strategy_options options = {.depth = 3};
    const struct hde_program program = hd_litmus_program(litmus);
    void *state = calloc(1, strategy->state_size);

    assert_non_null(state);
    if (strategy->start != NULL) {
        strategy->start(state, &options);
    }
    do {
        strategy->begin(state, (*seed)++);
        hde_execution_run(&program, &settings, strategy, state);
        (void)strategy->end(state);
    } while (hde_execution.findings_count == 0);
    free(state);
    hde_schedule_copy(&schedule, &hde_execution.schedule);
    finding = hde_execution.findings[0];
}

static struct hde_shrunk shrink(const struct litmus *litmus, unsigned replays_max)
{
    const struct hde_program program = hd_litmus_program(litmus);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);

    return hde_shrink(&program, &settings, &finding, &schedule, replays_max);
}

/* Replay what is left. */
static void check_shows(const struct litmus *litmus)
{
    const struct hde_program program = hd_litmus_program(litmus);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    struct hde_divergence divergence;
    bool shows = false;

    hde_replay(&program, &settings, &schedule, &divergence, NULL);
    assert_false(divergence.has_diverged);
    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        shows = shows || hde_finding_is_same(&hde_execution.findings[i], &finding);
    }
    assert_true(shows);
}

/* What the simplest execution needs. */
static const struct optimum {
    const struct litmus *litmus;
    unsigned preemptions;
    unsigned switches; /* at most */
} optima[] = {
    /* A setter is stopped halfway, and the checker runs. */
    {&litmus_reorder_10, 1, 1},
    {&litmus_two_stage_10, 1, 1},
    /* The reader is stopped between its reads, and a writer runs. */
    {&litmus_wrong_lock_8, 1, 2},
    /* One is stopped with its left fork in hand; the others then block each other. */
    {&litmus_philosophers_3, 1, 3},
    {&litmus_philosophers_6, 1, 6},
    {&litmus_lost_wake_up, 1, 2},
    /* One is stopped before its next critical section orders what it did. */
    {&litmus_plain_counter, 1, 1},
    {&litmus_chosen_value, 0, 1},
};

static void check_shrunk(const struct optimum *optimum, struct hde_shrunk shrunk, uint64_t seed)
{
    if (shrunk.preemptions != optimum->preemptions || shrunk.switches > optimum->switches ||
        shrunk.replays > REPLAYS_MAX + 2) {
        fail_msg("%s, seed %llu: %u preemptions and %u switches are left after %u replays",
                 optimum->litmus->name, (unsigned long long)seed, shrunk.preemptions,
                 shrunk.switches, shrunk.replays);
    }
}

static void check_optimum(const struct optimum *optimum, const struct hde_strategy *strategy)
{
    uint64_t seed = 1;

    for (unsigned i = 0; i < FINDINGS; i++) {
        find_next(optimum->litmus, strategy, &seed);
        check_shrunk(optimum, shrink(optimum->litmus, REPLAYS_MAX), seed - 1);
        check_shows(optimum->litmus);
    }
}

static void the_known_minimum_is_reached_from_random_executions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(optima) / sizeof(optima[0]); i++) {
        /* A random walk finds reorder_10's bug in one execution of 30,000 or fewer. */
        check_optimum(&optima[i], optima[i].litmus == &litmus_reorder_10 ? &hde_strategy_pct
                                                                         : &hde_strategy_random);
    }
}

/*
 * With a hundred preemptions to begin with, and two needed, the search from below has no say: it
 * looks at no more than one preemption. What is left is what taking out, joining and drawing out
 * segments come to.
 */
static void long_executions_become_short(void **state)
{
    uint64_t seed = 1;

    (void)state;
    for (unsigned i = 0; i < FINDINGS; i++) {
        find_next(&litmus_long_way, &hde_strategy_random, &seed);
        size_t before = schedule.count;
        struct hde_shrunk shrunk = shrink(&litmus_long_way, 3000);

        assert_true(before > 20);
        assert_int_equal(shrunk.preemptions, 2);
        assert_true(shrunk.switches <= 3);
        assert_true(schedule.count <= 3);
        check_shows(&litmus_long_way);
    }
}

static void data_choices_become_small(void **state)
{
    uint64_t seed = 1;

    (void)state;
    find_next(&litmus_chosen_value, &hde_strategy_random, &seed);
    (void)shrink(&litmus_chosen_value, REPLAYS_MAX);
    check_shows(&litmus_chosen_value);
    for (size_t i = 0; i < schedule.count; i++) {
        if (schedule.entries[i].choice == HDE_CHOICE_VALUE) {
            assert_int_equal(schedule.entries[i].alternative, 37);
            return;
        }
    }
    fail_msg("the value is gone");
}

/* Whatever the budget, what comes out still shows the finding. */
static void any_budget_leaves_the_finding(void **state)
{
    (void)state;
    for (unsigned budget = 0; budget < 60; budget++) {
        uint64_t seed = budget + 1;

        find_next(&litmus_philosophers_6, &hde_strategy_random, &seed);
        struct hde_shrunk shrunk = shrink(&litmus_philosophers_6, budget);

        assert_true(shrunk.replays <= budget + 2);
        check_shows(&litmus_philosophers_6);
    }
}

static int start(void **state)
{
    (void)state;
    hde_execution_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_minimum_is_reached_from_random_executions),
        cmocka_unit_test(long_executions_become_short),
        cmocka_unit_test(data_choices_become_small),
        cmocka_unit_test(any_budget_leaves_the_finding),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
