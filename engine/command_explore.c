/*
 * heddle explore: runs programs until something is found or the budget is spent.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/command.h"
#include "engine/command_finding.h"
#include "engine/command_record.h"
#include "engine/command_run.h"
#include "engine/interrupt.h"
#include "engine/nearest.h"
#include "engine/strategy.h"

#define EXECUTIONS_DEFAULT 100000U
#define SECOND_NS UINT64_C(1000000000)

static bool report_failed; /* a file could not be written */

static void report(void *listener, const struct hde_caught *caught, const struct hde_trace *trace)
{
    const struct hde_run *run = listener;
    const struct hde_report_facts facts = hde_run_facts(run, caught);

    if (!hde_command_tell(run->line, &facts, caught, trace)) {
        report_failed = true;
    }
}

static uint64_t bound_of(const struct hde_command_line *line)
{
    if (line->executions != 0) {
        return line->executions;
    }
    return line->seconds != 0 ? UINT64_MAX : EXECUTIONS_DEFAULT;
}

/* Whether the exploration did what was asked for. */
static bool is_conclusive(const struct hde_run *run, const struct hde_tally *tally)
{
    bool is_by_time = run->line->seconds != 0 && run->line->executions == 0;

    if (tally->lost != 0 || tally->cut != 0 || hde_interrupt_came()) {
        return false;
    }
    return tally->is_complete ||
           (!run->strategy->is_exhaustive && (!tally->is_stopped || is_by_time));
}

__attribute__((format(printf, 2, 3))) static void
append(char text[HDE_CONCLUSION_MAX], const char *format, ...)
{
    size_t length = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text + length, HDE_CONCLUSION_MAX - length, format, arguments);
    va_end(arguments);
}

static void
say_bound(char text[HDE_CONCLUSION_MAX], const struct hde_run *run, const struct hde_tally *tally)
{
    const struct hde_command_line *line = run->line;

    append(text, "%s%llu executions", tally->is_complete ? "all " : "",
           (unsigned long long)(tally->executions - tally->given_up));
    if (run->strategy->is_exhaustive && line->preemptions == HDE_PREEMPTIONS_ALL) {
        append(text,
               " that differ in the order of steps that do not commute (%llu more, equivalent "
               "to these, were given up)",
               (unsigned long long)tally->given_up);
    } else if (run->strategy->is_exhaustive) {
        append(text, " with at most %llu preemptions", (unsigned long long)line->preemptions);
    }
    append(text, ", strategy %s, seed %llu, memory model sc%s", run->strategy->name,
           (unsigned long long)line->seed,
           (line->ignored >> HD_DATA_RACE & 1U) != 0 ? ", data races not looked for" : "");
}

static void
say_more(char text[HDE_CONCLUSION_MAX], const struct hde_run *run, const struct hde_tally *tally)
{
    if (tally->driven != 0) {
        append(text, "; %llu more driven into circles of locks", (unsigned long long)tally->driven);
    }
    if (tally->cut != 0) {
        append(text, "; %llu of them were cut at %llu steps", (unsigned long long)tally->cut,
               (unsigned long long)run->line->steps);
    }
    if (tally->lost != 0) {
        append(text, "; %u workers died", tally->lost);
    }
}

/* Whether one of its places is this "file:line". */
static bool has_place(const struct hde_finding *finding, const char *wanted)
{
    for (unsigned place = 0; place < finding->places_count; place++) {
        struct hde_source source = hde_finding_source(finding, place);
        char line[HDE_INVERSION_LINE_MAX];

        (void)snprintf(line, sizeof(line), "%s:%d", source.file, source.line);
        if (strcmp(line, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* A realised one has been reported as a deadlock, maybe by another worker: same last lines. */
static bool is_realised(const struct hde_inversion *inversion, const struct hde_finding *finding)
{
    uint32_t same = 0;

    for (uint32_t i = 0; i < inversion->count; i++) {
        same += has_place(finding, inversion->at[i].wanted.place);
    }
    return finding->kind == HD_DEADLOCK && same == inversion->count;
}

/* Circles of locks that could not be reached: notes, which make nothing guilty. */
static void print_inversions(const struct hde_run *run)
{
    const struct hde_collection *collection = &run->collection;

    for (size_t i = 0; i < run->inversions_count; i++) {
        bool is_reported = false;

        for (size_t j = 0; j < collection->count; j++) {
            is_reported |= is_realised(&run->inversions[i], &collection->items[j].finding);
        }
        if (!is_reported && !hde_command_note(run->line, run->program.name, &run->inversions[i])) {
            report_failed = true;
        }
    }
}

static enum hde_exit
conclude(const struct hde_run *run, const struct hde_tally *tally, uint64_t took_ns)
{
    const struct hde_collection *collection = &run->collection;
    bool has_findings = collection->count != 0;
    bool has_all = is_conclusive(run, tally);
    char bound[HDE_CONCLUSION_MAX] = "";
    char more[HDE_CONCLUSION_MAX] = "";

    say_bound(bound, run, tally);
    say_more(more, run, tally);
    print_inversions(run);
    (void)printf("%s: ", run->program.name);
    if (has_findings) {
        (void)printf("%zu finding%s in ", collection->count, collection->count == 1 ? "" : "s");
    } else {
        (void)fputs(has_all && collection->unreplayable == 0 ? "clean: " : "inconclusive: ",
                    stdout);
    }
    (void)printf("%s; %.1f s%s\n", bound, (double)took_ns / (double)SECOND_NS, more);
    if (collection->unreplayable != 0) {
        (void)printf("%s: %u executions with a finding could not be replayed: the program does not "
                     "do the same with the same choices\nreproduce: %s\n",
                     run->program.name, collection->unreplayable, run->command);
    }
    (void)fflush(stdout);
    if (has_findings) {
        return HDE_EXIT_FINDINGS;
    }
    if (collection->unreplayable != 0) {
        return HDE_EXIT_DIVERGED;
    }
    return has_all ? HDE_EXIT_CLEAN : HDE_EXIT_INCONCLUSIVE;
}

/* The same in a record. What was not found under a bound is not judged, unless nothing is owed. */
static void keep_record(const struct hde_run *run, const struct hde_tally *tally, uint64_t began_ns)
{
    size_t count = run->collection.count;
    bool is_done = count != 0 || is_conclusive(run, tally);
    struct hde_run_record record;
    struct hde_run_verdict verdict = {
        .owes = run->selected.is_fixed ? HD_CLEAN : run->selected.scenario->scenario->sc,
    };

    hde_run_record_begin(&record, run->line);
    record.began_ns = began_ns;
    hde_run_record_add(&record, run, tally);
    record.is_partial = record.is_partial || !is_done || hde_interrupt_came();
    verdict.is_as_owed = record.found == verdict.owes;
    verdict.is_judged = count != 0 || (is_done && verdict.owes == HD_CLEAN);
    if (count == 0) {
        append(verdict.conclusion, "no finding in ");
    } else {
        append(verdict.conclusion, "%zu finding%s in ", count, count == 1 ? "" : "s");
    }
    say_bound(verdict.conclusion, run, tally);
    say_more(verdict.conclusion, run, tally);
    if (!hde_run_record_end(&record, run->line, run->selected, &verdict)) {
        report_failed = true;
    }
}

static enum hde_exit explore(const struct hde_command_line *line,
                             struct hde_selected selected,
                             const struct hde_strategy *strategy)
{
    struct hde_run run;
    uint64_t began_ns = hde_progress_now_ns();

    hde_run_begin(&run, line, selected, strategy, report);
    run.until_ns = line->seconds == 0 ? 0 : began_ns + line->seconds * SECOND_NS;

    struct hde_tally tally = hde_run_explore(&run, bound_of(line));
    enum hde_exit code = conclude(&run, &tally, hde_progress_now_ns() - began_ns);

    keep_record(&run, &tally, began_ns);
    hde_run_end(&run);
    return code;
}

/* What follows something is no search. */
static void refuse_follower(const char *name)
{
    (void)fprintf(stderr,
                  "heddle explore: the strategy `%s' follows what it is given and looks for "
                  "nothing: a schedule is for `heddle replay FILE', a fuzzer's input for `heddle "
                  "replay NAME --input=FILE'; a fuzz target makes inputs\n"
                  "see: heddle explore --help\n",
                  name);
}

static const struct hde_strategy *find_strategy(const char *name)
{
    const struct hde_strategy *strategy = hde_strategy_named(name);
    struct hde_nearest nearest = hde_nearest_to(name);

    if (strategy != NULL && !strategy->follows) {
        return strategy;
    }
    if (strategy != NULL) {
        refuse_follower(name);
        return NULL;
    }
    for (const struct hde_strategy *const *other = hde_strategies; *other != NULL; other++) {
        if (!(*other)->follows) {
            hde_nearest_offer(&nearest, (*other)->name);
        }
    }
    (void)fprintf(stderr, "heddle explore: there is no strategy `%s'", name);
    hde_nearest_print(&nearest, "");
    (void)fputs("see: heddle explore --help\n", stderr);
    return NULL;
}

/* Findings count more than a divergence, and that more than a search that came to no end. */
static enum hde_exit worse(enum hde_exit a, enum hde_exit b)
{
    static const int ranks[] = {
        [HDE_EXIT_CLEAN] = 0,        [HDE_EXIT_FINDINGS] = 3, [HDE_EXIT_USAGE] = 4,
        [HDE_EXIT_INCONCLUSIVE] = 1, [HDE_EXIT_DIVERGED] = 2,
    };

    return ranks[a] < ranks[b] ? b : a;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    const struct hde_strategy *strategy = find_strategy(line->strategy);
    struct hde_selection selection;
    enum hde_exit code = HDE_EXIT_CLEAN;

    if (strategy == NULL || !hde_selection_make(&selection, line->operands, line->operands_count)) {
        return HDE_EXIT_USAGE;
    }
    if (!hde_run_prepare(line)) {
        hde_selection_release(&selection);
        return HDE_EXIT_INCONCLUSIVE;
    }
    for (size_t i = 0; i < selection.count && !hde_interrupt_came(); i++) {
        code = worse(code, explore(line, selection.programs[i], strategy));
    }
    if (hde_interrupt_came()) {
        (void)fputs("heddle: interrupted; what was found until then is above\n", stderr);
        code = worse(code, HDE_EXIT_INCONCLUSIVE);
    }
    hde_selection_release(&selection);
    return report_failed ? worse(code, HDE_EXIT_INCONCLUSIVE) : code;
}

static void print_strategies(void)
{
    (void)puts("\nStrategies:");
    for (const struct hde_strategy *const *strategy = hde_strategies; *strategy != NULL;
         strategy++) {
        if (!(*strategy)->follows) {
            (void)printf("  %-20s %s\n", (*strategy)->name, (*strategy)->summary);
        }
    }
}

const struct hde_command hde_command_explore = {
    .name = "explore",
    .operands = "[NAME|GLOB...]",
    .summary = "look for what goes wrong, in all scenarios or in those named",
    .details =
        "A name that ends in .fixed means a repaired twin. Findings are shrunk before they are\n"
        "reported. A planted race and a planted deadlock are looked for first.\n"
        "Exit: 0 clean within the bound; 1 findings; 2 usage; 3 inconclusive: interrupted, a\n"
        "worker died, executions were cut, or dfs did not get through; 4 not deterministic.",
    .options = HDE_FOR_EXPLORE,
    .print_more = print_strategies,
    .run = run,
};
