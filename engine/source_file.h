/*
 * Source files: how they are named to a reader, whose they are, and their lines.
 *
 * A file is named relative to the top of the tree that it belongs to: the program's
 * (hde_program_root), else Heddle's own, else the current directory; else its name is absolute.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SOURCE_FILE_H
#define HEDDLE_ENGINE_SOURCE_FILE_H

#include <stddef.h>

#include "engine/symbol.h"

struct hde_source_file {
    const char *name; /* for the reader; lives as long as the process */
    const char *path; /* absolute */
    enum hde_origin origin;

    char **lines;       /* without blanks at their ends; NULL: not read yet */
    size_t lines_count; /* 0 as well if it cannot be read */
};

/* The file `path`, relative to `directory` unless absolute. Never NULL. `directory` may be NULL. */
const struct hde_source_file *hde_source_file_at(const char *directory, const char *path);

/* How a program's own path is named: as above, but relative as it is if it is so already. */
const char *hde_source_file_program(const char *path);

/*
 * A line of a file that is named so to the reader, with its indentation; NULL if it cannot be read.
 */
const char *hde_source_file_line(const char *name, int line);

#endif
