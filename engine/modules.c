/*
 * Modules: taken from /proc/self/maps once; what is loaded later has no names.
 *
 * Which unit describes an address is looked up in the ranges of the module's units: clang writes no
 * .debug_aranges, without which libdw finds none. Debug information is taken from the files and
 * from what is installed; debuginfod is not asked, since a report must not wait for a network.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/modules.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/array.h"
#include "engine/code.h"

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_linux_proc_find_elf,
    .find_debuginfo = dwfl_build_id_find_debuginfo,
};

static Dwfl *process(void)
{
    static Dwfl *modules;
    static bool is_tried;

    if (!is_tried) {
        is_tried = true;
        modules = dwfl_begin(&callbacks);
        if (modules != NULL && (dwfl_linux_proc_report(modules, getpid()) != 0 ||
                                dwfl_report_end(modules, NULL, NULL) != 0)) {
            dwfl_end(modules);
            modules = NULL;
        }
    }
    return modules;
}

/* The end of the program's data. What is zero at the start lies in no file: libdw misses it. */
extern const char _end[];

Dwfl_Module *hde_module_at(uint64_t address)
{
    Dwfl *modules = process();
    uint64_t first = (uintptr_t)__executable_start;

    if (address > first && address < (uintptr_t)_end) {
        address = first;
    }
    return modules == NULL ? NULL : dwfl_addrmodule(modules, address);
}

Dwfl_Module *hde_module_of_program(void) { return hde_module_at((uintptr_t)__executable_start); }

/* ---- Units ---------------------------------------------------------------------------------- */

/* Code of one unit. */
struct range {
    Dwarf_Addr begin; /* as the process counts */
    Dwarf_Addr end;
    Dwarf_Addr bias; /* what units count less */
    Dwarf_Die unit;
};

static struct range *ranges;
static size_t ranges_count;
static size_t ranges_capacity;

static void add_unit(Dwarf_Die *unit, Dwarf_Addr bias)
{
    Dwarf_Addr base;
    Dwarf_Addr begin;
    Dwarf_Addr end;
    ptrdiff_t offset = 0;

    while ((offset = dwarf_ranges(unit, offset, &base, &begin, &end)) > 0) {
        ranges = hde_array_grow(ranges, &ranges_capacity, ranges_count + 1, sizeof(*ranges));
        ranges[ranges_count++] = (struct range){
            .begin = begin + bias,
            .end = end + bias,
            .bias = bias,
            .unit = *unit,
        };
    }
}

static int compare_ranges(const void *a, const void *b)
{
    const struct range *left = a;
    const struct range *right = b;

    return (left->begin > right->begin) - (left->begin < right->begin);
}

/* Add the ranges of a module, at the first time. Its user pointer says whether that has been. */
static void add_module(Dwfl_Module *module)
{
    Dwarf_Die *unit = NULL;
    Dwarf_Addr bias;
    void **is_known;

    (void)dwfl_module_info(module, &is_known, NULL, NULL, NULL, NULL, NULL, NULL);
    if (*is_known != NULL) {
        return;
    }
    *is_known = module;
    while ((unit = dwfl_module_nextcu(module, unit, &bias)) != NULL) {
        add_unit(unit, bias);
    }
    if (ranges_count > 0) {
        qsort(ranges, ranges_count, sizeof(*ranges), compare_ranges);
    }
}

bool hde_module_unit(uint64_t address, struct hde_code_unit *code)
{
    Dwfl_Module *module = hde_module_at(address);
    size_t low = 0;
    size_t high;

    if (module == NULL) {
        return false;
    }
    add_module(module);
    high = ranges_count;
    while (low < high) { /* the first range that begins behind it is in [low, high] */
        size_t middle = low + (high - low) / 2;

        if (ranges[middle].begin <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || address >= ranges[low - 1].end) {
        return false;
    }
    *code = (struct hde_code_unit){
        .unit = ranges[low - 1].unit,
        .address = address - ranges[low - 1].bias,
    };
    return true;
}

int hde_module_scopes(struct hde_code_unit *code, Dwarf_Die **scopes)
{
    Dwarf_Die *lexical = NULL;
    /* From an inlined function, this leads to where it was written, the next to its caller. */
    int count = dwarf_getscopes(&code->unit, code->address, &lexical);

    *scopes = NULL;
    if (count > 0) {
        count = dwarf_getscopes_die(&lexical[0], scopes);
    }
    free(lexical);
    return count > 0 ? count : 0;
}
