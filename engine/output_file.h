/*
 * Output file: written under a temporary name beside its own, then renamed.
 *
 * So whoever looks into the folder finds whole files, whenever this process is killed, and a full
 * disk leaves no part of one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_OUTPUT_FILE_H
#define HEDDLE_ENGINE_OUTPUT_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct hde_output_file {
    FILE *file; /* to write to */
    char path[PATH_MAX];
    char temporary[PATH_MAX];
};

/*
 * Begin the file `name` in `folder`, which is made if it is not there. Returns false, having said
 * why on stderr, if that is not possible.
 */
bool hde_output_file_open(struct hde_output_file *output, const char *folder, const char *name);

/* Whether files can be written into `folder`, which is made; if not, it has said why on stderr. */
bool hde_output_folder_make(const char *folder);

/*
 * `is_written`: all that was to be written has been. The file gets its name if so, and if the
 * system took all of it; otherwise nothing is left of it, which is said on stderr, and false is
 * returned.
 */
bool hde_output_file_close(struct hde_output_file *output, bool is_written);

#endif
