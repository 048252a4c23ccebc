/*
 * Logs of sanitizers: whatever bytes a log has, it is read to its end, and what comes of it are
 * records as docs/FINDING_FORMAT.md has them.
 *
 * The input is the log. Besides memory errors, what is required:
 *
 *   - Each report that was counted became a record, which has an identity, a kind and a message.
 *   - With a line of the program before its beginning it gives the same records; so nothing is
 *     kept from one log to the next, either.
 *
 * Misses: looking up sources and modules, which needs files.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ci/report/log.h"
#include "ci/report/record.h"
#include "fuzz/target.h"

/* Longer inputs only repeat what shorter ones do. */
#define SIZE_READ_MAX ((size_t)1 << 16)

static const char before[] = "the program says so\n";

static _Noreturn void fail(const char *what, const json_t *record)
{
    (void)fprintf(stderr, "report_log: %s\n", what);
    if (record != NULL) {
        (void)json_dumpf(record, stderr, JSON_INDENT(2));
    }
    abort();
}

static void check(const json_t *record)
{
    const json_t *place;
    size_t i;

    if (strlen(hdr_text(record, "identity")) != 16) {
        fail("a record has no identity", record);
    }
    if (hdr_text(record, "kind")[0] == '\0' || !hdr_has(record, "message")) {
        fail("a record does not say what it is", record);
    }
    json_array_foreach(hdr_list(record, "places"), i, place)
    {
        if (!hdr_has(place, "text") || hdr_text(place, "file")[0] == '\0' ||
            hdr_list(place, "stack") == NULL) {
            fail("a place lacks what every place has", record);
        }
    }
}

/* In place of the collection's own: each record is looked at when it comes. */
void hdr_collection_add(struct hdr_collection *collection, json_t *record, const char *where)
{
    (void)where;
    check(record);
    hdr_push(collection->findings, record);
}

/* All that is found, to be released. */
static json_t *read_log(const char *bytes, size_t size)
{
    const struct hdr_log_settings settings = {.root = "", .path = "log"};
    struct hdr_collection collection = {.findings = json_array()};
    struct hdr_log_tally tally = hdr_log_parse(&collection, &settings, bytes, size);

    if (tally.reports != json_array_size(collection.findings) || tally.cut_off > tally.reports) {
        fail("the count is not that of the records", NULL);
    }
    return collection.findings;
}

static void require_same(const json_t *expected, json_t *got)
{
    if (!json_equal(expected, got)) {
        (void)json_dumpf(expected, stderr, JSON_INDENT(2));
        fail("a line of the program before it makes it another log", got);
    }
    json_decref(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t length = size < SIZE_READ_MAX ? size : SIZE_READ_MAX;
    const char *bytes = (const char *)data;
    char *longer = malloc(sizeof(before) + length + 1);
    json_t *findings = read_log(bytes, length);

    if (longer == NULL) {
        fail("no memory", NULL);
    }
    memcpy(longer, before, sizeof(before) - 1);
    memcpy(longer + sizeof(before) - 1, bytes, length);
    require_same(findings, read_log(longer, sizeof(before) - 1 + length));
    free(longer);
    json_decref(findings);
    return 0;
}
