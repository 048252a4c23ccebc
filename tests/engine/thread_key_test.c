/*
 * Values that threads keep under keys: each thread has its own, destroyed in order when it ends and
 * gone in the next execution; keys made in an execution are gone as well, others are not.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/thread_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"

#define EXECUTIONS 1000

extern const struct hde_strategy hde_strategy_random;

/* Every execution is clean: what must hold, the program expects. */
static void expect_clean(void (*function)(void *))
{
    struct hde_settings settings = hd_experiment_settings();
    void (*const functions[1])(void *) = {function};
    const struct hde_program program = hd_experiment_threads(functions, 1);

    settings.ignored = 1U << HD_MISUSE; /* some use keys that are not there */
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, EXECUTIONS);

    if (result.first.kind != HD_CLEAN) {
        fail_msg("finding %u: %s", result.first.kind, result.first.text);
    }
    assert_int_equal(result.ended[HDE_END_DONE], EXECUTIONS);
}

static int make_outer_key(void **state)
{
    (void)state;
    return pthread_key_create(&hd_test_key_outer, hd_test_key_destroy_outer);
}

static void values_are_the_threads_own_and_destroyed_in_the_order_of_keys(void **state)
{
    (void)state;
    expect_clean(hd_test_key_use);
}

static void there_are_as_many_keys_as_in_libc_in_each_execution(void **state)
{
    (void)state;
    expect_clean(hd_test_key_exhaust);
}

static void destructors_that_set_new_values_run_four_times(void **state)
{
    (void)state;
    expect_clean(hd_test_key_insist);
}

static void a_key_made_outside_is_lost_to_one_execution_only(void **state)
{
    int value = 1;

    (void)state;
    expect_clean(hd_test_key_lose_outer);
    assert_int_equal(pthread_setspecific(hd_test_key_outer, &value), 0);
    expect_clean(hd_test_key_use);
    assert_ptr_equal(pthread_getspecific(hd_test_key_outer), &value);
    assert_int_equal(pthread_setspecific(hd_test_key_outer, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_the_threads_own_and_destroyed_in_the_order_of_keys),
        cmocka_unit_test(there_are_as_many_keys_as_in_libc_in_each_execution),
        cmocka_unit_test(destructors_that_set_new_values_run_four_times),
        cmocka_unit_test(a_key_made_outside_is_lost_to_one_execution_only),
    };

    return cmocka_run_group_tests(tests, make_outer_key, NULL);
}
