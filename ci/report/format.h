/*
 * Format: one way to show a collection of findings, one file in formats/ each.
 *
 * A format is a pure function of the collection: no time, no address, no path of this machine, so
 * that equal findings give equal files.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_FORMAT_H
#define HEDDLE_CI_REPORT_FORMAT_H

#include <stdbool.h>

#include "ci/report/collection.h"
#include "ci/report/output.h"

struct hdr_format {
    const char *name;   /* as in --format */
    const char *writes; /* the file, or the folder: "report.html" */
    const char *summary;
    bool is_printed; /* on stdout, too, if it is asked for by name: somebody reads it there */

    /* False if a file could not be written; output.h has complained then. */
    bool (*write)(const struct hdr_collection *collection, const struct hdr_output *output);
};

/* All, sorted by name; the last is NULL. Generated from formats/. */
extern const struct hdr_format *const hdr_formats[];

#endif
