/*
 * Frames: a line of a stack, as sanitizers and valgrind print it.
 *
 *     #1 increment /src/counter.c:21:5 (counter+0xe4e98) (BuildId: 9b81...)     ThreadSanitizer
 *     #1 0x5578 in increment /src/counter.c:21:5                                the others
 *     #1 0x5578  (/build/counter+0x10d0fe) (BuildId: 4913...)                   not symbolized
 *     by 0x1092AD: increment (counter.c:21)                                     valgrind
 *
 * A frame is {function, file, line, module}; what is not known is "?", 0 and null. Until a report
 * is finished it also has `offset` and `build_id`, which are what symbolizing needs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_FRAME_H
#define HEDDLE_CI_REPORT_LOG_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define HDR_FRAME_NEXT SIZE_MAX /* its number is the one after that of the frame before it */

/* The frame that the line is, to be released, and its number; NULL if it is none. */
json_t *hdr_log_frame(const char *line, size_t *number);

/* File and line of the frame are "path:line:column" or "path(line,column)". False if it is none. */
bool hdr_log_frame_place(json_t *frame, const char *text);

/*
 * Whether the frame is a line of the program: not of a sanitizer's runtime, of the C library or of
 * headers of a C++ library, and one that has a line number.
 */
bool hdr_log_frame_is_own(const json_t *frame);

/* Whether the frame is of a sanitizer's or valgrind's runtime: an interceptor, say. */
bool hdr_log_frame_is_runtime(const json_t *frame);

#endif
