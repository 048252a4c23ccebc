/*
 * Baseline: each finding is held against all entries, so that those that fit none are seen.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/baseline.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ci/report/fingerprint.h"
#include "ci/report/pattern.h"
#include "ci/report/record.h"
#include "ci/report/title.h"
#include "ci/report/words.h"
#include "engine/fatal.h"

bool hdr_baseline_read(struct hdr_baseline *baseline,
                       const char *known,
                       const char *suppressions,
                       const char *today)
{
    time_t now = time(NULL);
    struct tm local;

    *baseline = (struct hdr_baseline){.today = ""};
    if (today != NULL) {
        (void)snprintf(baseline->today, sizeof(baseline->today), "%s", today);
    } else if (localtime_r(&now, &local) == NULL ||
               strftime(baseline->today, sizeof(baseline->today), "%Y-%m-%d", &local) == 0) {
        hde_fatal("what day is it?");
    }
    if ((known == NULL || hdr_known_file_read_baseline(&baseline->known, known)) &&
        (suppressions == NULL ||
         hdr_known_file_read_suppressions(&baseline->suppressions, suppressions))) {
        return true;
    }
    hdr_baseline_release(baseline);
    return false;
}

void hdr_baseline_release(struct hdr_baseline *baseline)
{
    hdr_known_file_release(&baseline->known);
    hdr_known_file_release(&baseline->suppressions);
}

/* ---- Judging --------------------------------------------------------------------------------- */

/* The title without its spaces. */
static json_t *squeezed_title(const json_t *finding)
{
    json_t *title = hdr_title(finding);
    char *copy = strdup(json_string_value(title));
    char *end = copy;

    if (copy == NULL) {
        hde_fatal("no memory for a title");
    }
    for (const char *letter = json_string_value(title); *letter != '\0'; letter++) {
        if (*letter != ' ') {
            *end++ = *letter;
        }
    }
    *end = '\0';
    json_decref(title);
    title = hdr_string(copy);
    free(copy);
    return title;
}

static bool is_of(const json_t *entry, const json_t *finding)
{
    return strcmp(hdr_text(entry, "pattern"), hdr_text(finding, "identity")) == 0;
}

static bool matches(const json_t *entry, const json_t *finding, const json_t *title)
{
    const char *pattern = hdr_text(entry, "pattern");

    return is_of(entry, finding) ||
           (hdr_pattern_is_one(pattern) && hdr_pattern_matches(pattern, json_string_value(title)));
}

/* Its day has passed; the day itself still counts. Dates sort as texts. */
static bool is_expired(const struct hdr_baseline *baseline, const json_t *entry)
{
    return strcmp(baseline->today, hdr_text(entry, "expires")) > 0;
}

/* The first entry that fits and counts; NULL if there is none. */
static const json_t *find_entry(const struct hdr_baseline *baseline,
                                const struct hdr_known_file *file,
                                json_t *finding,
                                const json_t *title)
{
    const json_t *found = NULL;
    json_t *entry;
    size_t i;

    json_array_foreach(file->entries, i, entry)
    {
        if (!matches(entry, finding, title)) {
            continue;
        }
        hdr_set(entry, "is_used", json_true());
        if (is_of(entry, finding)) {
            hdr_set(entry, "finding", json_incref(finding));
        }
        if (found == NULL && (!hdr_has(entry, "expires") || !is_expired(baseline, entry))) {
            found = entry;
        }
    }
    return found;
}

/* Whether an entry of the baseline fits it by its first word. */
static bool judge_one(struct hdr_baseline *baseline, json_t *finding)
{
    json_t *title = squeezed_title(finding);
    const json_t *suppression = find_entry(baseline, &baseline->suppressions, finding, title);
    const json_t *known = find_entry(baseline, &baseline->known, finding, title);
    const char *status = "new";

    if (hdr_is(finding, "is_owed")) {
        status = "owed";
    } else if (suppression != NULL) {
        status = "suppressed";
        hdr_set(finding, "suppression",
                json_pack("{s:O, s:O, s:O}", "owner", json_object_get(suppression, "owner"),
                          "expires", json_object_get(suppression, "expires"), "reason",
                          json_object_get(suppression, "reason")));
    } else if (known != NULL) {
        status = "known";
    }
    hdr_set(finding, "status", hdr_string(status));
    json_decref(title);
    return known != NULL;
}

/* The entry that a finding has had on other lines takes it. */
static void judge_moved(struct hdr_baseline *baseline, json_t *finding)
{
    json_t *print = hdr_fingerprint_of_code(finding);
    json_t *entry;
    size_t i;

    json_array_foreach(baseline->known.entries, i, entry)
    {
        if (print == NULL || hdr_is(entry, "is_used") ||
            !json_equal(print, json_object_get(entry, "fingerprint"))) {
            continue;
        }
        hdr_set(entry, "is_used", json_true());
        hdr_set(entry, "finding", json_incref(finding));
        if (strcmp(hdr_text(finding, "status"), "new") == 0) {
            hdr_set(finding, "status", hdr_string("known"));
        }
        break;
    }
    json_decref(print);
}

void hdr_baseline_judge(struct hdr_baseline *baseline, const json_t *findings)
{
    json_t *unknown = json_array();
    json_t *finding;
    size_t i;

    json_array_foreach(findings, i, finding)
    {
        if (!judge_one(baseline, finding)) {
            hdr_push(unknown, json_incref(finding));
        }
    }
    /* Behind all of the others: an entry whose own finding is there knows no other. */
    json_array_foreach(unknown, i, finding) { judge_moved(baseline, finding); }
    json_decref(unknown);
}

/* ---- Updating -------------------------------------------------------------------------------- */

static size_t drop_stale(struct hdr_known_file *known, bool prunes, FILE *stream)
{
    size_t stale = 0;

    /* From the last: the numbers of the lines before it stay right. */
    for (size_t i = json_array_size(known->entries); i > 0; i--) {
        const json_t *entry = json_array_get(known->entries, i - 1);
        size_t line = (size_t)hdr_number(entry, "line");

        if (hdr_is(entry, "is_used")) {
            continue;
        }
        (void)fprintf(stream, "%s:%zu: stale, no finding matches%s: %s\n", known->path, line,
                      prunes ? "; removed" : "", hdr_text(entry, "pattern"));
        if (prunes) {
            (void)json_array_remove(known->lines, line - 1);
        }
        stale++;
    }
    return stale;
}

/* The line of a finding; what would end it becomes a blank. */
static json_t *line_of(const json_t *finding)
{
    json_t *title = hdr_title(finding);
    json_t *print = hdr_fingerprint_of_code(finding);
    json_t *line =
        json_sprintf("%s  %s%s%s", hdr_text(finding, "identity"), json_string_value(title),
                     print == NULL ? "" : "  ~", print == NULL ? "" : json_string_value(print));
    char *copy = line == NULL ? NULL : strdup(json_string_value(line));

    if (copy == NULL) {
        hde_fatal("no memory for a baseline");
    }
    for (char *letter = strpbrk(copy, "\n\r"); letter != NULL; letter = strpbrk(letter, "\n\r")) {
        *letter = ' ';
    }
    json_decref(title);
    json_decref(print);
    json_decref(line);
    line = hdr_string(copy);
    free(copy);
    return line;
}

/* What an entry's line is to be, now that its finding was seen; what people wrote behind stays. */
static json_t *refreshed_line(const char *old, const json_t *entry, const json_t *print)
{
    const json_t *finding = json_object_get(entry, "finding");
    size_t end = strlen(old);

    if (hdr_has(entry, "fingerprint")) {
        json_t *line = line_of(finding);
        json_t *whole = json_sprintf("%s%s", json_string_value(line),
                                     old + hdr_number(entry, "fingerprint_end"));

        json_decref(line);
        return whole;
    }
    while (end > 0 && strchr(HDR_BLANKS, old[end - 1]) != NULL) {
        end--;
    }
    return json_sprintf("%.*s  ~%s%s", (int)end, old, json_string_value(print), old + end);
}

static size_t refresh(struct hdr_known_file *known)
{
    size_t refreshed = 0;
    const json_t *entry;
    size_t i;

    json_array_foreach(known->entries, i, entry)
    {
        const json_t *finding = json_object_get(entry, "finding");
        json_t *print = finding == NULL ? NULL : hdr_fingerprint_of_code(finding);
        size_t line = (size_t)hdr_number(entry, "line") - 1;
        const char *old = json_string_value(json_array_get(known->lines, line));

        if (print != NULL &&
            (!is_of(entry, finding) || !json_equal(print, json_object_get(entry, "fingerprint")))) {
            (void)json_array_set_new(known->lines, line, refreshed_line(old, entry, print));
            refreshed++;
        }
        json_decref(print);
    }
    return refreshed;
}

struct hdr_baseline_changes hdr_baseline_update(struct hdr_baseline *baseline,
                                                const json_t *findings,
                                                bool prunes,
                                                FILE *stream)
{
    struct hdr_baseline_changes changes = {.refreshed = refresh(&baseline->known)};
    const json_t *finding;
    size_t i;

    changes.stale = drop_stale(&baseline->known, prunes, stream);
    json_array_foreach(findings, i, finding)
    {
        if (strcmp(hdr_text(finding, "status"), "new") == 0) {
            hdr_push(baseline->known.lines, line_of(finding));
            changes.added++;
        }
    }
    return changes;
}

/* ---- Complaints ------------------------------------------------------------------------------ */

static bool is_conflict(const char *word)
{
    static const char *const marks[] = {"<<<<<<<", "|||||||", "=======", ">>>>>>>"};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (strcmp(word, marks[i]) == 0) {
            return true;
        }
    }
    return false;
}

void hdr_baseline_doubt(const struct hdr_baseline *baseline, FILE *stream)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(baseline->known.entries, i, entry)
    {
        const char *word = hdr_text(entry, "pattern");

        if (hdr_is(entry, "is_used") || hdr_pattern_is_one(word) ||
            hdr_known_file_is_hash(word, strlen(word))) {
            continue;
        }
        (void)fprintf(stream, "%s:%d: %s: %s\n", baseline->known.path,
                      (int)hdr_number(entry, "line"),
                      is_conflict(word) ? "left of a merge that git could not do; resolve it"
                                        : "fits nothing, being neither 16 hexadecimal digits (in "
                                          "lower case) nor a pattern with *, ? or [",
                      word);
    }
}

void hdr_baseline_complain(const struct hdr_baseline *baseline, FILE *stream)
{
    const char *path = baseline->suppressions.path;
    const json_t *entry;
    size_t i;

    json_array_foreach(baseline->suppressions.entries, i, entry)
    {
        const char *pattern = hdr_text(entry, "pattern");
        const char *owner = hdr_text(entry, "owner");
        int line = (int)hdr_number(entry, "line");

        if (is_expired(baseline, entry)) {
            (void)fprintf(stream, "%s:%d: expired on %s, and suppresses no more: %s (%s: %s)\n",
                          path, line, hdr_text(entry, "expires"), pattern, owner,
                          hdr_text(entry, "reason"));
        }
        if (!hdr_is(entry, "is_used")) {
            (void)fprintf(stream, "%s:%d: unused, no finding matches: %s (%s)\n", path, line,
                          pattern, owner);
        }
    }
}
