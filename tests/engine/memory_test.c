/*
 * Memory functions: what libc touches is seen, to the byte, and what it writes is undone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/raw_memory.h"
#include "tests/engine/experiment.h"

extern const struct hde_strategy hde_strategy_random;

/*
 * Nothing orders the two threads, so a race is found in every execution. A failed expectation would
 * mean that a function went wrong, or that an execution began with what the last one had written.
 */
static void check_program(const struct memory_program *memory)
{
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(memory->threads, 2);
    struct experiment result = hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 50);

    if (result.with[HD_DATA_RACE] != (memory->is_racy ? 50U : 0U)) {
        fail_msg("%s: %u of 50 executions had a race", memory->name, result.with[HD_DATA_RACE]);
    }
    if (result.with[HD_FAILURE] != 0) {
        fail_msg("%s: %s", memory->name, result.first.text);
    }
}

static void libc_is_seen_to_touch_just_what_it_does(void **state)
{
    (void)state;
    for (const struct memory_program *memory = memory_programs; memory->name != NULL; memory++) {
        check_program(memory);
    }
}

static void writing_more_than_there_is_room_for_is_a_failure(void **state)
{
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(memory_overflow.threads, 2);

    (void)state;

    struct experiment result = hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 50);

    assert_int_equal(result.with[HD_FAILURE], 50);
    assert_string_equal(result.first.text, "more is written than there is room for");
}

static void outside_executions_functions_do_what_they_should(void **state)
{
    char to[16] = "xxxxxxxxxxxxxxx";

    (void)state;
    assert_ptr_equal(hde_raw_memcpy(to, "abc", 4), to);
    assert_string_equal(to, "abc");
    assert_ptr_equal(hde_raw_memmove(to + 1, to, 3), to + 1);
    assert_string_equal(to, "aabcxxxxxxxxxxx");
    assert_ptr_equal(hde_raw_memset(to, 'y', 2), to);
    assert_int_equal(hde_raw_memcmp(to, "yy", 2), 0);
    assert_true(hde_raw_memcmp(to, "yz", 2) < 0);
    assert_ptr_equal(hde_raw_memchr(to, 'b', 16), to + 2);
    assert_null(hde_raw_memchr(to, 'q', 15));
    assert_int_equal(hde_raw_strlen(to), 15);
    assert_int_equal(hde_raw_strnlen(to, 4), 4);
    assert_true(hde_raw_strcmp("a", "b") < 0);
    assert_int_equal(hde_raw_strncmp("ax", "ay", 1), 0);
    assert_ptr_equal(hde_raw_strchr(to, 'b'), to + 2);
    assert_ptr_equal(hde_raw_strrchr(to, 'y'), to + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libc_is_seen_to_touch_just_what_it_does),
        cmocka_unit_test(writing_more_than_there_is_room_for_is_a_failure),
        cmocka_unit_test(outside_executions_functions_do_what_they_should),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
