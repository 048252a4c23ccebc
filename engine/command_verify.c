/*
 * heddle verify: whether scenarios and their repaired twins give what they declare.
 *
 * A program that owes a finding must show it, at marked lines only, shrunk to as many preemptions
 * as its head comment says, and often enough: if a share p of all executions shows it, N executions
 * miss it with probability (1 - p)^N < exp(-p N), so p N must be at least 20.73, which makes that
 * 10^-9. The share is measured, in HDE_SHARE_EXECUTIONS executions, under the strategy that
 * searches. That is `mix', whose executions are not all alike: it learns which of its members finds
 * something new. Its guarantee is that a share of what it does falls to a quarter at most, so a
 * quarter of what was measured is what counts.
 *
 * A program that the search meets too rarely has a schedule beside its file, which is replayed
 * instead.
 *
 * A program or a twin that owes nothing must be clean, however it is searched: by mix, and by each
 * of its members alone, which then learn from more executions than as a part of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "engine/command_finding.h"
#include "engine/command_run.h"
#include "engine/command_verify_row.h"
#include "engine/interrupt.h"
#include "engine/replay.h"
#include "engine/schedule_file.h"
#include "engine/shrink.h"
#include "engine/strategies/mix.h"

#define EXECUTIONS_DEFAULT 100000U
#define HARM_EXECUTIONS 20000U /* it is told, not required */
#define MISS_EXPONENT 20.73    /* -ln 10^-9 */

/* What is clean is searched by each member of mix as well, in one of so many executions. */
#define MEMBER_PART 10U

static uint64_t bound_of(const struct hde_command_line *line)
{
    return line->executions == 0 ? EXECUTIONS_DEFAULT : line->executions;
}

/* ---- Records --------------------------------------------------------------------------------- */

static bool record_failed; /* a file could not be written */

static void keep(void *listener, const struct hde_caught *caught, const struct hde_trace *trace)
{
    const struct hde_run *run = listener;
    const struct hde_report_facts facts = hde_run_facts(run, caught);

    if (!hde_command_keep(run->line, &facts, caught, trace)) {
        record_failed = true;
    }
}

/* A search is over. */
static void
end_search(struct hde_verify_row *row, struct hde_run *run, const struct hde_tally *tally)
{
    hde_run_record_add(&row->record, run, tally);
    hde_run_end(run);
}

static void end_record(struct hde_verify_row *row,
                       const struct hde_command_line *line,
                       struct hde_selected selected)
{
    struct hde_run_verdict verdict = {
        .owes = selected.is_fixed ? HD_CLEAN : selected.scenario->scenario->sc,
        .is_judged = !hde_interrupt_came(),
        .is_as_owed = !row->judgement.is_wrong,
    };

    row->record.is_partial = row->record.is_partial || hde_interrupt_came();
    hde_verify_row_conclude(row, verdict.conclusion);
    if (!hde_run_record_end(&row->record, line, selected, &verdict)) {
        record_failed = true;
    }
}

/* ---- What must be found ---------------------------------------------------------------------- */

/* What was found is what is owed, and takes as many preemptions as it says it needs. */
static void judge_kind(struct hde_verify_row *row)
{
    enum hd_verdict owed = row->scenario->scenario->sc;
    int needs = hde_judge_needs(row->scenario);

    if (row->found != owed) {
        hde_judge_blame(&row->judgement, "owes a %s, and a %s was found", hde_verdict_name(owed),
                        hde_verdict_name(row->found));
    }
    if (needs != HDE_JUDGE_NOT_STATED && (unsigned)needs != row->preemptions) {
        hde_judge_blame(&row->judgement, "needs %d preemptions, and shrinking ended at %u", needs,
                        row->preemptions);
    }
}

static void judge_finding(struct hde_verify_row *row, const struct hde_run *run)
{
    const struct hde_collection *collection = &run->collection;
    enum hd_verdict owed = row->scenario->scenario->sc;

    if (collection->unreplayable != 0) {
        hde_judge_blame(&row->judgement, "%u executions with a finding could not be replayed",
                        collection->unreplayable);
    }
    if (collection->count == 0) {
        hde_judge_blame(&row->judgement, "owes a %s, and nothing was found",
                        hde_verdict_name(owed));
        return;
    }
    const struct hde_caught *first = &collection->items[0];

    row->found = first->finding.kind;
    row->preemptions = first->shrunk.preemptions;
    row->replay = hde_command_replay_line(run->line, run->program.name, &first->schedule);
    judge_kind(row);
}

/* By one job: which finding is first, and to what it shrinks, must be the same each time. */
static void find_first(struct hde_verify_row *row,
                       const struct hde_command_line *line,
                       struct hde_selected selected)
{
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, keep);
    run.jobs = 1;

    struct hde_tally tally = hde_run_explore(&run, bound_of(line));

    row->to_finding = tally.executions_to_first;
    judge_finding(row, &run);
    hde_judge_places(&row->judgement, &run.collection, row->scenario->scenario->sc);
    end_search(row, &run, &tally);
}

/* All that a share of the executions shows must be at marked lines, and be shown often enough. */
static void measure_share(struct hde_verify_row *row,
                          const struct hde_command_line *line,
                          struct hde_selected selected)
{
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, NULL);
    run.keeps_going = true;

    struct hde_tally tally = hde_run_explore(&run, HDE_SHARE_EXECUTIONS);

    hde_judge_places(&row->judgement, &run.collection, row->scenario->scenario->sc);
    row->share = (double)tally.guilty / (double)tally.executions;
    if (row->share / HDE_MIX_DRIFT * (double)bound_of(line) < MISS_EXPONENT) {
        hde_judge_blame(&row->judgement,
                        "a share of %.5f of all executions shows it: %llu executions are too few "
                        "to find it but for a chance of 10^-9",
                        row->share, (unsigned long long)bound_of(line));
    }
    hde_run_record_add_search(&row->record, &run, &tally);
    hde_run_end(&run);
}

/* How long it takes without the race detector; by one job, as find_first(). */
static void find_harm(struct hde_verify_row *row,
                      const struct hde_command_line *line,
                      struct hde_selected selected)
{
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, NULL);
    run.jobs = 1;
    run.settings.ignored = 1U << HD_DATA_RACE;
    row->to_harm = hde_run_explore(&run, HARM_EXECUTIONS).executions_to_first;
    hde_run_end(&run);
}

/* Its files, if there are to be any. */
static void keep_replay(struct hde_verify_row *row,
                        const struct hde_command_line *line,
                        const struct hde_schedule *schedule)
{
    const struct hde_selected selected = {.scenario = row->scenario};
    struct hde_program program = hde_scenario_program(row->scenario, false);
    struct hde_settings settings = hde_run_settings(line);
    const struct hde_report_facts facts = {.selected = selected, .program = program.name};
    struct hde_caught caught = {.schedule = *schedule, .shrunk = {.preemptions = row->preemptions}};
    struct hde_trace trace = {0};

    hde_replay(&program, &settings, schedule, NULL, &trace);
    caught.finding = hde_execution.findings[0];
    hde_run_record_add_finding(&row->record, &caught.finding);
    if (!hde_command_keep(line, &facts, &caught, &trace)) {
        record_failed = true;
    }
    hde_trace_release(&trace);
}

/* Its preemptions are counted as they are: it was shrunk before it was kept. */
static void judge_replay(struct hde_verify_row *row,
                         const struct hde_command_line *line,
                         const struct hde_schedule *schedule)
{
    struct hde_program program = hde_scenario_program(row->scenario, false);
    struct hde_settings settings = hde_run_settings(line);
    struct hde_schedule copy = {0};
    struct hde_divergence divergence;

    hde_replay(&program, &settings, schedule, &divergence, NULL);
    if (divergence.has_diverged || hde_execution.findings_count == 0) {
        hde_judge_blame(&row->judgement, "the schedule beside it %s",
                        divergence.has_diverged ? "cannot be followed" : "shows nothing");
        return;
    }
    const struct hde_finding finding = hde_execution.findings[0];

    hde_schedule_copy(&copy, schedule);
    row->found = finding.kind;
    row->preemptions = hde_shrink(&program, &settings, &finding, &copy, 0).preemptions;
    row->replay = hde_command_replay_line(line, program.name, schedule);
    hde_schedule_release(&copy);
    hde_judge_place_of(&row->judgement, &finding);
    judge_kind(row);
    keep_replay(row, line, schedule);
}

/* Whether there is a schedule beside the scenario. */
static bool replay_stored(struct hde_verify_row *row, const struct hde_command_line *line)
{
    struct hde_settings settings = hde_run_settings(line);
    struct hde_schedule schedule;
    char error[HDE_SCHEDULE_ERROR_SIZE];

    row->is_stored = hde_schedule_file_beside(row->scenario, &settings, &schedule, error);
    if (row->is_stored) {
        judge_replay(row, line, &schedule);
        hde_schedule_release(&schedule);
    } else if (error[0] != '\0') {
        hde_judge_blame(&row->judgement, "%s", error);
    }
    return row->is_stored || error[0] != '\0';
}

static void verify_guilty(struct hde_verify_row *row,
                          const struct hde_command_line *line,
                          struct hde_selected selected)
{
    if (replay_stored(row, line)) {
        return;
    }
    find_first(row, line, selected);
    if (row->to_finding != 0) {
        measure_share(row, line, selected);
        find_harm(row, line, selected);
    }
}

/* ---- What must be clean ---------------------------------------------------------------------- */

static void
judge_clean(struct hde_verify_row *row, const struct hde_run *run, const struct hde_tally *tally)
{
    const struct hde_collection *collection = &run->collection;

    if (collection->count != 0) {
        const struct hde_finding *finding = &collection->items[0].finding;
        struct hde_source source = hde_finding_source(finding, 0);

        if (!run->selected.is_fixed) {
            row->found = finding->kind; /* of the scenario, not of its twin */
        }
        free(row->replay);
        row->replay =
            hde_command_replay_line(run->line, run->program.name, &collection->items[0].schedule);
        hde_judge_blame(&row->judgement, "%s must be clean, and has a %s at %s:%d",
                        run->program.name, hde_verdict_name(finding->kind), source.file,
                        source.line);
    }
    if (collection->unreplayable != 0) {
        hde_judge_blame(&row->judgement, "%s: a finding that could not be replayed",
                        run->program.name);
    }
    if (tally->cut != 0 || tally->lost != 0) {
        hde_judge_blame(&row->judgement,
                        "%s: %llu executions were cut at %llu steps, %u workers "
                        "died",
                        run->program.name, (unsigned long long)tally->cut,
                        (unsigned long long)run->line->steps, tally->lost);
    }
}

/* Returns how many executions it made. */
static uint64_t search(struct hde_verify_row *row, struct hde_run *run, uint64_t executions_max)
{
    struct hde_tally tally = hde_run_explore(run, executions_max);

    judge_clean(row, run, &tally);
    row->is_cut_short = run->strategy->is_exhaustive && !tally.is_complete;
    end_search(row, run, &tally);
    return tally.executions;
}

/* Returns how many executions were clean. */
static uint64_t verify_clean(struct hde_verify_row *row,
                             const struct hde_command_line *line,
                             struct hde_selected selected)
{
    uint64_t executions = 0;
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, keep);
    executions += search(row, &run, bound_of(line));
    for (unsigned i = 0; i < HDE_MIX_MEMBERS && !row->judgement.is_wrong; i++) {
        hde_run_begin(&run, line, selected, hde_mix_members[i].strategy, keep);
        executions += search(row, &run, bound_of(line) / MEMBER_PART + 1);
    }
    if (line->exhaust != UINT64_MAX && !row->judgement.is_wrong) {
        hde_run_begin(&run, line, selected, hde_strategy_named("dfs"), keep);
        run.preemptions = (unsigned)line->exhaust;
        executions += search(row, &run, HDE_EXHAUST_EXECUTIONS);
    }
    return executions;
}

/* ---- The command ----------------------------------------------------------------------------- */

static bool verify(const struct hde_command_line *line, const struct hde_scenario *scenario)
{
    struct hde_verify_row row = {.scenario = scenario, .found = HD_CLEAN};
    bool has_program = line->part == NULL || strcmp(line->part, "program") == 0;
    bool has_twin = line->part == NULL || strcmp(line->part, "twin") == 0;
    struct hde_selected program = {.scenario = scenario};
    struct hde_selected twin = {.scenario = scenario, .is_fixed = true};

    if (has_program) {
        hde_run_record_begin(&row.record, line);
        if (scenario->scenario->sc == HD_CLEAN) {
            row.twin_executions = verify_clean(&row, line, program);
        } else {
            verify_guilty(&row, line, program);
        }
        end_record(&row, line, program);
    }
    if (has_twin && hde_scenario_has_fix(scenario->scenario)) {
        const struct hde_judgement of_program = row.judgement;

        row.judgement = (struct hde_judgement){.is_wrong = false};
        hde_run_record_begin(&row.record, line);
        row.twin_executions += verify_clean(&row, line, twin);
        end_record(&row, line, twin);
        row.judgement = of_program.is_wrong ? of_program : row.judgement;
    }
    if (!hde_interrupt_came()) {
        hde_verify_row_print(&row, line);
    }
    free(row.replay);
    return !row.judgement.is_wrong;
}

static bool is_part(const char *part)
{
    return part == NULL || strcmp(part, "program") == 0 || strcmp(part, "twin") == 0;
}

static enum hde_exit verify_all(const struct hde_command_line *line,
                                const struct hde_selection *selection)
{
    size_t wrong = 0;

    if (!hde_run_prepare(line)) {
        return HDE_EXIT_INCONCLUSIVE;
    }
    hde_verify_row_heading();
    for (size_t i = 0; i < selection->count && !hde_interrupt_came(); i++) {
        wrong += !verify(line, selection->programs[i].scenario);
    }
    if (hde_interrupt_came()) {
        (void)fputs("heddle: interrupted; what was verified until then is above\n", stderr);
        return wrong == 0 ? HDE_EXIT_INCONCLUSIVE : HDE_EXIT_FINDINGS;
    }
    hde_verify_row_legend(selection->count, wrong);
    if (record_failed && wrong == 0) {
        return HDE_EXIT_INCONCLUSIVE;
    }
    return wrong == 0 ? HDE_EXIT_CLEAN : HDE_EXIT_FINDINGS;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    struct hde_selection selection;

    if (!is_part(line->part)) {
        (void)fprintf(stderr, "heddle verify: --part is `program' or `twin', not `%s'\n",
                      line->part);
        return HDE_EXIT_USAGE;
    }
    if (!hde_selection_make(&selection, line->operands, line->operands_count)) {
        return HDE_EXIT_USAGE;
    }
    enum hde_exit code = verify_all(line, &selection);

    hde_selection_release(&selection);
    return code;
}

const struct hde_command hde_command_verify = {
    .name = "verify",
    .operands = "[NAME|GLOB...]",
    .summary = "whether scenarios and their repaired twins give what they declare",
    .details =
        "A scenario must show the verdict it owes at lines marked /* finding */ and at no other,\n"
        "shrunk to the preemptions that its head comment says it needs; its twin must be clean.\n"
        "Exit: 0 all did; 1 one did not; 2 usage; 3 inconclusive.",
    .options = HDE_FOR_VERIFY,
    .run = run,
};
