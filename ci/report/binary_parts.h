/*
 * Binary, its own parts: shared by binary*.c, and nobody else.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_BINARY_PARTS_H
#define HEDDLE_CI_REPORT_BINARY_PARTS_H

#include <elfutils/libdw.h>
#include <gelf.h>

#include "ci/report/binary.h"

/* A symbol with a name; sorted by address, then the shortest name first. */
struct hdr_symbol {
    const char *name;
    uint64_t address; /* 0: somebody else defines it */
    uint64_t size;
    bool is_function;
};

/* A word that the loader fills with the address of a symbol; sorted by address. */
struct hdr_slot {
    uint64_t address;
    const char *name;
};

/* A section that is loaded. */
struct hdr_section {
    uint64_t begin;
    uint64_t end;
    const unsigned char *bytes; /* NULL: it has none in the file */
    bool is_code;
    bool is_variables; /* can be written by the program's own code */
};

#define HDR_LIBRARIES_MAX 8

struct hdr_binary_parts {
    char *path;
    int file;
    Elf *elf;
    Dwarf *dwarf;
    Dwarf_Die *dies;   /* of the units */
    const char *image; /* the whole file */
    size_t image_size;
    struct hdr_symbol *symbols;
    size_t symbols_count;
    struct hdr_slot *slots;
    size_t slots_count;
    struct hdr_section *sections;
    size_t sections_count;
    struct hdr_binary *libraries[HDR_LIBRARIES_MAX]; /* of sanitizers */
    size_t libraries_count;
};

/* Room for one item more than `count'. Out of memory stops the process. */
void *hdr_binary_grow(void *array, size_t count, size_t size);

/* The section that an address lies in; NULL if none. */
const struct hdr_section *hdr_binary_section(const struct hdr_binary *binary, uint64_t address);

/* The name that code at an address is known by; NULL if none. Sees through the linkage table. */
const char *hdr_binary_name_at(const struct hdr_binary *binary, uint64_t address);

/* The function that an address lies in; NULL if none. */
const struct hdr_function *hdr_binary_function_at(const struct hdr_binary *binary,
                                                  uint64_t address);

struct hdr_instruction;

/* Tell of each instruction of a function, until `visit' says false. */
void hdr_binary_decode(const struct hdr_binary *binary,
                       const struct hdr_function *function,
                       bool (*visit)(void *context,
                                     const struct hdr_instruction *instruction,
                                     uint64_t address),
                       void *context);

/* Fill in sections, symbols, compilers and the build id. */
void hdr_binary_read_sections(struct hdr_binary *binary);

/* Fill in units and functions. */
void hdr_binary_read_code(struct hdr_binary *binary);

#endif
