/*
 * Block misuse: the findings. Allocation and first free are causes (finding.h), so that one mistake
 * is not many because blocks of many kinds come there.
 *
 * Guarantee   An access to a freed block is found, however long ago the free was and whether or not
 *             anything orders the two; one within HDE_REDZONE bytes of a block; each free of what
 *             is freed or no block.
 * Misses      Accesses of code that is neither instrumented nor hooked; those that go so far astray
 *             that they hit another block; freed blocks that were used again, where the settings
 *             allow it; memory of libc's own heap, locals and globals.
 * Source      Serebryany and others, AddressSanitizer, USENIX ATC 2012; frees as writes of the
 *             whole block: ThreadSanitizer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/block_misuse.h"

#include <string.h>

#include "engine/execution.h"

static bool is_ignored(enum hd_verdict kind)
{
    return (hde_execution.settings->ignored >> kind & 1U) != 0;
}

static struct hde_place place_here(uint64_t address, uint8_t kind, uint32_t pc)
{
    return (struct hde_place){
        .address = address,
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
        .event_kind = kind,
        .size = 1,
    };
}

static struct hde_place place_of_free(const struct hde_block *block)
{
    return (struct hde_place){
        .address = block->address,
        .pc = block->free_pc,
        .context = block->free_context,
        .event = block->free_event,
        .thread = block->free_thread,
        .event_kind = HDE_EVENT_FREE,
        .size = 1,
    };
}

static void add(struct hde_finding *finding, struct hde_place place)
{
    finding->places[finding->places_count++] = place;
}

static void add_cause(struct hde_finding *finding, struct hde_place place)
{
    place.is_cause = true;
    add(finding, place);
}

static void add_allocation(struct hde_finding *finding, const struct hde_block *block)
{
    /* The engine allocates the state of scenarios: no line of the program does. */
    if (block->pc != 0) {
        add_cause(finding, (struct hde_place){
                               .address = block->address,
                               .pc = block->pc,
                               .context = block->context,
                               .event = block->event,
                               .thread = block->thread,
                               .event_kind = HDE_EVENT_ALLOCATE,
                               .size = 1,
                           });
    }
}

static void say_unordered(struct hde_finding *finding)
{
    (void)memcpy(finding->text, HDE_BLOCK_UNORDERED, sizeof(HDE_BLOCK_UNORDERED));
}

static bool is_free_known(const struct hde_block *block)
{
    return block->free_time <= hde_clock_at(&hde_self->clock, block->free_thread);
}

void hde_block_used(const struct hde_place *use, const struct hde_block *block)
{
    struct hde_finding finding = {.kind = HD_USE_AFTER_FREE};

    if (is_ignored(finding.kind)) {
        return;
    }
    add(&finding, *use);
    add_cause(&finding, place_of_free(block));
    add_allocation(&finding, block);
    if (!is_free_known(block)) {
        say_unordered(&finding);
    }
    hde_execution_fail(&finding);
}

void hde_block_freed_in_use(const struct hde_place *use, const struct hde_block *block, uint32_t pc)
{
    struct hde_finding finding = {.kind = HD_USE_AFTER_FREE};

    if (is_ignored(finding.kind)) {
        return;
    }
    add(&finding, *use);
    add_cause(&finding, place_here(block->address, HDE_EVENT_FREE, pc));
    add_allocation(&finding, block);
    say_unordered(&finding);
    hde_execution_fail(&finding);
}

void hde_block_missed(const struct hde_place *use, const struct hde_block *block)
{
    struct hde_finding finding = {.kind = HD_OUT_OF_BOUNDS};

    if (is_ignored(finding.kind)) {
        return;
    }
    add(&finding, *use);
    add_allocation(&finding, block);
    hde_execution_fail(&finding);
}

void hde_block_freed_again(const struct hde_block *block, uint32_t pc)
{
    struct hde_finding finding = {.kind = HD_DOUBLE_FREE};

    if (is_ignored(finding.kind)) {
        return;
    }
    add(&finding, place_here(block->address, HDE_EVENT_FREE, pc));
    add(&finding, place_of_free(block));
    add_allocation(&finding, block);
    if (!is_free_known(block)) {
        say_unordered(&finding);
    }
    hde_execution_fail(&finding);
}

void hde_block_freed_wildly(const void *memory, uint32_t pc)
{
    struct hde_finding finding = {.kind = HD_INVALID_FREE};
    const struct hde_block *block = hde_arena_find((uint64_t)memory);

    if (is_ignored(finding.kind)) {
        return;
    }
    add(&finding, place_here((uint64_t)memory, HDE_EVENT_FREE, pc));
    if (block != NULL) {
        add_allocation(&finding, block);
    }
    hde_execution_fail(&finding);
}
