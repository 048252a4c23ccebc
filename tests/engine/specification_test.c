/*
 * Specifications: each ready-made one lets right histories pass, and not their wrong twins.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/linearize.h"

#include "tests/engine/specification_examples.h"

static struct hde_problem make(const struct example *example, struct hde_interval *intervals)
{
    for (uint32_t i = 0; i < example->count; i++) {
        const struct line *line = &example->lines[i];
        bool is_pending = line->span == PENDING;

        intervals[i] = (struct hde_interval){
            .operation = {.key = line->key,
                          .argument = line->argument,
                          .value = is_pending ? HD_VALUE_UNKNOWN : line->value,
                          .code = line->code,
                          .outcome = line->outcome,
                          .thread = line->thread,
                          .is_pending = is_pending},
            .called = 10 * i,
            .returned = is_pending ? UINT32_MAX : 10 * (i + line->span) + 5 + i,
        };
    }
    return (struct hde_problem){
        .specification = example->specification,
        .parameter = example->parameter,
        .intervals = intervals,
        .count = example->count,
        .stuck = HDE_NO_OPERATION,
    };
}

static bool gives_what_it_owes(const struct example *example)
{
    struct hde_interval intervals[LINES_MAX];
    const struct hde_problem problem = make(example, intervals);
    uint64_t steps = HDE_LINEARIZE_STEPS_MAX;

    return hde_linearize(&problem, &steps, NULL) ==
           (example->is_wrong ? HDE_NOT_LINEARIZABLE : HDE_LINEARIZABLE);
}

static void right_histories_pass_and_wrong_ones_do_not(void **state)
{
    const struct example *example = hd_examples;
    const struct example *end = example + hd_examples_count;

    (void)state;
    while (example < end && gives_what_it_owes(example)) {
        example++;
    }
    if (example < end) {
        fail_msg("%s: %s", example->specification->name, example->name);
    }
}

/* What does not fit is not judged, and not taken for right or wrong. */
static void too_much_for_a_state_is_not_judged(void **state)
{
    static struct hde_interval intervals[100];
    struct hde_problem problem = {
        .specification = &hd_specification_fifo_queue,
        .intervals = intervals,
        .count = 100,
        .stuck = HDE_NO_OPERATION,
    };
    uint64_t steps = HDE_LINEARIZE_STEPS_MAX;

    (void)state;
    for (uint32_t i = 0; i < problem.count; i++) {
        intervals[i] = (struct hde_interval){
            .operation = {.code = HD_OP_PUT, .argument = i},
            .called = 2 * i,
            .returned = 2 * i + 1,
        };
    }
    assert_int_equal(hde_linearize(&problem, &steps, NULL), HDE_LINEARIZABLE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_histories_pass_and_wrong_ones_do_not),
        cmocka_unit_test(too_much_for_a_state_is_not_judged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
