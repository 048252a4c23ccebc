/*
 * Credibility: the table, and the notes that a record shows by itself.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/credibility.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/credibility_parts.h"
#include "ci/report/importance.h"
#include "ci/report/program_file.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

bool hdr_judged_is_tsans(const struct hdr_judged *judged)
{
    return strstr(hdr_text(judged->finding, "noticed_by"), "ThreadSanitizer") != NULL;
}

bool hdr_judged_is_of_kind(const struct hdr_judged *judged, const char *kind)
{
    return strcmp(hdr_text(judged->finding, "kind"), kind) == 0;
}

/* ---- What a schedule shows ------------------------------------------------------------------- */

/* The first two places that take part in it; false if there are less. */
static bool two_places(const json_t *finding, const json_t *places[2])
{
    const json_t *place;
    size_t count = 0;
    size_t i;

    json_array_foreach(hdr_list(finding, "places"), i, place)
    {
        if (!hdr_is(place, "is_cause") && count < 2) {
            places[count++] = place;
        }
    }
    return count == 2;
}

/* Whether a step comes after one of those that are marked in `reached'. */
static bool is_reached(const json_t *steps, size_t index, const char *reached)
{
    const json_t *step = json_array_get(steps, index);
    const json_t *before;
    size_t i;

    json_array_foreach(hdr_list(step, "after"), i, before)
    {
        json_int_t at = json_integer_value(before);

        if (at >= 0 && (size_t)at < index && reached[at] != 0) {
            return true;
        }
    }
    for (i = 0; i < index; i++) {
        if (reached[i] != 0 &&
            hdr_number(json_array_get(steps, i), "thread") == hdr_number(step, "thread")) {
            return true;
        }
    }
    return false;
}

/* Whether the order of threads leads from one step to a later one. */
static bool is_ordered(const json_t *steps, size_t first, size_t second)
{
    char *reached = calloc(second + 1, 1);
    bool is_after;

    if (reached == NULL) {
        hde_fatal("no memory for the order of steps");
    }
    reached[first] = 1;
    for (size_t i = first + 1; i <= second; i++) {
        reached[i] = is_reached(steps, i, reached) ? 1 : 0;
    }
    is_after = reached[second] != 0;
    free(reached);
    return is_after;
}

/* Two accesses that are further apart are not looked at: nobody reads such a schedule for them. */
#define STEPS_BETWEEN_MAX 2000

static bool is_confirmed(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    const json_t *steps = hdr_list(judged->finding, "steps");
    const json_t *places[2];
    size_t first;
    size_t second;

    if (!hdr_judged_is_of_kind(judged, "data-race") || !two_places(judged->finding, places) ||
        !hdr_has(places[0], "step") || !hdr_has(places[1], "step")) {
        return false;
    }
    first = (size_t)hdr_number(places[0], "step");
    second = (size_t)hdr_number(places[1], "step");
    if (first > second) {
        size_t kept = first;

        first = second;
        second = kept;
    }
    if (first == second || second >= json_array_size(steps) || second - first > STEPS_BETWEEN_MAX ||
        is_ordered(steps, first, second)) {
        return false;
    }
    (void)snprintf(
        text, HDR_NOTE_TEXT_MAX, "%s%s",
        second == first + 1
            ? "confirmed: there is a schedule in which the two accesses follow each other"
            : "confirmed: there is a schedule in which nothing orders the two accesses",
        strcmp(hdr_text(judged->finding, "noticed_by"), "Heddle and ThreadSanitizer") == 0
            ? "; ThreadSanitizer noticed it, too"
            : "");
    return true;
}

/* Of an execution that both watched. */
static bool is_of_both(const struct hdr_judged *judged)
{
    const char *flavour = hdr_text(judged->finding, "flavour");

    return hdr_judged_is_of_kind(judged, "data-race") &&
           (strcmp(flavour, "tsan") == 0 || strcmp(flavour, "fuzz-tsan") == 0);
}

static bool is_only_tsans(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    (void)snprintf(
        text, HDR_NOTE_TEXT_MAX,
        "only ThreadSanitizer noticed it: Heddle watched the same execution, and saw the "
        "accesses ordered, or did not see them");
    return is_of_both(judged) &&
           strcmp(hdr_text(judged->finding, "noticed_by"), "ThreadSanitizer") == 0;
}

static bool is_only_heddles(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    (void)snprintf(text, HDR_NOTE_TEXT_MAX,
                   "only Heddle noticed it: ThreadSanitizer watched the same execution, and keeps "
                   "no more than the last accesses to a place, four at most");
    return is_of_both(judged) && strcmp(hdr_text(judged->finding, "noticed_by"), "Heddle") == 0;
}

/* ---- What locks show ------------------------------------------------------------------------- */

static bool is_single_threaded(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    const json_t *first = NULL;
    const json_t *place;
    size_t others = 0;
    size_t i;

    json_array_foreach(hdr_list(judged->finding, "places"), i, place)
    {
        if (hdr_is(place, "is_cause")) {
            continue;
        }
        if (!hdr_has(place, "thread") ||
            (first != NULL && hdr_number(first, "thread") != hdr_number(place, "thread"))) {
            return false;
        }
        others += first != NULL ? 1 : 0;
        first = place;
    }
    (void)snprintf(
        text, HDR_NOTE_TEXT_MAX,
        "one thread acquired the locks in both orders, and one alone cannot deadlock like "
        "that; of others that do so later ThreadSanitizer says nothing");
    return hdr_judged_is_of_kind(judged, "lock-order") && others != 0;
}

static bool holds_lock(const json_t *place, const json_t *wanted)
{
    const json_t *lock;
    size_t i;

    json_array_foreach(hdr_list(place, "locks"), i, lock)
    {
        if (strcmp(hdr_text(lock, "name"), hdr_text(wanted, "name")) == 0 &&
            strcmp(hdr_text(lock, "whereabouts"), hdr_text(wanted, "whereabouts")) == 0) {
            return true;
        }
    }
    return false;
}

/* The record says which locks each thread held, and one is the same. */
static bool is_gate_locked(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    const json_t *places[2];
    const json_t *lock;
    size_t i;

    if (!hdr_judged_is_of_kind(judged, "lock-order") || !two_places(judged->finding, places)) {
        return false;
    }
    json_array_foreach(hdr_list(places[0], "locks"), i, lock)
    {
        if (holds_lock(places[1], lock)) {
            (void)snprintf(text, HDR_NOTE_TEXT_MAX,
                           "both threads held `%s' when they did that: they cannot wait for each "
                           "other there",
                           hdr_text(lock, "name"));
            return true;
        }
    }
    return false;
}

static bool is_cut_off(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    (void)snprintf(text, HDR_NOTE_TEXT_MAX,
                   "the report is not whole: its log was cut off, or "
                   "lines of it are missing");
    return json_is_false(json_object_get(judged->finding, "is_whole"));
}

/* ---- All of them ----------------------------------------------------------------------------- */

static const struct hdr_note notes[] = {
    {"confirmed", "it is real; its replay shows it again", is_confirmed},
    {"only-threadsanitizer",
     "if a call that Heddle does not model orders them, docs/SUPPORTED.md says so; else take it "
     "for "
     "real",
     is_only_tsans},
    {"only-heddle", "take it for real: its schedule shows it", is_only_heddles},
    {"single-thread",
     "no deadlock as long as one thread alone does this; else keep one order, or suppress it with "
     "`deadlock:FUNCTION'",
     is_single_threaded},
    {"gate-lock",
     "no deadlock as long as all hold that lock; say so where it is acquired, and suppress it with "
     "`deadlock:FUNCTION'",
     is_gate_locked},
    {"cut-off", "let the program end by itself, or write reports to files: log_path=FILE",
     is_cut_off},
    {NULL, NULL, NULL},
};

static bool has_note(const json_t *credibility, const char *name)
{
    const json_t *note;
    size_t i;

    json_array_foreach(credibility, i, note)
    {
        if (strcmp(hdr_text(note, "note"), name) == 0) {
            return true;
        }
    }
    return false;
}

static void
apply(json_t *credibility, const struct hdr_note *table, const struct hdr_judged *judged)
{
    char text[HDR_NOTE_TEXT_MAX];

    for (; table->name != NULL; table++) {
        if (!has_note(credibility, table->name) && table->holds(judged, text)) {
            json_t *note = json_object();

            hdr_set(note, "note", hdr_string(table->name));
            hdr_set(note, "text", hdr_string(text));
            hdr_set(note, "advice", hdr_string(table->advice));
            hdr_push(credibility, note);
        }
    }
}

/* ---- Programs -------------------------------------------------------------------------------- */

/* The program that was looked for last: reports of one log come one after the other. */
struct last {
    char program[256];
    char build_id[65];
    char where[256];
    struct hdr_binary *binary;
};

static void close_last(struct last *last)
{
    if (last->binary != NULL) {
        hdr_binary_close(last->binary);
    }
}

static const struct hdr_binary *find_program(struct last *last, const json_t *finding)
{
    const char *program = hdr_text(finding, "program");
    const char *build_id = hdr_text(finding, "build_id");
    const char *where = hdr_text(json_array_get(hdr_list(finding, "seen_in"), 0), "where");
    size_t file = strcspn(where, ":");

    if (strcmp(last->program, program) != 0 || strcmp(last->build_id, build_id) != 0 ||
        strlen(last->where) != file || strncmp(last->where, where, file) != 0) {
        close_last(last);
        (void)snprintf(last->program, sizeof(last->program), "%s", program);
        (void)snprintf(last->build_id, sizeof(last->build_id), "%s", build_id);
        (void)snprintf(last->where, sizeof(last->where), "%.*s", (int)file, where);
        last->binary = hdr_program_open(program, build_id, last->where);
    }
    return last->binary;
}

/* Records of Heddle's own name the schedule instead: their programs are no files. */
static bool is_of_log(const json_t *finding) { return !hdr_has(finding, "flavour"); }

void hdr_credibility_add(struct hdr_collection *collection)
{
    struct last last = {.binary = NULL};
    json_t *finding;
    size_t i;

    json_array_foreach(collection->findings, i, finding)
    {
        struct hdr_judged judged = {.finding = finding};
        json_t *credibility = json_array();

        apply(credibility, notes, &judged);
        if (is_of_log(finding)) {
            judged.binary = find_program(&last, finding);
        }
        if (judged.binary != NULL) {
            apply(credibility, hdr_program_notes, &judged);
        }
        hdr_set(finding, "credibility", credibility);
        hdr_set(finding, "is_doubtful", json_boolean(hdr_importance_is_doubtful(finding)));
    }
    close_last(&last);
    hdr_collection_sort(collection);
}
