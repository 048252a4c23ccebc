/*
 * SARIF, places: messages, locations and stacks, as SARIF 2.1.0 wants them (3.11, 3.28 and 3.44 of
 * its text).
 *
 * A source is any object of a record that has `function', `file' and `line': a place, a row, a
 * frame, a finding. Paths are relative to the root of the sources, "%SRCROOT%"; one that is not is
 * an address of this machine, which a reader elsewhere cannot follow, and code scanning ignores.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_SARIF_LOCATION_H
#define HEDDLE_CI_REPORT_SARIF_LOCATION_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#define HDR_SARIF_ROOT "%SRCROOT%"

/* How much of the source a location brings along. */
enum hdr_sarif_detail {
    HDR_SARIF_LINE,    /* its number */
    HDR_SARIF_SNIPPET, /* the line, too */
    HDR_SARIF_CONTEXT, /* and what is around it */
};

/* Whether a source says where it is. */
bool hdr_sarif_is_known(const json_t *source);

/*
 * A location. `message` is taken over; NULL: none. A source that is not known becomes line 1 of the
 * program: code scanning refuses all of a file if one result has no location.
 */
json_t *hdr_sarif_location(const json_t *finding,
                           const json_t *source,
                           enum hdr_sarif_detail detail,
                           json_t *message);

/* A list of frames, innermost first, as a stack of that thread; `message` is taken over. */
json_t *
hdr_sarif_stack(const json_t *finding, const json_t *frames, json_int_t thread, json_t *message);

/* Plain text into a message: on one line, and nothing in it is taken for a link or an argument. */
void hdr_sarif_put(FILE *stream, const char *text);

/* A message with nothing but this text in it. */
json_t *hdr_sarif_message(const char *text);

#endif
