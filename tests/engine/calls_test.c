/*
 * Hooked calls of libc do what libc's own do: each sequence of calls is run natively and in
 * executions, and every result is compared.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/execution.h"
#include "engine/hooks/time.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/calls.h"

extern const struct hde_strategy hde_strategy_random;

#define EXECUTIONS 200

/* Not a global: what executions write to those is undone. */
static struct call_log *in_execution;

static void run_sequence(const void *argument)
{
    const struct call_sequence *sequence = argument;

    in_execution->count = 0;
    sequence->run(in_execution);
}

static void compare(const struct call_sequence *sequence, const struct call_log *native)
{
    unsigned same = 0;

    while (same < native->count && native->results[same] == in_execution->results[same]) {
        same++;
    }
    if (same < native->count || native->count != in_execution->count) {
        fail_msg("%s: result %u of %u natively is %ld; in an execution, %u of %u is %ld",
                 sequence->name, same, native->count, native->results[same], same,
                 in_execution->count, in_execution->results[same]);
    }
}

static void run_once(const struct call_sequence *sequence, uint64_t seed)
{
    const struct hde_program program = {
        .name = sequence->name, .body = run_sequence, .argument = sequence};
    struct hde_settings settings = hd_experiment_settings();

    settings.ignored = UINT32_C(1) << HD_MISUSE; /* what libc says to it is compared as well */
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);

    if (result.first.kind != HD_CLEAN || result.ended[HDE_END_STEPS] > 0) {
        fail_msg("%s: finding of kind %d with seed %ju", sequence->name, result.first.kind,
                 (uintmax_t)seed);
    }
}

/* Under many interleavings: none may make a difference, or show a finding. */
static void check_sequence(const struct call_sequence *sequence)
{
    struct call_log *native = calloc(1, sizeof(*native));

    assert_non_null(native);
    sequence->run(native);
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        run_once(sequence, seed);
        compare(sequence, native);
    }
    free(native);
}

static void check_sequences(const struct call_sequence *sequences)
{
    for (; sequences->name != NULL; sequences++) {
        check_sequence(sequences);
    }
}

static void test_mutexes(void **state)
{
    (void)state;
    check_sequences(call_mutex_sequences);
}

static void test_conditions_and_futexes(void **state)
{
    (void)state;
    check_sequences(call_condition_sequences);
}

static void test_threads(void **state)
{
    (void)state;
    check_sequences(call_thread_sequences);
}

static void test_time(void **state)
{
    (void)state;
    check_sequences(call_time_sequences);
}

static void test_other_locks(void **state)
{
    (void)state;
    check_sequences(call_lock_sequences);
}

static int set_up(void **state)
{
    (void)state;
    in_execution = calloc(1, sizeof(*in_execution));
    return in_execution == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(in_execution);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutexes),     cmocka_unit_test(test_conditions_and_futexes),
        cmocka_unit_test(test_threads),     cmocka_unit_test(test_time),
        cmocka_unit_test(test_other_locks),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
