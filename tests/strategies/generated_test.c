/*
 * The generated programs: each has the bug that it is said to have, found and replayed, shrunk to
 * the preemptions that it needs; and its twin is clean.
 *
 * How often each is found is the business of the table (table.c). Here each strategy gets so many
 * steps for each program, one after another, and one of them must find it; seeds are fixed, so that
 * it does so always.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/collection.h"
#include "engine/explore.h"
#include "tests/strategies/subject.h"

#define STEPS_TO_FIND 2000000U
#define STEPS_TO_FIND_RARE 20000000U /* by pos */
#define STEPS_TO_PROVE 1500000U
#define STEPS_OF_TWIN 300000U

/* Programs of more rounds are looked at with so many, which changes nothing but their length. */
#define ROUNDS_MAX 20U

static struct hde_collection collection;
static unsigned blamed;

__attribute__((format(printf, 2, 3))) static void
blame(const char *program, const char *format, ...)
{
    char reason[256];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    print_error("%s: %s\n", program, reason);
    blamed++;
}

static void keep(void *listener, uint64_t execution, const struct hde_schedule *schedule)
{
    (void)listener;
    hde_collection_add(&collection, execution, schedule);
}

static struct hde_tally explore(const struct hde_program *program,
                                const struct hde_settings *settings,
                                const char *strategy,
                                unsigned preemptions,
                                uint64_t executions_max)
{
    const struct hde_exploration exploration = {
        .program = *program,
        .settings = *settings,
        .strategy = hde_strategy_named(strategy),
        .options = {.preemptions = preemptions},
        .seed = 1,
        .executions_max = executions_max,
        .found = collection.program == NULL ? NULL : keep,
    };

    return hde_explore(&exploration);
}

static const char *const searches[] = {"random", "pos", "pct"};

#define SEARCHES (sizeof(searches) / sizeof(searches[0]))

static uint64_t executions_in(uint64_t steps, const struct hde_program *program)
{
    struct hde_settings settings = hd_subject_settings(HD_CLEAN, hde_strategy_named(searches[0]));
    struct hde_tally one = explore(program, &settings, searches[0], 0, 1);

    return steps / (one.steps + 1) + 1;
}

static void judge(const struct generated *generated)
{
    const struct hde_caught *caught = &collection.items[0];

    assert_int_equal(collection.unreplayable, 0);
    assert_int_equal(collection.count, 1);
    if (caught->finding.kind != generated->owes ||
        caught->shrunk.preemptions < generated->preemptions) {
        blame(generated->name, "owes a %s of %u preemptions, and a %s of %u was found",
              hde_verdict_name(generated->owes), generated->preemptions,
              hde_verdict_name(caught->finding.kind), caught->shrunk.preemptions);
    }
}

static void check_found(const struct generated *generated)
{
    struct hde_program program = hd_subject_program(generated);
    struct hde_settings settings =
        hd_subject_settings(generated->owes, hde_strategy_named(searches[0]));
    uint64_t executions = executions_in(STEPS_TO_FIND, &program);
    bool is_found = false;

    collection =
        (struct hde_collection){.program = &program, .settings = &settings, .count_max = 1};
    for (size_t i = 0; i < SEARCHES && !is_found; i++) {
        is_found = explore(&program, &settings, searches[i], 0, executions).executions_to_first > 0;
    }
    if (!is_found) {
        settings = hd_subject_settings(generated->owes, hde_strategy_named("dfs"));
        is_found = explore(&program, &settings, "dfs", generated->preemptions, executions)
                       .executions_to_first > 0;
    }
    if (!is_found) {
        settings = hd_subject_settings(generated->owes, hde_strategy_named("pos"));
        executions = executions_in(STEPS_TO_FIND_RARE, &program);
        is_found = explore(&program, &settings, "pos", 0, executions).executions_to_first > 0;
    }
    if (!is_found) {
        blame(generated->name, "nothing was found");
    } else {
        judge(generated);
    }
    hde_collection_release(&collection);
    collection.program = NULL;
}

/* With one preemption less it is not there, as far as that many steps can tell. */
static void check_needs(const struct generated *generated)
{
    struct hde_program program = hd_subject_program(generated);
    struct hde_settings settings = hd_subject_settings(generated->owes, hde_strategy_named("dfs"));
    uint64_t executions = executions_in(STEPS_TO_PROVE, &program);
    struct hde_tally tally =
        explore(&program, &settings, "dfs", generated->preemptions - 1, executions);

    if (tally.guilty != 0) { /* those that were driven there (drive.h) do not count */
        blame(generated->name, "needs less than %u preemptions", generated->preemptions);
    }
}

static struct generated shortened(const struct generated *generated)
{
    struct generated copy = *generated;

    copy.sizes.rounds = copy.sizes.rounds < ROUNDS_MAX ? copy.sizes.rounds : ROUNDS_MAX;
    return copy;
}

static void each_bug_is_real(void **state)
{
    (void)state;
    blamed = 0;
    for (const struct generated *generated = generated_programs; generated->name != NULL;
         generated++) {
        struct generated copy = shortened(generated);

        check_found(&copy);
        if (copy.preemptions > 0) {
            check_needs(&copy);
        }
    }
    assert_int_equal(blamed, 0);
}

static void check_clean(const struct generated *twin, const char *strategy)
{
    struct hde_program program = hd_subject_program(twin);
    struct hde_settings settings = hd_subject_settings(HD_CLEAN, hde_strategy_named(strategy));
    uint64_t executions = executions_in(STEPS_OF_TWIN, &program);
    struct hde_tally tally = explore(&program, &settings, strategy, 0, executions);

    if (tally.executions_to_first != 0) {
        blame(twin->name, "the twin has a %s under %s",
              hde_verdict_name(hde_execution.findings[0].kind), strategy);
    }
    assert_int_equal(tally.cut, 0);
    assert_int_equal(tally.executions, executions);
}

static void each_twin_is_clean(void **state)
{
    (void)state;
    blamed = 0;
    for (const struct generated *generated = generated_programs; generated->name != NULL;
         generated++) {
        struct generated twin = shortened(generated);

        twin.sizes.is_fixed = true;
        for (size_t i = 0; i < SEARCHES; i++) {
            check_clean(&twin, searches[i]);
        }
    }
    assert_int_equal(blamed, 0);
}

static void names_are_sorted(void **state)
{
    (void)state;
    for (const struct generated *next = &generated_programs[1]; next->name != NULL; next++) {
        assert_true(strcmp(next[-1].name, next->name) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bug_is_real),
        cmocka_unit_test(each_twin_is_clean),
        cmocka_unit_test(names_are_sorted),
    };

    hde_execution_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
