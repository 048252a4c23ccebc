/*
 * Agreement: our race detector and ThreadSanitizer's look at the same executions, and say the same.
 *
 * All scenarios and their twins are walked through at random, EXECUTIONS times each. Of each
 * execution both must report the same data races, as pairs of source lines. Where they differ there
 * is a cause: one that is seen in the execution itself, or one of the list below, which says why
 * for a program. What has no cause fails the test, and so does a cause that does not occur.
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

#include "engine/execution.h"
#include "engine/process.h"
#include "engine/scenario.h"

#define EXECUTIONS 2000U

enum side {
    ENGINE_ONLY,
    SANITIZER_ONLY,
};

/* Why the two differ on a program, where the execution itself does not show it. */
struct explanation {
    const char *program;
    enum side side;
    const char *cause;
    uint64_t count; /* of findings that it explains */
};

static struct explanation explanations[] = {
    {"statistics_without_lock", ENGINE_ONLY,
     "ThreadSanitizer keeps four accesses for each 8 bytes, and no read when there are four: two "
     "counters lie in them, which two threads have written by then",
     0},
    {NULL, ENGINE_ONLY, NULL, 0},
};

/* What came of a program, or of all: numbers of findings, but for the executions. */
struct tally {
    uint64_t executions;
    uint64_t racy; /* executions with a data race */
    uint64_t agreed;
    uint64_t hidden;    /* ThreadSanitizer had reported an earlier race on the same 8 bytes */
    uint64_t explained; /* by the list */
    uint64_t unexplained;
};

static bool is_race(const struct hde_finding *finding) { return finding->kind == HD_DATA_RACE; }

/* Whether `by' has noticed it. */
static bool is_seen(const struct hde_finding *finding, enum side by)
{
    return finding->seen_by == HDE_SEEN_BY_BOTH ||
           finding->seen_by == (by == ENGINE_ONLY ? HDE_SEEN_BY_ENGINE : HDE_SEEN_BY_SANITIZER);
}

/* Whether the other side has noticed, in the same execution, what is the same to a reader. */
static bool is_agreed(const struct hde_finding *finding, enum side other)
{
    bool is_found = finding->seen_by == HDE_SEEN_BY_BOTH;

    for (uint32_t i = 0; i < hde_execution.findings_count && !is_found; i++) {
        const struct hde_finding *candidate = &hde_execution.findings[i];

        is_found = is_race(candidate) && is_seen(candidate, other) &&
                   hde_finding_is_same(candidate, finding);
    }
    return is_found;
}

/* Whether ThreadSanitizer looks at the granule no more, because it has reported a race there. */
static bool is_hidden(const struct hde_finding *finding)
{
    uint64_t granule = finding->places[0].address / HDE_GRANULE_BYTES;
    bool is_found = false;

    for (const struct hde_finding *earlier = hde_execution.findings; earlier < finding && !is_found;
         earlier++) {
        is_found = is_race(earlier) && is_seen(earlier, SANITIZER_ONLY) &&
                   earlier->places[0].address / HDE_GRANULE_BYTES == granule;
    }
    return is_found;
}

static struct explanation *find_explanation(const char *program, enum side side)
{
    struct explanation *at = explanations;

    while (at->program != NULL && (strcmp(at->program, program) != 0 || at->side != side)) {
        at++;
    }
    return at->program == NULL ? NULL : at;
}

static void complain(const char *program, const struct hde_finding *finding, uint64_t seed)
{
    struct hde_source later = hde_finding_source(finding, 0);
    struct hde_source earlier = hde_finding_source(finding, 1);

    print_error("%s, seed %llu: only %s saw a race of %s:%d with %s:%d\n", program,
                (unsigned long long)seed, hde_seen_by_name(finding->seen_by), later.file,
                later.line, earlier.file, earlier.line);
}

static void
judge(const char *program, const struct hde_finding *finding, uint64_t seed, struct tally *tally)
{
    enum side side = finding->seen_by == HDE_SEEN_BY_ENGINE ? ENGINE_ONLY : SANITIZER_ONLY;
    enum side other = side == ENGINE_ONLY ? SANITIZER_ONLY : ENGINE_ONLY;
    struct explanation *explanation = find_explanation(program, side);

    if (is_agreed(finding, other)) {
        tally->agreed++;
    } else if (side == ENGINE_ONLY && is_hidden(finding)) {
        tally->hidden++;
    } else if (explanation != NULL) {
        tally->explained++;
        explanation->count++;
    } else {
        if (tally->unexplained++ == 0) {
            complain(program, finding, seed);
        }
    }
}

static void judge_execution(const char *program, uint64_t seed, struct tally *tally)
{
    bool is_racy = false;

    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        if (is_race(&hde_execution.findings[i])) {
            is_racy = true;
            judge(program, &hde_execution.findings[i], seed, tally);
        }
    }
    tally->executions++;
    tally->racy += is_racy;
}

static void print_tally(const char *name, const struct tally *tally)
{
    print_message("%-40s %7llu %7llu %7llu %7llu %7llu %7llu\n", name,
                  (unsigned long long)tally->executions, (unsigned long long)tally->racy,
                  (unsigned long long)tally->agreed, (unsigned long long)tally->hidden,
                  (unsigned long long)tally->explained, (unsigned long long)tally->unexplained);
}

static void add(struct tally *sum, const struct tally *tally)
{
    sum->executions += tally->executions;
    sum->racy += tally->racy;
    sum->agreed += tally->agreed;
    sum->hidden += tally->hidden;
    sum->explained += tally->explained;
    sum->unexplained += tally->unexplained;
}

static void walk_through(const struct hde_scenario *scenario,
                         bool is_fixed,
                         const struct hde_strategy *random,
                         void *state,
                         struct tally *sum)
{
    struct hde_settings settings = {.visibility = HDE_VISIBLE_RACY, .steps_max = 20000};
    const struct hde_program program = hde_scenario_program(scenario, is_fixed);
    struct tally tally = {0};

    settings.budgets = hde_budgets_default;
    hde_execution_forget_visible();
    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        random->begin(state, seed);
        hde_execution_run(&program, &settings, random, state);
        (void)random->end(state);
        judge_execution(program.name, seed, &tally);
    }
    if (tally.racy > 0) {
        print_tally(program.name, &tally);
    }
    if (scenario->scenario->sc == HD_DATA_RACE && !is_fixed) {
        assert_true(tally.agreed > 0);
    }
    add(sum, &tally);
}

static void walk_through_all(struct tally *sum)
{
    const struct hde_strategy *random = hde_strategy_named("random");
    void *state = calloc(1, random->state_size);

    assert_non_null(state);
    for (const struct hde_scenario *scenario = hde_scenarios; scenario->name != NULL; scenario++) {
        walk_through(scenario, false, random, state, sum);
        if (hde_scenario_has_fix(scenario->scenario)) {
            walk_through(scenario, true, random, state, sum);
        }
    }
    free(state);
}

/* A cause that does not occur any more is none. */
static void expect_explanations_are_used(void)
{
    unsigned unused = 0;

    for (const struct explanation *at = explanations; at->program != NULL; at++) {
        if (at->count == 0) {
            print_error("%s: does not occur any more: %s\n", at->program, at->cause);
            unused++;
        }
    }
    assert_int_equal(unused, 0);
}

static void test_both_see_the_same_races(void **state)
{
    struct tally sum = {0};

    (void)state;
    hde_execution_start();
    hde_process_install_handlers(); /* cmocka has installed its own for this test */
    print_message("%-40s %7s %7s %7s %7s %7s %7s\n", "program", "run", "racy", "agreed", "hidden",
                  "listed", "neither");
    walk_through_all(&sum);
    print_tally("all, also those without a race", &sum);
    assert_true(sum.agreed > 0);
    assert_int_equal(sum.unexplained, 0);
    expect_explanations_are_used();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_see_the_same_races),
    };

    return cmocka_run_group_tests_name("agreement.agreement", tests, NULL, NULL);
}
