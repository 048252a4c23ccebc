/*
 * Report as JSON: values that memory held.
 *
 * What looks like a pointer is named and never printed: an address says nothing to a reader, and
 * those of libraries differ from run to run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_json.h"

#include <stdio.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/code.h"
#include "engine/execution.h"
#include "engine/fiber.h"
#include "engine/globals.h"
#include "engine/hooks/thread.h"
#include "engine/memory_name.h"
#include "engine/symbol.h"

#define FUNCTION_SIZE 256U
#define WHOLE 255U /* bytes: a pointer to the start of a struct is one to all of it */

/* Where the system puts what it places itself: libraries, stacks; of x86-64 and of AArch64. */
#define SYSTEM_FIRST (UINT64_C(1) << 46)
#define SYSTEM_LAST (UINT64_C(1) << 48)

static bool is_known(uint64_t value)
{
    return hde_arena_has(value) || hde_fiber_stack_owner((uintptr_t)value) != HDE_THREADS_MAX ||
           (value >= (uintptr_t)__data_start && value < (uintptr_t)_end);
}

static bool is_address(uint64_t value)
{
    return (value >= SYSTEM_FIRST && value < SYSTEM_LAST) ||
           (value >= (uintptr_t)__executable_start && value < (uintptr_t)_end);
}

static json_t *pointer(struct hde_json *json, uint64_t value)
{
    struct hde_memory_name name = hde_memory_name(json->report->trace, value, WHOLE);
    char text[sizeof(name.name) + 16];

    if (strcmp(name.name, "unknown memory") == 0 || strcmp(name.name, "?") == 0) {
        return hde_json_string("a pointer");
    }
    /* A name has no blanks; what has is a description. */
    (void)snprintf(text, sizeof(text), "%s%s",
                   strchr(name.name, ' ') == NULL ? "&" : "a pointer to ", name.name);
    return hde_json_string(text);
}

static json_t *code(uint64_t value)
{
    const char *function = hde_symbol_function(value);
    char text[FUNCTION_SIZE];

    if (function == NULL) {
        return hde_json_string("a pointer");
    }
    (void)snprintf(text, sizeof(text), "&%s", function);
    return hde_json_string(text);
}

/* The bytes of a number that is negative if its highest ones are all set: small ones are. */
static json_t *number(uint64_t value, unsigned size)
{
    unsigned unused = 64 - 8 * size;
    int64_t extended = (int64_t)(value << unused) >> unused;
    char text[24];

    if (size > 1 && extended < 0 && extended >= -(INT64_C(1) << (8 * size - 8))) {
        (void)snprintf(text, sizeof(text), "%lld", (long long)extended);
    } else {
        (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
    }
    return hde_json_string(text);
}

json_t *hde_json_value(struct hde_json *json, uint64_t value, unsigned size)
{
    unsigned thread = size == 8 ? hde_thread_id(value) : HDE_NOBODY;
    char text[24];

    if (thread != HDE_NOBODY) {
        (void)snprintf(text, sizeof(text), "thread %u", thread);
        return hde_json_string(text);
    }
    if (size == 8 && is_known(value)) {
        return pointer(json, value);
    }
    return size == 8 && is_address(value) ? code(value) : number(value, size);
}
