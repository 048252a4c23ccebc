/*
 * Modules: the program and its shared libraries as libdw sees them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_MODULES_H
#define HEDDLE_ENGINE_MODULES_H

#include <stdbool.h>
#include <stdint.h>

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

/* The module that an address lies in; NULL if none is known there. */
Dwfl_Module *hde_module_at(uint64_t address);

/* The program itself; NULL if it cannot be read. */
Dwfl_Module *hde_module_of_program(void);

/* A code address among the debug information of its module. */
struct hde_code_unit {
    Dwarf_Die unit;     /* the compilation unit */
    Dwarf_Addr address; /* as the unit counts */
};

/* Where `address` is described; false if there is no debug information for it. */
bool hde_module_unit(uint64_t address, struct hde_code_unit *code);

/*
 * The scopes around a code address, innermost first, inlined functions being within their callers;
 * to be freed. Returns how many.
 */
int hde_module_scopes(struct hde_code_unit *code, Dwarf_Die **scopes);

#endif
