/*
 * Binary: what an ELF program or library tells of how it was built, without running it: which
 * sanitizer's runtime is in it, which units and functions are instrumented, which of the functions
 * that order threads its runtime does not know.
 *
 * How it is told that code is instrumented: it calls the sanitizer (`__tsan_read4', ...). A unit
 * without a single such call, which does read or write memory other than local variables, was
 * compiled without -fsanitize.
 *
 * Misses  Code of machines other than x86-64 is not decoded: `is_decoded' is false, and nothing is
 *         said of units and functions. Calls through pointers. Functions without a symbol. Which
 *         unit a function without debug information belongs to.
 * Source  The System V ABI, its x86-64 supplement, DWARF 5.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_BINARY_H
#define HEDDLE_CI_REPORT_BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- What there is --------------------------------------------------------------------------- */

enum hdr_runtime_kind {
    HDR_TSAN,
    HDR_ASAN,
    HDR_UBSAN,
    HDR_LSAN,
    HDR_MSAN,
    HDR_LIBFUZZER,
    HDR_HEDDLE, /* the engine */
    HDR_RUNTIMES
};

/* "ThreadSanitizer" ... */
extern const char *const hdr_runtime_names[HDR_RUNTIMES];

struct hdr_runtime {
    bool is_there;
    bool is_shared;
    const char *library; /* of one that is shared: where it was found; NULL: it was not */
};

/* A function, constant after opening. */
struct hdr_function {
    const char *name;
    uint64_t begin;
    uint64_t end;
    size_t unit;       /* HDR_NO_UNIT: it has no debug information */
    bool is_ignored;   /* of the C runtime, a sanitizer, or the engine */
    bool is_watched;   /* calls the sanitizer */
    bool has_accesses; /* to memory other than local variables */
    bool has_fence;    /* atomic_thread_fence(), as the sanitizer hears of it */
    bool has_barrier;  /* mfence and its like */
    bool has_lock;     /* a prefix `lock', or an exchange with memory */
};

#define HDR_NO_UNIT SIZE_MAX

/* A unit that was compiled, constant after opening. */
struct hdr_unit {
    const char *name; /* the source file, as the compiler was told it */
    const char *producer;
    bool is_ignored;   /* the engine's */
    bool is_watched;   /* at least one of its functions is */
    bool has_accesses; /* at least one of its functions has */
};

struct hdr_binary {
    const char *path;
    char build_id[65]; /* "" if it has none */
    bool has_symbols;
    bool has_debug_info;
    bool is_decoded;
    struct hdr_runtime runtimes[HDR_RUNTIMES];
    char **compilers; /* of .comment, each once */
    size_t compilers_count;
    struct hdr_unit *units;
    size_t units_count;
    struct hdr_function *functions; /* by address */
    size_t functions_count;
    struct hdr_binary_parts *parts; /* binary.c's own */
};

/* ---- Asking ---------------------------------------------------------------------------------- */

#define HDR_BINARY_ERROR_SIZE 256

/* NULL if the file is no ELF program or library; `error' says why then. */
struct hdr_binary *hdr_binary_open(const char *path, char error[HDR_BINARY_ERROR_SIZE]);

void hdr_binary_close(struct hdr_binary *binary);

/* The function of this name that has code; NULL if there is none, or more than one. */
const struct hdr_function *hdr_binary_function(const struct hdr_binary *binary, const char *name);

/* Whether it takes a function from a library. */
bool hdr_binary_imports(const struct hdr_binary *binary, const char *name);

/* Whether it, or a sanitizer's library that it uses, defines a symbol. */
bool hdr_binary_defines(const struct hdr_binary *binary, const char *name);

/* Whether these bytes occur in it, or in the sanitizers' libraries that it uses. */
bool hdr_binary_contains(const struct hdr_binary *binary, const char *text);

/*
 * Whether a runtime has this word, as it has each of its options' names: as a string, or as the end
 * of one, since a compiler keeps one string in the end of another.
 */
bool hdr_binary_has_word(const struct hdr_binary *binary,
                         enum hdr_runtime_kind runtime,
                         const char *word);

/* Tell of such words: of lower-case letters, digits and `_', until `visit' says false. */
void hdr_binary_words(const struct hdr_binary *binary,
                      enum hdr_runtime_kind runtime,
                      bool (*visit)(void *context, const char *word),
                      void *context);

/* Whether a unit, or a function, was compiled without the sanitizer that the binary has. */
bool hdr_unit_is_uninstrumented(const struct hdr_binary *binary, const struct hdr_unit *unit);
bool hdr_function_is_uninstrumented(const struct hdr_binary *binary,
                                    const struct hdr_function *function);

/* ---- Code ------------------------------------------------------------------------------------ */

struct hdr_call {
    uint64_t address;  /* of the instruction */
    const char *name;  /* what it calls; NULL: it has no name */
    uint64_t argument; /* the first, where it is a constant: the address of a variable; else 0 */
};

/* Tell of the direct calls in a function, in the order of its code, until `visit' says false. */
void hdr_binary_calls(const struct hdr_binary *binary,
                      const struct hdr_function *function,
                      bool (*visit)(void *context, const struct hdr_call *call),
                      void *context);

/*
 * Whether code at `then' is come to only from code at `first' before it, in the same function: no
 * jump from elsewhere leads in between.
 */
bool hdr_binary_is_passed(const struct hdr_binary *binary, uint64_t first, uint64_t then);

/* The source line at an address, or 0. */
int hdr_binary_line(const struct hdr_binary *binary, uint64_t address);

#endif
