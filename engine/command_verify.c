/*
 * heddle verify: whether scenarios and their repaired twins give what they declare.
 *
 * A program that owes a finding must show it, at marked lines only, shrunk to as many preemptions
 * as its head comment says, and often enough: if a share p of all executions shows it, N executions
 * miss it with probability (1 - p)^N < exp(-p N), so p N must be at least 20.73, which makes that
 * 10^-9. The share is measured, in SHARE_EXECUTIONS executions, under the strategy that searches.
 * That is `mix', whose executions are not all alike: it learns which of its members finds something
 * new. Its guarantee is that a share of what it does falls to a quarter at most, so a quarter of
 * what was measured is what counts. One that the search meets too rarely has a schedule beside its
 * file, which is replayed instead.
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
#include "engine/command_judge.h"
#include "engine/command_run.h"
#include "engine/interrupt.h"
#include "engine/replay.h"
#include "engine/schedule_file.h"
#include "engine/shrink.h"
#include "engine/strategies/mix.h"

#define EXECUTIONS_DEFAULT 100000U
#define SHARE_EXECUTIONS 5000U
#define HARM_EXECUTIONS 20000U /* it is told, not required */
#define EXHAUST_EXECUTIONS 300000U
#define MISS_EXPONENT 20.73 /* -ln 10^-9 */

/* What is clean is searched by each member of mix as well, in one of so many executions. */
#define MEMBER_PART 10U

/* One line of the table. */
struct row {
    struct hde_judgement judgement;
    const struct hde_scenario *scenario;
    enum hd_verdict found;
    uint64_t to_finding; /* executions; 0: not found */
    uint64_t to_harm;    /* executions until something fails other than a race; 0: never */
    double share;        /* of executions that show a finding */
    unsigned preemptions;
    uint64_t twin_executions; /* clean ones; 0: no twin, or not looked at */
    bool is_stored;           /* a schedule was replayed, not searched for */
    bool is_cut_short;        /* --exhaust: there are more than EXHAUST_EXECUTIONS */
    char *replay;             /* NULL: nothing to replay */
};

static uint64_t bound_of(const struct hde_command_line *line)
{
    return line->executions == 0 ? EXECUTIONS_DEFAULT : line->executions;
}

/* ---- What must be found ---------------------------------------------------------------------- */

/* What was found is what is owed, and takes as many preemptions as it says it needs. */
static void judge_kind(struct row *row)
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

static void judge_finding(struct row *row, const struct hde_run *run)
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

static void
find_first(struct row *row, const struct hde_command_line *line, struct hde_selected selected)
{
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, NULL);
    row->to_finding = hde_run_explore(&run, bound_of(line)).executions_to_first;
    judge_finding(row, &run);
    hde_judge_places(&row->judgement, &run.collection, row->scenario->scenario->sc);
    hde_run_end(&run);
}

/* All that a share of the executions shows must be at marked lines, and be shown often enough. */
static void
measure_share(struct row *row, const struct hde_command_line *line, struct hde_selected selected)
{
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, NULL);
    run.keeps_going = true;

    struct hde_tally tally = hde_run_explore(&run, SHARE_EXECUTIONS);

    hde_judge_places(&row->judgement, &run.collection, row->scenario->scenario->sc);
    row->share = (double)tally.guilty / (double)tally.executions;
    if (row->share / HDE_MIX_DRIFT * (double)bound_of(line) < MISS_EXPONENT) {
        hde_judge_blame(&row->judgement,
                        "a share of %.5f of all executions shows it: %llu executions are too few "
                        "to find it but for a chance of 10^-9",
                        row->share, (unsigned long long)bound_of(line));
    }
    hde_run_end(&run);
}

/* How long it takes without the race detector. */
static void
find_harm(struct row *row, const struct hde_command_line *line, struct hde_selected selected)
{
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, NULL);
    run.settings.ignored = 1U << HD_DATA_RACE;
    row->to_harm = hde_run_explore(&run, HARM_EXECUTIONS).executions_to_first;
    hde_run_end(&run);
}

/* Its preemptions are counted as they are: it was shrunk before it was kept. */
static void judge_replay(struct row *row,
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
}

/* Whether there is a schedule beside the scenario. */
static bool replay_stored(struct row *row, const struct hde_command_line *line)
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

static void
verify_guilty(struct row *row, const struct hde_command_line *line, struct hde_selected selected)
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

static void judge_clean(struct row *row, const struct hde_run *run, const struct hde_tally *tally)
{
    const struct hde_collection *collection = &run->collection;

    if (collection->count != 0) {
        const struct hde_finding *finding = &collection->items[0].finding;
        struct hde_source source = hde_finding_source(finding, 0);

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
static uint64_t search(struct row *row, struct hde_run *run, uint64_t executions_max)
{
    struct hde_tally tally = hde_run_explore(run, executions_max);

    judge_clean(row, run, &tally);
    row->is_cut_short = run->strategy->is_exhaustive && !tally.is_complete;
    hde_run_end(run);
    return tally.executions;
}

/* Returns how many executions were clean. */
static uint64_t
verify_clean(struct row *row, const struct hde_command_line *line, struct hde_selected selected)
{
    uint64_t executions = 0;
    struct hde_run run;

    hde_run_begin(&run, line, selected, &hde_strategy_mix, NULL);
    executions += search(row, &run, bound_of(line));
    for (unsigned i = 0; i < HDE_MIX_MEMBERS && !row->judgement.is_wrong; i++) {
        hde_run_begin(&run, line, selected, hde_mix_members[i].strategy, NULL);
        executions += search(row, &run, bound_of(line) / MEMBER_PART + 1);
    }
    if (line->exhaust != UINT64_MAX && !row->judgement.is_wrong) {
        hde_run_begin(&run, line, selected, hde_strategy_named("dfs"), NULL);
        run.preemptions = (unsigned)line->exhaust;
        executions += search(row, &run, EXHAUST_EXECUTIONS);
    }
    return executions;
}

/* ---- The table ------------------------------------------------------------------------------- */

static void print_count(uint64_t count, const char *none)
{
    if (count == 0) {
        (void)printf(" %9s", none);
    } else {
        (void)printf(" %9llu", (unsigned long long)count);
    }
}

static void print_heading(void)
{
    (void)printf("%-32s %-10s %-10s %9s %9s %9s %9s %9s\n", "scenario", "owes", "found", "after",
                 "harm", "share", "preempt.", "clean");
}

static void print_row(const struct row *row, const struct hde_command_line *line)
{
    (void)printf("%-32s %-10s %-10s", row->scenario->name,
                 hde_verdict_name(row->scenario->scenario->sc), hde_verdict_name(row->found));
    print_count(row->to_finding, row->is_stored ? "stored" : "-");
    print_count(row->to_harm, "-");
    if (row->to_finding != 0) {
        (void)printf(" %8.2f%% %9u", 100.0 * row->share, row->preemptions);
    } else if (row->is_stored) {
        (void)printf(" %9s %9u", "-", row->preemptions);
    } else {
        (void)printf(" %9s %9s", "-", "-");
    }
    print_count(row->twin_executions, "-");
    (void)fputc('\n', stdout);
    if (row->replay != NULL) {
        (void)printf("    replay: %s\n", row->replay);
    }
    if (row->is_cut_short && !row->judgement.is_wrong) {
        (void)printf(
            "    note: it has more than %u executions with at most %llu preemptions; those "
            "with the\n    fewest were made\n",
            EXHAUST_EXECUTIONS, (unsigned long long)line->exhaust);
    }
    if (row->judgement.is_wrong) {
        (void)printf("    WRONG: %s\n    reproduce: %s verify %s\n", row->judgement.reason,
                     line->program, row->scenario->name);
    }
    (void)fflush(stdout);
}

static void print_legend(size_t scenarios, size_t wrong)
{
    (void)printf("\nafter: executions until the finding; harm: until something fails with the race "
                 "detector off;\nshare: of the executions that show a finding; preempt.: in the "
                 "shrunk schedule; clean: executions\nof what must be clean, the repaired twin or "
                 "the scenario itself.\n");
    if (wrong == 0) {
        (void)printf("%zu scenarios gave what they owe\n", scenarios);
    } else {
        (void)printf("%zu of %zu scenarios did not give what they owe\n", wrong, scenarios);
    }
}

/* ---- The command ----------------------------------------------------------------------------- */

static bool verify(const struct hde_command_line *line, const struct hde_scenario *scenario)
{
    struct row row = {.scenario = scenario, .found = HD_CLEAN};
    bool has_program = line->part == NULL || strcmp(line->part, "program") == 0;
    bool has_twin = line->part == NULL || strcmp(line->part, "twin") == 0;
    struct hde_selected program = {.scenario = scenario};
    struct hde_selected twin = {.scenario = scenario, .is_fixed = true};

    if (has_program && scenario->scenario->sc == HD_CLEAN) {
        row.twin_executions = verify_clean(&row, line, program);
    } else if (has_program) {
        verify_guilty(&row, line, program);
    }
    if (has_twin && hde_scenario_has_fix(scenario->scenario)) {
        row.twin_executions += verify_clean(&row, line, twin);
    }
    if (!hde_interrupt_came()) {
        print_row(&row, line);
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
    print_heading();
    for (size_t i = 0; i < selection->count && !hde_interrupt_came(); i++) {
        wrong += !verify(line, selection->programs[i].scenario);
    }
    if (hde_interrupt_came()) {
        (void)fputs("heddle: interrupted; what was verified until then is above\n", stderr);
        return wrong == 0 ? HDE_EXIT_INCONCLUSIVE : HDE_EXIT_FINDINGS;
    }
    print_legend(selection->count, wrong);
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
