/*
 * Symbols: libdw's view of the running program.
 *
 * What a code address means is looked up once and kept.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/symbol.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/code.h"
#include "engine/fatal.h"
#include "engine/modules.h"
#include "engine/source_file.h"

#define BUCKETS 4096U
#define UNNUMBERED_MAX 64U /* bytes of code in a row without a line number */

/* The frames of one code address. */
struct known {
    struct known *next; /* in its bucket */
    uint32_t pc;
    unsigned count;
    struct hde_source frames[HDE_INLINED_MAX];
};

static struct known *buckets[BUCKETS];

static const struct hde_source nowhere = {"?", "?", 0, HDE_ORIGIN_SYSTEM};

/* ---- Code ------------------------------------------------------------------------------------ */

static void place_at(struct hde_source *source, const char *directory, const char *path, int line)
{
    const struct hde_source_file *file = hde_source_file_at(directory, path);

    source->file = file->name;
    source->line = line;
    source->origin = file->origin;
}

/* The compilation unit's folder; NULL if it does not say. */
static const char *folder_of(Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;

    return dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
}

/*
 * The line of a code address. Code that the compiler moved may have line 0: it then stands for the
 * last line before it that has a number.
 */
static void place_line(struct hde_source *source, struct hde_code_unit *code)
{
    Dwarf_Line *line = dwarf_getsrc_die(&code->unit, code->address);
    const char *path;
    int number = 0;

    for (Dwarf_Addr back = 0; line != NULL && back <= UNNUMBERED_MAX; back++) {
        line = dwarf_getsrc_die(&code->unit, code->address - back);
        if (dwarf_lineno(line, &number) == 0 && number != 0) {
            break;
        }
    }
    path = dwarf_linesrc(line, NULL, NULL);
    if (path != NULL) {
        place_at(source, folder_of(&code->unit), path, number);
    }
}

static bool number_of(Dwarf_Die *die, unsigned name, Dwarf_Word *number)
{
    Dwarf_Attribute attribute;

    return dwarf_formudata(dwarf_attr(die, name, &attribute), number) == 0;
}

/* Where the inlined function `die` was called. */
static void place_call(struct hde_source *source, Dwarf_Die *unit, Dwarf_Die *die)
{
    Dwarf_Files *files;
    size_t count;
    Dwarf_Word file;
    Dwarf_Word line;

    if (!number_of(die, DW_AT_call_file, &file) || !number_of(die, DW_AT_call_line, &line) ||
        dwarf_getsrcfiles(unit, &files, &count) != 0) {
        return;
    }

    const char *path = dwarf_filesrc(files, (size_t)file, NULL, NULL);

    if (path != NULL) {
        place_at(source, folder_of(unit), path, (int)line);
    }
}

/*
 * Name the functions around a code address, beginning with `frames[0]`, whose line is known.
 * Returns how many there are: inlined ones, and the one that has the code.
 */
static unsigned name_functions(struct hde_code_unit *code,
                               struct hde_source frames[HDE_INLINED_MAX])
{
    Dwarf_Die *scopes;
    int count = hde_module_scopes(code, &scopes);
    unsigned known = 0;

    for (int i = 0; i < count && known < HDE_INLINED_MAX; i++) {
        int tag = dwarf_tag(&scopes[i]);
        const char *name = dwarf_diename(&scopes[i]);

        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) {
            continue;
        }
        frames[known++].function = name == NULL ? "?" : name;
        if (tag == DW_TAG_subprogram) {
            break;
        }
        if (known < HDE_INLINED_MAX) {
            frames[known] = nowhere;
            place_call(&frames[known], &code->unit, &scopes[i]);
        }
    }
    free(scopes);
    return known;
}

/* What the symbol table says, for code without debug information. */
static void name_by_symbol(struct hde_source *source, Dwfl_Module *module, Dwarf_Addr address)
{
    const char *name = dwfl_module_addrname(module, address);

    if (name == NULL) {
        return;
    }
    source->function = name;
    if (source->line != 0 || module != hde_module_of_program()) {
        return;
    }
    source->origin = HDE_ORIGIN_PROGRAM;
    if (strncmp(name, "hde_", 4) == 0) {
        source->origin = HDE_ORIGIN_ENGINE;
    } else if (strncmp(name, "hd_", 3) == 0) {
        source->origin = HDE_ORIGIN_PRIMITIVES;
    }
}

static unsigned look_up(uint32_t pc, struct hde_source frames[HDE_INLINED_MAX])
{
    /* The call, not what follows it: that may be another line, or another function. */
    Dwarf_Addr address = pc == 0 ? 0 : hde_code_unpack(pc) - 1;
    Dwfl_Module *module = hde_module_at(address);
    struct hde_code_unit code;
    unsigned count = 0;

    frames[0] = nowhere;
    if (module == NULL) {
        return 1;
    }

    if (hde_module_unit(address, &code)) {
        place_line(&frames[0], &code);
        if (module != hde_module_of_program() && frames[0].file[0] == '/') {
            frames[0].origin = HDE_ORIGIN_SYSTEM; /* a library that is not of this tree */
        }
        count = name_functions(&code, frames);
    }
    if (count == 0) {
        name_by_symbol(&frames[0], module, address);
        count = 1;
    }
    return count;
}

unsigned hde_symbol_frames(uint32_t pc, struct hde_source frames[HDE_INLINED_MAX])
{
    struct known **bucket = &buckets[(pc * UINT32_C(2654435761)) >> 20];
    struct known *known = *bucket;

    while (known != NULL && known->pc != pc) {
        known = known->next;
    }
    if (known == NULL) {
        known = calloc(1, sizeof(*known));
        if (known == NULL) {
            hde_fatal("no memory for the name of a code address");
        }
        known->pc = pc;
        known->count = look_up(pc, known->frames);
        known->next = *bucket;
        *bucket = known;
    }
    memcpy(frames, known->frames, known->count * sizeof(*frames));
    return known->count;
}

struct hde_source hde_symbol_source(uint32_t pc)
{
    struct hde_source frames[HDE_INLINED_MAX];

    (void)hde_symbol_frames(pc, frames);
    return frames[0];
}

/* ---- Data ------------------------------------------------------------------------------------ */

const char *hde_symbol_variable(uint64_t address, uint64_t *offset, uint64_t *size)
{
    Dwfl_Module *module = hde_module_at(address);
    GElf_Off distance = 0;
    GElf_Sym symbol;

    if (module == NULL) {
        return NULL;
    }

    const char *name = dwfl_module_addrinfo(module, address, &distance, &symbol, NULL, NULL, NULL);

    if (name == NULL || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT || distance >= symbol.st_size) {
        return NULL;
    }
    *offset = distance;
    *size = symbol.st_size;
    return name;
}

const char *hde_symbol_function(uint64_t address)
{
    Dwfl_Module *module = hde_module_at(address);
    GElf_Off distance = 0;
    GElf_Sym symbol;
    const char *name = NULL;

    if (module != NULL) {
        name = dwfl_module_addrinfo(module, address, &distance, &symbol, NULL, NULL, NULL);
    }
    return name != NULL && GELF_ST_TYPE(symbol.st_info) == STT_FUNC && distance == 0 ? name : NULL;
}

const char *hde_symbol_build_id(void)
{
    static char digits[2 * 64 + 1];
    Dwfl_Module *module = hde_module_of_program();
    GElf_Addr bias;
    GElf_Addr address;
    const unsigned char *bytes;

    if (digits[0] != '\0') {
        return digits;
    }

    /* The id is read with the file, and the file when it is first needed. */
    int count = module == NULL || dwfl_module_getelf(module, &bias) == NULL
                    ? 0
                    : dwfl_module_build_id(module, &bytes, &address);

    if (count <= 0 || count > 64) {
        return "unknown";
    }
    for (size_t i = 0; i < (size_t)count; i++) {
        (void)snprintf(&digits[2 * i], 3, "%02x", bytes[i]);
    }
    return digits;
}
