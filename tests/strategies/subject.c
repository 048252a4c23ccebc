/*
 * Subjects: collected from both tables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/subject.h"

#include <stddef.h>

#include "engine/fatal.h"
#include "engine/scenario.h"

#define SUBJECTS_MAX 512U
#define STEPS_MAX 20000000U

static struct subject subjects[SUBJECTS_MAX];
static size_t subjects_count;

/* That main returns is a step, as it is of a scenario: threads left behind may go first. */
static void run(const void *argument)
{
    const struct hde_event end = {.kind = HDE_EVENT_MAIN_END, .writes = true};
    const struct generated *generated = argument;

    generated->run(&generated->sizes);
    hde_step(&end);
    hde_execution_stop_threads();
}

struct hde_program hd_subject_program(const struct generated *generated)
{
    return (struct hde_program){.name = generated->name, .body = run, .argument = generated};
}

static void add(const struct subject *subject)
{
    if (subjects_count == SUBJECTS_MAX) {
        hde_fatal("more programs than the table of strategies has room for");
    }
    subjects[subjects_count++] = *subject;
}

static void add_scenario(const struct hde_scenario *scenario)
{
    const struct subject subject = {
        .program = hde_scenario_program(scenario, false),
        .group = scenario->category,
        .owes = scenario->scenario->sc,
    };

    if (subject.owes != HD_CLEAN) {
        add(&subject);
    }
}

static void add_generated(const struct generated *generated)
{
    const struct subject subject = {
        .program = hd_subject_program(generated),
        .group = "generated",
        .owes = generated->owes,
    };

    add(&subject);
}

const struct subject *hd_subject_all(size_t *count)
{
    if (subjects_count == 0) {
        for (const struct hde_scenario *next = hde_scenarios; next->name != NULL; next++) {
            add_scenario(next);
        }
        for (const struct generated *next = generated_programs; next->name != NULL; next++) {
            add_generated(next);
        }
    }
    *count = subjects_count;
    return subjects;
}

struct hde_settings hd_subject_settings(enum hd_verdict owes, const struct hde_strategy *strategy)
{
    return (struct hde_settings){
        .visibility = strategy->is_exhaustive ? HDE_VISIBLE_SYNC : HDE_VISIBLE_RACY,
        .steps_max = STEPS_MAX,
        .budgets = hde_budgets_default,
        .ignored = owes == HD_CLEAN ? 0 : ~(UINT32_C(1) << owes),
    };
}
