/*
 * Meetings: how the threads of programs meet, all ways there are, and the same in each run.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/interleaving.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/meetings.h"

extern const struct hde_strategy hde_strategy_dfs;
extern const struct hde_strategy hde_strategy_pos;

static int start_anew(void **state)
{
    (void)state;
    hde_execution_start();
    hde_interleaving_start(HDE_INTERLEAVING_ALL);
    return 0;
}

static void begin_pos(void *state, uint64_t seed)
{
    hde_interleaving_begin();
    hde_strategy_pos.begin(state, seed);
}

static bool end_pos(void *state)
{
    hde_interleaving_end();
    return hde_strategy_pos.end(state);
}

static void begin_dfs(void *state, uint64_t seed)
{
    hde_interleaving_begin();
    hde_strategy_dfs.begin(state, seed);
}

static bool end_dfs(void *state)
{
    hde_interleaving_end();
    return hde_strategy_dfs.end(state);
}

static struct hde_strategy by_pos(void)
{
    struct hde_strategy strategy = hde_strategy_pos;

    strategy.begin = begin_pos;
    strategy.end = end_pos;
    return strategy;
}

static uint32_t run(void (*const *functions)(void *),
                    const struct hde_strategy *strategy,
                    uint64_t seed,
                    uint32_t executions)
{
    const struct hde_program program = hd_experiment_threads(functions, MEETINGS_THREADS);
    struct hde_settings settings = hd_experiment_settings();

    settings.observe_steps = hde_interleaving_observe;
    return hd_experiment_run(&program, &settings, strategy, seed, executions).executions;
}

/* Every interleaving of at most two preemptions; all that there are meet in these ways. */
static struct hde_interleaving_tally run_all(void (*const *functions)(void *))
{
    struct hde_strategy strategy = hde_strategy_dfs;

    strategy.begin = begin_dfs;
    strategy.end = end_dfs;
    hde_interleaving_start(HDE_INTERLEAVING_ALL);
    hde_interleaving_measure();
    assert_in_range(run(functions, &strategy, 1, 100000), 2, 99999);
    return hde_interleaving_tally();
}

static void expect_pairs(const struct hde_interleaving_tally *tally,
                         const uint32_t expected[HDE_INTERLEAVING_KINDS])
{
    for (unsigned kind = 0; kind < HDE_INTERLEAVING_KINDS; kind++) {
        assert_int_equal(tally->exact[kind], expected[kind]);
    }
    assert_int_equal(tally->collisions, 0);
}

/* Each load finds the other's store, or comes before it. */
static void all_meetings_of_flags_are_known(void **state)
{
    const struct hde_interleaving_tally tally = run_all(meetings_flags);

    (void)state;
    expect_pairs(&tally, (const uint32_t[]){2, 2, 0, 0});
}

static void threads_apart_do_not_meet(void **state)
{
    const struct hde_interleaving_tally tally = run_all(meetings_none);

    (void)state;
    expect_pairs(&tally, (const uint32_t[]){0, 0, 0, 0});
}

/* An unlock comes before the other's lock; and a lock is wanted while the other takes it. */
static void all_meetings_at_a_lock_are_known(void **state)
{
    const struct hde_interleaving_tally tally = run_all(meetings_lock);

    (void)state;
    expect_pairs(&tally, (const uint32_t[]){0, 0, 2, 2});
}

/* Either finds what the other added; the wait comes when a post, or both, are still to come. */
static void all_meetings_at_a_semaphore_are_known(void **state)
{
    const struct hde_interleaving_tally tally = run_all(meetings_semaphore);

    (void)state;
    expect_pairs(&tally, (const uint32_t[]){2, 2, 1, 2});
}

/* The same input gives the same counters, and is nothing new. */
static void the_same_execution_meets_in_the_same_ways(void **state)
{
    static uint8_t first[HDE_INTERLEAVING_COUNTERS];
    const struct hde_strategy strategy = by_pos();

    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        (void)run(meetings_many, &strategy, seed, 1);
        uint32_t pairs = hde_interleaving_tally().pairs;

        memcpy(first, hde_interleaving_counters, sizeof(first));
        (void)run(meetings_many, &strategy, seed, 1);
        assert_memory_equal(first, hde_interleaving_counters, sizeof(first));
        assert_int_equal(hde_interleaving_tally().pairs, pairs);
    }
}

/*
 * At each of four atomics the second thread to come finds what the first one wrote, and overwrites
 * it: 8 of 16 pairs. By POS a thread is at its last one before the other is at its first one in one
 * of 5 executions: none of 200 shows it with a probability of (4/5)^200, below 10^-19.
 */
static void other_executions_meet_in_other_ways(void **state)
{
    const struct hde_strategy strategy = by_pos();

    (void)state;
    (void)run(meetings_many, &strategy, 1, 1);
    assert_int_equal(hde_interleaving_tally().pairs, 8);
    (void)run(meetings_many, &strategy, 2, 200);
    assert_int_equal(hde_interleaving_tally().pairs, 16);
}

/* Plain accesses are seen once a race has made their memory visible, or if all are. */
static void races_are_seen_from_the_second_execution_on(void **state)
{
    const struct hde_strategy strategy = by_pos();
    const struct hde_program program = hd_experiment_threads(meetings_race, MEETINGS_THREADS);
    struct hde_settings settings = hd_experiment_settings();

    (void)state;
    settings.observe_steps = hde_interleaving_observe;
    (void)hd_experiment_run(&program, &settings, &strategy, 1, 1);
    assert_int_equal(hde_interleaving_tally().pairs, 0);
    (void)hd_experiment_run(&program, &settings, &strategy, 1, 2);
    assert_true(hde_interleaving_tally().pairs > 0);

    hde_interleaving_start(HDE_INTERLEAVING_ALL);
    settings.visibility = HDE_VISIBLE_ALL;
    (void)hd_experiment_run(&program, &settings, &strategy, 1, 1);
    assert_true(hde_interleaving_tally().pairs > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_meetings_of_flags_are_known, start_anew),
        cmocka_unit_test_setup(threads_apart_do_not_meet, start_anew),
        cmocka_unit_test_setup(all_meetings_at_a_lock_are_known, start_anew),
        cmocka_unit_test_setup(all_meetings_at_a_semaphore_are_known, start_anew),
        cmocka_unit_test_setup(the_same_execution_meets_in_the_same_ways, start_anew),
        cmocka_unit_test_setup(other_executions_meet_in_other_ways, start_anew),
        cmocka_unit_test_setup(races_are_seen_from_the_second_execution_on, start_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
