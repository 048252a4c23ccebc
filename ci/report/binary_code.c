/*
 * Binary, its code: units, functions, and what each of them does.
 *
 * Functions are those of the symbol table; each is decoded from its beginning. A call of a
 * sanitizer's function is known by the name of what is called, directly or through the linkage
 * table.
 *
 * Left out, as nobody expects them to be instrumented: the functions of a sanitizer's runtime,
 * which lie together between its first and its last; those of the C runtime, whose names begin with
 * an underscore; and the engine's units, which lie beside the one that defines it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/binary_parts.h"
#include "ci/report/instruction.h"

static bool begins_with(const char *name, const char *beginning)
{
    return strncmp(name, beginning, strlen(beginning)) == 0;
}

/* ---- Units ----------------------------------------------------------------------------------- */

/* Code of one unit. */
struct range {
    uint64_t begin;
    uint64_t end;
    size_t unit;
};

struct ranges {
    struct range *items;
    size_t count;
};

static const char *text_of(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    const char *text = dwarf_formstring(dwarf_attr(die, name, &attribute));

    return text == NULL ? "" : text;
}

static void add_unit(struct hdr_binary *binary, struct ranges *ranges, Dwarf_Die *die)
{
    struct hdr_binary_parts *parts = binary->parts;
    Dwarf_Addr base;
    Dwarf_Addr begin;
    Dwarf_Addr end;
    ptrdiff_t offset = 0;

    while ((offset = dwarf_ranges(die, offset, &base, &begin, &end)) > 0) {
        ranges->items = hdr_binary_grow(ranges->items, ranges->count, sizeof(*ranges->items));
        ranges->items[ranges->count++] = (struct range){begin, end, binary->units_count};
    }
    parts->dies = hdr_binary_grow(parts->dies, binary->units_count, sizeof(*parts->dies));
    parts->dies[binary->units_count] = *die;
    binary->units = hdr_binary_grow(binary->units, binary->units_count, sizeof(*binary->units));
    binary->units[binary->units_count++] = (struct hdr_unit){
        .name = text_of(die, DW_AT_name),
        .producer = text_of(die, DW_AT_producer),
    };
}

static int by_begin(const void *left, const void *right)
{
    const struct range *a = left;
    const struct range *b = right;

    return (a->begin > b->begin) - (a->begin < b->begin);
}

static void read_units(struct hdr_binary *binary, struct ranges *ranges)
{
    Dwarf *dwarf = binary->parts->dwarf;
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;

    while (dwarf != NULL && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0) {
        if (dwarf_tag(&die) == DW_TAG_compile_unit) {
            add_unit(binary, ranges, &die);
        }
    }
    binary->has_debug_info = binary->units_count != 0;
    if (ranges->count != 0) {
        qsort(ranges->items, ranges->count, sizeof(*ranges->items), by_begin);
    }
}

static size_t unit_at(const struct ranges *ranges, uint64_t address)
{
    size_t low = 0;
    size_t high = ranges->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (ranges->items[middle].begin <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && address < ranges->items[low - 1].end ? ranges->items[low - 1].unit
                                                           : HDR_NO_UNIT;
}

/* ---- What is left out ------------------------------------------------------------------------ */

/* The units of the engine and of what it reports with; its canaries are instrumented. */
static bool is_engines(const char *name, size_t root)
{
    static const char *const folders[] = {"engine/", "ci/report/", "fuzz/scenario/",
                                          "fuzz/standalone.c"};
    bool is_there = false;

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        is_there = is_there || begins_with(name + root, folders[i]);
    }
    return is_there && !begins_with(name + root, "engine/canary/");
}

static void leave_out_engine(struct hdr_binary *binary)
{
    static const char mark[] = "engine/execution.c";
    const char *top = NULL;
    size_t root = 0;

    for (size_t i = 0; i < binary->units_count && top == NULL; i++) {
        const char *name = binary->units[i].name;
        size_t length = strlen(name);

        if (length >= strlen(mark) && strcmp(name + length - strlen(mark), mark) == 0) {
            top = name;
            root = length - strlen(mark);
        }
    }
    for (size_t i = 0; i < binary->units_count && top != NULL; i++) {
        struct hdr_unit *unit = &binary->units[i];

        unit->is_ignored = binary->runtimes[HDR_HEDDLE].is_there &&
                           strncmp(unit->name, top, root) == 0 && is_engines(unit->name, root);
    }
}

static bool begins_with_any(const char *name, const char *const *beginnings)
{
    size_t i = 0;

    while (beginnings[i] != NULL && !begins_with(name, beginnings[i])) {
        i++;
    }
    return beginnings[i] != NULL;
}

/* Names that only a runtime gives to its functions: C++ namespaces. */
static const char *const namespaces[] = {
    "_ZN6__tsan",       "_ZN6__asan",          "_ZN7__ubsan", "_ZNK7__ubsan", "_ZN6__lsan",
    "_ZN11__sanitizer", "_ZN14__interception", "_ZN6fuzzer",  NULL,
};

/* new and delete of C++, which runtimes define as they do malloc(). */
static const char *const operators[] = {"_Znw", "_Zna", "_Zdl", "_Zda", NULL};

/* Of the C runtime and of libgcc, without what compilers append to the names of copies. */
static bool is_c_runtimes(const char *name)
{
    static const char *const names[] = {
        "atexit",  "at_quick_exit",   "pthread_atfork",         "stat64",          "fstat64",
        "lstat64", "has_cpu_feature", "get_available_features", "set_cpu_feature", NULL,
    };
    size_t length = strcspn(name, ".");
    size_t i = 0;

    while (names[i] != NULL &&
           (strlen(names[i]) != length || strncmp(names[i], name, length) != 0)) {
        i++;
    }
    return names[i] != NULL || begins_with_any(name, operators) ||
           (name[0] == '_' && !begins_with(name, "_Z"));
}

/* Functions without debug information in the middle of a runtime's are the runtime's. */
static void leave_out_runtimes(struct hdr_binary *binary)
{
    size_t first = SIZE_MAX;
    size_t last = 0;

    for (size_t i = 0; i < binary->functions_count; i++) {
        if (begins_with_any(binary->functions[i].name, namespaces)) {
            first = first == SIZE_MAX ? i : first;
            last = i;
        }
    }
    for (size_t i = 0; i < binary->functions_count; i++) {
        struct hdr_function *function = &binary->functions[i];
        bool is_within = first != SIZE_MAX && i >= first && i <= last;

        if (function->unit != HDR_NO_UNIT) {
            function->is_ignored = binary->units[function->unit].is_ignored;
        } else {
            function->is_ignored =
                is_within || is_c_runtimes(function->name) || begins_with(function->name, "hde_");
        }
    }
}

/* ---- Functions ------------------------------------------------------------------------------- */

static void add_functions(struct hdr_binary *binary, const struct ranges *ranges)
{
    const struct hdr_binary_parts *parts = binary->parts;

    for (size_t i = 0; i < parts->symbols_count; i++) {
        const struct hdr_symbol *symbol = &parts->symbols[i];
        size_t count = binary->functions_count;

        if (!symbol->is_function || symbol->size == 0 || symbol->address == 0 ||
            (count != 0 && binary->functions[count - 1].begin == symbol->address)) {
            continue;
        }
        binary->functions = hdr_binary_grow(binary->functions, count, sizeof(*binary->functions));
        binary->functions[count] = (struct hdr_function){
            .name = symbol->name,
            .begin = symbol->address,
            .end = symbol->address + symbol->size,
            .unit = unit_at(ranges, symbol->address),
        };
        binary->functions_count++;
    }
}

void hdr_binary_decode(const struct hdr_binary *binary,
                       const struct hdr_function *function,
                       bool (*visit)(void *context,
                                     const struct hdr_instruction *instruction,
                                     uint64_t address),
                       void *context)
{
    const struct hdr_section *section = hdr_binary_section(binary, function->begin);
    uint64_t address = function->begin;
    struct hdr_instruction instruction;

    if (!binary->is_decoded || section == NULL || !section->is_code || section->bytes == NULL) {
        return;
    }
    uint64_t end = function->end < section->end ? function->end : section->end;

    while (address < end &&
           hdr_instruction_decode(&instruction, section->bytes + (address - section->begin),
                                  end - address, address) &&
           visit(context, &instruction, address)) {
        address += instruction.length;
    }
}

/* The engine answers some of the calls itself, by the linker's --wrap. */
static bool is_sanitizers(const char *name)
{
    name += begins_with(name, "__wrap_") ? strlen("__wrap_") : 0;
    return begins_with(name, "__tsan_") || begins_with(name, "__asan_") ||
           begins_with(name, "__msan_");
}

/* A function that is looked at. */
struct look {
    const struct hdr_binary *binary;
    struct hdr_function *function;
};

static bool look_at(void *context, const struct hdr_instruction *instruction, uint64_t address)
{
    const struct look *look = context;
    struct hdr_function *function = look->function;
    bool leaves = instruction->target < function->begin || instruction->target >= function->end;
    const char *called = instruction->target != 0 && leaves
                             ? hdr_binary_name_at(look->binary, instruction->target)
                             : NULL;

    (void)address;
    if (called != NULL && is_sanitizers(called)) {
        function->is_watched = true;
        function->has_fence =
            function->has_fence || strstr(called, "__tsan_atomic_thread_fence") != NULL;
    }
    if (instruction->base == HDR_BASE_RELATIVE) {
        const struct hdr_section *section = hdr_binary_section(look->binary, instruction->address);

        function->has_accesses =
            function->has_accesses || (section != NULL && section->is_variables);
    }
    function->has_accesses = function->has_accesses || instruction->base == HDR_BASE_REGISTER;
    function->has_barrier = function->has_barrier || instruction->is_fence;
    function->has_lock = function->has_lock || instruction->is_locked;
    return true;
}

void hdr_binary_read_code(struct hdr_binary *binary)
{
    struct ranges ranges = {.items = NULL};

    read_units(binary, &ranges);
    leave_out_engine(binary);
    add_functions(binary, &ranges);
    leave_out_runtimes(binary);
    for (size_t i = 0; i < binary->functions_count; i++) {
        struct look look = {binary, &binary->functions[i]};

        if (look.function->is_ignored) {
            continue;
        }
        hdr_binary_decode(binary, look.function, look_at, &look);
        if (look.function->unit != HDR_NO_UNIT) {
            struct hdr_unit *unit = &binary->units[look.function->unit];

            unit->is_watched = unit->is_watched || look.function->is_watched;
            unit->has_accesses = unit->has_accesses || look.function->has_accesses;
        }
    }
    free(ranges.items);
}

/* ---- Questions ------------------------------------------------------------------------------- */

static bool watches_memory(const struct hdr_binary *binary)
{
    return binary->runtimes[HDR_TSAN].is_there || binary->runtimes[HDR_ASAN].is_there ||
           binary->runtimes[HDR_MSAN].is_there || binary->runtimes[HDR_HEDDLE].is_there;
}

bool hdr_unit_is_uninstrumented(const struct hdr_binary *binary, const struct hdr_unit *unit)
{
    return watches_memory(binary) && !unit->is_ignored && unit->has_accesses && !unit->is_watched;
}

bool hdr_function_is_uninstrumented(const struct hdr_binary *binary,
                                    const struct hdr_function *function)
{
    if (function->unit != HDR_NO_UNIT) {
        return hdr_unit_is_uninstrumented(binary, &binary->units[function->unit]);
    }
    return watches_memory(binary) && !function->is_ignored && function->has_accesses &&
           !function->is_watched;
}

const struct hdr_function *hdr_binary_function_at(const struct hdr_binary *binary, uint64_t address)
{
    size_t low = 0;
    size_t high = binary->functions_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (binary->functions[middle].begin <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && address < binary->functions[low - 1].end ? &binary->functions[low - 1] : NULL;
}

const struct hdr_function *hdr_binary_function(const struct hdr_binary *binary, const char *name)
{
    const struct hdr_binary_parts *parts = binary->parts;
    uint64_t found = 0;

    for (size_t i = 0; i < parts->symbols_count; i++) {
        const struct hdr_symbol *symbol = &parts->symbols[i];

        if (symbol->address == 0 || !symbol->is_function || strcmp(symbol->name, name) != 0) {
            continue;
        }
        if (found != 0 && found != symbol->address) {
            return NULL;
        }
        found = symbol->address;
    }
    return found == 0 ? NULL : hdr_binary_function_at(binary, found);
}

int hdr_binary_line(const struct hdr_binary *binary, uint64_t address)
{
    const struct hdr_function *function = hdr_binary_function_at(binary, address);
    int line = 0;

    if (function != NULL && function->unit != HDR_NO_UNIT) {
        Dwarf_Die *unit = &binary->parts->dies[function->unit];

        (void)dwarf_lineno(dwarf_getsrc_die(unit, address), &line);
    }
    return line;
}
