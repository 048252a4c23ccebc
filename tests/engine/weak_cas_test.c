/*
 * A weak compare-and-exchange may fail for no reason, as often as its budget says; a strong one may
 * not.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/weak_cas.h"

/* One in 8 fails: 300 miss it with probability (7/8)^300 < 10^-17. */
#define EXECUTIONS 300

static struct experiment
run(void (*function)(void *), const char *strategy, uint32_t budget, uint32_t executions)
{
    void (*functions[])(void *) = {function};
    const struct hde_program program = hd_experiment_threads(functions, 1);
    struct hde_settings settings = hd_experiment_settings();

    settings.budgets.of[HDE_CHOICE_WEAK_CAS] = budget;
    return hd_experiment_run(&program, &settings, hde_strategy_named(strategy), 1, executions);
}

static void check_form(const struct weak_cas_program *program)
{
    struct experiment with = run(program->run, "random", 1, EXECUTIONS);
    struct experiment without = run(program->run, "random", 0, EXECUTIONS);

    if ((with.with[HD_FAILURE] > 0) != program->is_weak) {
        fail_msg("%s: %u of %u executions failed", program->name, with.with[HD_FAILURE],
                 with.executions);
    }
    if (without.with[HD_FAILURE] > 0) {
        fail_msg("%s: failed without a budget", program->name);
    }
    if (program->is_weak && with.with[HD_FAILURE] == with.executions) {
        fail_msg("%s: always fails", program->name);
    }
}

static void test_forms(void **state)
{
    (void)state;
    for (const struct weak_cas_program *program = weak_cas_programs; program->name != NULL;
         program++) {
        check_form(program);
    }
}

/*
 * Tried again: with a budget of n it fails 0, 1, ... n times: n + 1 executions; but each failure
 * costs one of the preemptions of dfs, which are two here.
 */
static void test_budget(void **state)
{
    (void)state;
    for (uint32_t budget = 0; budget < 4; budget++) {
        struct experiment all = run(hd_weak_cas_retried, "dfs", budget, 100);

        assert_int_equal(all.executions, (budget < 2 ? budget : 2) + 1);
        assert_int_equal(all.with[HD_FAILURE], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_budget),
    };

    return cmocka_run_group_tests_name("weak_cas", tests, NULL, NULL);
}
