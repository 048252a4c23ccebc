/*
 * Record of a run: made of searches as they end, as JSON from the start.
 *
 * Nestings of locks come as addresses. They are named after one more execution without any
 * preemption: addresses are the same in each. Those that say the same are one, with all threads
 * that did it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/memory_name.h"
#include "engine/output_file.h"
#include "engine/replay.h"
#include "engine/report_json.h"
#include "engine/sanitizer.h"
#include "engine/source_file.h"
#include "engine/symbol.h"
#include "engine/warning.h"

#define FORMAT_VERSION 2
#define NAME_SIZE 512U

void hde_run_record_begin(struct hde_run_record *record, const struct hde_command_line *line)
{
    *record = (struct hde_run_record){.began_ns = hde_progress_now_ns(), .found = HD_CLEAN};
    if (line->json != NULL) {
        record->findings = json_array();
        record->lock_order = json_array();
        record->warnings = json_array();
    }
}

void hde_run_record_add_finding(struct hde_run_record *record, const struct hde_finding *finding)
{
    char identity[HDE_IDENTITY_SIZE];

    if (record->findings == NULL) {
        return;
    }
    hde_finding_identify(finding, identity);
    record->found = record->found == HD_CLEAN ? finding->kind : record->found;
    for (size_t i = 0; i < json_array_size(record->findings); i++) {
        if (strcmp(json_string_value(json_array_get(record->findings, i)), identity) == 0) {
            return;
        }
    }
    (void)json_array_append_new(record->findings, json_string(identity));
}

/* ---- Samples --------------------------------------------------------------------------------- */

static double seconds(uint64_t took_ns)
{
    uint64_t milliseconds = took_ns / 1000000; /* more would be noise */

    return (double)milliseconds / 1000;
}

static json_t *take_samples(const struct hde_growth *growth)
{
    json_t *samples = json_array();

    for (uint32_t i = 0; i < growth->count; i++) {
        const struct hde_sample *sample = &growth->samples[i];
        json_t *states = sample->states == HDE_STATES_UNKNOWN
                             ? json_null()
                             : json_integer((json_int_t)sample->states);

        (void)json_array_append_new(samples, json_pack("{s:I, s:f, s:o, s:I}", "executions",
                                                       (json_int_t)sample->executions, "seconds",
                                                       seconds(sample->took_ns), "states", states,
                                                       "findings", (json_int_t)sample->findings));
    }
    return samples;
}

/* ---- Lock order ------------------------------------------------------------------------------ */

static json_t *find_nesting(const json_t *lock_order, const json_t *wanted)
{
    static const char *const keys[] = {"held", "held_at", "wanted", "wanted_at"};

    for (size_t i = 0; i < json_array_size(lock_order); i++) {
        json_t *known = json_array_get(lock_order, i);
        size_t same = 0;

        while (same < 4 && json_equal(json_object_get(known, keys[same]),
                                      json_object_get(wanted, keys[same]))) {
            same++;
        }
        if (same == 4) {
            return known;
        }
    }
    return NULL;
}

static bool has_number(const json_t *array, uint32_t number)
{
    bool has = false;

    for (size_t i = 0; i < json_array_size(array) && !has; i++) {
        has = json_integer_value(json_array_get(array, i)) == (json_int_t)number;
    }
    return has;
}

static void
add_nesting(json_t *lock_order, const struct hde_nesting *nesting, const struct hde_trace *trace)
{
    struct hde_memory_name held = hde_memory_name(trace, nesting->held, 1);
    struct hde_memory_name wanted = hde_memory_name(trace, nesting->wanted, 1);
    json_t *record =
        json_pack("{s:s, s:s, s:s, s:s, s:[]}", "held", held.name, "held_at", nesting->held_at,
                  "wanted", wanted.name, "wanted_at", nesting->wanted_at, "threads");
    json_t *known = find_nesting(lock_order, record);

    if (known == NULL) {
        (void)json_array_append(lock_order, record);
        known = record;
    }
    json_t *threads = json_object_get(known, "threads");

    if (!has_number(threads, nesting->thread)) {
        (void)json_array_append_new(threads, json_integer(nesting->thread));
    }
    json_decref(record);
}

static void take_lock_order(json_t *lock_order, const struct hde_run *run)
{
    const struct hde_schedule normal = {0};
    struct hde_trace trace = {0};

    if (run->nestings_count == 0) {
        return;
    }
    hde_replay(&run->program, &run->settings, &normal, NULL, &trace);
    for (size_t i = 0; i < run->nestings_count; i++) {
        add_nesting(lock_order, &run->nestings[i], &trace);
    }
    hde_trace_release(&trace);
}

/* ---- Searches -------------------------------------------------------------------------------- */

static void take_warnings(json_t *warnings, const struct hde_run *run)
{
    const char *text = NULL;

    for (size_t i = run->warnings_before; (text = hde_warning_printed(i)) != NULL; i++) {
        (void)json_array_append_new(warnings, hde_json_string(text));
    }
}

void hde_run_record_add_search(struct hde_run_record *record,
                               const struct hde_run *run,
                               const struct hde_tally *tally)
{
    if (record->findings == NULL) {
        return;
    }
    record->executions += tally->executions + tally->driven;
    record->steps += tally->steps;
    record->is_partial = record->is_partial || tally->cut != 0 || tally->lost != 0;
    record->strategy = record->strategy == NULL ? run->strategy->name : record->strategy;
    if (record->samples == NULL || tally->executions > record->longest) {
        json_decref(record->samples);
        record->samples = take_samples(&run->growth);
        record->longest = tally->executions;
    }
    take_lock_order(record->lock_order, run);
    take_warnings(record->warnings, run);
}

void hde_run_record_add(struct hde_run_record *record,
                        const struct hde_run *run,
                        const struct hde_tally *tally)
{
    hde_run_record_add_search(record, run, tally);
    for (size_t i = 0; i < run->collection.count; i++) {
        hde_run_record_add_finding(record, &run->collection.items[i].finding);
    }
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void add_head(struct hde_json *json,
                     json_t *object,
                     const struct hde_run_record *record,
                     const struct hde_command_line *line,
                     const char *program)
{
    char *command = NULL;
    char seed[24];

    (void)snprintf(seed, sizeof(seed), "%llu", (unsigned long long)line->seed);
    hde_json_set(json, object, "format", json_integer(FORMAT_VERSION));
    hde_json_set(json, object, "record", hde_json_string("run"));
    hde_json_set(json, object, "program", hde_json_string(program));
    hde_json_set(json, object, "flavour", hde_json_string(hde_sanitizer_flavour));
    hde_json_set(json, object, "model", hde_json_string("sc"));
    hde_json_set(json, object, "build_id", hde_json_string(hde_symbol_build_id()));
    hde_json_set(json, object, "strategy", hde_json_string(record->strategy));
    hde_json_set(json, object, "seed",
                 record->strategy == NULL ? json_null() : hde_json_string(seed));
    if (asprintf(&command, "%s %s %s%s", hde_source_file_program(line->program), line->command,
                 program, line->options) < 0) {
        command = NULL;
        json->has_failed = true;
    }
    hde_json_set(json, object, "command", hde_json_string(command));
    free(command);
}

static json_t *make(struct hde_json *json,
                    struct hde_run_record *record,
                    const struct hde_command_line *line,
                    const char *program,
                    const struct hde_run_verdict *verdict)
{
    json_t *object = json_object();

    add_head(json, object, record, line, program);
    hde_json_set(json, object, "verdict", hde_json_string(hde_verdict_identifier(record->found)));
    hde_json_set(json, object, "owes", hde_json_string(hde_verdict_identifier(verdict->owes)));
    hde_json_set(json, object, "is_as_owed",
                 verdict->is_judged ? json_boolean(verdict->is_as_owed) : json_null());
    hde_json_set(json, object, "conclusion", hde_json_string(verdict->conclusion));
    hde_json_set(json, object, "is_complete", json_boolean(!record->is_partial));
    hde_json_set(json, object, "executions", json_integer((json_int_t)record->executions));
    hde_json_set(json, object, "steps", json_integer((json_int_t)record->steps));
    hde_json_set(json, object, "seconds",
                 json_real(seconds(hde_progress_now_ns() - record->began_ns)));
    hde_json_set(json, object, "findings", record->findings);
    hde_json_set(json, object, "samples", record->samples == NULL ? json_array() : record->samples);
    hde_json_set(json, object, "lock_order", record->lock_order);
    hde_json_set(json, object, "warnings", record->warnings);
    record->findings = NULL;
    return object;
}

bool hde_run_record_end(struct hde_run_record *record,
                        const struct hde_command_line *line,
                        struct hde_selected selected,
                        const struct hde_run_verdict *verdict)
{
    const char *program = hde_scenario_program(selected.scenario, selected.is_fixed).name;
    struct hde_output_file output;
    struct hde_json json = {.has_failed = false};
    char name[NAME_SIZE];

    if (record->findings == NULL) {
        return true;
    }
    json_t *object = make(&json, record, line, program, verdict);

    (void)snprintf(name, sizeof(name), "%s.run.json", program);

    bool is_written = hde_output_file_open(&output, line->json, name) &&
                      hde_output_file_close(&output, !json.has_failed &&
                                                         hde_json_write(object, output.file) == 0);

    json_decref(object);
    return is_written;
}
