/*
 * JUnit cases: which tests a collection is, and how each went.
 *
 * A run is a case; so is a finding of no run: one of a log, or a record that came without one.
 * Cases are JSON objects:
 *
 *     suite, name          what it is called; no two are called the same
 *     file, line           where it went wrong, or null
 *     seconds              or null
 *     result               "failure", "error", "skipped"; null: it passed
 *     type, message, text  of the result
 *     output               what a reader may want to know besides
 *
 * It fails with a new finding, or if a run was not as owed. It is an error if that is not known. A
 * finding that is no run's and is known, suppressed or owed counts as skipped.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_JUNIT_CASES_H
#define HEDDLE_CI_REPORT_JUNIT_CASES_H

#include "ci/report/collection.h"

/* An array of them, those of a suite one after the other. The caller's. */
json_t *hdr_junit_cases(const struct hdr_collection *collection);

#endif
