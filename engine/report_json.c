/*
 * Report as JSON: the record of a finding that other writers read.
 *
 * Names are those of the text; what is not known is null. Order of keys is fixed, so that equal
 * findings have equal records. Each key stands on a line of its own, and so does each element of
 * an array: records are long, and are still to be looked at, searched and compared by line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_json.h"

#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/report_words.h"
#include "engine/sanitizer.h"

#define FORMAT_VERSION 2
#define HEX_DIGITS "0123456789abcdefABCDEF"
#define DUMP_FLAGS (JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(9))

void hde_json_set(struct hde_json *json, json_t *object, const char *key, json_t *value)
{
    json->has_failed |= json_object_set_new(object, key, value) != 0;
}

void hde_json_push(struct hde_json *json, json_t *array, json_t *value)
{
    json->has_failed |= json_array_append_new(array, value) != 0;
}

json_t *hde_json_string(const char *text)
{
    json_t *value = text == NULL ? json_null() : json_string(text);

    return value == NULL ? json_string("?") : value;
}

/* ---- The head -------------------------------------------------------------------------------- */

/* Where it went wrong: what came before is a cause. */
static void add_place(struct hde_json *json, json_t *record)
{
    const struct hde_finding *finding = json->report->finding;
    unsigned place = 0;

    while (place < finding->places_count && finding->places[place].is_cause) {
        place++;
    }
    if (place == finding->places_count) {
        hde_json_set(json, record, "function", json_null());
        hde_json_set(json, record, "file", json_null());
        hde_json_set(json, record, "line", json_null());
        return;
    }
    struct hde_source source = hde_finding_source(finding, place);

    hde_json_set(json, record, "function", hde_json_string(source.function));
    hde_json_set(json, record, "file", hde_json_string(source.file));
    hde_json_set(json, record, "line", json_integer(source.line));
}

static void add_finding(struct hde_json *json, json_t *record)
{
    const struct hde_finding *finding = json->report->finding;
    const char *class = hde_finding_class_name(finding->class);
    char identity[HDE_IDENTITY_SIZE];

    hde_finding_identify(finding, identity);
    hde_json_set(json, record, "format", json_integer(FORMAT_VERSION));
    hde_json_set(json, record, "record", hde_json_string("finding"));
    hde_json_set(json, record, "identity", hde_json_string(identity));
    hde_json_set(json, record, "kind", hde_json_string(hde_verdict_identifier(finding->kind)));
    hde_json_set(json, record, "class", class[0] == '\0' ? json_null() : hde_json_string(class));
    hde_json_set(json, record, "message", hde_json_string(hde_report_sentence(json->report).text));
    add_place(json, record);
}

/* A sanitizer prints addresses, which say nothing to who was not there. */
static json_t *without_addresses(const char *text)
{
    char *said = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&said, &size);
    json_t *value = NULL;

    if (file == NULL) {
        return NULL;
    }
    while (*text != '\0') {
        size_t length = strncmp(text, "0x", 2) == 0 ? 2 + strspn(text + 2, HEX_DIGITS) : 0;

        if (length > 2) {
            (void)fputs("an address", file);
            text += length;
        } else {
            (void)fputc(*text++, file);
        }
    }
    if (fclose(file) == 0) {
        value = hde_json_string(said);
    }
    free(said);
    return value;
}

/* A seed is a string: a JSON number cannot hold 64 bits everywhere. */
static void add_origin(struct hde_json *json, json_t *record)
{
    const struct hde_report *report = json->report;
    bool is_found = report->strategy != NULL; /* and not only replayed */
    char seed[24];

    (void)snprintf(seed, sizeof(seed), "%llu", (unsigned long long)report->seed);
    hde_json_set(json, record, "program", hde_json_string(report->program));
    hde_json_set(
        json, record, "flavour",
        hde_json_string(report->flavour == NULL ? hde_sanitizer_flavour : report->flavour));
    hde_json_set(json, record, "model",
                 hde_json_string(report->model == NULL ? "sc" : report->model));
    hde_json_set(json, record, "build_id", hde_json_string(hde_symbol_build_id()));
    hde_json_set(json, record, "strategy", hde_json_string(report->strategy));
    hde_json_set(json, record, "seed", is_found ? hde_json_string(seed) : json_null());
    hde_json_set(json, record, "executions",
                 report->executions == 0 ? json_null()
                                         : json_integer((json_int_t)report->executions));
    hde_json_set(json, record, "preemptions", json_integer(report->preemptions));
    hde_json_set(json, record, "schedule", hde_json_string(report->schedule));
    hde_json_set(json, record, "replay", hde_json_string(report->replay));
    hde_json_set(json, record, "noticed_by",
                 hde_json_string(hde_seen_by_name(report->finding->seen_by)));
    hde_json_set(json, record, "sanitizer",
                 hde_sanitizer_text()[0] == '\0' ? json_null()
                                                 : without_addresses(hde_sanitizer_text()));
    hde_json_set(json, record, "is_owed",
                 report->owed == HDE_OWED_NOT_DECLARED ? json_null()
                                                       : json_boolean(report->owed == HDE_OWED));
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* The lists are made before the tables that they fill are taken. */
static void add_lists(struct hde_json *json, json_t *record)
{
    json_t *rows;
    json_t *steps;

    hde_json_keep_steps(json);
    hde_json_set(json, record, "places", hde_json_places(json));
    hde_json_set(json, record, "threads", hde_json_threads(json));
    hde_json_set(json, record, "history", hde_json_history(json));
    rows = hde_json_rows(json);
    steps = hde_json_steps(json);
    hde_json_set(json, record, "lines", json_incref(json->lines));
    hde_json_set(json, record, "objects", json_incref(json->objects));
    hde_json_set(json, record, "rows", rows);
    hde_json_set(json, record, "steps", steps);
    hde_json_set(json, record, "steps_left_out",
                 json_integer((json_int_t)(json->report->trace->count - json->kept_count)));
    hde_json_set(json, record, "excerpts", hde_json_excerpts(json));
}

static int write_elements(const json_t *array, FILE *file)
{
    size_t count = json_array_size(array);
    int result = fputs("[\n", file);

    for (size_t i = 0; i < count && result >= 0; i++) {
        result = json_dumpf(json_array_get(array, i), file, DUMP_FLAGS);
        if (result >= 0) {
            result = fputs(i + 1 < count ? ",\n" : "\n", file);
        }
    }
    return result < 0 ? result : fputs("]", file);
}

int hde_json_write(json_t *record, FILE *file)
{
    const char *separator = "{\n";
    int result = 0;

    for (void *at = json_object_iter(record); at != NULL && result >= 0;
         at = json_object_iter_next(record, at)) {
        const json_t *value = json_object_iter_value(at);

        result = fprintf(file, "%s\"%s\": ", separator, json_object_iter_key(at));
        separator = ",\n";
        if (result >= 0) {
            result = json_array_size(value) > 0 ? write_elements(value, file)
                                                : json_dumpf(value, file, DUMP_FLAGS);
        }
    }
    return result < 0 || fputs("\n}\n", file) < 0 ? -1 : 0;
}

int hde_report_json(const struct hde_report *report, FILE *file)
{
    struct hde_json json = {.report = report};
    json_t *record = json_object();
    int result = -1;

    hde_json_begin_tables(&json);
    add_finding(&json, record);
    add_origin(&json, record);
    add_lists(&json, record);
    if (!json.has_failed) {
        result = hde_json_write(record, file);
    }
    hde_json_end_tables(&json);
    hde_array_release(json.kept, json.kept_capacity, sizeof(*json.kept));
    json_decref(record);
    return result;
}
