/*
 * Types: entries of the debug information, walked from the outside in.
 *
 * Source: DWARF 5, chapters 4 and 5.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/type.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/code.h"
#include "engine/fatal.h"
#include "engine/modules.h"

struct hde_type {
    struct hde_type *next; /* in the list of all */
    Dwarf_Die entry;
};

static struct hde_type *types;

/* What candidates have come to. */
struct search {
    uint64_t size; /* wanted */
    Dwarf_Die found;
    bool is_found;
    bool is_ambiguous;
};

static const struct hde_type *keep(const Dwarf_Die *entry)
{
    struct hde_type *type = types;

    while (type != NULL && type->entry.addr != entry->addr) {
        type = type->next;
    }
    if (type == NULL) {
        type = malloc(sizeof(*type));
        if (type == NULL) {
            hde_fatal("no memory for the name of a type");
        }
        *type = (struct hde_type){.next = types, .entry = *entry};
        types = type;
    }
    return type;
}

/* The type that an entry has, without typedef and qualifiers. */
static bool type_of(Dwarf_Die *entry, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Die named;

    return dwarf_formref_die(dwarf_attr_integrate(entry, DW_AT_type, &attribute), &named) != NULL &&
           dwarf_peel_type(&named, type) == 0;
}

static uint64_t size_of(Dwarf_Die *type)
{
    Dwarf_Word size;

    return dwarf_aggregate_size(type, &size) == 0 ? size : 0;
}

static const char *name_of(Dwarf_Die *entry)
{
    const char *name = dwarf_diename(entry);

    return name == NULL ? "" : name;
}

/* ---- Search --------------------------------------------------------------------------------- */

static void consider(struct search *search, Dwarf_Die *type)
{
    if (dwarf_tag(type) != DW_TAG_structure_type || size_of(type) != search->size) {
        return;
    }
    /* One struct has an entry in each unit that uses it. */
    if (search->is_found && strcmp(name_of(&search->found), name_of(type)) != 0) {
        search->is_ambiguous = true;
    }
    search->found = *type;
    search->is_found = true;
}

static const struct hde_type *outcome(const struct search *search)
{
    return search->is_found && !search->is_ambiguous ? keep(&search->found) : NULL;
}

/* What the variables and parameters of a scope point to. */
static void consider_variables(struct search *search, Dwarf_Die *scope)
{
    Dwarf_Die child;
    Dwarf_Die pointer;
    Dwarf_Die type;

    for (int end = dwarf_child(scope, &child); end == 0; end = dwarf_siblingof(&child, &child)) {
        int tag = dwarf_tag(&child);

        if ((tag == DW_TAG_variable || tag == DW_TAG_formal_parameter) &&
            type_of(&child, &pointer) && dwarf_tag(&pointer) == DW_TAG_pointer_type &&
            type_of(&pointer, &type)) {
            consider(search, &type);
        }
    }
}

/* The unit of the call that returns to `pc`. */
static bool find_unit(uint32_t pc, struct hde_code_unit *code)
{
    return pc != 0 && hde_module_unit(hde_code_unpack(pc) - 1, code);
}

const struct hde_type *hde_type_pointed_to(uint32_t pc, uint64_t size)
{
    struct search search = {.size = size};
    struct hde_code_unit code;
    Dwarf_Die *scopes;
    int count;

    if (!find_unit(pc, &code)) {
        return NULL;
    }
    count = hde_module_scopes(&code, &scopes);
    for (int i = 0; i < count; i++) {
        consider_variables(&search, &scopes[i]);
        if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram) {
            break;
        }
    }
    free(scopes);
    return outcome(&search);
}

const struct hde_type *hde_type_in_file(uint32_t pc, uint64_t size)
{
    struct search search = {.size = size};
    struct hde_code_unit code;
    Dwarf_Die child;

    if (!find_unit(pc, &code)) {
        return NULL;
    }
    for (int end = dwarf_child(&code.unit, &child); end == 0;
         end = dwarf_siblingof(&child, &child)) {
        consider(&search, &child);
    }
    return outcome(&search);
}

/* The global `name` of `size` bytes in a unit. */
static bool find_global(Dwarf_Die *unit, const char *name, uint64_t size, Dwarf_Die *type)
{
    Dwarf_Die child;

    for (int end = dwarf_child(unit, &child); end == 0; end = dwarf_siblingof(&child, &child)) {
        if (dwarf_tag(&child) == DW_TAG_variable && strcmp(name_of(&child), name) == 0 &&
            dwarf_hasattr(&child, DW_AT_location) && type_of(&child, type) &&
            size_of(type) == size) {
            return true;
        }
    }
    return false;
}

const struct hde_type *hde_type_of_variable(const char *name, uint64_t size)
{
    Dwfl_Module *module = hde_module_of_program();
    Dwarf_Die *unit = NULL;
    Dwarf_Addr bias;
    Dwarf_Die type;

    if (module == NULL) {
        return NULL;
    }
    while ((unit = dwfl_module_nextcu(module, unit, &bias)) != NULL) {
        if (find_global(unit, name, size, &type)) {
            return keep(&type);
        }
    }
    return NULL;
}

/* ---- Members -------------------------------------------------------------------------------- */

const char *hde_type_tag(const struct hde_type *type)
{
    Dwarf_Die entry = type->entry;

    return name_of(&entry);
}

static void append(char *text, size_t text_size, const char *more)
{
    size_t length = strlen(text);

    (void)snprintf(text + length, text_size - length, "%s", more);
}

/* Objects that threads synchronize through are named as a whole. */
static bool is_whole(Dwarf_Die *type, uint64_t size)
{
    return size >= size_of(type) || (size == 1 && strncmp(name_of(type), "hd_", 3) == 0);
}

/* The member at *offset, which becomes the offset in it. */
static bool enter_struct(Dwarf_Die *type, uint64_t *offset, Dwarf_Die *member)
{
    Dwarf_Die child;

    for (int end = dwarf_child(type, &child); end == 0; end = dwarf_siblingof(&child, &child)) {
        Dwarf_Attribute attribute;
        Dwarf_Word begin = 0;
        Dwarf_Die of;

        if (dwarf_tag(&child) != DW_TAG_member || !type_of(&child, &of) ||
            dwarf_formudata(dwarf_attr(&child, DW_AT_data_member_location, &attribute), &begin) !=
                0) {
            continue;
        }
        if (begin <= *offset && *offset < begin + size_of(&of)) {
            *offset -= begin;
            *member = child;
            return true;
        }
    }
    return false;
}

/* Go one level into `type`, appending how. False if there is none. */
static bool enter(Dwarf_Die *type, uint64_t *offset, char *text, size_t text_size)
{
    Dwarf_Die member;
    Dwarf_Die element;
    char index[32];

    if (dwarf_tag(type) == DW_TAG_structure_type && enter_struct(type, offset, &member)) {
        if (name_of(&member)[0] != '\0') {
            append(text, text_size, ".");
            append(text, text_size, name_of(&member));
        }
        return type_of(&member, type);
    }
    if (dwarf_tag(type) == DW_TAG_array_type && type_of(type, &element)) {
        uint64_t each = size_of(&element);

        if (each == 0) {
            return false;
        }
        (void)snprintf(index, sizeof(index), "[%llu]", (unsigned long long)(*offset / each));
        append(text, text_size, index);
        *offset %= each;
        *type = element;
        return true;
    }
    return false;
}

void hde_type_append_member(
    const struct hde_type *type, uint64_t offset, uint64_t size, char *text, size_t text_size)
{
    Dwarf_Die at = type->entry;
    char rest[32];

    while (!(offset == 0 && is_whole(&at, size)) && enter(&at, &offset, text, text_size)) {
    }
    if (offset != 0) {
        (void)snprintf(rest, sizeof(rest), "+%llu", (unsigned long long)offset);
        append(text, text_size, rest);
    }
}
