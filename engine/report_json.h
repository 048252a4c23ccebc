/*
 * Report as JSON: what its files have in common. docs/FINDING_FORMAT.md says what a record has.
 *
 * Tables grow as the record is made: whoever refers to a line or an object gets its index.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_JSON_H
#define HEDDLE_ENGINE_REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "engine/report.h"

struct hde_json {
    const struct hde_report *report;
    bool has_failed; /* no memory: the record is not written */

    json_t *lines;
    json_t *line_numbers; /* by "function, file, line" */
    json_t *objects;
    json_t *object_numbers; /* by address and size */
    json_t *stacks;         /* by context and code: what hde_json_calls() returns */

    uint32_t *kept; /* indices in the trace of the steps that the record has, ascending */
    size_t kept_count;
    size_t kept_capacity;
};

/* Write a record: a line for each key, and for each element of what is an array. 0, or -1. */
int hde_json_write(json_t *record, FILE *file);

/* Both take over the value; a failure leaves it out, and is noted. */
void hde_json_set(struct hde_json *json, json_t *object, const char *key, json_t *value);
void hde_json_push(struct hde_json *json, json_t *array, json_t *value);

/* File names are bytes, JSON is UTF-8: what is none is "?". NULL is null. */
json_t *hde_json_string(const char *text);

/* ---- Parts ----------------------------------------------------------------------------------- */

/* {function, file, line} */
json_t *hde_json_source(struct hde_json *json, const struct hde_source *source);

/* {name, whereabouts}, or null if there is no address. `size` as of hde_memory_name(). */
json_t *hde_json_memory(struct hde_json *json, uint64_t address, uint64_t size);

/* The same of a lock, and where it was acquired. */
json_t *hde_json_lock(struct hde_json *json, const struct hde_trace_lock *lock);

json_t *hde_json_stack(struct hde_json *json, uint32_t context, uint32_t pc);

/* ---- Tables ---------------------------------------------------------------------------------- */

void hde_json_begin_tables(struct hde_json *json);
void hde_json_end_tables(struct hde_json *json);

/* The index of a line. */
json_int_t hde_json_line(struct hde_json *json, const struct hde_source *source);

/* Of an event at `pc' in `context': "stack", its lines, and "line", the program's or null. */
const json_t *hde_json_calls(struct hde_json *json, uint32_t context, uint32_t pc);

/* The index of what an event touches, or null. */
json_t *hde_json_touched(struct hde_json *json, const struct hde_event *event);

/* The index of a lock that was held. */
json_t *hde_json_held(struct hde_json *json, const struct hde_trace_lock *lock);

/* The source around all lines of the table. */
json_t *hde_json_excerpts(struct hde_json *json);

/* ---- Places and threads ---------------------------------------------------------------------- */

json_t *hde_json_places(struct hde_json *json);
json_t *hde_json_threads(struct hde_json *json);
json_t *hde_json_history(struct hde_json *json);

/* ---- Steps ----------------------------------------------------------------------------------- */

/* Choose which steps of the trace the record has: all, unless they are too many. */
void hde_json_keep_steps(struct hde_json *json);

/* The index that a step of the trace has in the record, or null. `step` may be NULL. */
json_t *hde_json_step_index(const struct hde_json *json, const struct hde_trace_step *step);

json_t *hde_json_rows(struct hde_json *json);
json_t *hde_json_steps(struct hde_json *json);

/* What memory held, for a reader: decimal, or what it points at. */
json_t *hde_json_value(struct hde_json *json, uint64_t value, unsigned size);

#endif
