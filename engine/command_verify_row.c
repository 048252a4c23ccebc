/*
 * Row of verify: its words.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_verify_row.h"

#include <stdio.h>

#include "engine/finding.h"

static void print_count(uint64_t count, const char *none)
{
    if (count == 0) {
        (void)printf(" %9s", none);
    } else {
        (void)printf(" %9llu", (unsigned long long)count);
    }
}

void hde_verify_row_heading(void)
{
    (void)printf("%-32s %-10s %-10s %9s %9s %9s %9s %9s\n", "scenario", "owes", "found", "after",
                 "harm", "share", "preempt.", "clean");
}

void hde_verify_row_print(const struct hde_verify_row *row, const struct hde_command_line *line)
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
            HDE_EXHAUST_EXECUTIONS, (unsigned long long)line->exhaust);
    }
    if (row->judgement.is_wrong) {
        (void)printf("    WRONG: %s\n    reproduce: %s verify %s\n", row->judgement.reason,
                     line->program, row->scenario->name);
    }
    (void)fflush(stdout);
}

void hde_verify_row_legend(size_t scenarios, size_t wrong)
{
    (void)printf("\nafter: executions until the finding; harm: until something fails with the race "
                 "detector off;\nshare: of the executions that show a finding; preempt.: in the "
                 "shrunk schedule; clean: executions\nof what must be clean, the repaired twin or "
                 "the scenario itself.\n");
    bool is_one = scenarios == 1;

    if (wrong == 0) {
        (void)printf("%zu %s\n", scenarios,
                     is_one ? "scenario gave what it owes" : "scenarios gave what they owe");
    } else {
        (void)printf("%zu of %zu %s\n", wrong, scenarios,
                     is_one ? "scenario did not give what it owes"
                            : "scenarios did not give what they owe");
    }
}

void hde_verify_row_conclude(const struct hde_verify_row *row, char text[HDE_CONCLUSION_MAX])
{
    unsigned long long executions = (unsigned long long)row->record.executions;
    const char *found = hde_verdict_name(row->record.found);

    if (row->judgement.is_wrong) {
        (void)snprintf(text, HDE_CONCLUSION_MAX, "%s", row->judgement.reason);
    } else if (row->record.found == HD_CLEAN) {
        (void)snprintf(text, HDE_CONCLUSION_MAX,
                       "no finding in %llu executions, searched by mix and by each of its members "
                       "alone%s",
                       executions, row->is_cut_short ? "; not all within the bound" : "");
    } else if (row->is_stored) {
        (void)snprintf(text, HDE_CONCLUSION_MAX, "%s, shown by the schedule beside the scenario",
                       found);
    } else {
        (void)snprintf(text, HDE_CONCLUSION_MAX,
                       "%s in execution %llu; of %u executions %.2f %% show a finding", found,
                       (unsigned long long)row->to_finding, HDE_SHARE_EXECUTIONS, 100 * row->share);
    }
}
