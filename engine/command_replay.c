/*
 * heddle replay: one execution with the choices of a schedule, and what it shows.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "engine/command.h"
#include "engine/command_divergence.h"
#include "engine/command_finding.h"
#include "engine/command_run.h"
#include "engine/command_schedule.h"
#include "engine/watchdog.h"

/* Whether a finding is, to a reader, one of those before it. */
static bool is_repeated(uint32_t number)
{
    for (uint32_t i = 0; i < number; i++) {
        if (hde_finding_is_same(&hde_execution.findings[i], &hde_execution.findings[number])) {
            return true;
        }
    }
    return false;
}

/* How many preemptions the schedule has up to its finding. */
static unsigned count_preemptions(const struct hde_program *program,
                                  const struct hde_settings *settings,
                                  const struct hde_schedule *schedule)
{
    struct hde_schedule copy = {0};

    hde_replay(program, settings, schedule, NULL, NULL);
    if (hde_execution.findings_count == 0) {
        return 0;
    }
    hde_schedule_copy(&copy, schedule);

    struct hde_shrunk same = hde_shrink(program, settings, &hde_execution.findings[0], &copy, 0);

    hde_schedule_release(&copy);
    return same.preemptions;
}

/* The reports of all findings that hde_execution holds. */
static bool report_all(const struct hde_command_line *line,
                       struct hde_selected selected,
                       const struct hde_caught *template,
                       const struct hde_trace *trace)
{
    const struct hde_program program = hde_scenario_program(selected.scenario, selected.is_fixed);
    const struct hde_report_facts facts = {.selected = selected, .program = program.name};
    bool is_written = true;

    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        struct hde_caught caught = *template;

        caught.finding = hde_execution.findings[i];
        if (!is_repeated(i)) {
            is_written = hde_command_tell(line, &facts, &caught, trace) && is_written;
        }
    }
    return is_written;
}

static enum hde_exit replay(const struct hde_command_line *line,
                            struct hde_selected selected,
                            const struct hde_schedule *schedule,
                            const char *recorded)
{
    struct hde_program program = hde_scenario_program(selected.scenario, selected.is_fixed);
    struct hde_settings settings = hde_run_settings(line);
    struct hde_caught caught = {.schedule = *schedule};
    struct hde_divergence divergence;
    struct hde_trace trace = {0};
    enum hde_exit code = HDE_EXIT_CLEAN;

    caught.shrunk.preemptions = count_preemptions(&program, &settings, schedule);
    hde_replay(&program, &settings, schedule, &divergence, &trace);
    if (divergence.has_diverged) {
        hde_command_print_divergence(&divergence);
        code = HDE_EXIT_DIVERGED;
    } else if (hde_execution.findings_count != 0) {
        code =
            report_all(line, selected, &caught, &trace) ? HDE_EXIT_FINDINGS : HDE_EXIT_INCONCLUSIVE;
    } else if (hde_execution.end == HDE_END_STEPS) {
        (void)printf("%s: inconclusive: cut at %llu steps\n", program.name,
                     (unsigned long long)line->steps);
        code = HDE_EXIT_INCONCLUSIVE;
    } else {
        (void)printf("%s: clean with this schedule%s%s\n", program.name,
                     recorded[0] == '\0' ? "" : "; its file was written for: ", recorded);
    }
    hde_trace_release(&trace);
    return code;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    struct hde_command_line own = *line;
    struct hde_selected selected;
    struct hde_schedule schedule;
    char recorded[HDE_FIELD_SIZE];

    if (!hde_command_schedule_read(&own, &selected, &schedule, recorded)) {
        return HDE_EXIT_USAGE;
    }
    hde_execution_start();
    hde_watchdog_start((unsigned)own.watchdog_s, NULL);

    enum hde_exit code = replay(&own, selected, &schedule, recorded);

    hde_schedule_release(&schedule);
    return code;
}

const struct hde_command hde_command_replay = {
    .name = "replay",
    .operands = "FILE | NAME --schedule=TEXT | NAME --input=FILE",
    .summary = "run a program once with the choices of a schedule",
    .details = "To stop at the finding in gdb, with the thread's own stack:\n"
               "  gdb -ex 'handle SIG39 nostop noprint' -ex 'break hde_execution_find' \\\n"
               "      -ex 'break hde_execution_fail' -ex run -ex backtrace --args <this command>\n"
               "With `-x engine/heddle-gdb.py' (installed: share/heddle), `heddle threads' and\n"
               "`heddle backtrace all' show the other threads, too.\n"
               "Exit: 0 clean; 1 a finding; 2 usage; 3 inconclusive; 4 it could not be followed.",
    .options = HDE_FOR_REPLAY,
    .run = run,
};
