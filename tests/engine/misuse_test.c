/*
 * Misuse: each is found at a place, with what was done before, and nothing is said of look-alikes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/misuse.h"

extern const struct hde_strategy hde_strategy_random;

/* What shows in one execution of 20 is missed by 1,000 with probability 2^-74. */
#define EXECUTIONS 1000

static void run_misuse(const void *argument)
{
    const struct misuse_program *misuse = argument;

    misuse->run();
}

static void check_finding(const struct misuse_program *misuse, const struct hde_finding *finding)
{
    unsigned places = misuse->has_cause ? 2 : 1;

    if (finding->kind != HD_MISUSE || finding->class == HDE_CLASS_NONE ||
        (finding->class != misuse->class && finding->class != misuse->also)) {
        fail_msg("%s: finding of kind %d, class \"%s\"", misuse->name, finding->kind,
                 hde_finding_class_name(finding->class));
    }
    if (finding->class == misuse->class && finding->places_count != places) {
        fail_msg("%s: %u places, not %u", misuse->name, finding->places_count, places);
    }
    for (unsigned i = 0; i < finding->places_count; i++) {
        assert_int_not_equal(finding->places[i].pc, 0);
        assert_int_not_equal(finding->places[i].address, 0);
        assert_int_equal(finding->places[i].is_cause, i > 0);
    }
}

/* The findings of the last execution; returns whether one is of the class that it owes. */
static bool check_findings(const struct misuse_program *misuse)
{
    bool is_found = false;

    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        const struct hde_finding *finding = &hde_execution.findings[i];

        if (finding->kind != HD_DEADLOCK || !misuse->gets_stuck) {
            check_finding(misuse, finding);
        }
        is_found = is_found || finding->class == misuse->class;
    }
    return is_found;
}

static void check_program(const struct misuse_program *misuse)
{
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = {
        .name = misuse->name, .body = run_misuse, .argument = misuse};
    unsigned found = 0;

    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        struct experiment result =
            hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);

        assert_int_equal(result.ended[HDE_END_STEPS], 0);
        found += check_findings(misuse) ? 1 : 0;
    }
    if (misuse->class != HDE_CLASS_NONE && found == 0) {
        fail_msg("%s: not found", misuse->name);
    }
}

static void check_programs(const struct misuse_program *programs)
{
    for (; programs->name != NULL; programs++) {
        check_program(programs);
    }
}

static void test_mutexes(void **state)
{
    (void)state;
    check_programs(misuse_mutex_programs);
}

static void test_rwlocks_and_spin_locks(void **state)
{
    (void)state;
    check_programs(misuse_rwlock_programs);
}

static void test_semaphores_and_barriers(void **state)
{
    (void)state;
    check_programs(misuse_semaphore_programs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutexes),
        cmocka_unit_test(test_rwlocks_and_spin_locks),
        cmocka_unit_test(test_semaphores_and_barriers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
