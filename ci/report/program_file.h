/*
 * Program file: where the program is that a report is about.
 *
 * A log names a program without its folder. It is looked for beside the log, then below the log's
 * folder and the current one; where the log says its build id, only a program with this one counts.
 * Without a build id only one beside the log, or in the current folder, does.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_PROGRAM_FILE_H
#define HEDDLE_CI_REPORT_PROGRAM_FILE_H

#include "ci/report/binary.h"

/*
 * Open it; NULL if it is not found. `build_id' may be "", and `where' is a file, perhaps with
 * ":<line>". To be closed.
 */
struct hdr_binary *hdr_program_open(const char *program, const char *build_id, const char *where);

#endif
