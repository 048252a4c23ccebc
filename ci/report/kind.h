/*
 * Kind: what is known of all findings of a kind, whichever program they are of: what it means, what
 * to do, how bad it is. Whoever explains a finding takes its words here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_KIND_H
#define HEDDLE_CI_REPORT_KIND_H

#include <jansson.h>

#define HDR_KIND_SLUG_SIZE 160U

enum hdr_level {
    HDR_LEVEL_ERROR,   /* the program does wrong */
    HDR_LEVEL_WARNING, /* it may do wrong, or wastes something */
};

struct hdr_kind {
    const char *kind;     /* as in a record: "deadlock"; NULL: one that is not known here */
    const char *class;    /* as in a record: "lost wake-up"; NULL: all that are not listed */
    const char *title;    /* "Lost wake-up" */
    const char *what;     /* sentences: what has happened, and why that is wrong */
    const char *advice;   /* sentences: what to do about it */
    const char *weakness; /* number of MITRE's list (CWE); NULL: none fits */
    const char *severity; /* CVSS-like, 0.1 to 10.0, if who feeds the program may exploit it */
    enum hdr_level level;
};

/* The entry that fits a finding best; never NULL. */
const struct hdr_kind *hdr_kind_of(const json_t *finding);

/* How soon to look at findings of this kind: 0 at once. */
unsigned hdr_kind_rank(const struct hdr_kind *kind);

/* A name of letters, digits and hyphens: "deadlock-lost-wake-up", "data-race". */
void hdr_kind_slug(const json_t *finding, char slug[HDR_KIND_SLUG_SIZE]);

#endif
