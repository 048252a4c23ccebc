/*
 * Memory names: each kind of memory in turn.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/memory_name.h"

#include <stdio.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/backtrace.h"
#include "engine/context.h"
#include "engine/execution.h"
#include "engine/fiber.h"
#include "engine/symbol.h"
#include "engine/type.h"

#define STEPS_ASKED 64U /* that touch a block, about its type: each has to be looked up */
#define FRAMES_ASKED 4U /* of each: the access may be in what was called */

/* The line of the program that `pc` in `context` stands for. */
static struct hde_source program_line(uint32_t context, uint32_t pc)
{
    struct hde_backtrace backtrace;

    hde_backtrace_take(&backtrace, context, pc);
    return hde_backtrace_program(&backtrace);
}

/* ---- Blocks --------------------------------------------------------------------------------- */

typedef const struct hde_type *type_finder(uint32_t pc, uint64_t size);

/* Ask `find` about the code of a step and its callers. */
static const struct hde_type *
ask_step(const struct hde_trace_step *step, uint64_t size, type_finder *find)
{
    uint32_t frames[FRAMES_ASKED];
    unsigned count = hde_context_stack(step->context, step->event.pc, frames, FRAMES_ASKED);
    const struct hde_type *type = NULL;

    for (unsigned i = 0; i < count && type == NULL; i++) {
        type = find(frames[i], size);
    }
    return type;
}

/* Ask `find` about the code that touched the block. */
static const struct hde_type *
ask_touchers(const struct hde_trace *trace, const struct hde_block *block, type_finder *find)
{
    uint64_t memory = block->address;
    const struct hde_type *type = NULL;
    unsigned asked = 0;

    for (size_t i = 0; i < trace->count && asked < STEPS_ASKED && type == NULL; i++) {
        const struct hde_trace_step *step = &trace->steps[i];

        if (step->event.address >= memory && step->event.address - memory < block->size) {
            type = ask_step(step, block->size, find);
            asked++;
        }
    }
    return type;
}

static void name_state(struct hde_memory_name *name,
                       const struct hde_trace *trace,
                       const struct hde_block *block,
                       uint64_t address,
                       uint64_t size)
{
    uint64_t offset = address - block->address;
    const struct hde_type *type = ask_touchers(trace, block, hde_type_pointed_to);

    if (type == NULL) {
        type = ask_touchers(trace, block, hde_type_in_file);
    }
    (void)snprintf(name->name, sizeof(name->name), "state");
    if (type != NULL) {
        hde_type_append_member(type, offset, size, name->name, sizeof(name->name));
    } else if (offset > 0) {
        (void)snprintf(name->name, sizeof(name->name), "state+%llu", (unsigned long long)offset);
    }
}

static void name_block(struct hde_memory_name *name,
                       const struct hde_trace *trace,
                       const struct hde_block *block,
                       uint64_t address,
                       uint64_t size)
{
    uint64_t offset = address - block->address;
    const struct hde_type *type = ask_touchers(trace, block, hde_type_pointed_to);
    struct hde_source allocated = program_line(block->context, block->pc);
    struct hde_source freed = program_line(block->free_context, block->free_pc);
    int length;

    if (type != NULL && hde_type_tag(type)[0] != '\0') {
        (void)snprintf(name->name, sizeof(name->name), "%s", hde_type_tag(type));
        hde_type_append_member(type, offset, size, name->name, sizeof(name->name));
    } else {
        (void)snprintf(name->name, sizeof(name->name), "block+%llu", (unsigned long long)offset);
    }
    length =
        snprintf(name->whereabouts, sizeof(name->whereabouts),
                 "in %llu bytes that thread %u allocated at %s:%d", (unsigned long long)block->size,
                 block->thread, allocated.file, allocated.line);
    if (block->is_freed && length > 0 && (size_t)length < sizeof(name->whereabouts)) {
        char who[24] = "";

        if (block->free_thread != block->thread) {
            (void)snprintf(who, sizeof(who), "thread %u ", block->free_thread);
        }
        (void)snprintf(name->whereabouts + length, sizeof(name->whereabouts) - (size_t)length,
                       " and %sfreed at %s:%d", who, freed.file, freed.line);
    }
}

/* ---- Stacks --------------------------------------------------------------------------------- */

/*
 * The function whose frame an address on the stack of `thread` lies in, if it has not returned:
 * that of the innermost call that was entered above it.
 */
static struct hde_source frame_of(const struct hde_thread *thread, uint64_t address)
{
    uint32_t inner = hde_execution.pending[thread->id].pc; /* in the function at `depth` */
    uint32_t depth = thread->depth < HDE_FRAMES_MAX ? thread->depth : HDE_FRAMES_MAX;
    uint32_t node = thread->context;

    while (depth > 0 && node != 0 && thread->frames[depth - 1] <= address) {
        inner = hde_contexts[node].call_pc;
        node = hde_contexts[node].parent;
        depth--;
    }
    return hde_symbol_source(depth == 0 ? 0 : inner);
}

static void name_local(struct hde_memory_name *name, unsigned owner, uint64_t address)
{
    const struct hde_thread *thread = &hde_execution.threads[owner];
    struct hde_source frame = {.function = "?"};

    if (owner < hde_execution.threads_count && !thread->has_ended) {
        frame = frame_of(thread, address);
    }
    (void)snprintf(name->name, sizeof(name->name), "a local of thread %u", owner);
    if (strcmp(frame.function, "?") != 0 && frame.origin != HDE_ORIGIN_ENGINE) {
        (void)snprintf(name->whereabouts, sizeof(name->whereabouts), "on the stack, in %s()",
                       frame.function);
    } else {
        (void)snprintf(name->whereabouts, sizeof(name->whereabouts), "on its stack");
    }
}

/* ---- Globals -------------------------------------------------------------------------------- */

static bool name_global(struct hde_memory_name *name, uint64_t address, uint64_t size)
{
    uint64_t offset;
    uint64_t variable_size;
    const char *variable = hde_symbol_variable(address, &offset, &variable_size);
    const struct hde_type *type;

    if (variable == NULL) {
        return false;
    }
    (void)snprintf(name->name, sizeof(name->name), "%s", variable);
    type = hde_type_of_variable(variable, variable_size);
    if (type != NULL) {
        hde_type_append_member(type, offset, size, name->name, sizeof(name->name));
    } else if (offset > 0) {
        (void)snprintf(name->name, sizeof(name->name), "%s+%llu", variable,
                       (unsigned long long)offset);
    }
    return true;
}

/* Threads are objects that others join. */
static bool name_thread(struct hde_memory_name *name, uint64_t address)
{
    uint64_t first = (uint64_t)(uintptr_t)hde_execution.threads;
    uint64_t number = (address - first) / sizeof(struct hde_thread);

    if (hde_execution.threads == NULL || number >= HDE_THREADS_MAX || address < first) {
        return false;
    }
    (void)snprintf(name->name, sizeof(name->name), "thread %u", (unsigned)number);
    return true;
}

struct hde_memory_name
hde_memory_name(const struct hde_trace *trace, uint64_t address, uint64_t size)
{
    struct hde_memory_name name = {.name = "?"};
    const struct hde_block *block = hde_arena_find(address);
    unsigned owner = hde_fiber_stack_owner((uintptr_t)address);

    if (block != NULL && block->thread == 0 && block->pc == 0) {
        name_state(&name, trace, block, address, size); /* which only the engine allocates so */
    } else if (block != NULL) {
        name_block(&name, trace, block, address, size);
    } else if (hde_execution_is_errno(address)) {
        (void)snprintf(name.name, sizeof(name.name), "errno"); /* all threads' have one address */
    } else if (owner != HDE_THREADS_MAX) {
        name_local(&name, owner, address);
    } else if (!name_thread(&name, address) && !name_global(&name, address, size)) {
        (void)snprintf(name.name, sizeof(name.name), "unknown memory");
    }
    return name;
}
