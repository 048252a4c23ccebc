/*
 * heddle baseline: which findings are known, so that only others fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ci/report/baseline.h"
#include "ci/report/collection.h"
#include "ci/report/record.h"
#include "ci/report/title.h"
#include "engine/command.h"

static enum hde_exit refuse(const char *what)
{
    (void)fprintf(stderr, "heddle baseline: %s\nsee: heddle baseline --help\n", what);
    return HDE_EXIT_USAGE;
}

/* ---- update ---------------------------------------------------------------------------------- */

static enum hde_exit update(const struct hde_command_line *line,
                            const struct hdr_collection *collection)
{
    struct hdr_baseline *baseline = collection->baseline;
    bool prunes = line->prune && collection->damaged == 0;
    struct hdr_baseline_changes changes =
        hdr_baseline_update(baseline, collection->findings, prunes, stdout);

    if (line->prune && !prunes) {
        (void)fputs("nothing is removed, for not all records could be read\n", stdout);
    }
    if (!hdr_known_file_write(&baseline->known)) {
        return HDE_EXIT_INCONCLUSIVE;
    }
    (void)printf("%s: %zu added, %zu refreshed, %zu stale%s\n", line->baseline, changes.added,
                 changes.refreshed, changes.stale,
                 changes.stale == 0 ? ""
                 : prunes           ? " and removed"
                                    : "; --prune removes these");
    return HDE_EXIT_CLEAN;
}

/* ---- check ----------------------------------------------------------------------------------- */

static void print_new(const json_t *finding)
{
    const char *replay = hdr_text(finding, "replay");
    json_t *title = hdr_title(finding);

    (void)printf("new: %s  %s\n", hdr_text(finding, "identity"), json_string_value(title));
    (void)printf("    %s\n", hdr_text(finding, "message"));
    if (*replay != '\0') {
        (void)printf("    replay: %s\n", replay);
    } else {
        (void)printf("    seen in %s\n",
                     hdr_text(json_array_get(hdr_list(finding, "seen_in"), 0), "where"));
    }
    json_decref(title);
}

static size_t count(const json_t *findings, const char *status)
{
    const json_t *finding;
    size_t found = 0;
    size_t i;

    json_array_foreach(findings, i, finding)
    {
        found += strcmp(hdr_text(finding, "status"), status) == 0 ? 1 : 0;
    }
    return found;
}

static enum hde_exit check(const struct hdr_collection *collection)
{
    const json_t *findings = collection->findings;
    size_t new = count(findings, "new");
    const json_t *finding;
    size_t i;

    json_array_foreach(findings, i, finding)
    {
        if (strcmp(hdr_text(finding, "status"), "new") == 0) {
            print_new(finding);
        }
    }
    (void)printf("%zu new, %zu known, %zu suppressed, %zu owed\n", new, count(findings, "known"),
                 count(findings, "suppressed"), count(findings, "owed"));
    if (collection->damaged != 0) {
        (void)printf("%u that could not be read: see above\n", collection->damaged);
    }
    return new != 0                   ? HDE_EXIT_FINDINGS
           : collection->damaged != 0 ? HDE_EXIT_INCONCLUSIVE
                                      : HDE_EXIT_CLEAN;
}

/* ---- The command ----------------------------------------------------------------------------- */

static bool
read_baseline(struct hdr_baseline *baseline, const struct hde_command_line *line, bool is_update)
{
    bool is_missing = access(line->baseline, F_OK) != 0 && errno == ENOENT;
    bool begins = is_update && is_missing;

    if (!hdr_baseline_read(baseline, begins ? NULL : line->baseline, line->suppressions, NULL)) {
        if (is_missing && !is_update) {
            (void)fprintf(
                stderr,
                "`heddle baseline update DIR --baseline=%s' begins it with what is found; "
                "do that first\n",
                line->baseline);
        }
        return false;
    }
    if (begins && !hdr_known_file_begin(&baseline->known, line->baseline)) {
        hdr_baseline_release(baseline);
        return false;
    }
    return true;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    const char *verb = line->operands_count == 0 ? "" : line->operands[0];
    bool is_update = strcmp(verb, "update") == 0;
    enum hde_exit code = HDE_EXIT_INCONCLUSIVE;
    struct hdr_collection collection;
    struct hdr_baseline baseline;
    size_t read = 0;

    if (!is_update && strcmp(verb, "check") != 0) {
        return refuse("update or check?");
    }
    if (line->baseline == NULL) {
        return refuse("which file? --baseline FILE");
    }
    if (line->operands_count == 1) {
        return refuse("findings of which folder or file?");
    }
    if (!read_baseline(&baseline, line, is_update)) {
        return HDE_EXIT_USAGE;
    }
    hdr_collection_begin(&collection);
    collection.baseline = &baseline;
    for (size_t i = 1; i < line->operands_count; i++) {
        read += hdr_collection_read(&collection, line->operands[i]) ? 1 : 0;
    }
    hdr_collection_finish(&collection);
    hdr_baseline_complain(&baseline, stderr);
    if (!is_update) {
        hdr_baseline_doubt(&baseline, stderr);
    }
    if (read == line->operands_count - 1 &&
        !hdr_collection_is_empty(&collection, line->operands + 1, read)) {
        code = is_update ? update(line, &collection) : check(&collection);
    }
    hdr_collection_release(&collection);
    hdr_baseline_release(&baseline);
    return code;
}

const struct hde_command hde_command_baseline = {
    .name = "baseline",
    .operands = "update|check DIR|FILE...",
    .summary = "known findings in a file, so that only others fail",
    .details =
        "DIR and FILE are as of `heddle report'. `check' prints each finding that is neither in\n"
        "the file of --baseline nor suppressed; `update' adds these to the file, or begins it.\n"
        "In each of its lines the first word counts: the identity of a finding, or a pattern for\n"
        "its title without the blanks, as data-race:*lost_update.c*; `#' begins a comment. By the\n"
        "~fingerprint behind an identity a finding stays known when its lines move; `update' then\n"
        "refreshes the entry. A line of --suppressions is\n"
        "    IDENTITY|PATTERN owner=NAME expires=2027-03-01 reason=\"WHY\"\n"
        "and suppresses nothing after that day.\n"
        "Exit: 0 nothing is new; 1 something is; 2 usage; 3 a record could not be\n"
        "read, or there was none.",
    .options = HDE_FOR_BASELINE,
    .run = run,
};
