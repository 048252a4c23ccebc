/*
 * Finding text: the parts, one after the other, as engine/report.c has them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/finding_text.h"

#include <stdbool.h>
#include <string.h>

#include "ci/report/code_line.h"
#include "ci/report/record.h"

#define FUNCTION_WIDTH 40U /* longer names do not move the column of the lines */
#define SEEN_MAX 5U        /* places where it was seen that are named */

/* A key's text between two others, if there is any. */
static void print_text(const char *before, const json_t *object, const char *key, FILE *file)
{
    if (hdr_text(object, key)[0] != '\0') {
        (void)fputs(before, file);
        hdr_text_print(hdr_text(object, key), file);
    }
}

/* ---- Places --------------------------------------------------------------------------------- */

static void print_frame(const json_t *frame, size_t width, FILE *file)
{
    const char *function = hdr_text(frame, "function");
    size_t own = hdr_text_width(function);

    (void)fputs("      ", file);
    hdr_text_print(function, file);
    if (hdr_text(frame, "file")[0] != '\0') {
        (void)fprintf(file, "%*s  ", (int)(own < width ? width - own : 0), "");
        hdr_text_print(hdr_text(frame, "file"), file);
        (void)fprintf(file, ":%lld", (long long)hdr_number(frame, "line"));
    }
}

/* Each function with its line; of a recursion one line. */
static void print_stack(const json_t *stack, FILE *file)
{
    size_t widest = 0;
    size_t times = 1;
    size_t i;
    json_t *frame;

    json_array_foreach(stack, i, frame)
    {
        size_t width = hdr_text_width(hdr_text(frame, "function"));

        widest = width > widest && width <= FUNCTION_WIDTH ? width : widest;
    }
    json_array_foreach(stack, i, frame)
    {
        if (json_equal(frame, json_array_get(stack, i + 1))) {
            times++;
            continue;
        }
        print_frame(frame, widest, file);
        if (times > 1) {
            (void)fprintf(file, "  %zu times", times);
        }
        (void)fputc('\n', file);
        times = 1;
    }
}

static void print_locks(const json_t *finding, const json_t *place, FILE *file)
{
    size_t i;
    json_t *lock;

    if (strcmp(hdr_text(finding, "kind"), "data-race") == 0 &&
        json_array_size(hdr_list(place, "locks")) == 0) {
        (void)fputs("    holding no lock\n", file);
    }
    json_array_foreach(hdr_list(place, "locks"), i, lock)
    {
        print_text("    holding `", lock, "name", file);
        (void)fputc('\'', file);
        print_text(", ", lock, "whereabouts", file);
        print_text(", acquired at ", lock, "acquired", file);
        (void)fputc('\n', file);
    }
}

/* Where everybody else was when it happened. */
static void print_others(const json_t *finding, FILE *file)
{
    size_t i;
    json_t *thread;

    json_array_foreach(hdr_list(finding, "threads"), i, thread)
    {
        if (json_array_size(hdr_list(thread, "stack")) > 0) {
            print_text("\n  ", thread, "name", file);
            (void)fputs(" was here\n", file);
            print_stack(hdr_list(thread, "stack"), file);
        }
    }
}

static bool is_one_of(const json_t *list, json_int_t thread)
{
    size_t i;
    json_t *entry;

    json_array_foreach(list, i, entry)
    {
        if (hdr_number(entry, "thread") == thread) {
            return true;
        }
    }
    return false;
}

/* Where those come from that a reader has met; all, where there are no rows. */
static bool is_met(const json_t *finding, const json_t *thread)
{
    json_int_t id = hdr_number(thread, "id");

    return json_array_size(hdr_list(finding, "rows")) == 0 ||
           is_one_of(hdr_list(finding, "rows"), id) || is_one_of(hdr_list(finding, "places"), id);
}

static void print_threads(const json_t *finding, FILE *file)
{
    bool is_first = true;
    size_t i;
    json_t *thread;

    json_array_foreach(hdr_list(finding, "threads"), i, thread)
    {
        if (!hdr_has(thread, "created_at") || !is_met(finding, thread)) {
            continue;
        }
        print_text(is_first ? "\n  " : "  ", thread, "name", file);
        (void)fprintf(file, " was created by thread %lld",
                      (long long)hdr_number(thread, "created_by"));
        print_text(" at ", thread, "created_at", file);
        (void)fputc('\n', file);
        is_first = false;
    }
}

static void print_moment(const char *name, const json_t *operation, const char *key, FILE *file)
{
    if (hdr_has(operation, key)) {
        (void)fprintf(file, ", %s %lld", name, (long long)hdr_number(operation, key));
    }
}

/* Operations: what they returned cannot be explained. Moments count calls and returns. */
static void print_history(const json_t *finding, FILE *file)
{
    size_t i;
    json_t *operation;

    if (json_array_size(hdr_list(finding, "history")) > 0) {
        (void)fputs("\n  operations, and at which moment they were called and returned\n", file);
    }
    json_array_foreach(hdr_list(finding, "history"), i, operation)
    {
        (void)fprintf(file, "  %c thread %lld: ", hdr_is(operation, "is_blamed") ? '*' : ' ',
                      (long long)hdr_number(operation, "thread"));
        hdr_text_print(hdr_text(operation, "text"), file);
        print_moment("called", operation, "called", file);
        print_moment("takes effect", operation, "takes_effect", file);
        print_moment("returned", operation, "returned", file);
        (void)fputc('\n', file);
    }
}

void hdr_finding_print_places(const json_t *finding, FILE *file)
{
    size_t i;
    json_t *place;

    json_array_foreach(hdr_list(finding, "places"), i, place)
    {
        (void)fputs(i == 0 ? "" : "\n", file);
        (void)fputs(hdr_is(place, "is_cause") ? "  " : "* ", file);
        hdr_text_print(hdr_text(place, "text"), file);
        (void)fputc('\n', file);
        print_stack(hdr_list(place, "stack"), file);
        if (!hdr_is(place, "is_cause")) {
            print_locks(finding, place, file);
        }
    }
    print_others(finding, file);
    print_threads(finding, file);
    print_history(finding, file);
}

void hdr_finding_print_sanitizer(const json_t *finding, FILE *file)
{
    const char *text = hdr_text(finding, "sanitizer");
    size_t length = strlen(text);

    while (length > 0 && strchr("\r\n", text[length - 1]) != NULL) {
        length--;
    }
    if (length > 0) {
        (void)fputc('\n', file);
        (void)fwrite(text, 1, length, file);
        (void)fputc('\n', file);
    }
}

/* ---- Origin --------------------------------------------------------------------------------- */

bool hdr_finding_is_of_log(const json_t *finding)
{
    const char *where = hdr_text(json_array_get(hdr_list(finding, "seen_in"), 0), "where");
    const char *line = strrchr(where, ':');

    return !hdr_has(finding, "flavour") && line != NULL && line[1] != '\0' &&
           line[1 + strspn(line + 1, "0123456789")] == '\0';
}

/* Of a log its line, and the test that printed it; else the program that was explored. */
static void print_sighting(const json_t *sighting, FILE *file)
{
    bool is_of_log = hdr_text(sighting, "flavour")[0] == '\0';

    print_text("", sighting, is_of_log ? "where" : "program", file);
    print_text(is_of_log ? " (test " : " (", sighting, is_of_log ? "test" : "flavour", file);
    (void)fputs(hdr_has(sighting, is_of_log ? "test" : "flavour") ? ")" : "", file);
}

void hdr_finding_print_sightings(const json_t *finding, FILE *file)
{
    const json_t *seen_in = hdr_list(finding, "seen_in");
    size_t i;
    json_t *sighting;

    if (hdr_number(finding, "seen") > 1) {
        (void)fprintf(file, "seen %lld times: ", (long long)hdr_number(finding, "seen"));
    } else {
        (void)fputs("seen in ", file);
    }
    json_array_foreach(seen_in, i, sighting)
    {
        if (i == SEEN_MAX) {
            (void)fprintf(file, " and %zu more", json_array_size(seen_in) - SEEN_MAX);
            break;
        }
        (void)fputs(i == 0 ? "" : ", ", file);
        print_sighting(sighting, file);
    }
}

void hdr_finding_print_origin(const json_t *finding, FILE *file)
{
    long long preemptions = hdr_number(finding, "preemptions");

    print_text("in ", finding, "program", file);
    print_text(", flavour ", finding, "flavour", file);
    print_text(", memory model ", finding, "model", file);
    print_text("; found by ", finding, "strategy", file);
    print_text(", seed ", finding, "seed", file);
    if (hdr_number(finding, "executions") > 0) {
        (void)fprintf(file, ", in execution %lld", (long long)hdr_number(finding, "executions"));
    }
    print_text(hdr_text(finding, "program")[0] == '\0' ? "noticed by " : "; noticed by ", finding,
               "noticed_by", file);
    if (hdr_has(finding, "preemptions")) {
        (void)fprintf(file, "; %lld preemption%s needed", preemptions, preemptions == 1 ? "" : "s");
    }
    (void)fputc('\n', file);
    if (hdr_number(finding, "seen") > 1 || hdr_finding_is_of_log(finding)) {
        hdr_finding_print_sightings(finding, file);
        (void)fputc('\n', file);
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

static void print_credibility(const json_t *finding, FILE *file)
{
    size_t i;
    json_t *note;

    json_array_foreach(hdr_list(finding, "credibility"), i, note)
    {
        print_text("  how far to believe it: ", note, "text", file);
        print_text("; ", note, "advice", file);
        (void)fputc('\n', file);
    }
}

void hdr_finding_print(const json_t *finding, FILE *file)
{
    hdr_text_print(hdr_text(finding, "message"), file);
    (void)fputs("\n\n", file);
    hdr_finding_print_lanes(finding, file);
    (void)fputs(json_array_size(hdr_list(finding, "rows")) == 0 ? "" : "\n", file);
    hdr_finding_print_places(finding, file);
    hdr_finding_print_sanitizer(finding, file);
    (void)fputc('\n', file);
    hdr_finding_print_origin(finding, file);
    print_credibility(finding, file);
    print_text("  replay: ", finding, "replay", file);
    (void)fputs(hdr_has(finding, "replay") ? "\n" : "", file);
}
