/*
 * Mix: each member has its share, whoever finds something new has more, and all of it follows from
 * the seeds.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/strategies/mix.h"
#include "tests/engine/rate.h"
#include "tests/engine/simulator_programs.h"

static const struct hde_strategy_options options;
static struct sim_program program;

/* Which member makes which execution. */
struct turns {
    uint64_t count[HDE_MIX_MEMBERS];
    uint64_t executions;
    double most; /* that a member was ahead of, or behind, its share */
};

static void count_turn(const struct sim *sim, void *argument)
{
    struct turns *turns = argument;

    turns->count[hde_mix_owner(sim->strategy_state)]++;
    turns->executions++;
    for (unsigned i = 0; i < HDE_MIX_MEMBERS; i++) {
        double due = (double)(turns->executions * hde_mix_members[i].share) / 100;
        double off = (double)turns->count[i] - due;

        off = off < 0 ? -off : off;
        turns->most = off > turns->most ? off : turns->most;
    }
}

static void shares_are_percents(void **state)
{
    uint32_t sum = 0;

    (void)state;
    for (unsigned i = 0; i < HDE_MIX_MEMBERS; i++) {
        sum += hde_mix_members[i].share;
    }
    assert_int_equal(sum, 100);
}

/*
 * Threads that have nothing in common find nothing new. At any time each member has had its share,
 * but for the first round, which takes less than one turn more from any, and what cannot be
 * divided, which is less than the seven members.
 */
static void where_nothing_is_new_each_has_its_share(void **state)
{
    struct turns turns = {.executions = 0};

    (void)state;
    hd_sim_independent(&program, 2, 5);
    (void)hd_sim_explore(&program, &hde_strategy_mix, &options, 10000, count_turn, &turns);
    assert_true(turns.most < HDE_MIX_MEMBERS);
}

/* ---- Whoever finds something new ------------------------------------------------------------- */

#define PLACES 100U

static void set_turn(struct sim *sim, unsigned thread, unsigned object)
{
    sim->values[object] = (int)thread;
}

/* The next place is only reached by who finds the other thread's store before its own load. */
static void go_on_if_alternating(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] == (int)thread) {
        sim->threads[thread].at = sim->program->events_count[thread];
    }
}

/* Two threads that must alternate to get any further, at places of their own all the time. */
static void make_ladder(void)
{
    hd_sim_program_begin(&program, 2);
    for (unsigned i = 0; i < PLACES / 2; i++) {
        for (unsigned thread = 1; thread <= 2; thread++) {
            hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_STORE, 0, set_turn);
            hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_LOAD, 0, go_on_if_alternating);
        }
    }
}

/*
 * How far an execution gets falls by a factor with each step, and each step is new once: who gets
 * there has more than his share of the turns, at most twice as much; nobody has less than half.
 */
static void who_finds_something_new_has_more_turns(void **state)
{
    struct turns turns = {.executions = 0};
    const uint64_t executions = 300;
    bool is_one_ahead = false;
    bool is_one_behind = false;

    (void)state;
    make_ladder();
    (void)hd_sim_explore(&program, &hde_strategy_mix, &options, executions, count_turn, &turns);
    for (unsigned i = 0; i < HDE_MIX_MEMBERS; i++) {
        double due = (double)(executions * hde_mix_members[i].share) / 100;
        double had = (double)turns.count[i];

        assert_true(had >= due / 2 - 1);
        assert_true(had <= due * 2 + 1);
        is_one_ahead = is_one_ahead || had > due * 1.2 + 1;
        is_one_behind = is_one_behind || had < due * 0.9 - 1;
    }
    assert_true(is_one_ahead);
    assert_true(is_one_behind);
}

/* ---- Determinism ----------------------------------------------------------------------------- */

static void mix_in(const struct sim *sim, void *argument)
{
    uint64_t *hash = argument;

    *hash = (*hash ^ sim->order) * UINT64_C(0x100000001b3);
}

static uint64_t hash_of(const struct hde_strategy *strategy, uint64_t executions)
{
    uint64_t hash = 0;

    (void)hd_sim_explore(&program, strategy, &options, executions, mix_in, &hash);
    return hash;
}

/* The same seeds make the same executions, whatever a strategy has learnt, and was used for. */
static void same_seeds_make_the_same_executions(void **state)
{
    (void)state;
    for (const struct hde_strategy *const *strategy = hde_strategies; *strategy != NULL;
         strategy++) {
        if ((*strategy)->is_exhaustive || (*strategy)->follows) {
            continue;
        }
        hd_sim_reorder(&program, 4);
        uint64_t first = hash_of(*strategy, 3000);

        hd_sim_two_stage(&program);
        (void)hash_of(*strategy, 100);
        hd_sim_reorder(&program, 4);
        assert_int_equal(hash_of(*strategy, 3000), first);
        assert_int_not_equal(hash_of(*strategy, 2999), first);
    }
}

/* ---- As good as its best member, but for its share ------------------------------------------- */

/* The best single one takes 1 / p executions on average; mix at most five times as many. */
static void nothing_takes_five_times_as_long(void **state)
{
    static const unsigned sizes[] = {3, 4, 10};
    const uint64_t executions = 20000;

    (void)state;
    for (size_t i = 0; i <= sizeof(sizes) / sizeof(sizes[0]); i++) {
        uint64_t best = 0;

        if (i < sizeof(sizes) / sizeof(sizes[0])) {
            hd_sim_reorder(&program, sizes[i]);
        } else {
            hd_sim_two_stage(&program);
        }
        for (unsigned member = 0; member < HDE_MIX_MEMBERS; member++) {
            uint64_t failures = hd_sim_explore(&program, hde_mix_members[member].strategy, &options,
                                               executions, NULL, NULL)
                                    .failures;

            best = failures > best ? failures : best;
        }
        RATE_CHECK_LEAST(
            hd_sim_explore(&program, &hde_strategy_mix, &options, executions, NULL, NULL).failures,
            executions, (double)best / (double)executions / 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_percents),
        cmocka_unit_test(where_nothing_is_new_each_has_its_share),
        cmocka_unit_test(who_finds_something_new_has_more_turns),
        cmocka_unit_test(same_seeds_make_the_same_executions),
        cmocka_unit_test(nothing_takes_five_times_as_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
