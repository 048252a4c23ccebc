/*
 * Backtrace: the stack of an event as source lines, innermost first, without the engine's frames.
 *
 * Inlined functions have frames of their own. Outside executions only: it looks symbols up.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_BACKTRACE_H
#define HEDDLE_ENGINE_BACKTRACE_H

#include <stdint.h>

#include "engine/symbol.h"

#define HDE_BACKTRACE_MAX 64U /* frames; what lies further out is left away */

struct hde_backtrace {
    unsigned count; /* 0 if only the engine was running */
    struct hde_source frames[HDE_BACKTRACE_MAX];
};

/* The stack of an event at `pc` in calling context `context` (context.h). */
void hde_backtrace_take(struct hde_backtrace *backtrace, uint32_t context, uint32_t pc);

/* The innermost frame of the program's own code; the innermost of all if it has none; "?". */
struct hde_source hde_backtrace_program(const struct hde_backtrace *backtrace);

/* The innermost frame that is not a shared library's, e.g. the caller of memcpy(); or as above. */
struct hde_source hde_backtrace_access(const struct hde_backtrace *backtrace);

#endif
