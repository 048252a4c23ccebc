/*
 * The instrumented builtins do the same in an execution, outside of one, and as C says.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/builtins.h"

extern const struct hde_strategy hde_strategy_random;

static unsigned wrong_inside;
static unsigned runs_inside;

static void run_builtins(void *unused)
{
    (void)unused;
    wrong_inside += hd_builtins_wrong();
    runs_inside++;
}

static void test_outside(void **state)
{
    (void)state;
    assert_int_equal(hd_builtins_wrong(), 0);
}

static void test_inside(void **state)
{
    static void (*const threads[])(void *) = {run_builtins};
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(threads, 1);

    (void)state;
    struct experiment result = hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 10);

    assert_int_equal(result.ended[HDE_END_DONE], 10);
    assert_int_equal(runs_inside, 10);
    assert_int_equal(wrong_inside, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outside),
        cmocka_unit_test(test_inside),
    };

    return cmocka_run_group_tests_name("builtins", tests, NULL, NULL);
}
