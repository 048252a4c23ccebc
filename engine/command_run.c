/*
 * Run: what stands between the command line and an exploration.
 *
 * Which plain accesses are choices: those to memory that was seen in a race, as more of it is seen.
 * Not under an exhaustive strategy, whose tree must not change while it is walked: there none is,
 * which is complete as long as data races are findings; where they are not, all are.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_run.h"

#include <stdio.h>

#include "engine/array.h"
#include "engine/canary.h"
#include "engine/command_budgets.h"
#include "engine/interrupt.h"
#include "engine/jobs.h"
#include "engine/output_file.h"
#include "engine/warning.h"
#include "engine/watchdog.h"

const char *hde_run_find_canaries(const struct hde_command_line *line)
{
    hde_execution_start();
    hde_interrupt_install(true);
    hde_watchdog_start((unsigned)line->watchdog_s, NULL);
    return hde_canary_missed();
}

bool hde_run_prepare(const struct hde_command_line *line)
{
    if (line->json != NULL && !hde_output_folder_make(line->json)) {
        return false;
    }

    const char *missed = hde_run_find_canaries(line);

    if (missed != NULL) {
        (void)fprintf(stderr,
                      "heddle: the planted bug %s was not found, so nothing else would be: "
                      "this build cannot be trusted\n",
                      missed);
    }
    return missed == NULL;
}

struct hde_settings hde_run_settings(const struct hde_command_line *line)
{
    return (struct hde_settings){
        .visibility = HDE_VISIBLE_RACY,
        .steps_max = line->steps,
        .budgets = line->budgets,
        .ignored = line->ignored,
        .reuses_memory = line->reuses_memory,
    };
}

size_t hde_run_count_warnings(void)
{
    size_t count = 0;

    while (hde_warning_printed(count) != NULL) {
        count++;
    }
    return count;
}

void hde_run_begin(struct hde_run *run,
                   const struct hde_command_line *line,
                   struct hde_selected selected,
                   const struct hde_strategy *strategy,
                   void (*caught)(void *run,
                                  const struct hde_caught *caught,
                                  const struct hde_trace *trace))
{
    *run = (struct hde_run){
        .line = line,
        .selected = selected,
        .program = hde_scenario_program(selected.scenario, selected.is_fixed),
        .settings = hde_run_settings(line),
        .strategy = strategy,
        .keeps_going = line->keep_going,
        .jobs = (unsigned)line->jobs,
        .preemptions = (unsigned)line->preemptions,
    };
    if (strategy->is_exhaustive) {
        run->settings.visibility =
            (line->ignored >> HD_DATA_RACE & 1U) != 0 ? HDE_VISIBLE_ALL : HDE_VISIBLE_SYNC;
    }
    run->warnings_before = hde_run_count_warnings();
    run->collection.program = &run->program;
    run->collection.settings = &run->settings;
    run->collection.caught = caught;
    run->collection.listener = run;
    char given[HDE_GIVEN_TEXT_MAX];

    hde_command_line_spell(line, given);
    (void)snprintf(run->command, sizeof(run->command), "%s explore %s --strategy=%s --seed=%llu%s",
                   line->program, run->program.name, strategy->name, (unsigned long long)line->seed,
                   given);
}

/* ---- What the exploration tells -------------------------------------------------------------- */

static void found(void *listener, uint64_t execution, const struct hde_schedule *schedule)
{
    struct hde_run *run = listener;

    hde_progress_hide(&run->progress);
    hde_collection_add(&run->collection, execution, schedule);
}

/* Several workers may have the same one to tell. */
static void unrealised(void *listener, const struct hde_inversion *inversion)
{
    struct hde_run *run = listener;

    for (size_t i = 0; i < run->inversions_count; i++) {
        if (hde_inversion_is_same(&run->inversions[i], inversion)) {
            return;
        }
    }
    run->inversions = hde_array_grow(run->inversions, &run->inversions_capacity,
                                     run->inversions_count + 1, sizeof(*run->inversions));
    run->inversions[run->inversions_count++] = *inversion;
}

static void nested(void *listener, const struct hde_nesting *nesting)
{
    struct hde_run *run = listener;

    run->nestings = hde_array_grow(run->nestings, &run->nestings_capacity, run->nestings_count + 1,
                                   sizeof(*run->nestings));
    run->nestings[run->nestings_count++] = *nesting;
}

static void add_sample(struct hde_run *run, const struct hde_tally *tally, bool is_last)
{
    const struct hde_sample sample = {
        .executions = tally->executions,
        .took_ns = hde_progress_now_ns() - run->progress.began_ns,
        .states = tally->states,
        .findings = run->collection.count,
    };

    hde_growth_add(&run->growth, &sample, is_last);
}

static void sampled(void *listener, const struct hde_tally *tally)
{
    add_sample(listener, tally, false);
}

static bool listen(void *listener, const struct hde_tally *tally)
{
    struct hde_run *run = listener;

    hde_progress_show(&run->progress, tally, run->collection.count);
    return hde_interrupt_came() || (run->until_ns != 0 && hde_progress_now_ns() >= run->until_ns);
}

static void print_warnings(void)
{
    char text[HDE_WARNING_MAX];

    while (hde_warning_next(text)) {
        hde_warning_print(text);
    }
}

struct hde_tally hde_run_explore(struct hde_run *run, uint64_t executions_max)
{
    const struct hde_command_line *line = run->line;
    const struct hde_exploration exploration = {
        .program = run->program,
        .settings = run->settings,
        .strategy = run->strategy,
        .options = {.depth = (unsigned)line->depth,
                    .preemptions = run->preemptions,
                    .counts_answers = line->budgets.of[HDE_CHOICE_WAKE] != HDE_UNLIMITED ||
                                      line->budgets.of[HDE_CHOICE_VALUE] != HDE_UNLIMITED},
        .seed = line->seed,
        .executions_max = executions_max,
        .keeps_going = run->keeps_going,
        .found = found,
        .unrealised = unrealised,
        .nested = line->json == NULL ? NULL : nested,
        .sampled = line->json == NULL ? NULL : sampled,
        .listen = listen,
        .listener = run,
    };
    uint64_t now_ns = hde_progress_now_ns();

    run->progress = (struct hde_progress){
        .program = run->program.name,
        .began_ns = now_ns,
        .until_ns = run->until_ns,
        .executions_max = executions_max,
        .shown_ns = now_ns,
    };
    run->collection.count_max = run->keeps_going ? 0 : 1;
    hde_watchdog_set_reproduce(run->command);

    struct hde_tally tally = hde_jobs_explore(&exploration, run->jobs, (unsigned)line->watchdog_s);

    hde_progress_hide(&run->progress);
    print_warnings();
    add_sample(run, &tally, true);
    return tally;
}

struct hde_report_facts hde_run_facts(const struct hde_run *run, const struct hde_caught *caught)
{
    return (struct hde_report_facts){
        .selected = run->selected,
        .program = run->program.name,
        .strategy = run->strategy->name,
        .executions = caught->execution + 1,
    };
}

void hde_run_end(struct hde_run *run)
{
    hde_collection_release(&run->collection);
    hde_array_release(run->inversions, run->inversions_capacity, sizeof(*run->inversions));
    run->inversions = NULL;
    hde_array_release(run->nestings, run->nestings_capacity, sizeof(*run->nestings));
    run->nestings = NULL;
}
