/*
 * Lanes: a schedule as text, from top to bottom, a column for each thread.
 *
 *     thread 1: increment                       | thread 2: increment
 *     ------------------------------------------+------------------------------------------
 *       23   shared->counter++;            read |
 *                                               |   23 * shared->counter++;         write
 *
 * The terminal shows these, and every report that is text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LANES_H
#define HEDDLE_CI_REPORT_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What a thread does at one line of source, while no other thread does anything. */
struct hdr_lane_row {
    const char *function;
    const char *file;
    const char *code;   /* the line; NULL if it is not known */
    const char *action; /* what the line does not say; "" */
    size_t left_out;    /* rows before this one that are not shown */
    unsigned thread;
    int line;
    bool is_marked; /* has part in the finding */
};

struct hdr_lane_thread {
    const char *function; /* what it runs; NULL if it is not known */
    unsigned id;
};

struct hdr_lanes {
    const struct hdr_lane_row *rows;
    const struct hdr_lane_thread *threads; /* those of the rows; one that is missing has no name */
    size_t rows_count;
    size_t threads_count;
    size_t left_out; /* rows after the last that are not shown */
};

/*
 * Print them: at most 100 characters wide, but for a character that is wider than one column. Up to
 * 3 threads have columns; more are a list that names the thread.
 */
void hdr_lanes_print(const struct hdr_lanes *lanes, FILE *file);

#endif
