/*
 * HTML: the parts of the report's page, each written to a stream.
 *
 * All of it can be read without JavaScript. What stands within <noscript> is the same for both
 * readers: without scripts it is the page; with them it is text, which costs nothing until the
 * page makes elements of it, for one finding at a time (viewer/page.js).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_HTML_H
#define HEDDLE_CI_REPORT_HTML_H

#include <stdio.h>

#include "ci/report/collection.h"

struct hdr_html {
    FILE *stream;
    const struct hdr_collection *collection;
    const char *root;         /* what addresses of source files begin with, or "" */
    const json_t *lock_order; /* of each run, a graph or null */
    const json_t *waits;      /* of each finding, a graph or null */
    const char *problem;      /* why one of those is not drawn, or NULL */
};

#define HDR_ANCHOR_MAX 64U

/* What a finding is called in addresses: "finding-50ada2c520bc4c3d". */
void hdr_html_anchor(const json_t *finding, size_t index, char anchor[HDR_ANCHOR_MAX]);

/* "file:line", with a link if it is known where files are; the line may be 0. */
void hdr_html_place(const struct hdr_html *html, const char *file, json_int_t line);

/* The same, but the file goes by its name without folders. */
void hdr_html_short_place(const struct hdr_html *html, const char *file, json_int_t line);

/* The same as hdr_html_place() for a "file:line". */
void hdr_html_place_text(const struct hdr_html *html, const char *place);

/* A graph: drawn, if it was, and its edges as text. */
void hdr_html_graph(const struct hdr_html *html, const json_t *graph);

/* Executions a second, rounded; 0 if it is not known. */
json_int_t hdr_html_rate(json_int_t executions, double seconds);

/* "2 new findings". */
void hdr_html_headline(const struct hdr_html *html);

/* What was found and what was explored. */
void hdr_html_overview(const struct hdr_html *html);

/* The tables and graphs of runs, and the notes. */
void hdr_html_explored(const struct hdr_html *html);

/* All findings, each with what the record says of it. */
void hdr_html_findings(const struct hdr_html *html);

/* The shrunk schedule: a column per thread if these are few, or else a list. */
void hdr_html_schedule(const struct hdr_html *html, const json_t *finding);

#endif
