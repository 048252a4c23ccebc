/*
 * Leak: a block that nobody has freed when all is over, and that nothing points to.
 *
 * Looked for if the execution ended by itself, with all of its threads, and nothing else was found.
 * What is reachable: what the state of the scenario, the globals that this execution wrote, the
 * writable data of other libraries, and the values that thread 0 keeps for itself point to, and
 * what such blocks point to in turn. Any aligned word that could be an address of a block, or has
 * one in its lower 48 bits, points to it, wherever in it. Stacks are gone by then.
 *
 * Of blocks that point to each other, those are reported that no leaked block points to; in a ring,
 * the first.
 *
 * Guarantee   A block is reported only if no such word is left. Costs nothing if all are freed.
 * Misses      Blocks that chance makes look reachable; those that an execution leaves behind which
 *             does not end by itself; all, where what is left is more than SCANNED_MAX bytes. Who
 *             keeps the only pointer in pieces, or in memory that is neither instrumented nor a
 *             library's data, is reported wrongly.
 * Source      Boehm and Weiser, Garbage collection in an uncooperative environment, 1988; the roots
 *             are those of LeakSanitizer, but for stacks.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/roots.h"

#define SCANNED_MAX (UINT64_C(8) << 20)
#define ADDRESS_MASK ((UINT64_C(1) << 48) - 1)

static struct hde_block *to_scan; /* reached, but not yet looked into */
static uint64_t scanned;          /* bytes */

/* The block that a word points to; NULL if it is freed, or there is none. */
static struct hde_block *block_of(uint64_t word)
{
    uint64_t address = word & ADDRESS_MASK;
    struct hde_block *block = NULL;

    if (hde_arena_has(address)) {
        block = hde_arena_nearest(address);
    }
    /* One past the end is as good a pointer as any: what lies there is no other block. */
    if (block == NULL || block->is_freed || address - block->address > block->size) {
        return NULL;
    }
    return block;
}

static void reach(uint64_t word)
{
    struct hde_block *block = block_of(word);

    if (block != NULL && block->mark != hde_execution.generation) {
        block->mark = hde_execution.generation;
        block->next = to_scan;
        to_scan = block;
    }
}

static uint64_t word_at(uint64_t address)
{
    uint64_t word;

    (void)memcpy(&word, (const void *)address, sizeof(word));
    return word;
}

/* Blocks begin at multiples of 16, so their words are aligned. */
static void visit_words(const struct hde_block *block, void (*visit)(uint64_t word))
{
    scanned += block->size;
    if (scanned > SCANNED_MAX) {
        return;
    }
    for (uint64_t i = 0; i + sizeof(uint64_t) <= block->size; i += sizeof(uint64_t)) {
        visit(word_at(block->address + i));
    }
}

static void reach_all(void)
{
    while (to_scan != NULL) {
        const struct hde_block *block = to_scan;

        to_scan = block->next;
        visit_words(block, reach);
    }
}

static void visit_range(unsigned thread, void (*visit)(struct hde_block *block))
{
    struct hde_block *block = hde_arena_number(thread, 0);

    for (uint32_t number = 0; block != NULL; block = hde_arena_number(thread, ++number)) {
        if (!block->is_freed) {
            visit(block);
        }
    }
}

/* Calls visit() for each block that is not freed. */
static void visit_blocks(void (*visit)(struct hde_block *block))
{
    for (unsigned thread = 0; thread < hde_execution.threads_count; thread++) {
        visit_range(thread, visit);
    }
}

static bool is_leaked(const struct hde_block *block)
{
    return block->pc != 0 && block->mark != hde_execution.generation;
}

/* What the engine allocates for thread 0 is the state, and its thread-local variables. */
static void reach_engine_block(struct hde_block *block)
{
    block->is_indirect = false;
    if (block->pc == 0 && block->thread == 0) {
        reach(block->address);
    }
}

static void find_reachable(void)
{
    to_scan = NULL;
    scanned = 0;
    visit_blocks(reach_engine_block);
    for (size_t i = 0; i < hde_globals_logged(); i++) {
        reach(word_at(hde_globals_granule(i)));
    }
    if (hde_roots_of_threads != NULL) {
        hde_roots_of_threads(reach);
    }
    reach_all();
}

static const struct hde_block *pointing; /* the block whose words are looked at */

static void make_indirect(uint64_t word)
{
    struct hde_block *block = block_of(word);

    if (block != NULL && block != pointing) {
        block->is_indirect = true;
    }
}

static void make_pointed_to_indirect(struct hde_block *block)
{
    if (is_leaked(block)) {
        pointing = block;
        visit_words(block, make_indirect);
    }
}

static bool is_any_leaked;

static void look_for_leaked(struct hde_block *block)
{
    is_any_leaked = is_any_leaked || is_leaked(block);
}

static void report(const struct hde_block *block)
{
    const struct hde_finding finding = {
        .kind = HD_LEAK,
        .places_count = 1,
        .places[0] = {.address = block->address,
                      .pc = block->pc,
                      .context = block->context,
                      .event = block->event,
                      .thread = block->thread,
                      .event_kind = HDE_EVENT_ALLOCATE,
                      .size = 1},
    };

    hde_execution_find(&finding);
}

static void report_direct(struct hde_block *block)
{
    if (is_leaked(block) && !block->is_indirect) {
        report(block);
    }
}

static void report_ring(struct hde_block *block)
{
    if (is_leaked(block) && hde_execution.findings_count == 0) {
        report(block);
    }
}

/* Whether there is any, now that more is known to be reachable. */
static bool is_any_left(void)
{
    is_any_leaked = false;
    visit_blocks(look_for_leaked);
    return is_any_leaked && scanned <= SCANNED_MAX;
}

static void end_leak(void)
{
    const struct hde_execution *execution = &hde_execution;

    if (hde_arena_live == 0 || execution->end != HDE_END_DONE || execution->has_stopped ||
        execution->findings_count != 0 || (execution->settings->ignored >> HD_LEAK & 1U) != 0) {
        return;
    }
    find_reachable();
    if (!is_any_left()) {
        return;
    }
    /* Rarely: those that other libraries keep. */
    hde_roots_of_libraries(reach);
    reach_all();
    if (!is_any_left()) {
        return;
    }
    visit_blocks(make_pointed_to_indirect);
    visit_blocks(report_direct);
    visit_blocks(report_ring);
}

const struct hde_detector hde_detector_leak = {
    .name = "leak",
    .summary = "blocks that nothing points to when all is over",
    .ended = end_leak,
};
