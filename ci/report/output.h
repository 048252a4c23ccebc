/*
 * Output: the folder that a report is written into.
 *
 * A file appears under its name only when it is whole: it is written beside, and renamed.
 *
 *     struct hdr_file file;
 *
 *     if (!hdr_file_open(&file, output, "trace/lost_update.json")) {
 *         return false;
 *     }
 *     (void)fputs("{}", file.stream);
 *     return hdr_file_close(&file);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_OUTPUT_H
#define HEDDLE_CI_REPORT_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct hdr_output {
    const char *folder;
    const char *root; /* what is put before names of source files, for a link (root.h), or "" */
};

struct hdr_file {
    FILE *stream;
    char path[PATH_MAX];
    char temporary[PATH_MAX + 8];
};

/* Make the folder, and those above it. False if that fails; it has complained then. */
bool hdr_output_make(const struct hdr_output *output);

/* Begin a file; the folders in its name are made. False if that fails; it has complained then. */
bool hdr_file_open(struct hdr_file *file, const struct hdr_output *output, const char *name);

/*
 * End it, and give it its name. Whatever failed since it was opened shows here: then it complains,
 * removes what is there, and returns false. Its errors of writing need not be looked at before.
 */
bool hdr_file_close(struct hdr_file *file);

/* Print a file that was written. False if that fails; it has complained then. */
bool hdr_output_print(const struct hdr_output *output, const char *name);

#endif
