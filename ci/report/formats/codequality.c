/*
 * GitLab code quality: a list of issues that a merge request shows beside the changed lines.
 *
 * GitLab compares the list with that of the target branch by fingerprint alone, so known findings
 * are in it, too; what is owed or suppressed is not, as it knows no such thing. Of two issues with
 * one fingerprint it shows one. A finding of no file has that of the program: GitLab drops issues
 * without.
 *
 * Source: GitLab's "Code Quality report format", a part of Code Climate's.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <string.h>

#include "ci/report/fingerprint.h"
#include "ci/report/format.h"
#include "ci/report/importance.h"
#include "ci/report/kind.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

/* What may be exploited blocks; what goes wrong is critical; what may go wrong is minor. */
static const char *severity_of(const json_t *finding)
{
    const char *severity = hdr_kind_of(finding)->severity;

    if (hdr_importance_level(finding) == HDR_LEVEL_WARNING) {
        return "minor";
    }
    return severity != NULL && severity[0] >= '7' ? "blocker" : "critical";
}

static json_t *location_of(const json_t *finding)
{
    const char *file = hdr_text(finding, "file");
    json_t *location = json_object();
    json_t *lines = json_object();
    bool is_known = file[0] != '\0' && strcmp(file, "?") != 0;

    hdr_set(location, "path", hdr_string(is_known ? file : hdr_text(finding, "program")));
    hdr_set(lines, "begin",
            json_integer(is_known && hdr_number(finding, "line") > 0 ? hdr_number(finding, "line")
                                                                     : 1));
    hdr_set(location, "lines", lines);
    return location;
}

/* What has happened, where else, and how to see it again: all that GitLab shows of it. */
static json_t *description_of(const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    struct hdr_phrase text;

    hdr_phrase_begin(&text);
    (void)fprintf(text.stream, "%s: %s", hdr_kind_of(finding)->title, hdr_text(finding, "message"));
    for (size_t i = 1; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);

        (void)fprintf(text.stream, "; %s", hdr_text(place, "text"));
        if (hdr_has(place, "file")) {
            (void)fprintf(text.stream, " (%s:%lld)", hdr_text(place, "file"),
                          (long long)hdr_number(place, "line"));
        }
    }
    if (hdr_has(finding, "replay")) {
        (void)fprintf(text.stream, "; to see it again: %s", hdr_text(finding, "replay"));
    }
    return hdr_phrase_end(&text);
}

static json_t *issue_of(const json_t *finding, const char *fingerprint)
{
    char slug[HDR_KIND_SLUG_SIZE];
    json_t *issue = json_object();

    hdr_kind_slug(finding, slug);
    hdr_set(issue, "type", hdr_string("issue"));
    hdr_set(issue, "check_name", hdr_string(slug));
    hdr_set(issue, "description", description_of(finding));
    hdr_set(issue, "categories", json_pack("[s]", "Bug Risk"));
    hdr_set(issue, "fingerprint", hdr_string(fingerprint));
    hdr_set(issue, "severity", hdr_string(severity_of(finding)));
    hdr_set(issue, "location", location_of(finding));
    return issue;
}

static bool write_codequality(const struct hdr_collection *collection,
                              const struct hdr_output *output)
{
    json_t *fingerprints = hdr_fingerprints(collection->findings);
    json_t *issues = json_array();
    struct hdr_file file;

    for (size_t i = 0; i < json_array_size(collection->findings); i++) {
        const json_t *finding = json_array_get(collection->findings, i);

        if (hdr_importance_is_open(finding)) {
            hdr_push(issues,
                     issue_of(finding, hdr_text(fingerprints, hdr_text(finding, "identity"))));
        }
    }
    json_decref(fingerprints);
    if (!hdr_file_open(&file, output, "gl-code-quality-report.json")) {
        json_decref(issues);
        return false;
    }
    (void)json_dumpf(issues, file.stream, JSON_INDENT(1));
    (void)fputc('\n', file.stream);
    json_decref(issues);
    return hdr_file_close(&file);
}

const struct hdr_format hdr_format_codequality = {
    .name = "codequality",
    .writes = "gl-code-quality-report.json",
    .summary = "for GitLab's merge requests",
    .write = write_codequality,
};
