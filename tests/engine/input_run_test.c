/*
 * Running an input: who goes round for ever is found where the execution was cut, without being
 * asked for, and otherwise where the input asks for it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/input_run.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/livenesses.h"

#define INPUTS 60U

static struct hde_input input;

static unsigned threads_of(const struct liveness_program *program)
{
    unsigned count = 0;

    while (count < LIVENESS_THREADS_MAX && program->threads[count] != NULL) {
        count++;
    }
    return count;
}

static bool has_found(enum hd_verdict kind)
{
    bool is_any = false;

    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        is_any = is_any || hde_execution.findings[i].kind == kind;
    }
    return is_any;
}

/* How many inputs show what the program owes. */
static unsigned count_found(const struct liveness_program *liveness, bool seeks_rounds)
{
    const struct hde_program program =
        hd_experiment_threads(liveness->threads, threads_of(liveness));
    struct hde_settings settings = hd_experiment_settings();
    unsigned found = 0;

    settings.steps_max = 3000;
    for (uint32_t seed = 0; seed < INPUTS; seed++) {
        input = (struct hde_input){
            .base = (uint8_t)(seed % HDE_INPUT_BASES), .seed = seed, .seeks_rounds = seeks_rounds};
        hde_input_run(&program, &settings, &input);
        found += has_found((enum hd_verdict)liveness->owes);
    }
    return found;
}

/* How many of the programs with such a bug show it in any of the inputs. */
static unsigned count_programs(bool seeks_rounds)
{
    unsigned found = 0;

    for (const struct liveness_program *program = liveness_programs; program->name != NULL;
         program++) {
        if (program->owes == HD_LIVELOCK || program->owes == HD_STARVATION) {
            found += count_found(program, seeks_rounds) > 0;
        }
    }
    return found;
}

/* A writer that readers never let go on: the only one whose executions are cut. */
static void rounds_are_looked_for_where_an_execution_is_cut(void **state)
{
    (void)state;
    assert_int_equal(count_programs(false), 1);
}

/* Who gives way goes on in the end by itself, in all of these executions. */
static void rounds_are_looked_for_where_the_input_says_so(void **state)
{
    (void)state;
    assert_int_equal(count_programs(true), 4);
}

static int start(void **state)
{
    (void)state;
    hde_execution_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_are_looked_for_where_an_execution_is_cut),
        cmocka_unit_test(rounds_are_looked_for_where_the_input_says_so),
    };

    return cmocka_run_group_tests_name("engine.input_run", tests, start, NULL);
}
