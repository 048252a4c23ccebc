/*
 * Annotations: workflow commands of GitHub Actions, which shows them beside the lines of a change.
 *
 *     ::error file=server.c,line=14,title=Data race::data race on `statistics' ...
 *
 * It shows 10 errors and 10 warnings of a step and drops the rest, so there are no more than that,
 * the most important first; the last warning says how many more there are. What is known is a
 * warning, as it fails nothing; what is owed or suppressed is not shown. GitHub reads them from
 * what a step prints, so `--format annotations' prints them, too. Nothing in a message may begin
 * another command, so all newlines are escaped.
 *
 * Source: GitHub's "Workflow commands"; what is escaped, and how, is that of actions/toolkit.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/finding_text.h"
#include "ci/report/format.h"
#include "ci/report/importance.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define SHOWN_MAX 10U /* of each level */

/* A value is ended by ',' and ':', a message by neither. */
static void put_escaped(FILE *stream, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '%' || *text == '\r' || *text == '\n' || strchr(special, *text) != NULL) {
            (void)fprintf(stream, "%%%02X", (unsigned char)*text);
        } else {
            (void)fputc(*text, stream);
        }
    }
}

static void put_value(FILE *stream, const char *text) { put_escaped(stream, text, ":,"); }

static void put_message(FILE *stream, const char *text) { put_escaped(stream, text, ""); }

/* One that is not in a file stands at the top of the list, without a line. */
static void put_place(FILE *stream, const json_t *finding)
{
    const char *file = hdr_text(finding, "file");

    if (file[0] != '\0' && strcmp(file, "?") != 0) {
        (void)fputs("file=", stream);
        put_value(stream, file);
        if (hdr_number(finding, "line") > 0) {
            (void)fprintf(stream, ",line=%lld", (long long)hdr_number(finding, "line"));
        }
        (void)fputs(",", stream);
    }
}

/* Which lines of which logs report it. */
static void put_sightings(FILE *stream, const json_t *finding)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);

    if (memory == NULL) {
        hde_fatal("no memory for a report");
    }
    hdr_finding_print_sightings(finding, memory);
    if (fclose(memory) != 0) {
        hde_fatal("no memory for a report");
    }
    (void)fputs("%0A", stream);
    put_message(stream, text);
    free(text);
}

static void put_finding(FILE *stream, const json_t *finding, const char *level)
{
    const json_t *places = hdr_list(finding, "places");
    const json_t *credibility = hdr_list(finding, "credibility");

    (void)fprintf(stream, "::%s ", level);
    put_place(stream, finding);
    (void)fputs("title=", stream);
    put_value(stream, hdr_kind_of(finding)->title);
    (void)fputs(strcmp(hdr_text(finding, "status"), "known") == 0 ? " (known)::" : "::", stream);
    put_message(stream, hdr_text(finding, "message"));
    for (size_t i = 1; i < json_array_size(places); i++) {
        (void)fputs("%0A", stream);
        put_message(stream, hdr_text(json_array_get(places, i), "text"));
    }
    for (size_t i = 0; i < json_array_size(credibility); i++) {
        (void)fputs("%0A", stream);
        put_message(stream, hdr_text(json_array_get(credibility, i), "text"));
    }
    if (hdr_finding_is_of_log(finding)) {
        put_sightings(stream, finding);
    }
    if (hdr_has(finding, "replay")) {
        (void)fputs("%0ATo see it again: ", stream);
        put_message(stream, hdr_text(finding, "replay"));
    }
    (void)fputs("\n", stream);
}

static enum hdr_level level_of(const json_t *finding)
{
    return strcmp(hdr_text(finding, "status"), "known") == 0 ? HDR_LEVEL_WARNING
                                                             : hdr_importance_level(finding);
}

/* How many findings of a level there are; those that have room are written. */
static size_t put_level(FILE *stream, const json_t *findings, enum hdr_level level, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);

        if (!hdr_importance_is_open(finding) || level_of(finding) != level) {
            continue;
        }
        if (count < most) {
            put_finding(stream, finding, level == HDR_LEVEL_ERROR ? "error" : "warning");
        }
        count++;
    }
    return count;
}

static size_t rest(size_t count, size_t most) { return count > most ? count - most : 0; }

static bool write_annotations(const struct hdr_collection *collection,
                              const struct hdr_output *output)
{
    const json_t *findings = collection->findings;
    struct hdr_file file;
    size_t errors;
    size_t warnings;

    if (!hdr_file_open(&file, output, "annotations.txt")) {
        return false;
    }
    /* The last warning is kept for what has no room. */
    errors = put_level(file.stream, findings, HDR_LEVEL_ERROR, SHOWN_MAX);
    warnings = put_level(file.stream, findings, HDR_LEVEL_WARNING, SHOWN_MAX - 1);
    if (rest(errors, SHOWN_MAX) + rest(warnings, SHOWN_MAX - 1) > 0) {
        (void)fprintf(file.stream,
                      "::warning title=%zu more findings::have no room among the annotations: see "
                      "the job's summary, and report.html among its artifacts\n",
                      rest(errors, SHOWN_MAX) + rest(warnings, SHOWN_MAX - 1));
    }
    return hdr_file_close(&file);
}

const struct hdr_format hdr_format_annotations = {
    .name = "annotations",
    .writes = "annotations.txt",
    .summary = "for GitHub Actions, beside the changed lines; printed too if asked for by name",
    .is_printed = true,
    .write = write_annotations,
};
