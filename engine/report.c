/*
 * Report: the parts of the text, one after the other.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report.h"

#include <stdbool.h>
#include <string.h>

#include "engine/backtrace.h"
#include "engine/context.h"
#include "engine/execution.h"
#include "engine/report_history.h"
#include "engine/report_lanes.h"
#include "engine/report_rows.h"
#include "engine/report_words.h"
#include "engine/sanitizer.h"

static bool is_same_frame(const struct hde_source *a, const struct hde_source *b)
{
    return a->line == b->line && strcmp(a->function, b->function) == 0 &&
           strcmp(a->file, b->file) == 0;
}

/* The stack of a place, each function with its line; of a recursion one line. */
static void print_stack(uint32_t context, uint32_t pc, FILE *file)
{
    struct hde_backtrace backtrace;
    size_t widest = 0;

    hde_backtrace_take(&backtrace, context, pc);
    for (unsigned i = 0; i < backtrace.count; i++) {
        size_t width = strlen(backtrace.frames[i].function);

        widest = width > widest && width <= 40 ? width : widest;
    }
    for (unsigned i = 0, next = 0; i < backtrace.count; i = next) {
        const struct hde_source *frame = &backtrace.frames[i];

        while (next < backtrace.count && is_same_frame(frame, &backtrace.frames[next])) {
            next++;
        }
        (void)fprintf(file, "      %-*s  %s:%d", (int)widest, frame->function, frame->file,
                      frame->line);
        if (next - i > 1) {
            (void)fprintf(file, "  %u times", next - i);
        }
        (void)fprintf(file, "\n");
    }
    if (hde_contexts[context].depth >= HDE_BACKTRACE_MAX) {
        (void)fprintf(file, "      ... and more\n");
    }
}

static void print_held(const struct hde_report *report, unsigned place, FILE *file)
{
    struct hde_trace_lock lock;

    if (report->finding->kind == HD_DATA_RACE && !hde_report_held(report, place, 0, &lock)) {
        (void)fprintf(file, "    holding no lock\n");
    }
    for (unsigned rank = 0; hde_report_held(report, place, rank, &lock); rank++) {
        struct hde_memory_name name = hde_memory_name(report->trace, lock.address, 1);
        struct hde_phrase line = hde_report_line(&lock.acquired);

        (void)fprintf(file, "    holding %s%s%s\n", hde_report_memory(&name, true).text,
                      line.text[0] == '\0' ? "" : ", acquired at ", line.text);
    }
}

static void print_place(const struct hde_report *report, unsigned place, FILE *file)
{
    const struct hde_place *at = &report->finding->places[place];

    (void)fprintf(file, "\n%c %s\n", at->is_cause ? ' ' : '*', hde_report_deed(report, place).text);
    print_stack(at->context, at->pc, file);
    /* What was held at the return is not known: it comes after the last step. */
    if (!at->is_cause && report->finding->kind != HD_NOT_LINEARIZABLE) {
        print_held(report, place, file);
    }
}

/* The threads that a reader meets in the report. */
static struct hde_set threads_met(const struct hde_report *report, const struct hde_rows *rows)
{
    struct hde_set met = {{0}};

    for (size_t i = 0; i < rows->count; i++) {
        hde_set_add(&met, rows->rows[i].thread);
    }
    for (unsigned i = 0; i < report->finding->places_count; i++) {
        hde_set_add(&met, report->finding->places[i].thread);
    }
    return met;
}

/* Where everybody else was when it happened. A race is between two, and the others go on. */
static void print_others(const struct hde_report *report, FILE *file)
{
    struct hde_set others = hde_report_others(report->finding);

    for (unsigned id = hde_set_first(&others); id < HDE_THREADS_MAX;
         id = hde_set_next(&others, id + 1)) {
        struct hde_place at = hde_thread_place(&hde_execution.threads[id]);

        (void)fprintf(file, "\n  thread %u was here\n", id);
        print_stack(at.context, at.pc, file);
    }
}

/* Where threads come from; nothing of those that the scenario lists. */
static void print_threads(const struct hde_report *report, const struct hde_rows *rows, FILE *file)
{
    struct hde_set met = threads_met(report, rows);
    bool is_first = true;

    for (unsigned id = hde_set_next(&met, 1); id < HDE_THREADS_MAX;
         id = hde_set_next(&met, id + 1)) {
        const struct hde_thread *thread = &hde_execution.threads[id];
        struct hde_phrase line = hde_report_line(&thread->created);

        if (id >= hde_execution.threads_count || thread->is_of_engine || line.text[0] == '\0') {
            continue;
        }
        (void)fprintf(file, "%s  thread %u was created by thread %u at %s\n", is_first ? "\n" : "",
                      id, thread->created.thread, line.text);
        is_first = false;
    }
}

/* What the sanitizer said of the same execution, in its own words. */
static void print_sanitizer(FILE *file)
{
    const char *text = hde_sanitizer_text();

    if (text[0] != '\0') {
        (void)fprintf(file, "\n%s", text);
    }
}

static void print_origin(const struct hde_report *report, FILE *file)
{
    (void)fprintf(file, "\n  ");
    if (report->strategy != NULL) {
        (void)fprintf(file, "found by %s, seed %llu", report->strategy,
                      (unsigned long long)report->seed);
        if (report->executions > 0) {
            (void)fprintf(file, ", in execution %llu", (unsigned long long)report->executions);
        }
        (void)fprintf(file, "; ");
    }
    if (hde_sanitizer_name != NULL) {
        (void)fprintf(file, "noticed by %s; ", hde_seen_by_name(report->finding->seen_by));
    }
    (void)fprintf(file, "%u preemption%s needed\n", report->preemptions,
                  report->preemptions == 1 ? "" : "s");
}

void hde_report_text(const struct hde_report *report, FILE *file)
{
    struct hde_rows rows = {.rows = NULL};

    (void)fprintf(file, "%s\n", hde_report_sentence(report).text);
    if (report->finding->kind == HD_DEADLOCK && report->finding->text[0] != '\0') {
        (void)fprintf(file, "  %s\n", report->finding->text);
    }
    (void)fputc('\n', file);
    hde_rows_take(&rows, report);
    hde_lanes_print(&rows, report, file);
    hde_report_history_print(report->finding, file);
    for (unsigned i = 0; i < report->finding->places_count; i++) {
        print_place(report, i, file);
    }
    print_others(report, file);
    print_threads(report, &rows, file);
    print_sanitizer(file);
    print_origin(report, file);
    (void)fprintf(file, "  replay: %s\n", report->replay);
    hde_rows_release(&rows);
}
