/*
 * Files of logs: single ones, the sets that `log_path=PREFIX' makes, and those of ctest.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_FILE_H
#define HEDDLE_CI_REPORT_LOG_FILE_H

#include <stdbool.h>

#include "ci/report/collection.h"

/*
 * Read a file. True if there was a report in it. One that has none is complained about if it
 * `is_named'; if not, only what may be a log is looked at: `*.log', `*.txt', `*.out', `*.<number>',
 * and what has no dot in its name.
 */
bool hdr_log_file_read(struct hdr_collection *collection, const char *path, bool is_named);

/* Read all files `prefix.<number>'. False if there are none. */
bool hdr_log_set_read(struct hdr_collection *collection, const char *prefix);

#endif
