/*
 * Collection: all records that a report is about, each finding once.
 *
 *     hdr_collection_begin(&collection);
 *     ok = hdr_collection_read(&collection, "build/hunt");
 *     hdr_collection_finish(&collection);
 *     ... formats ...
 *     hdr_collection_release(&collection);
 *
 * What cannot be read is named on stderr and counted; the rest is read nevertheless.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_COLLECTION_H
#define HEDDLE_CI_REPORT_COLLECTION_H

#include <stdbool.h>

#include <jansson.h>

struct hdr_baseline;

struct hdr_collection {
    json_t *findings; /* array; after hdr_collection_finish() the most important first */
    json_t *runs;     /* array; by program and flavour */
    json_t *notes;    /* array; by program and identity */
    const char *root; /* that paths in logs are made relative to; NULL: found */
    unsigned damaged; /* files, or parts of logs, that could not be read */
    struct hdr_baseline *baseline; /* set before hdr_collection_finish(); NULL: none */
};

void hdr_collection_begin(struct hdr_collection *collection);

/*
 * Read a file, or a folder with all that is in it. False if there is no such thing, or it is a file
 * that cannot be read: it has complained then.
 */
bool hdr_collection_read(struct hdr_collection *collection, const char *path);

/* Add a record, which is taken over; `where' is the file, or "file:line" of a log. */
void hdr_collection_add(struct hdr_collection *collection, json_t *record, const char *where);

/*
 * Whether nothing was in what was read, `count' paths: no record, also not of a run, no report in a
 * log, and nothing that was complained about. Then it has said so.
 */
bool hdr_collection_is_empty(const struct hdr_collection *collection,
                             char *const *paths,
                             size_t count);

/* Merge what is one finding, say what is new, and sort. */
void hdr_collection_finish(struct hdr_collection *collection);

/* Sort the findings anew, after something was learned that makes them more or less important. */
void hdr_collection_sort(struct hdr_collection *collection);

void hdr_collection_release(struct hdr_collection *collection);

#endif
