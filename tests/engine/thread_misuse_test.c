/*
 * Misuse of threads, keys and condition variables is found, with what was done before; what looks
 * like it is clean.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/thread_misuses.h"

extern const struct hde_strategy hde_strategy_random;

/* The least likely shows in one execution of ten: 500 miss it with probability 2^-76. */
#define EXECUTIONS 500

static void run_program(const void *argument) { ((const struct thread_misuse *)argument)->run(); }

/* One execution; whether it had the finding. */
static bool run_once(const struct thread_misuse *misuse, uint64_t seed)
{
    const struct hde_program program = {
        .name = misuse->name, .body = run_program, .argument = misuse};
    struct hde_settings settings = hd_experiment_settings();

    settings.steps_max = 2000; /* one of them leaves a thread running */
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);
    const struct hde_finding *found = &result.first;
    bool has_cause = found->places_count == 2 && found->places[1].is_cause;

    if (found->kind == HD_CLEAN) {
        return false;
    }
    /* Who is detached or waits for ever after a misuse is a consequence. */
    if (found->kind != HD_MISUSE || found->class != misuse->class || found->places[0].pc == 0 ||
        has_cause != misuse->has_cause) {
        fail_msg("%s: finding of kind %d, class %d, %u places, with seed %ju", misuse->name,
                 found->kind, found->class, found->places_count, (uintmax_t)seed);
    }
    return true;
}

static void check_misuse(const struct thread_misuse *misuse)
{
    unsigned found = 0;

    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        found += run_once(misuse, seed) ? 1 : 0;
    }
    if ((found > 0) != (misuse->class != HDE_CLASS_NONE)) {
        fail_msg("%s: found in %u of %d executions", misuse->name, found, EXECUTIONS);
    }
}

static void misuse_is_found_and_look_alikes_are_clean(void **state)
{
    (void)state;
    for (const struct thread_misuse *misuse = thread_misuses; misuse->name != NULL; misuse++) {
        check_misuse(misuse);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misuse_is_found_and_look_alikes_are_clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
