/*
 * Names: those of files, made of the names of programs, which may be anything.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_NAMES_H
#define HEDDLE_CI_REPORT_NAMES_H

#include <stdio.h>

#include <jansson.h>

#define HDR_NAME_SIZE 176U

struct hdr_name {
    char text[HDR_NAME_SIZE];
};

/*
 * A name within `folder' made of the parts that are not empty, with dots between them: what is no
 * letter, digit, `-', `_' or `.' becomes `_'. `used' is an object that keeps the names that were
 * given before: one that was has a number added.
 */
struct hdr_name
hdr_name_make(json_t *used, const char *folder, const char *const parts[3], const char *ending);

#endif
