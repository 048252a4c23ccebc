/*
 * libc: functions of it that touch the program's memory behind its back, or remember something,
 * answer as libc does, are seen to touch what they touch, and remember nothing from one execution
 * to the next.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/libc.h"

extern const struct hde_strategy hde_strategy_random;

static struct experiment
run(void (*const *functions)(void *), unsigned count, uint64_t seed, uint32_t executions)
{
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(functions, count);

    return hd_experiment_run(&program, &settings, &hde_strategy_random, seed, executions);
}

static const struct libc_answer *asked;
static char *answer; /* on libc's heap: it is not undone */

static void ask(void *unused)
{
    (void)unused;
    asked->answer(answer);
}

static void check_answer(const char *native)
{
    static void (*const functions[])(void *) = {ask};

    answer[0] = '\0';
    assert_int_equal(run(functions, 1, 1, 1).first.kind, HD_CLEAN);
    if (strcmp(answer, native) != 0) {
        fail_msg("%s: %s instead of %s", asked->name, answer, native);
    }
}

/* Natively each is asked once, in a process that has not used these functions before. */
static void answers_are_those_of_libc_in_each_execution(void **state)
{
    static char native[LIBC_TEXT_MAX];

    (void)state;
    answer = malloc(LIBC_TEXT_MAX);
    assert_non_null(answer);
    for (asked = libc_answers; asked->name != NULL; asked++) {
        native[0] = '\0';
        asked->answer(native);
        for (unsigned i = 0; i < 3; i++) {
            check_answer(native);
        }
    }
    free(answer);
}

static const struct libc_touch *touching;

static void touch(void *unused)
{
    (void)unused;
    touching->touch();
}

static void expect_races(struct experiment result)
{
    if (result.with[HD_DATA_RACE] != result.executions) {
        fail_msg("%s: a data race in %u of %u", touching->name, result.with[HD_DATA_RACE],
                 result.executions);
    }
}

/* Nothing orders the two, whoever comes first: it is found in each execution. */
static void what_libc_touches_is_seen(void **state)
{
    static void (*const functions[])(void *) = {touch, hd_libc_write};

    (void)state;
    for (touching = libc_touches; touching->name != NULL; touching++) {
        memset(libc_memory, 'm', sizeof(libc_memory) - 1);
        expect_races(run(functions, 2, 1, 10));
    }
}

static void what_libc_writes_to_globals_is_undone(void **state)
{
    static void (*const functions[])(void *) = {touch};

    (void)state;
    for (touching = libc_touches; touching->name != NULL; touching++) {
        char before[sizeof(libc_memory)];

        memset(libc_memory, 'm', sizeof(libc_memory) - 1);
        memcpy(before, libc_memory, sizeof(before));
        assert_int_equal(run(functions, 1, 1, 1).first.kind, HD_CLEAN);
        assert_memory_equal(libc_memory, before, sizeof(before));
    }
}

static void strtok_is_not_safe_with_threads(void **state)
{
    static void (*const functions[])(void *) = {hd_libc_tokenize, hd_libc_tokenize};

    (void)state;
    assert_int_equal(run(functions, 1, 1, 10).first.kind, HD_CLEAN);
    assert_int_equal(run(functions, 2, 1, 10).with[HD_DATA_RACE], 10);
}

static void strtok_begins_anew_in_each_execution(void **state)
{
    static void (*const cut[])(void *) = {hd_libc_tokenize};
    static void (*const go_on[])(void *) = {hd_libc_tokenize_nothing};

    (void)state;
    assert_int_equal(run(cut, 1, 1, 1).first.kind, HD_CLEAN);
    assert_int_equal(run(go_on, 1, 1, 1).first.kind, HD_CLEAN);
}

static void a_comparison_may_step(void **state)
{
    static void (*const functions[])(void *) = {hd_libc_sort, hd_libc_sort, hd_libc_sort};

    (void)state;
    assert_int_equal(run(functions, 3, 1, 30).first.kind, HD_CLEAN);
}

static void what_libc_allocates_for_the_program_is_of_the_arena(void **state)
{
    static void (*const functions[])(void *) = {hd_libc_allocate};

    (void)state;
    assert_int_equal(run(functions, 1, 1, 1).first.kind, HD_OUT_OF_BOUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_libc_in_each_execution),
        cmocka_unit_test(what_libc_touches_is_seen),
        cmocka_unit_test(what_libc_writes_to_globals_is_undone),
        cmocka_unit_test(strtok_is_not_safe_with_threads),
        cmocka_unit_test(strtok_begins_anew_in_each_execution),
        cmocka_unit_test(a_comparison_may_step),
        cmocka_unit_test(what_libc_allocates_for_the_program_is_of_the_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
