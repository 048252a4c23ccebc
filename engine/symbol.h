/*
 * Symbols: code and data addresses in the reader's own words.
 *
 * Uses libdw, only outside executions. Results are kept and stay valid for the life of the process.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SYMBOL_H
#define HEDDLE_ENGINE_SYMBOL_H

#include <stdint.h>

/* Whose code it is. What a reader can change is his own; the rest he only called. */
enum hde_origin {
    HDE_ORIGIN_PROGRAM,    /* of the program under test */
    HDE_ORIGIN_PRIMITIVES, /* Heddle's library */
    HDE_ORIGIN_ENGINE,     /* what runs it: never shown */
    HDE_ORIGIN_SYSTEM      /* a shared library, or code without debug information */
};

struct hde_source {
    const char *function; /* "?" if not known */
    const char *file;     /* relative to the top of the source tree where it lies in it; "?" */
    int line;             /* 0 if not known */
    enum hde_origin origin;
};

/*
 * The top of the source tree of the program under test; what lies below it is named relative to it,
 * so that a finding's identity is the same in every checkout. The table of scenarios may define it;
 * without it, files are named relative to the current directory if they lie below that.
 */
extern const char hde_program_root[] __attribute__((weak));

#define HDE_INLINED_MAX 8

/*
 * The frames at a packed code address, innermost inlined function first; at least one. `pc` is a
 * return address: what is meant is the call before it. Returns how many.
 */
unsigned hde_symbol_frames(uint32_t pc, struct hde_source frames[HDE_INLINED_MAX]);

/* The innermost of them. */
struct hde_source hde_symbol_source(uint32_t pc);

/*
 * The global variable at `address`: its name, or NULL. `offset` becomes the distance from its
 * start, `size` its size. Names are those of the linker: of a local static "function.name" or
 * "name.1".
 */
const char *hde_symbol_variable(uint64_t address, uint64_t *offset, uint64_t *size);

/* The function that begins at `address`: its name, or NULL. */
const char *hde_symbol_function(uint64_t address);

/* A line of a source file, without its indentation and newline; NULL if it cannot be read. */
const char *hde_symbol_line(const struct hde_source *source);

/* The build id of the program, as hexadecimal digits; "unknown" if it has none. */
const char *hde_symbol_build_id(void);

#endif
