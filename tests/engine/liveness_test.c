/*
 * Liveness: who gives way for ever, starves, or waits until its deadline for what has been is
 * found; what ends in every fair execution is not taken for it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/replay.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/livenesses.h"

/* What shows in one execution of 100 is missed by 2,000 with probability e^-20. */
#define EXECUTIONS 2000

static unsigned threads_of(const struct liveness_program *program)
{
    unsigned count = 0;

    while (count < LIVENESS_THREADS_MAX && program->threads[count] != NULL) {
        count++;
    }
    return count;
}

static void check_kind(const struct liveness_program *liveness,
                       const char *strategy,
                       const struct experiment *result,
                       unsigned kind,
                       bool must_find)
{
    bool is_owed = kind == (unsigned)liveness->owes;

    if ((result->with[kind] > 0 && !is_owed) || (result->with[kind] == 0 && is_owed && must_find)) {
        fail_msg("%s, %s: finding of kind %u in %u of %u executions", liveness->name, strategy,
                 kind, result->with[kind], result->executions);
    }
}

/* Threads that go on until others are more urgent seldom meet: `pct' need not find what is owed. */
static void check(const struct liveness_program *liveness, const char *strategy, bool must_find)
{
    const struct hde_program program =
        hd_experiment_threads(liveness->threads, threads_of(liveness));
    struct hde_settings settings = hd_experiment_settings();

    settings.steps_max = 3000; /* an unfair strategy may let readers read on for ever */
    struct experiment result =
        hd_experiment_run(&program, &settings, hde_strategy_named(strategy), 1, EXECUTIONS);

    if (must_find) {
        assert_int_equal(result.ended[HDE_END_STEPS], 0);
    }
    for (unsigned kind = HD_CLEAN + 1; kind < HD_VERDICTS; kind++) {
        check_kind(liveness, strategy, &result, kind, must_find);
    }
}

static void each_is_found_and_look_alikes_are_not(void **unused)
{
    (void)unused;
    for (const struct liveness_program *program = liveness_programs; program->name != NULL;
         program++) {
        check(program, "random", true);
        check(program, "pct", false);
        check(program, "pos", false);
    }
}

/* The finding of one execution, if it has the one that is owed, is that of its replay. */
static void check_replay(const struct liveness_program *liveness, uint64_t seed)
{
    const struct hde_program threads =
        hd_experiment_threads(liveness->threads, threads_of(liveness));
    const struct hde_settings settings = hd_experiment_settings();
    struct experiment result =
        hd_experiment_run(&threads, &settings, hde_strategy_named("random"), seed, 1);
    struct hde_schedule schedule = {0};
    struct hde_divergence divergence;

    if (result.with[liveness->owes] == 0) {
        return;
    }
    hde_schedule_copy(&schedule, &hde_execution.schedule);
    hde_replay(&threads, &settings, &schedule, &divergence, NULL);
    if (divergence.has_diverged) {
        fail_msg("%s: seed %ju: entry %zu of %u diverged", liveness->name, (uintmax_t)seed,
                 (size_t)divergence.entry, (unsigned)schedule.count);
    }
    if (hde_execution.findings_count != 1) {
        fail_msg("%s: seed %ju is not found again", liveness->name, (uintmax_t)seed);
    }
    assert_true(hde_finding_is_same(&hde_execution.findings[0], &result.first));
    hde_schedule_release(&schedule);
}

/* Equal looks must be equal in a replay, too, where other code of the engine runs in between. */
static void each_finding_replays(void **unused)
{
    (void)unused;
    for (const struct liveness_program *program = liveness_programs; program->name != NULL;
         program++) {
        for (uint64_t seed = 1; seed <= 300 && program->owes != HD_CLEAN; seed++) {
            check_replay(program, seed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_and_look_alikes_are_not),
        cmocka_unit_test(each_finding_replays),
    };

    return cmocka_run_group_tests_name("liveness", tests, NULL, NULL);
}
