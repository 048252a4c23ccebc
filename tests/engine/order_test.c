/*
 * What hooked calls order: an access on each side races if, and only if, they promise nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/orders.h"

extern const struct hde_strategy hde_strategy_random;

static unsigned threads_of(const struct race_program *program)
{
    unsigned count = 0;

    while (count < RACE_THREADS_MAX && program->threads[count] != NULL) {
        count++;
    }
    return count;
}

static void check_is_not_found(const struct race_program *order, unsigned kind, uint32_t executions)
{
    if (executions > 0) {
        fail_msg("%s: finding of kind %u in %u executions", order->name, kind, executions);
    }
}

static void check_order(const struct race_program *order)
{
    struct hde_settings settings = hd_experiment_settings();

    /* Nobody initializes the semaphores, and a signal without the lock may come too early. */
    settings.ignored = UINT32_C(1) << HD_MISUSE | UINT32_C(1) << HD_STALL;
    const struct hde_program program = hd_experiment_threads(order->threads, threads_of(order));

    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 1000);
    uint32_t raced = result.with[HD_DATA_RACE];

    if (order->is_racy != (raced > 0)) {
        fail_msg("%s: %u of 1000 executions had a race", order->name, raced);
    }
    for (unsigned kind = HD_CLEAN + 1; kind < HD_VERDICTS; kind++) {
        if (kind != HD_DATA_RACE) {
            check_is_not_found(order, kind, result.with[kind]);
        }
    }
}

/* Where a race shows in one execution of 20, 1,000 executions miss it with probability 2^-74. */
static void test_calls_order_what_they_promise(void **state)
{
    (void)state;
    for (const struct race_program *order = order_programs; order->name != NULL; order++) {
        check_order(order);
    }
}

static void test_locks_order_what_they_promise(void **state)
{
    (void)state;
    for (const struct race_program *order = order_lock_programs; order->name != NULL; order++) {
        check_order(order);
    }
}

static void test_threads_order_what_they_promise(void **state)
{
    (void)state;
    for (const struct race_program *order = order_thread_programs; order->name != NULL; order++) {
        check_order(order);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_order_what_they_promise),
        cmocka_unit_test(test_threads_order_what_they_promise),
        cmocka_unit_test(test_locks_order_what_they_promise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
