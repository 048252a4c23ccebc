/*
 * Logs: what sanitizers printed, of programs that need not know of Heddle, as records of findings.
 *
 * A sanitizer's syntax is one file in logs/: which lines begin a report, and what lines within it
 * say. Stacks, processes, colours, the test that printed it, and what a report in a log can suffer
 * (text of the program between its lines, an end that is missing, another report in its midst) are
 * the same for all, and are dealt with here.
 *
 * Nothing is lost: of a report that was cut off, what is there becomes a record; a summary without
 * its report too; what belongs to nothing is counted, and its first line quoted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_H
#define HEDDLE_CI_REPORT_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/report/collection.h"
#include "ci/report/log_match.h"
#include "ci/report/log_report.h"

/* A line that says something. */
struct hdr_log_rule {
    const char *pattern; /* log_match.h; NULL ends a table */
    void (*take)(struct hdr_log_report *report, const struct hdr_capture *captures);
    bool is_end; /* the report is whole with it */
};

/* How a sanitizer writes. */
struct hdr_log {
    const char *tool;

    /* Say what the report is, in the words that the tool has for it; NULL: no summaries. */
    void (*name)(struct hdr_log_report *report, struct hdr_capture words);

    const struct hdr_log_rule *heads;    /* begin a report */
    const struct hdr_log_rule *sections; /* within one */
    bool is_whole_at_once;               /* its head is a report already */
    bool ends_at_blank;                  /* an empty line after a stack ends it */
    bool has_process;                    /* each of its lines begins with ==PID== */
};

/* All, sorted by the names of their files; the last is NULL. Generated from logs/. */
extern const struct hdr_log *const hdr_logs[];

struct hdr_log_settings {
    const char *root;   /* paths become relative to it; "" for none: files are not looked at */
    const char *path;   /* of the log; for messages and "seen in" */
    const char *test;   /* that it is the log of; NULL if that is not known, or stands in it */
    bool may_symbolize; /* frames without names: where their module is found */
};

/* What was read of one log, besides findings. */
struct hdr_log_tally {
    size_t reports;
    size_t cut_off;       /* of them: reports that are not whole */
    size_t lines;         /* that look like part of a report, and belong to none */
    size_t first_cut_off; /* line numbers, from 1 */
    size_t first_line;
};

/* Add what `size` bytes report to the collection. */
struct hdr_log_tally hdr_log_parse(struct hdr_collection *collection,
                                   const struct hdr_log_settings *settings,
                                   const char *bytes,
                                   size_t size);

#endif
