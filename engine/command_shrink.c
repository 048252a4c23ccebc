/*
 * heddle shrink: makes a schedule simpler, keeping what it shows.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/command.h"
#include "engine/command_divergence.h"
#include "engine/command_finding.h"
#include "engine/command_run.h"
#include "engine/command_schedule.h"
#include "engine/watchdog.h"

struct shrinking {
    const struct hde_command_line *line;
    struct hde_selected selected;
    const struct hde_program *program;
    bool has_failed; /* a file could not be written */
};

static void report(void *listener, const struct hde_caught *caught, const struct hde_trace *trace)
{
    struct shrinking *shrinking = listener;
    const struct hde_report_facts facts = {.selected = shrinking->selected,
                                           .program = shrinking->program->name};

    if (!hde_command_tell(shrinking->line, &facts, caught, trace)) {
        shrinking->has_failed = true;
    }
    (void)printf("shrunk to %u preemption%s, %u context switch%s, in %u replays\n",
                 caught->shrunk.preemptions, caught->shrunk.preemptions == 1 ? "" : "s",
                 caught->shrunk.switches, caught->shrunk.switches == 1 ? "" : "es",
                 caught->shrunk.replays);
}

static enum hde_exit shrink(const struct hde_command_line *line,
                            struct hde_selected selected,
                            const struct hde_schedule *schedule)
{
    struct hde_program program = hde_scenario_program(selected.scenario, selected.is_fixed);
    struct hde_settings settings = hde_run_settings(line);
    struct shrinking shrinking = {.line = line, .selected = selected, .program = &program};
    struct hde_collection collection = {
        .program = &program,
        .settings = &settings,
        .caught = report,
        .listener = &shrinking,
    };
    enum hde_exit code = HDE_EXIT_FINDINGS;

    hde_collection_add(&collection, 0, schedule);
    if (collection.divergence.has_diverged) {
        hde_command_print_divergence(&collection.divergence);
        code = HDE_EXIT_DIVERGED;
    } else if (collection.count == 0) {
        (void)printf("%s: clean with this schedule: there is nothing to keep\n", program.name);
        code = HDE_EXIT_CLEAN;
    }
    hde_collection_release(&collection);
    return shrinking.has_failed ? HDE_EXIT_INCONCLUSIVE : code;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    struct hde_command_line own = *line;
    struct hde_selected selected;
    struct hde_schedule schedule;
    char recorded[HDE_FIELD_SIZE]; /* what it shows is seen below */

    if (!hde_command_schedule_read(&own, &selected, &schedule, recorded)) {
        return HDE_EXIT_USAGE;
    }
    hde_execution_start();
    hde_watchdog_start((unsigned)own.watchdog_s, NULL);

    enum hde_exit code = shrink(&own, selected, &schedule);

    hde_schedule_release(&schedule);
    return code;
}

const struct hde_command hde_command_shrink = {
    .name = "shrink",
    .operands = "FILE | NAME --schedule=TEXT | NAME --input=FILE",
    .summary = "make a schedule simpler, keeping what it shows",
    .details =
        "The shrunk schedule is in the report, and with --json in a file. `explore' shrinks\n"
        "what it reports; this is for schedules from elsewhere.\n"
        "Exit: 0 it shows nothing; 1 a finding; 2 usage; 3 inconclusive; 4 it could not be\n"
        "followed.",
    .options = HDE_FOR_SHRINK,
    .run = run,
};
