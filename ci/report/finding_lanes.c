/*
 * Finding text: the rows of a record as lanes.
 *
 * Which rows are shown, where there are too many: those at most so far from a marked one that there
 * is room for all of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdlib.h>

#include "ci/report/finding_text.h"
#include "ci/report/lanes.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define ROWS_MAX ((size_t)80)

struct rows {
    struct hdr_lane_row *rows;
    size_t *distances; /* to the nearest marked row */
    size_t count;
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);

    if (memory == NULL) {
        hde_fatal("no memory for a report");
    }
    return memory;
}

static struct hdr_lane_row lane_row(const json_t *row)
{
    return (struct hdr_lane_row){
        .function = hdr_text(row, "function"),
        .file = hdr_text(row, "file"),
        .code = json_string_value(json_object_get(row, "code")),
        .action = hdr_text(row, "action"),
        .left_out = (size_t)hdr_number(row, "left_out_before"),
        .thread = (unsigned)hdr_number(row, "thread"),
        .line = (int)hdr_number(row, "line"),
        .is_marked = hdr_is(row, "is_marked"),
    };
}

/* If no row is marked, distances are from the end: there the finding is. */
static void measure(struct rows *rows)
{
    size_t distance = rows->count;

    for (size_t i = 0; i < rows->count; i++) {
        distance = rows->rows[i].is_marked ? 0 : distance + 1;
        rows->distances[i] = distance;
    }
    distance = distance < rows->count ? rows->count : 0;
    for (size_t i = rows->count; i-- > 0;) {
        distance = rows->rows[i].is_marked ? 0 : distance + 1;
        rows->distances[i] = distance < rows->distances[i] ? distance : rows->distances[i];
    }
}

static size_t count_near(const struct rows *rows, size_t distance)
{
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        count += rows->distances[i] <= distance;
    }
    return count;
}

/* Drop what is further than there is room for. Returns how many after the last row kept are. */
static size_t thin(struct rows *rows)
{
    size_t farthest = rows->count * 2;
    size_t kept = 0;
    size_t left_out = 0;

    while (farthest > 0 && count_near(rows, farthest) > ROWS_MAX) {
        farthest = farthest > 2 * ROWS_MAX ? 2 * ROWS_MAX : farthest - 1;
    }
    for (size_t i = 0; i < rows->count; i++) {
        left_out += rows->rows[i].left_out;
        if (rows->distances[i] > farthest || kept == ROWS_MAX) {
            left_out++;
            continue;
        }
        rows->rows[kept] = rows->rows[i];
        rows->rows[kept++].left_out = left_out;
        left_out = 0;
    }
    rows->count = kept;
    return left_out;
}

static size_t take_threads(struct hdr_lane_thread *threads, const json_t *finding)
{
    size_t i;
    const json_t *thread;

    json_array_foreach(hdr_list(finding, "threads"), i, thread)
    {
        threads[i] = (struct hdr_lane_thread){
            .function = json_string_value(json_object_get(thread, "function")),
            .id = (unsigned)hdr_number(thread, "id"),
        };
    }
    return json_array_size(hdr_list(finding, "threads"));
}

void hdr_finding_print_lanes(const json_t *finding, FILE *file)
{
    const json_t *list = hdr_list(finding, "rows");
    size_t count = json_array_size(list);
    struct rows rows = {
        .rows = allocate(count, sizeof(*rows.rows)),
        .distances = allocate(count, sizeof(*rows.distances)),
        .count = count,
    };
    struct hdr_lane_thread *threads =
        allocate(json_array_size(hdr_list(finding, "threads")), sizeof(*threads));
    struct hdr_lanes lanes = {.rows = rows.rows, .threads = threads};

    for (size_t i = 0; i < count; i++) {
        rows.rows[i] = lane_row(json_array_get(list, i));
    }
    measure(&rows);
    lanes.left_out = thin(&rows);
    lanes.rows_count = rows.count;
    lanes.threads_count = take_threads(threads, finding);
    hdr_lanes_print(&lanes, file);
    free(threads);
    free(rows.distances);
    free(rows.rows);
}
