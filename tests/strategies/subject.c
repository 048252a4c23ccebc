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

struct hde_program subject_program(const struct generated *generated)
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

const struct subject *subject_all(size_t *count)
{
    if (subjects_count == 0) {
        for (const struct hde_scenario *scenario = hde_scenarios; scenario->name != NULL;
             scenario++) {
            const struct subject subject = {
                .program = hde_scenario_program(scenario, false),
                .group = scenario->category,
                .owes = scenario->scenario->sc,
            };

            if (subject.owes != HD_CLEAN) {
                add(&subject);
            }
        }
        for (const struct generated *generated = generated_programs; generated->name != NULL;
             generated++) {
            add(&(struct subject){
                .program = subject_program(generated),
                .group = "generated",
                .owes = generated->owes,
            });
        }
    }
    *count = subjects_count;
    return subjects;
}

struct hde_settings subject_settings(enum hd_verdict owes, const struct hde_strategy *strategy)
{
    return (struct hde_settings){
        .visibility = strategy->is_exhaustive ? HDE_VISIBLE_SYNC : HDE_VISIBLE_RACY,
        .steps_max = STEPS_MAX,
        .budgets = hde_budgets_default,
        .ignored = owes == HD_CLEAN ? 0 : ~(UINT32_C(1) << owes),
    };
}
