/*
 * JUnit cases: what is said of each.
 *
 * Readers show a case by its suite or class and its name, and take two that are called the same for
 * one: GitLab keeps the last. So one that repeats has a number added.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/junit_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/finding_text.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

/* Text that is printed, and becomes a string. */
struct text {
    char *memory;
    size_t size;
    FILE *file;
};

static void text_begin(struct text *text)
{
    text->file = open_memstream(&text->memory, &text->size);
    if (text->file == NULL) {
        hde_fatal("no memory for a report");
    }
}

static json_t *text_end(struct text *text)
{
    json_t *value;

    if (fclose(text->file) != 0) {
        hde_fatal("no memory for a report");
    }
    value = hdr_string(text->memory);
    free(text->memory);
    return value;
}

static bool is_status(const json_t *finding, const char *status)
{
    return strcmp(hdr_text(finding, "status"), status) == 0;
}

/* What a run has found becomes keys of `set'. */
static void add_identities(json_t *set, const json_t *run)
{
    size_t i;
    json_t *identity;

    json_array_foreach(hdr_list(run, "findings"), i, identity)
    {
        if (json_is_string(identity)) {
            hdr_set(set, json_string_value(identity), json_true());
        }
    }
}

static bool has(const json_t *set, const json_t *finding)
{
    return json_object_get(set, hdr_text(finding, "identity")) != NULL;
}

/* The findings of a run, the most important first. */
static json_t *findings_of(const struct hdr_collection *collection, const json_t *run)
{
    json_t *found = json_array();
    json_t *identities = json_object();
    size_t i;
    json_t *finding;

    add_identities(identities, run);
    json_array_foreach(collection->findings, i, finding)
    {
        if (has(identities, finding)) {
            hdr_push(found, json_incref(finding));
        }
    }
    json_decref(identities);
    return found;
}

/* A finding of a run whose record is not here; "" if all are. */
static const char *find_lost(const json_t *run, const json_t *findings)
{
    const json_t *identities = hdr_list(run, "findings");
    json_t *here = json_object();
    const char *lost = "";
    size_t i;
    json_t *record;

    json_array_foreach(findings, i, record)
    {
        hdr_set(here, hdr_text(record, "identity"), json_true());
    }
    for (i = 0; i < json_array_size(identities) && lost[0] == '\0'; i++) {
        const char *identity = json_string_value(json_array_get(identities, i));

        if (identity == NULL || json_object_get(here, identity) == NULL) {
            lost = identity == NULL ? "?" : identity;
        }
    }
    json_decref(here);
    return lost;
}

static void set_place(json_t *test, const json_t *finding)
{
    if (hdr_text(finding, "file")[0] != '\0') {
        hdr_set(test, "file", hdr_string(hdr_text(finding, "file")));
        hdr_set(test, "line", json_integer(hdr_number(finding, "line")));
    }
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static size_t count_new(const json_t *findings)
{
    size_t count = 0;
    size_t i;
    json_t *finding;

    json_array_foreach(findings, i, finding) { count += is_status(finding, "new"); }
    return count;
}

static bool is_as_owed(const json_t *run)
{
    return !json_is_false(json_object_get(run, "is_as_owed"));
}

/* Whether it ended before it could promise anything. */
static bool is_inconclusive(const json_t *run)
{
    static const char word[] = "inconclusive";

    return strcmp(hdr_text(run, "verdict"), word) == 0 ||
           strncmp(hdr_text(run, "conclusion"), word, strlen(word)) == 0 ||
           (hdr_has(run, "owes") && !hdr_has(run, "is_as_owed"));
}

/* Why it failed; `first' is the first of so many new findings, or NULL. */
static json_t *message_of_failure(const json_t *run, const json_t *first, size_t count)
{
    struct text text;

    text_begin(&text);
    if (!is_as_owed(run)) {
        (void)fprintf(text.file, "owes %s, but was %s", hdr_text(run, "owes"),
                      hdr_text(run, "verdict"));
    }
    if (first != NULL) {
        (void)fprintf(text.file, "%s%s", is_as_owed(run) ? "" : ": ", hdr_text(first, "message"));
    }
    if (count > 1) {
        (void)fprintf(text.file, "; and %zu more", count - 1);
    }
    return text_end(&text);
}

/* Why it is not known how it went; "" if it is. */
static json_t *message_of_error(const json_t *run, const json_t *findings)
{
    const char *lost = find_lost(run, findings);
    struct text text;

    text_begin(&text);
    if (lost[0] != '\0') {
        (void)fprintf(text.file, "the record of its finding %s is not here", lost);
    } else if (is_inconclusive(run)) {
        (void)fputs(hdr_text(run, "conclusion"), text.file);
    }
    return text_end(&text);
}

static json_t *text_of_run(const json_t *run, const json_t *findings)
{
    struct text text;
    size_t i;
    json_t *finding;

    text_begin(&text);
    json_array_foreach(findings, i, finding)
    {
        if (is_status(finding, "new")) {
            hdr_finding_print(finding, text.file);
            (void)fputc('\n', text.file);
        }
    }
    (void)fprintf(text.file, "%s\nrun again: %s\n", hdr_text(run, "conclusion"),
                  hdr_text(run, "command"));
    return text_end(&text);
}

/* What is no reason to fail. */
static json_t *
output_of_run(const struct hdr_collection *collection, const json_t *run, const json_t *findings)
{
    struct text text;
    size_t i;
    json_t *record;

    text_begin(&text);
    (void)fprintf(text.file, "%s\n", hdr_text(run, "conclusion"));
    json_array_foreach(findings, i, record)
    {
        if (!is_status(record, "new")) {
            (void)fprintf(text.file, "%s: %s\n  replay: %s\n", hdr_text(record, "status"),
                          hdr_text(record, "message"), hdr_text(record, "replay"));
        }
    }
    json_array_foreach(collection->notes, i, record)
    {
        if (strcmp(hdr_text(record, "program"), hdr_text(run, "program")) == 0) {
            (void)fprintf(text.file, "note: %s\n", hdr_text(record, "message"));
        }
    }
    json_array_foreach(hdr_list(run, "warnings"), i, record)
    {
        if (json_is_string(record)) {
            (void)fprintf(text.file, "warning: %s\n", json_string_value(record));
        }
    }
    return text_end(&text);
}

static void set_result(json_t *test, const char *result, const char *type, json_t *message)
{
    hdr_set(test, "result", hdr_string(result));
    hdr_set(test, "type", hdr_string(type));
    hdr_set(test, "message", message);
}

static json_t *case_of_run(const struct hdr_collection *collection, const json_t *run)
{
    json_t *test = json_object();
    json_t *findings = findings_of(collection, run);
    json_t *doubt = message_of_error(run, findings);
    const json_t *first = json_array_get(findings, 0); /* those that are new come first */
    size_t count = count_new(findings);

    hdr_set(test, "suite", hdr_string(hdr_text(run, "flavour")));
    hdr_set(test, "name", hdr_string(hdr_text(run, "program")));
    hdr_set(test, "seconds", json_real(json_number_value(json_object_get(run, "seconds"))));
    set_place(test, first);
    if (count > 0 || !is_as_owed(run)) {
        set_result(test, "failure", hdr_text(run, "verdict"),
                   message_of_failure(run, count > 0 ? first : NULL, count));
        hdr_set(test, "text", text_of_run(run, findings));
    } else if (json_string_length(doubt) > 0) {
        set_result(test, "error", "inconclusive", json_incref(doubt));
        hdr_set(test, "text", text_of_run(run, findings));
    }
    hdr_set(test, "output", output_of_run(collection, run, findings));
    json_decref(doubt);
    json_decref(findings);
    return test;
}

/* ---- Findings without a run ----------------------------------------------------------------- */

/* Of what is known: the program, or else the test that printed it; the kind; and where it is. */
static void print_name(const json_t *finding, FILE *file)
{
    const char *program = hdr_text(finding, hdr_has(finding, "program") ? "program" : "test");

    (void)fprintf(file, "%s%s%s", program, program[0] == '\0' ? "" : ": ",
                  hdr_text(finding, "kind"));
    if (hdr_text(finding, "file")[0] != '\0') {
        (void)fprintf(file, " %s:%lld", hdr_text(finding, "file"),
                      (long long)hdr_number(finding, "line"));
    }
}

static json_t *case_of_finding(const json_t *finding)
{
    json_t *test = json_object();
    bool is_new = is_status(finding, "new");
    const char *flavour = hdr_text(finding, "flavour");
    struct text text;

    hdr_set(test, "suite",
            hdr_string(flavour[0] == '\0' ? hdr_text(finding, "noticed_by") : flavour));
    text_begin(&text);
    print_name(finding, text.file);
    hdr_set(test, "name", text_end(&text));
    set_place(test, finding);
    text_begin(&text);
    hdr_finding_print(finding, text.file);
    hdr_set(test, is_new ? "text" : "output", text_end(&text));
    text_begin(&text);
    (void)fprintf(text.file, "%s%s%s", is_new ? "" : hdr_text(finding, "status"),
                  is_new ? "" : ": ", hdr_text(finding, "message"));
    set_result(test, is_new ? "failure" : "skipped", hdr_text(finding, "kind"), text_end(&text));
    return test;
}

/* ---- All ------------------------------------------------------------------------------------- */

static json_t *case_of_damage(unsigned damaged)
{
    json_t *test = json_object();
    char message[96];

    (void)snprintf(message, sizeof(message),
                   "%u files, or parts of them, could not be read: what is in them is not known",
                   damaged);
    hdr_set(test, "suite", hdr_string("report"));
    hdr_set(test, "name", hdr_string("records that could be read"));
    set_result(test, "error", "damaged", hdr_string(message));
    hdr_set(test, "text", hdr_string("heddle report says which, when it reads them\n"));
    return test;
}

/* Suites are an object of arrays, in the order in which they are met. */
static void add(json_t *suites, json_t *test)
{
    const char *suite = hdr_text(test, "suite");
    const char *name = suite[0] == '\0' ? "unknown" : suite;

    if (json_object_get(suites, name) == NULL) {
        hdr_set(suites, name, json_array());
    }
    hdr_push(json_object_get(suites, name), test);
}

static void number_repeated(const json_t *tests)
{
    json_t *names = json_object();
    size_t i;
    json_t *test;

    json_array_foreach(tests, i, test)
    {
        const char *name = hdr_text(test, "name");
        json_int_t count = hdr_number(names, name) + 1;
        struct text text;

        hdr_set(names, name, json_integer(count));
        if (count > 1) {
            text_begin(&text);
            (void)fprintf(text.file, "%s (%lld)", name, (long long)count);
            hdr_set(test, "name", text_end(&text));
        }
    }
    json_decref(names);
}

json_t *hdr_junit_cases(const struct hdr_collection *collection)
{
    json_t *suites = json_object();
    json_t *of_runs = json_object();
    json_t *all = json_array();
    const char *name;
    size_t i;
    json_t *record;

    json_array_foreach(collection->runs, i, record)
    {
        add(suites, case_of_run(collection, record));
        add_identities(of_runs, record);
    }
    json_array_foreach(collection->findings, i, record)
    {
        if (!has(of_runs, record)) {
            add(suites, case_of_finding(record));
        }
    }
    if (collection->damaged > 0) {
        add(suites, case_of_damage(collection->damaged));
    }
    json_object_foreach(suites, name, record)
    {
        number_repeated(record);
        (void)json_array_extend(all, record);
    }
    json_decref(suites);
    json_decref(of_runs);
    return all;
}
