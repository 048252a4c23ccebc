/*
 * Collection: reading files and folders, merging and sorting what was read.
 *
 * Two records with one identity are one finding, seen twice: the one that is easier to read is
 * kept, with fewer preemptions, then fewer steps, then that of the file whose name sorts first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/collection.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/report/baseline.h"
#include "ci/report/campaign.h"
#include "ci/report/importance.h"
#include "ci/report/log_file.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

void hdr_collection_begin(struct hdr_collection *collection)
{
    *collection = (struct hdr_collection){
        .findings = json_array(),
        .runs = json_array(),
        .notes = json_array(),
    };
}

void hdr_collection_release(struct hdr_collection *collection)
{
    json_decref(collection->findings);
    json_decref(collection->runs);
    json_decref(collection->notes);
    *collection = (struct hdr_collection){.findings = NULL};
}

/* ---- Adding ---------------------------------------------------------------------------------- */

static json_t *sighting(const json_t *record, const char *where)
{
    json_t *seen_in = json_object();

    hdr_set(seen_in, "program", hdr_string(hdr_text(record, "program")));
    hdr_set(seen_in, "flavour", hdr_string(hdr_text(record, "flavour")));
    hdr_set(seen_in, "where", hdr_string(where));
    if (hdr_has(record, "test")) {
        hdr_set(seen_in, "test", hdr_string(hdr_text(record, "test")));
    }
    return seen_in;
}

void hdr_collection_add(struct hdr_collection *collection, json_t *record, const char *where)
{
    const char *kind = hdr_text(record, "record");

    if (strcmp(kind, "run") == 0) {
        hdr_push(collection->runs, record);
    } else if (strcmp(kind, "note") == 0) {
        hdr_push(collection->notes, record);
    } else {
        json_t *seen_in = json_array();

        hdr_push(seen_in, sighting(record, where));
        hdr_set(record, "seen", json_integer(1));
        hdr_set(record, "seen_in", seen_in);
        hdr_push(collection->findings, record);
    }
}

/* ---- Reading --------------------------------------------------------------------------------- */

static bool complain(struct hdr_collection *collection, const char *path, const char *why)
{
    (void)fprintf(stderr, "heddle: %s: %s\n", path, why);
    collection->damaged++;
    return false;
}

static bool is_record(const json_t *record)
{
    const char *kind = hdr_text(record, "record");

    return strcmp(kind, "finding") == 0 || strcmp(kind, "run") == 0 || strcmp(kind, "note") == 0;
}

/* JSON of somebody else is none of ours, unless it was named. */
static bool read_json(struct hdr_collection *collection, const char *path, bool is_named)
{
    json_error_t error;
    json_t *record = json_load_file(path, 0, &error);
    char why[JSON_ERROR_TEXT_LENGTH + 64];

    if (record == NULL) {
        (void)snprintf(why, sizeof(why), "line %d: %s; left out", error.line, error.text);
        return complain(collection, path, error.line < 0 ? error.text : why);
    }
    if (is_record(record) && hdr_number(record, "format") == HDR_FORMAT_VERSION) {
        hdr_collection_add(collection, record, path);
        return true;
    }
    if (hdr_has(record, "format") && hdr_has(record, "identity")) {
        (void)snprintf(why, sizeof(why), "a record of format %d; this heddle reads format %d",
                       (int)hdr_number(record, "format"), HDR_FORMAT_VERSION);
        json_decref(record);
        return complain(collection, path, why);
    }
    json_decref(record);
    return is_named ? complain(collection, path, "not a record of a finding") : true;
}

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path);

    return length >= strlen(end) && strcmp(path + length - strlen(end), end) == 0;
}

static bool read_file(struct hdr_collection *collection, const char *path, bool is_named)
{
    if (ends_with(path, ".json")) {
        return read_json(collection, path, is_named);
    }
    return hdr_log_file_read(collection, path, is_named) || !is_named;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool read_folder(struct hdr_collection *collection, char *path)
{
    char *const paths[] = {path, NULL};
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);

    if (walk == NULL) {
        return complain(collection, path, strerror(errno));
    }
    for (FTSENT *entry = fts_read(walk); entry != NULL; entry = fts_read(walk)) {
        if (entry->fts_level > 0 && hdr_campaign_keeps(entry->fts_path)) {
            (void)fts_set(walk, entry, FTS_SKIP);
        } else if (entry->fts_info == FTS_F) {
            size_t first = json_array_size(collection->findings);

            (void)read_file(collection, entry->fts_path, false);
            hdr_campaign_identify(json_array_get(collection->findings, first), entry->fts_path);
        } else if (entry->fts_info == FTS_ERR || entry->fts_info == FTS_DNR) {
            (void)complain(collection, entry->fts_path, strerror(entry->fts_errno));
        }
    }
    (void)fts_close(walk);
    return true;
}

bool hdr_collection_read(struct hdr_collection *collection, const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        if (errno == ENOENT && hdr_log_set_read(collection, path)) {
            return true;
        }
        errno = ENOENT;
        return complain(collection, path, strerror(errno));
    }
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
        return complain(collection, path,
                        "neither a file nor a folder, but a device, pipe or socket; "
                        "write what it says to a file, and name that");
    }
    if (!S_ISDIR(status.st_mode)) {
        return read_file(collection, path, true);
    }

    char *copy = strdup(path);

    if (copy == NULL) {
        hde_fatal("no memory for a path");
    }

    bool is_read = read_folder(collection, copy);

    free(copy);
    return is_read;
}

bool hdr_collection_is_empty(const struct hdr_collection *collection,
                             char *const *paths,
                             size_t count)
{
    if (json_array_size(collection->findings) != 0 || json_array_size(collection->runs) != 0 ||
        json_array_size(collection->notes) != 0 || collection->damaged != 0) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(stderr, "heddle: nothing to read in %s\n", paths[i]);
    }
    return true;
}

/* ---- Merging and sorting --------------------------------------------------------------------- */

static int compare_numbers(json_int_t a, json_int_t b) { return (a > b) - (a < b); }

static int compare_keys(const json_t *a, const json_t *b, const char *const *keys)
{
    int order = 0;

    for (size_t i = 0; keys[i] != NULL && order == 0; i++) {
        const json_t *value = json_object_get(a, keys[i]);

        order = json_is_integer(value)
                    ? compare_numbers(hdr_number(a, keys[i]), hdr_number(b, keys[i]))
                    : strcmp(hdr_text(a, keys[i]), hdr_text(b, keys[i]));
    }
    return order;
}

/* Those of one identity side by side, the one to keep first. */
static int by_identity(const void *left, const void *right)
{
    const json_t *a = *(json_t *const *)left;
    const json_t *b = *(json_t *const *)right;
    int order = strcmp(hdr_text(a, "identity"), hdr_text(b, "identity"));

    if (order == 0) {
        order = compare_numbers(hdr_number(a, "preemptions"), hdr_number(b, "preemptions"));
    }
    if (order == 0) {
        order = compare_numbers((json_int_t)json_array_size(hdr_list(a, "steps")),
                                (json_int_t)json_array_size(hdr_list(b, "steps")));
    }
    return order != 0 ? order
                      : strcmp(hdr_text(json_array_get(hdr_list(a, "seen_in"), 0), "where"),
                               hdr_text(json_array_get(hdr_list(b, "seen_in"), 0), "where"));
}

static int by_importance(const void *left, const void *right)
{
    return hdr_importance_compare(*(json_t *const *)left, *(json_t *const *)right);
}

static int by_program(const void *left, const void *right)
{
    static const char *const keys[] = {"program", "flavour", "strategy", "identity", NULL};

    return compare_keys(*(json_t *const *)left, *(json_t *const *)right, keys);
}

static void sort(json_t *array, int (*order)(const void *, const void *))
{
    size_t count = json_array_size(array);
    json_t **items = (json_t **)calloc(count + 1, sizeof(json_t *));

    if (items == NULL) {
        hde_fatal("no memory for sorting");
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = json_incref(json_array_get(array, i));
    }
    qsort((void *)items, count, sizeof(json_t *), order);
    (void)json_array_clear(array);
    for (size_t i = 0; i < count; i++) {
        hdr_push(array, items[i]);
    }
    free((void *)items);
}

/* The second of two records of one finding becomes sightings of the first. */
static void absorb(json_t *kept, const json_t *other)
{
    (void)json_array_extend(json_object_get(kept, "seen_in"), json_object_get(other, "seen_in"));
    hdr_set(kept, "seen", json_integer(hdr_number(kept, "seen") + hdr_number(other, "seen")));
    if (hdr_is(other, "is_owed")) {
        hdr_set(kept, "is_owed", json_true());
    }
}

/* What has no identity is like nothing else. */
static bool is_same(const json_t *a, const json_t *b)
{
    const char *identity = hdr_text(a, "identity");

    return identity[0] != '\0' && strcmp(identity, hdr_text(b, "identity")) == 0;
}

static void merge(json_t *findings)
{
    size_t i = 1;

    while (i < json_array_size(findings)) {
        json_t *kept = json_array_get(findings, i - 1);
        const json_t *other = json_array_get(findings, i);

        if (is_same(kept, other)) {
            absorb(kept, other);
            (void)json_array_remove(findings, i);
        } else {
            i++;
        }
    }
}

static void judge(const struct hdr_collection *collection)
{
    struct hdr_baseline nothing = {.today = ""};
    struct hdr_baseline *baseline = collection->baseline == NULL ? &nothing : collection->baseline;

    hdr_baseline_judge(baseline, collection->findings);
}

void hdr_collection_sort(struct hdr_collection *collection)
{
    sort(collection->findings, by_importance);
}

void hdr_collection_finish(struct hdr_collection *collection)
{
    sort(collection->findings, by_identity);
    merge(collection->findings);
    judge(collection);
    hdr_collection_sort(collection);
    sort(collection->runs, by_program);
    sort(collection->notes, by_program);
}
