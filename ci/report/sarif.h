/*
 * SARIF 2.1.0: the standard format of findings (OASIS, 2020), for code scanning and for editors.
 *
 * One log of one run. It keeps within what GitHub's code scanning takes: 25,000 results, 10,000
 * steps of code flows a result, 1,000 locations a result, 10 MB compressed; it refuses a file that
 * has more. What had no room is said in the run's notifications.
 *
 * Code scanning knows neither suppressions nor states: what a file has becomes an open alert. So
 * there are two files, one for it with what somebody should look at, and one with everything.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_SARIF_H
#define HEDDLE_CI_REPORT_SARIF_H

#include <stdbool.h>

#include "ci/report/collection.h"
#include "ci/report/output.h"

/* False if the file could not be written; it has complained then. */
bool hdr_sarif_write(const struct hdr_collection *collection,
                     const struct hdr_output *output,
                     const char *name,
                     bool with_suppressed);

#endif
