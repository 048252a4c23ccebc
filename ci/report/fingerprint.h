/*
 * Fingerprint: what stays the same of a finding while the code around it moves.
 *
 * The identity of a record has the numbers of its lines in it: a line added above makes another
 * finding of it. Services that follow findings from commit to commit (code scanning, code quality)
 * get this instead: kind, class, and of each place file, function and the text of the line. Places
 * count in the order of these, as which access came later depends on the schedule.
 *
 * Two findings that are the same in all of that are told apart by a number behind a colon, as these
 * services do it themselves, in the order of their lines.
 *
 * A baseline keeps the hash alone: lines move past one another, so that the number would change.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_FINGERPRINT_H
#define HEDDLE_CI_REPORT_FINGERPRINT_H

#include <jansson.h>

/* The fingerprint of each, by its identity: an object of strings. The caller's. */
json_t *hdr_fingerprints(const json_t *findings);

/*
 * The fingerprint of one without the number, 16 hexadecimal digits; the caller's. NULL if no line
 * of its code is known: then it says no more than the identity, or less.
 */
json_t *hdr_fingerprint_of_code(const json_t *finding);

#endif
