/*
 * Calls that are not modelled: each is named once, with its place, and none blocks the process.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/unmodelled.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/unmodelled.h"

extern const struct hde_strategy hde_strategy_random;

static void run_program(const void *argument)
{
    const struct unmodelled_program *unmodelled = argument;

    unmodelled->run();
}

static void check_named(const char *call)
{
    struct hde_unmodelled named;

    if (call != NULL) {
        assert_true(hde_unmodelled_next(&named));
        assert_string_equal(named.call, call);
        assert_int_not_equal(named.pc, 0);
        assert_non_null(named.instead);
    }
    assert_false(hde_unmodelled_next(&named));
}

static void check_end(const struct experiment *result, const struct unmodelled_program *unmodelled)
{
    assert_int_equal(result->first.kind, unmodelled->kind);
    assert_int_equal(result->ended[HDE_END_DONE], unmodelled->kind == HD_CLEAN ? 1 : 0);
    if (unmodelled->kind != HD_FAILURE) {
        return;
    }
    assert_int_equal(result->first.places_count, 1);
    assert_int_not_equal(result->first.places[0].pc, 0);
    assert_int_equal(strncmp(result->first.text, unmodelled->call, strlen(unmodelled->call)), 0);
    assert_non_null(strstr(result->first.text, "not modelled"));
}

static void test_calls_are_named_once(void **state)
{
    const struct hde_settings settings = hd_experiment_settings();

    (void)state;
    hd_unmodelled_open();
    for (size_t i = 0; i < unmodelled_programs_count; i++) {
        const struct unmodelled_program *unmodelled = &unmodelled_programs[i];
        const struct hde_program program = {
            .name = "unmodelled", .body = run_program, .argument = unmodelled};
        struct experiment result =
            hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 1);

        check_end(&result, unmodelled);
        check_named(unmodelled->call);
    }
    hd_unmodelled_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_are_named_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
