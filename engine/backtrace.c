/*
 * Backtrace: a calling context and what was inlined in each of its calls.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/backtrace.h"

#include "engine/context.h"

static const struct hde_source nowhere = {"?", "?", 0, HDE_ORIGIN_SYSTEM};

/* Append the frames of one call: those inlined in it, and its own. */
static void add_call(struct hde_backtrace *backtrace, uint32_t pc)
{
    struct hde_source inlined[HDE_INLINED_MAX];
    unsigned count = pc == 0 ? 0 : hde_symbol_frames(pc, inlined);

    for (unsigned i = 0; i < count && backtrace->count < HDE_BACKTRACE_MAX; i++) {
        if (inlined[i].origin != HDE_ORIGIN_ENGINE) {
            backtrace->frames[backtrace->count++] = inlined[i];
        }
    }
}

void hde_backtrace_take(struct hde_backtrace *backtrace, uint32_t context, uint32_t pc)
{
    uint32_t calls[HDE_BACKTRACE_MAX];
    unsigned count = hde_context_stack(context, pc, calls, HDE_BACKTRACE_MAX);

    backtrace->count = 0;
    for (unsigned i = 0; i < count; i++) {
        add_call(backtrace, calls[i]);
    }
}

struct hde_source hde_backtrace_program(const struct hde_backtrace *backtrace)
{
    for (unsigned i = 0; i < backtrace->count; i++) {
        if (backtrace->frames[i].origin == HDE_ORIGIN_PROGRAM) {
            return backtrace->frames[i];
        }
    }
    return backtrace->count > 0 ? backtrace->frames[0] : nowhere;
}

struct hde_source hde_backtrace_access(const struct hde_backtrace *backtrace)
{
    for (unsigned i = 0; i < backtrace->count; i++) {
        if (backtrace->frames[i].origin != HDE_ORIGIN_SYSTEM) {
            return backtrace->frames[i];
        }
    }
    return backtrace->count > 0 ? backtrace->frames[0] : nowhere;
}
