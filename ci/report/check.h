/*
 * Check: one thing that `heddle doctor' looks at, one file in doctor/ each.
 *
 * A check says what it found, and if that is not well what to do about it:
 *
 *     hdr_say(examination, HDR_WARN, "x runs without lock", "give it one");
 *
 * It may say several things; one that says nothing does not apply.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_CHECK_H
#define HEDDLE_CI_REPORT_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "ci/report/binary.h"
#include "ci/report/machine.h"

enum hdr_severity {
    HDR_OK,
    HDR_NOTE, /* good to know */
    HDR_WARN, /* something is missed, or takes longer than it need */
    HDR_FAIL, /* what is found, or that nothing is, cannot be trusted */
    HDR_SEVERITIES
};

struct hdr_check;

struct hdr_examination {
    const struct hdr_machine *machine;
    const struct hdr_binary *binary; /* NULL: only the machine is looked at */
    const char *program;             /* its path, as it was given */

    /* Explore planted bugs in this process: NULL, or the name of one that was not found. The
     * function is NULL where `binary' is another program. */
    const char *(*find_canaries)(void);

    FILE *stream;
    const struct hdr_check *check; /* that is running */
    unsigned count[HDR_SEVERITIES];
    bool is_incomplete; /* something could not be tried */
};

struct hdr_check {
    const char *name;
    const char *summary;
    bool is_of_machine; /* the same for all programs */
    void (*run)(struct hdr_examination *examination);
};

/* All, sorted by name; the last is NULL. Generated from doctor/. */
extern const struct hdr_check *const hdr_doctor[];

/* Say what was found, and what to do; NULL: nothing. Between lines of `advice' are newlines. */
void hdr_say(struct hdr_examination *examination,
             enum hdr_severity severity,
             const char *what,
             const char *advice);

/* The same, with `what' as of printf(). */
__attribute__((format(printf, 4, 5))) void hdr_say_of(struct hdr_examination *examination,
                                                      enum hdr_severity severity,
                                                      const char *advice,
                                                      const char *what,
                                                      ...);

/*
 * Run the checks of the machine, or of a program, whose names are in `only', a list with commas
 * between; NULL: all.
 */
void hdr_examine(struct hdr_examination *examination, const char *only);

#endif
