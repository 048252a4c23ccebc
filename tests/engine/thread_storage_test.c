/*
 * Thread-local variables: each thread has its own, fresh in each execution, at an address that does
 * not depend on the interleaving; so has each OS thread outside executions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/thread_storage.h"

#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"

extern const struct hde_strategy hde_strategy_random;

static const void *noted[4];
static unsigned differences;

void hd_test_storage_note(unsigned thread, const void *variable)
{
    if (noted[thread] != NULL && noted[thread] != variable) {
        differences++;
    }
    noted[thread] = variable;
}

static void variables_are_the_threads_own_and_fresh_in_each_execution(void **state)
{
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(thread_storage_functions, 3);

    (void)state;

    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 1000);

    if (result.first.kind != HD_CLEAN) {
        fail_msg("finding %u: %s", result.first.kind, result.first.text);
    }
    assert_int_equal(result.ended[HDE_END_DONE], 1000);
}

static void addresses_do_not_depend_on_the_interleaving(void **state)
{
    (void)state;
    assert_int_equal(differences, 0);
    assert_non_null(noted[1]);
    assert_ptr_not_equal(noted[1], noted[2]);
    assert_ptr_not_equal(noted[2], noted[3]);
}

static void *increase_twice(void *unused)
{
    (void)unused;
    (void)hd_test_storage_increase();
    return (void *)(intptr_t)hd_test_storage_increase();
}

static void run_thread(void)
{
    pthread_t thread;
    void *result = NULL;

    assert_int_equal(pthread_create(&thread, NULL, increase_twice, NULL), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_int_equal((intptr_t)result, 9);
}

static void outside_executions_each_os_thread_has_its_own(void **state)
{
    int before = hd_test_storage_increase();

    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        run_thread();
    }
    assert_int_equal(hd_test_storage_increase(), before + 1);
}

static void executions_leave_those_of_os_threads_alone(void **state)
{
    int before = hd_test_storage_increase();

    variables_are_the_threads_own_and_fresh_in_each_execution(state);
    assert_int_equal(hd_test_storage_increase(), before + 1);
}

static void an_os_thread_that_ends_gives_its_variables_back(void **state)
{
    (void)state;
    run_thread();

    size_t before = mallinfo2().uordblks;

    for (unsigned i = 0; i < 1000; i++) {
        run_thread();
    }
    assert_in_range(mallinfo2().uordblks, 0, before + 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables_are_the_threads_own_and_fresh_in_each_execution),
        cmocka_unit_test(addresses_do_not_depend_on_the_interleaving),
        cmocka_unit_test(outside_executions_each_os_thread_has_its_own),
        cmocka_unit_test(executions_leave_those_of_os_threads_alone),
        cmocka_unit_test(an_os_thread_that_ends_gives_its_variables_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
