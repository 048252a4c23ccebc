/*
 * Report: the record that it becomes, when all of its lines are known.
 *
 * A place is filed under the innermost frame that is a line of the program: not the interceptor
 * that noticed, nor the C library. The identity is a hash of the kind and, of each place that is no
 * cause, of the innermost HDR_FRAMES_OF_IDENTITY such frames with function, file name and line; of
 * the places in order of these words, for which of two accesses came first is chance.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/log_excerpt.h"
#include "ci/report/log_frame.h"
#include "ci/report/log_path.h"
#include "ci/report/log_symbol.h"
#include "ci/report/log_words.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define FRAMES_OF_IDENTITY 3
#define PLACES_OF_IDENTITY 16

/* ---- Stacks ---------------------------------------------------------------------------------- */

static bool has_name(const json_t *frame) { return strcmp(hdr_text(frame, "function"), "?") != 0; }

/* The frame that the stack is about; NULL if it is empty. */
static const json_t *pick(const json_t *stack)
{
    const json_t *named = NULL;
    const json_t *with_line = NULL;
    const json_t *frame;
    size_t i;

    json_array_foreach(stack, i, frame)
    {
        if (hdr_log_frame_is_own(frame)) {
            return frame;
        }
        if (with_line == NULL && hdr_number(frame, "line") > 0 &&
            !hdr_log_frame_is_runtime(frame)) {
            with_line = frame;
        }
        if (named == NULL && has_name(frame) && !hdr_log_frame_is_runtime(frame)) {
            named = frame;
        }
    }
    if (named != NULL || with_line != NULL) {
        return named != NULL ? named : with_line;
    }
    return json_array_get(stack, 0);
}

static const char *base_name(const json_t *frame)
{
    const char *slash = strrchr(hdr_text(frame, "file"), '/');

    return slash == NULL ? hdr_text(frame, "file") : slash + 1;
}

/* Name the frames that have no name, and make paths relative. */
static void resolve_stack(json_t *owner, const char *key, const struct hdr_log_settings *settings)
{
    const json_t *stack = hdr_list(owner, key);
    json_t *resolved = json_array();
    json_t *frame;
    size_t i;

    if (stack == NULL) {
        json_decref(resolved);
        return;
    }
    json_array_foreach(stack, i, frame) { hdr_log_symbolize(resolved, frame, settings); }
    json_array_foreach(resolved, i, frame)
    {
        const char *module = strrchr(hdr_text(frame, "module"), '/');

        hdr_set(frame, "file", hdr_log_path(hdr_text(frame, "file"), settings));
        if (module != NULL) {
            hdr_set(frame, "module", hdr_string(module + 1));
        }
    }
    hdr_set(owner, key, resolved);
}

static json_t *line_of(const json_t *stack)
{
    const json_t *frame = pick(stack);

    return hdr_number(frame, "line") == 0
               ? json_null()
               : hdr_phrase_of("%s:%d", hdr_text(frame, "file"), (int)hdr_number(frame, "line"));
}

/* ---- Which program --------------------------------------------------------------------------- */

/* The outermost module that is no library; NULL if none is known. */
static const json_t *find_program(const json_t *stack)
{
    const json_t *program = NULL;
    const json_t *frame;
    size_t i;

    json_array_foreach(stack, i, frame)
    {
        const char *module = hdr_text(frame, "module");

        if (module[0] != '\0' && module[0] != '[' && strstr(module, ".so") == NULL) {
            program = frame;
        }
    }
    return program;
}

static void set_program(json_t *record)
{
    const json_t *place;
    const json_t *program = NULL;
    size_t i;

    json_array_foreach(hdr_list(record, "places"), i, place)
    {
        program = program == NULL ? find_program(hdr_list(place, "stack")) : program;
    }
    if (program != NULL) {
        const char *module = hdr_text(program, "module");
        const char *slash = strrchr(module, '/');

        hdr_set(record, "program", hdr_string(slash == NULL ? module : slash + 1));
        if (hdr_has(program, "build_id")) {
            hdr_set(record, "build_id", hdr_string(hdr_text(program, "build_id")));
        }
    }
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* A lock, or an object that may be one, gets its name, and says where it was first seen. */
static void name_lock(const struct hdr_log_report *report, json_t *lock)
{
    const json_t *known = json_object_get(report->names->locks, hdr_text(lock, "name"));
    json_t *created = line_of(hdr_list(known, "stack"));

    if (json_is_string(created)) {
        hdr_set(lock, "whereabouts",
                hdr_phrase_of("%s%sfirst seen at %s", hdr_text(lock, "whereabouts"),
                              hdr_has(lock, "whereabouts") ? ", " : "",
                              json_string_value(created)));
    }
    json_decref(created);
    if (hdr_has(known, "name")) {
        hdr_set(lock, "name", hdr_string(hdr_text(known, "name")));
    } else if (strncmp(hdr_text(lock, "name"), "0x", 2) == 0) {
        hdr_set(lock, "name", hdr_string("a lock"));
    }
}

static void drop_private_keys(json_t *stack)
{
    json_t *frame;
    size_t i;

    json_array_foreach(stack, i, frame)
    {
        (void)json_object_del(frame, "offset");
        (void)json_object_del(frame, "build_id");
    }
}

/* ThreadSanitizer takes free() for a write. */
static void know_free(const struct hdr_log_report *report, json_t *place)
{
    const json_t *innermost = json_array_get(hdr_list(place, "stack"), 0);
    const char *function = hdr_text(innermost, "function");
    bool is_free = strcmp(hdr_text(place, "event"), "write") == 0 &&
                   (strcmp(function, "free") == 0 || strncmp(function, "operator delete", 15) == 0);

    if (is_free) {
        hdr_set(place, "event", hdr_string("free"));
        hdr_set(place, "size", json_integer(0));
        hdr_set(place, "is_cause",
                json_boolean(strcmp(hdr_text(report->record, "kind"), "use-after-free") == 0));
    }
}

static void finish_place(const struct hdr_log_report *report,
                         json_t *place,
                         const struct hdr_log_settings *settings)
{
    const json_t *frame;
    json_t *lock;
    size_t i;

    resolve_stack(place, "stack", settings);
    know_free(report, place);
    frame = pick(hdr_list(place, "stack"));
    if (frame != NULL && strcmp(hdr_text(place, "file"), "?") != 0) {
        /* The place has a line of its own, UndefinedBehaviorSanitizer's, and may lack a folder. */
        hdr_set(place, "function", hdr_string(hdr_text(frame, "function")));
        if (strcmp(base_name(frame), base_name(place)) == 0) {
            hdr_set(place, "file", hdr_string(hdr_text(frame, "file")));
        }
    } else if (frame != NULL) {
        hdr_set(place, "function", hdr_string(hdr_text(frame, "function")));
        hdr_set(place, "file", hdr_string(hdr_text(frame, "file")));
        hdr_set(place, "line", json_integer(hdr_number(frame, "line")));
    } else {
        hdr_set(place, "file", hdr_log_path(hdr_text(place, "file"), settings));
    }
    if (hdr_has(place, "object")) {
        name_lock(report, json_object_get(place, "object"));
    } else if (report->object != NULL && !hdr_is(place, "is_cause")) {
        hdr_set(place, "object", json_incref(report->object));
    }
    json_array_foreach(json_object_get(place, "locks"), i, lock) { name_lock(report, lock); }
}

/* ---- Threads --------------------------------------------------------------------------------- */

/* What a thread runs: the outermost line of the program that it was seen at. */
static json_t *function_of(const json_t *record, json_int_t thread)
{
    const json_t *place;
    const json_t *outermost = NULL;
    size_t i;

    json_array_foreach(hdr_list(record, "places"), i, place)
    {
        const json_t *frame;
        size_t number;

        if (outermost != NULL || !hdr_has(place, "thread") ||
            hdr_number(place, "thread") != thread) {
            continue;
        }
        json_array_foreach(hdr_list(place, "stack"), number, frame)
        {
            outermost = hdr_log_frame_is_own(frame) ? frame : outermost;
        }
    }
    return outermost == NULL ? json_null() : hdr_string(hdr_text(outermost, "function"));
}

static bool has_part(const json_t *record, json_int_t thread)
{
    const json_t *place;
    size_t i;

    json_array_foreach(hdr_list(record, "places"), i, place)
    {
        if (hdr_has(place, "thread") && hdr_number(place, "thread") == thread) {
            return true;
        }
    }
    return false;
}

/* In order of their ids. */
static void insert_thread(json_t *threads, json_t *thread)
{
    size_t at = 0;

    while (at < json_array_size(threads) &&
           hdr_number(json_array_get(threads, at), "id") < hdr_number(thread, "id")) {
        at++;
    }
    if (json_array_insert_new(threads, at, thread) != 0) {
        hde_fatal("no memory for a record");
    }
}

/* Those that have part in it; valgrind's others are only known because of other reports. */
static void add_threads(const struct hdr_log_report *report,
                        const struct hdr_log_settings *settings)
{
    json_t *threads = json_object_get(report->record, "threads");
    json_t *known;
    size_t i;

    json_array_foreach(report->names->threads, i, known)
    {
        json_int_t id = hdr_number(known, "id");

        if (report->log->has_process && !has_part(report->record, id)) {
            continue;
        }

        json_t *thread = json_deep_copy(known);

        if (thread == NULL) {
            hde_fatal("no memory for a record");
        }
        resolve_stack(thread, "created_stack", settings);
        hdr_set(thread, "created_at", line_of(hdr_list(thread, "created_stack")));
        (void)json_object_del(thread, "created_stack");
        hdr_set(thread, "function", function_of(report->record, id));
        insert_thread(threads, thread);
    }
}

/* ---- Identity -------------------------------------------------------------------------------- */

/* Without parameters, and without what compilers append to copies of functions. */
static void say_function(FILE *stream, const char *function)
{
    size_t length = strlen(function);
    const char *end = strpbrk(function, "(.");

    if (end != NULL && end > function) {
        length = (size_t)(end - function);
    }
    (void)fwrite(function, 1, length, stream);
}

static void say_frame(FILE *stream, const json_t *frame)
{
    say_function(stream, hdr_text(frame, "function"));
    (void)fprintf(stream, " %s:%d|", base_name(frame), (int)hdr_number(frame, "line"));
}

/* A place in the words of the identity. */
static json_t *identify_place(const struct hdr_log *log, const json_t *place)
{
    struct hdr_phrase words;
    const json_t *frame;
    size_t said = 0;
    size_t i;

    hdr_phrase_begin(&words);
    json_array_foreach(hdr_list(place, "stack"), i, frame)
    {
        if (said > 0 && hdr_log_frame_is_runtime(frame)) {
            break; /* a signal handler: where it came is chance */
        }
        if (!log->is_whole_at_once && said < FRAMES_OF_IDENTITY && hdr_log_frame_is_own(frame)) {
            say_frame(words.stream, frame);
            said++;
        }
    }
    if (log->is_whole_at_once) {
        /* There may be a stack or none; the line is the same. */
        (void)fprintf(words.stream, "%s:%d", base_name(place), (int)hdr_number(place, "line"));
    } else if (said == 0) {
        frame = pick(hdr_list(place, "stack"));
        say_frame(words.stream, place);
        (void)fprintf(words.stream, "%s+%d", hdr_text(frame, "module"),
                      has_name(frame) ? 0 : (int)(hdr_number(frame, "offset") & INT32_MAX));
    }
    return hdr_phrase_end(&words);
}

/* FNV-1a, 64 bits. */
static uint64_t hash(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return (hash ^ (unsigned char)'\n') * UINT64_C(0x100000001b3);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(json_string_value(*(json_t *const *)left),
                  json_string_value(*(json_t *const *)right));
}

static void identify(const struct hdr_log *log, json_t *record)
{
    json_t *words[PLACES_OF_IDENTITY];
    uint64_t sum = hash(UINT64_C(0xcbf29ce484222325), hdr_text(record, "kind"));
    const json_t *place;
    size_t count = 0;
    size_t i;

    json_array_foreach(hdr_list(record, "places"), i, place)
    {
        if (!hdr_is(place, "is_cause") && count < PLACES_OF_IDENTITY) {
            words[count++] = identify_place(log, place);
        }
    }
    qsort((void *)words, count, sizeof(*words), by_text);
    sum = hash(sum, hdr_text(record, "class"));
    for (i = 0; i < count; i++) {
        sum = hash(sum, json_string_value(words[i]));
        json_decref(words[i]);
    }
    hdr_set(record, "identity", hdr_phrase_of("%016" PRIx64, sum));
}

/* ---- All of it ------------------------------------------------------------------------------- */

static void file_under_first_place(json_t *record)
{
    static const char *const keys[] = {"function", "file", "line", NULL};
    const json_t *first = NULL;
    const json_t *place;
    size_t i;

    json_array_foreach(hdr_list(record, "places"), i, place)
    {
        first = first == NULL && !hdr_is(place, "is_cause") ? place : first;
    }
    for (i = 0; keys[i] != NULL; i++) {
        json_t *value = json_object_get(first, keys[i]);

        hdr_set(record, keys[i], value == NULL ? json_null() : json_incref(value));
    }
}

json_t *hdr_report_finish(struct hdr_log_report *report, const struct hdr_log_settings *settings)
{
    json_t *record = report->record;
    json_t *value;
    const char *name;
    json_t *place;
    size_t i;

    json_object_foreach(report->names->locks, name, value)
    {
        resolve_stack(value, "stack", settings);
    }
    json_array_foreach(json_object_get(record, "places"), i, place)
    {
        finish_place(report, place, settings);
    }
    set_program(record);
    if (report->names->program != NULL) {
        hdr_set(record, "program", json_incref(report->names->program));
    }
    identify(report->log, record);
    add_threads(report, settings);
    hdr_log_word(record);
    (void)json_object_del(record, "order_of");
    hdr_set(record, "message", hdr_log_steady(hdr_text(record, "message"), settings->root));
    file_under_first_place(record);
    hdr_log_quote(record, settings);
    json_array_foreach(json_object_get(record, "places"), i, place)
    {
        drop_private_keys(json_object_get(place, "stack"));
        hdr_set(place, "text", hdr_log_steady(hdr_text(place, "text"), settings->root));
    }
    if (!hdr_has(record, "noticed_by")) {
        hdr_set(record, "noticed_by", hdr_string(report->log->tool));
    }
    hdr_set(record, "is_whole", json_boolean(hdr_report_is_whole(report)));
    hdr_set(record, "test", settings->test == NULL ? json_null() : hdr_string(settings->test));
    hdr_set(record, "sanitizer",
            hdr_log_steady(report->text == NULL ? "" : report->text, settings->root));
    report->record = NULL;
    hdr_report_release(report);
    return record;
}
