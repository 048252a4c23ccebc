/*
 * Baseline: which findings are known, and which are suppressed until a day.
 *
 *     if (!hdr_baseline_read(&baseline, "known.txt", NULL, NULL)) { ... }
 *     collection.baseline = &baseline;
 *     hdr_collection_finish(&collection);
 *     hdr_baseline_complain(&baseline, stderr);
 *     hdr_baseline_release(&baseline);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_BASELINE_H
#define HEDDLE_CI_REPORT_BASELINE_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "ci/report/known_file.h"

struct hdr_baseline {
    struct hdr_known_file known;
    struct hdr_known_file suppressions;
    char today[11]; /* 2027-03-01 */
};

/*
 * Read both files, each NULL if there is none; `today' NULL is today. False if one cannot be read
 * or is wrong: it has said where on stderr then, and there is nothing to release.
 */
bool hdr_baseline_read(struct hdr_baseline *baseline,
                       const char *known,
                       const char *suppressions,
                       const char *today);

/*
 * Set the `status' of findings: owed if its program declares it, else suppressed, known or new; of
 * a suppressed one `suppression' says who answers for it, until when, and why.
 *
 * An entry of the baseline that fits none by its first word knows one whose fingerprint it has: the
 * same code on other lines. It knows no second one, which is as much new code as that was.
 */
void hdr_baseline_judge(struct hdr_baseline *baseline, const json_t *findings);

/* What hdr_baseline_update() did, or would do. */
struct hdr_baseline_changes {
    size_t added;
    size_t refreshed; /* lines that now say where their finding is, or its fingerprint */
    size_t stale;     /* entries that no finding fits */
};

/*
 * Add a line to the baseline for each finding that is new, behind what is there; one whose lines
 * moved is told in its own line where it is now. What is stale is named on a stream, and with
 * `prunes' removed. Comments, and the order, stay. Nothing is written: that is
 * hdr_known_file_write().
 */
struct hdr_baseline_changes hdr_baseline_update(struct hdr_baseline *baseline,
                                                const json_t *findings,
                                                bool prunes,
                                                FILE *stream);

/* Print which lines of the baseline can fit nothing; after all findings were judged. */
void hdr_baseline_doubt(const struct hdr_baseline *baseline, FILE *stream);

/* Print what is to mend in the suppressions, a line each; after all findings were judged. */
void hdr_baseline_complain(const struct hdr_baseline *baseline, FILE *stream);

void hdr_baseline_release(struct hdr_baseline *baseline);

#endif
