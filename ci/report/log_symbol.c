/*
 * Symbols.
 *
 * Sanitizers print an offset from where the module is loaded, or of one that is not relocated the
 * address: both are addresses of the file. They have gone back to the call already.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_symbol.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/report/log.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define MODULES_MAX 64

/* A file that frames were looked up in; `dwfl` is NULL if it is not there, or another one. */
struct module {
    char path[PATH_MAX];
    char build_id[2 * 64 + 1];
    Dwfl *dwfl;
    Dwfl_Module *of;
    GElf_Addr bias;
};

static struct module modules[MODULES_MAX];
static size_t modules_count;

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
};

/* ---- Modules --------------------------------------------------------------------------------- */

static void read_build_id(const struct module *module, char digits[2 * 64 + 1])
{
    const unsigned char *bytes = NULL;
    GElf_Addr address;
    int count = dwfl_module_build_id(module->of, &bytes, &address);

    digits[0] = '\0';
    for (int i = 0; i < count && i < 64; i++) {
        (void)snprintf(digits + (size_t)2 * (size_t)i, 3, "%02x", bytes[i]);
    }
}

static bool is_newer(const char *path, const char *log)
{
    struct stat module;
    struct stat written;

    return stat(path, &module) != 0 || stat(log, &written) != 0 ||
           module.st_mtim.tv_sec > written.st_mtim.tv_sec;
}

static bool open_module(struct module *module, const char *log)
{
    char found[2 * 64 + 1];

    module->dwfl = dwfl_begin(&callbacks);
    module->of = module->dwfl == NULL
                     ? NULL
                     : dwfl_report_offline(module->dwfl, module->path, module->path, -1);
    if (module->of == NULL || dwfl_report_end(module->dwfl, NULL, NULL) != 0 ||
        dwfl_module_getelf(module->of, &module->bias) == NULL) {
        return false;
    }
    read_build_id(module, found);
    return module->build_id[0] == '\0' ? !is_newer(module->path, log)
                                       : strcmp(found, module->build_id) == 0;
}

/* The module of that path and build id, opened once; NULL if it is not to be had. */
static const struct module *module_at(const char *path, const char *build_id, const char *log)
{
    for (size_t i = 0; i < modules_count; i++) {
        if (strcmp(modules[i].path, path) == 0 && strcmp(modules[i].build_id, build_id) == 0) {
            return modules[i].dwfl == NULL ? NULL : &modules[i];
        }
    }
    if (modules_count == MODULES_MAX) {
        return NULL;
    }

    struct module *module = &modules[modules_count++];

    *module = (struct module){.dwfl = NULL};
    (void)snprintf(module->path, sizeof(module->path), "%s", path);
    (void)snprintf(module->build_id, sizeof(module->build_id), "%s", build_id);
    if (!open_module(module, log)) {
        if (module->dwfl != NULL) {
            dwfl_end(module->dwfl);
        }
        module->dwfl = NULL;
    }
    return module->dwfl == NULL ? NULL : module;
}

/* ThreadSanitizer names a module without its folder: it may lie beside the log, or here. */
static const struct module *find_module(const json_t *frame,
                                        const struct hdr_log_settings *settings)
{
    const char *name = hdr_text(frame, "module");
    const char *build_id = hdr_text(frame, "build_id");
    const char *slash = strrchr(settings->path, '/');
    const struct module *module = module_at(name, build_id, settings->path);
    char path[2 * PATH_MAX];

    if (module != NULL || strchr(name, '/') != NULL) {
        return module;
    }
    if (slash != NULL) {
        (void)snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - settings->path), settings->path,
                       name);
        module = module_at(path, build_id, settings->path);
    }
    if (module == NULL) {
        (void)snprintf(path, sizeof(path), "%s/%s", settings->root, name);
        module = module_at(path, build_id, settings->path);
    }
    return module;
}

/* ---- Frames ---------------------------------------------------------------------------------- */

static json_t *push_frame(json_t *stack, const json_t *frame, const char *function)
{
    json_t *named = json_copy((json_t *)(uintptr_t)frame);

    if (named == NULL) {
        hde_fatal("no memory for a frame");
    }
    if (function != NULL) {
        hdr_set(named, "function", hdr_string(function));
    }
    hdr_push(stack, named);
    return named;
}

static void place(json_t *frame, const char *file, int line)
{
    if (file != NULL && line > 0) {
        hdr_set(frame, "file", hdr_string(file));
        hdr_set(frame, "line", json_integer(line));
    }
}

/* Where the inlined function `die` was called. */
static void place_call(json_t *frame, Dwarf_Die *unit, Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    Dwarf_Files *files;
    size_t count;
    Dwarf_Word file;
    Dwarf_Word line;

    if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &file) == 0 &&
        dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attribute), &line) == 0 &&
        dwarf_getsrcfiles(unit, &files, &count) == 0) {
        place(frame, dwarf_filesrc(files, (size_t)file, NULL, NULL), (int)line);
    }
}

/* The unit of the address. clang writes no .debug_aranges, which libdw would look in. */
static Dwarf_Die *find_unit(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_nextcu(module, NULL, bias);

    while (unit != NULL && dwarf_haspc(unit, address - *bias) != 1) {
        unit = dwfl_module_nextcu(module, unit, bias);
    }
    return unit;
}

/* One frame for each function around the address, inlined ones first. False if there is none. */
static bool
push_functions(json_t *stack, const json_t *frame, const struct module *module, Dwarf_Addr address)
{
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = find_unit(module->of, address, &bias);
    Dwarf_Die *scopes = NULL;
    int count = unit == NULL ? 0 : dwarf_getscopes(unit, address - bias, &scopes);
    Dwarf_Line *source = unit == NULL ? NULL : dwarf_getsrc_die(unit, address - bias);
    Dwarf_Die *inlined = NULL;
    bool is_pushed = false;
    int line = 0;
    const char *file = dwarf_linesrc(source, NULL, NULL);

    (void)dwarf_lineno(source, &line);

    for (int i = 0; i < count; i++) {
        int tag = dwarf_tag(&scopes[i]);

        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) {
            continue;
        }

        json_t *named = push_frame(stack, frame, dwarf_diename(&scopes[i]));

        if (inlined == NULL) {
            place(named, file, line);
        } else {
            place_call(named, unit, inlined);
        }
        is_pushed = true;
        inlined = &scopes[i];
        if (tag == DW_TAG_subprogram) {
            break;
        }
    }
    free(scopes);
    return is_pushed;
}

void hdr_log_symbolize(json_t *stack, json_t *frame, const struct hdr_log_settings *settings)
{
    const struct module *module;

    if (!settings->may_symbolize || hdr_number(frame, "line") > 0 || !hdr_has(frame, "offset") ||
        !hdr_has(frame, "module")) {
        hdr_push(stack, json_incref(frame));
        return;
    }
    module = find_module(frame, settings);
    if (module == NULL) {
        hdr_push(stack, json_incref(frame));
        return;
    }

    Dwarf_Addr address = (Dwarf_Addr)hdr_number(frame, "offset") + module->bias;

    if (!push_functions(stack, frame, module, address)) {
        const char *function = dwfl_module_addrname(module->of, address);

        (void)push_frame(stack, frame,
                         strcmp(hdr_text(frame, "function"), "?") == 0 ? function : NULL);
    }
}
