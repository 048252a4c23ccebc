/*
 * Report as JSON: the tables of lines and objects, stacks, and excerpts of the source.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/backtrace.h"
#include "engine/execution.h"
#include "engine/source_file.h"

#define KEY_SIZE 1024U
#define LINES_AROUND 6 /* of an excerpt, before and after */

void hde_json_begin_tables(struct hde_json *json)
{
    json->lines = json_array();
    json->line_numbers = json_object();
    json->objects = json_array();
    json->object_numbers = json_object();
    json->stacks = json_object();
}

void hde_json_end_tables(struct hde_json *json)
{
    json_decref(json->lines);
    json_decref(json->line_numbers);
    json_decref(json->objects);
    json_decref(json->object_numbers);
    json_decref(json->stacks);
}

/* The number of the entry that will be added to a table under `key', which is new. */
static json_int_t
number_next(struct hde_json *json, json_t *numbers, const json_t *table, const char *key)
{
    json_int_t number = (json_int_t)json_array_size(table);

    hde_json_set(json, numbers, key, json_integer(number));
    return number;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

json_int_t hde_json_line(struct hde_json *json, const struct hde_source *source)
{
    char key[KEY_SIZE];
    json_int_t number;
    json_t *record;

    (void)snprintf(key, sizeof(key), "%d:%s:%s", source->line, source->file, source->function);
    const json_t *known = json_object_get(json->line_numbers, key);

    if (known != NULL) {
        return json_integer_value(known);
    }
    number = number_next(json, json->line_numbers, json->lines, key);
    record = hde_json_source(json, source);
    hde_json_set(json, record, "code", hde_json_string(hde_symbol_line(source)));
    hde_json_push(json, json->lines, record);
    return number;
}

/* What a stack is in the record: its indexes of lines, and that of the program's own line. */
static json_t *make_stack(struct hde_json *json, uint32_t context, uint32_t pc)
{
    struct hde_backtrace backtrace;
    json_t *known = json_object();
    json_t *stack = json_array();

    hde_backtrace_take(&backtrace, context, pc);
    for (unsigned i = 0; i < backtrace.count; i++) {
        hde_json_push(json, stack, json_integer(hde_json_line(json, &backtrace.frames[i])));
    }
    hde_json_set(json, known, "stack", stack);
    if (backtrace.count == 0) {
        hde_json_set(json, known, "line", json_null());
    } else {
        struct hde_source source = hde_backtrace_program(&backtrace);

        hde_json_set(json, known, "line", json_integer(hde_json_line(json, &source)));
    }
    return known;
}

const json_t *hde_json_calls(struct hde_json *json, uint32_t context, uint32_t pc)
{
    char key[32];

    (void)snprintf(key, sizeof(key), "%u/%u", context, pc);
    const json_t *known = json_object_get(json->stacks, key);

    if (known == NULL) {
        json_t *made = make_stack(json, context, pc);

        hde_json_set(json, json->stacks, key, made);
        known = made;
    }
    return known;
}

/* ---- Objects --------------------------------------------------------------------------------- */

static bool is_memory(const struct hde_event *event)
{
    return (event->kind >= HDE_EVENT_READ && event->kind <= HDE_EVENT_ATOMIC_UPDATE) ||
           event->kind == HDE_EVENT_ALLOCATE || event->kind == HDE_EVENT_FREE;
}

/* What the engine takes it for that lies at an address. */
static const char *kind_of(uint64_t address, bool is_only_memory)
{
    static const enum hde_object_kind kinds[] = {
        HDE_OBJECT_MUTEX,    HDE_OBJECT_CONDITION,  HDE_OBJECT_RWLOCK,
        HDE_OBJECT_SPINLOCK, HDE_OBJECT_BARRIER,    HDE_OBJECT_SEMAPHORE,
        HDE_OBJECT_ONCE,     HDE_OBJECT_ANNOTATION, HDE_OBJECT_FUTEX,
    };
    const struct hde_object *object = NULL;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && object == NULL && !is_only_memory;
         i++) {
        object = hde_object_find(kinds[i], address);
    }
    if (object == NULL && hde_object_find(HDE_OBJECT_THREAD_END, address) != NULL) {
        return "thread";
    }
    if (object == NULL && hde_object_find(HDE_OBJECT_ATOMIC, address) != NULL) {
        return "atomic";
    }
    if (object == NULL) {
        return "memory";
    }
    return object->kind == HDE_OBJECT_ANNOTATION && object->type == HDE_USE_AS_SEMAPHORE
               ? hde_object_kind_name(HDE_OBJECT_SEMAPHORE)
               : hde_object_kind_name((enum hde_object_kind)object->kind);
}

static json_t *
object_index(struct hde_json *json, uint64_t address, uint64_t size, bool is_only_memory)
{
    char key[48];
    json_int_t number;
    json_t *record;

    (void)snprintf(key, sizeof(key), "%llx/%llu/%d", (unsigned long long)address,
                   (unsigned long long)size, is_only_memory);
    const json_t *known = json_object_get(json->object_numbers, key);

    if (known != NULL) {
        return json_integer(json_integer_value(known));
    }
    number = number_next(json, json->object_numbers, json->objects, key);
    record = hde_json_memory(json, address, size);
    hde_json_set(json, record, "kind", hde_json_string(kind_of(address, is_only_memory)));
    hde_json_push(json, json->objects, record);
    return json_integer(number);
}

json_t *hde_json_touched(struct hde_json *json, const struct hde_event *event)
{
    if (event->address == 0) {
        return json_null();
    }
    return object_index(json, event->address, is_memory(event) ? event->size : 1, is_memory(event));
}

json_t *hde_json_held(struct hde_json *json, const struct hde_trace_lock *lock)
{
    return object_index(json, lock->address, 1, false);
}

/* ---- Excerpts -------------------------------------------------------------------------------- */

struct wanted {
    const char *file;
    int line;
};

static int compare_wanted(const void *a, const void *b)
{
    const struct wanted *left = a;
    const struct wanted *right = b;
    int order = strcmp(left->file, right->file);

    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

/* The lines of a file from `first' to `last', as far as there are such. */
static void
add_excerpt(struct hde_json *json, json_t *excerpts, const char *file, int first, int last)
{
    json_t *text = json_array();
    json_t *record;

    first = first < 1 ? 1 : first;
    for (int line = first; line <= last; line++) {
        const char *shown = hde_source_file_line(file, line);

        if (shown == NULL) {
            break;
        }
        hde_json_push(json, text, hde_json_string(shown));
    }
    if (json_array_size(text) == 0) {
        json_decref(text);
        return;
    }
    record = json_object();
    hde_json_set(json, record, "file", hde_json_string(file));
    hde_json_set(json, record, "first", json_integer(first));
    hde_json_set(json, record, "text", text);
    hde_json_push(json, excerpts, record);
}

/* Lines whose surroundings meet are in one. */
json_t *hde_json_excerpts(struct hde_json *json)
{
    size_t count = json_array_size(json->lines);
    struct wanted *wanted = calloc(count + 1, sizeof(*wanted));
    json_t *excerpts = json_array();

    if (wanted == NULL) {
        json->has_failed = true;
        return excerpts;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *line = json_array_get(json->lines, i);

        wanted[i].file = json_string_value(json_object_get(line, "file"));
        wanted[i].line = (int)json_integer_value(json_object_get(line, "line"));
    }
    qsort(wanted, count, sizeof(*wanted), compare_wanted);
    for (size_t begin = 0, end = 0; begin < count; begin = end) {
        for (end = begin + 1; end < count && strcmp(wanted[end].file, wanted[begin].file) == 0 &&
                              wanted[end].line - wanted[end - 1].line <= 2 * LINES_AROUND + 1;
             end++) {
        }
        add_excerpt(json, excerpts, wanted[begin].file, wanted[begin].line - LINES_AROUND,
                    wanted[end - 1].line + LINES_AROUND);
    }
    free(wanted);
    return excerpts;
}
