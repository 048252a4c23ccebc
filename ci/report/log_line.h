/*
 * Lines: a log from its first line to its last, each without what is no part of what was said.
 *
 * Taken away are carriage returns, colours, blanks at the end, and what stands before each line:
 * the test's number in the output of `ctest -V', a time, `> '. What stands before the first line of
 * a report also stands before its others, with other digits in it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_LINE_H
#define HEDDLE_CI_REPORT_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

#define HDR_PREFIX_SIZE 64U

struct hdr_log_lines {
    const char *at;
    const char *end;
    char *line;      /* the last one; owned */
    size_t capacity; /* of `line` */
    size_t number;   /* of `line`, from 1 */
};

void hdr_log_lines_begin(struct hdr_log_lines *lines, const char *bytes, size_t size);

/* The next line, valid until the next call; NULL after the last. */
char *hdr_log_lines_next(struct hdr_log_lines *lines);

void hdr_log_lines_release(struct hdr_log_lines *lines);

/* Keep what stands before a report's first line, which is `length` bytes of it. */
void hdr_log_prefix_take(char prefix[HDR_PREFIX_SIZE], const char *line, size_t length);

/* The line without such a prefix, or all of it if it has none. */
const char *hdr_log_prefix_skip(const char prefix[HDR_PREFIX_SIZE], const char *line);

/*
 * If the line has valgrind's mark, `==1234== ', what is behind it, and the process. NULL if not.
 * What stands before it is of somebody else.
 */
const char *hdr_log_process(const char *line, size_t *process);

#endif
