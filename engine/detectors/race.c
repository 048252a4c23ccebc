/*
 * Data race: two accesses to a byte by different threads, at least one a write and at least one
 * plain, that nothing orders.
 *
 * Each granule of 8 bytes keeps the accesses that a later one could race with: three in the
 * granule, further ones in a list. An access is dropped when a later one, which it happens before,
 * would race with everything that it would. What an execution leaves behind is void for the next
 * one, because times only grow.
 *
 * Guarantee   Reports at least the first race on each byte of an execution, exactly: byte by byte,
 *             all sizes, atomic against plain. Never reports accesses that the program orders;
 *             fences and release sequences count as in C11.
 * Misses      Accesses of code that is not instrumented; races that need another interleaving of
 *             the synchronization to lose their order (other executions find them). A race is
 *             reported with the earlier access's first occurrence since its thread last released
 *             anything.
 * Source      Flanagan and Freund, FastTrack, PLDI 2009; happens-before of C11, 5.1.2.4.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include "engine/access.h"
#include "engine/arena.h"
#include "engine/block_misuse.h"
#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/pages.h"

#define RECORDS_MAX (UINT32_C(1) << 22)

struct overflow {
    struct hde_cell cell;
    uint32_t next; /* 0 ends the list */
    uint32_t unused;
};

static struct overflow *records;
static uint32_t records_count; /* used; number 0 is none */

static void begin_race(void)
{
    if (records == NULL) {
        records = hde_pages_reserve(RECORDS_MAX * sizeof(*records), "records of accesses");
    }
    records_count = 1;
}

static uint8_t plain_kind(uint64_t word)
{
    return (word & HDE_CELL_WRITES) != 0 ? HDE_EVENT_WRITE : HDE_EVENT_READ;
}

/* A record does not tell a store from an update. */
static uint8_t atomic_kind(uint64_t word)
{
    return (word & HDE_CELL_WRITES) != 0 ? HDE_EVENT_ATOMIC_STORE : HDE_EVENT_ATOMIC_LOAD;
}

static struct hde_place place_of_cell(const struct hde_cell *cell, uint64_t address)
{
    uint8_t mask = (uint8_t)cell->word;

    return (struct hde_place){
        .address = (address & ~(uint64_t)(HDE_GRANULE_BYTES - 1)) + (unsigned)__builtin_ctz(mask),
        .pc = cell->pc,
        .context = cell->context,
        .thread = (uint8_t)(cell->word >> HDE_CELL_THREAD_SHIFT),
        .event_kind =
            (cell->word & HDE_CELL_PLAIN) != 0 ? plain_kind(cell->word) : atomic_kind(cell->word),
        .size = (uint8_t)__builtin_popcount(mask),
    };
}

/* Whether one of the two accesses is a free: that is no data race, but a use after it. */
static bool report_free(const struct hde_thread *thread,
                        uint64_t address,
                        uint32_t pc,
                        const struct hde_cell *earlier)
{
    const struct hde_block *block = hde_arena_find(address);
    bool frees = hde_execution.pending[thread->id].kind == HDE_EVENT_FREE;
    const struct hde_place use = place_of_cell(earlier, address);

    if (block == NULL || (!frees && !block->is_freed)) {
        return false;
    }
    if (frees) {
        hde_block_freed_in_use(&use, block, pc);
        return true;
    }
    /* Said when the access was looked at, unless it is ignored. */
    return use.pc == block->free_pc && use.thread == block->free_thread;
}

/* The access of `word' at `address' races with an earlier one. */
__attribute__((noinline, cold)) static void report(const struct hde_thread *thread,
                                                   uint64_t address,
                                                   uint64_t word,
                                                   uint32_t pc,
                                                   const struct hde_cell *earlier)
{
    struct hde_finding finding = {.kind = HD_DATA_RACE, .places_count = 2};

    if (hde_execution_is_errno(address)) {
        return;
    }
    hde_shadow_make_visible(hde_shadow_at(address));
    if (report_free(thread, address, pc, earlier)) {
        return;
    }
    if ((hde_execution.settings->ignored >> HD_DATA_RACE & 1U) != 0) {
        return;
    }
    finding.places[0] = (struct hde_place){
        .address = address,
        .pc = pc,
        .context = thread->context,
        .event = thread->events,
        .thread = thread->id,
        .event_kind = (word & HDE_CELL_PLAIN) != 0 ? plain_kind(word)
                                                   : hde_execution.pending[thread->id].kind,
        .size = (uint8_t)__builtin_popcount((uint8_t)word),
    };
    finding.places[1] = place_of_cell(earlier, address);
    hde_execution_find(&finding);
}

/* Whether the access happened before what the running thread does now; its own did, too. */
static inline bool happened_before(uint64_t word, const struct hde_thread *thread)
{
    uint64_t time = (word >> HDE_CELL_TIME_SHIFT) - hde_execution.base;

    return time <= hde_clock_at(&thread->clock, (uint8_t)(word >> HDE_CELL_THREAD_SHIFT));
}

/*
 * Whether whatever races with `earlier` would race with `later` as well, given that earlier came
 * first.
 */
static bool dominates(uint64_t later, uint64_t earlier)
{
    return (earlier & ~later & (HDE_CELL_PLAIN | HDE_CELL_WRITES | UINT8_MAX)) == 0;
}

static bool is_same_epoch(uint64_t a, uint64_t b) { return (a ^ b) >> HDE_CELL_THREAD_SHIFT == 0; }

static bool conflict(uint64_t a, uint64_t b)
{
    return (a & b & UINT8_MAX) != 0 && ((a | b) & HDE_CELL_WRITES) != 0 &&
           ((a | b) & HDE_CELL_PLAIN) != 0;
}

enum fate {
    FATE_KEEP,
    FATE_REPLACE, /* by the new access, or empty */
    FATE_ENOUGH,  /* says already what the new access would */
};

/* Compare the access with an earlier one, and say what is to become of that. */
__attribute__((always_inline)) static inline enum fate compare(const struct hde_thread *thread,
                                                               uint64_t address,
                                                               uint64_t word,
                                                               uint32_t pc,
                                                               const struct hde_cell *cell)
{
    uint64_t old = cell->word;

    if (old < hde_execution.void_below) {
        return FATE_REPLACE;
    }
    if (__builtin_expect(happened_before(old, thread), 1)) {
        if (dominates(word, old)) {
            return FATE_REPLACE;
        }
        return is_same_epoch(old, word) && dominates(old, word) ? FATE_ENOUGH : FATE_KEEP;
    }
    if (conflict(old, word)) {
        report(thread, address, word, pc, cell);
    }
    return FATE_KEEP;
}

/* The same for the records in the list; returns whether one of them is enough. */
static bool compare_overflow(const struct hde_thread *thread,
                             uint64_t address,
                             uint64_t word,
                             uint32_t pc,
                             struct hde_cell **room)
{
    bool is_enough = false;

    for (uint32_t i = hde_shadow_at(address)->overflow; i != 0; i = records[i].next) {
        enum fate fate = compare(thread, address, word, pc, &records[i].cell);

        if (fate == FATE_ENOUGH) {
            is_enough = true;
        } else if (fate == FATE_REPLACE) {
            records[i].cell.word = 0;
            *room = &records[i].cell;
        }
    }
    return is_enough;
}

static struct hde_cell *add_overflow(struct hde_granule *granule)
{
    if (records_count == RECORDS_MAX) {
        hde_fatal("more than 4 million accesses that could still race in one execution");
    }
    records[records_count].next = granule->overflow;
    granule->overflow = records_count;
    return &records[records_count++].cell;
}

static void write_cell(struct hde_cell *cell, uint64_t word, uint32_t pc, uint32_t context)
{
    cell->word = word;
    cell->pc = pc;
    cell->context = context;
}

/* Whatever the granule's records are. */
__attribute__((noinline)) static void access_any(struct hde_granule *granule,
                                                 uint64_t address,
                                                 uint64_t word,
                                                 uint32_t pc,
                                                 struct hde_thread *thread)
{
    struct hde_cell *room = NULL;
    bool is_enough = false;

    for (unsigned i = HDE_CELLS; i > 0; i--) {
        struct hde_cell *cell = &granule->cells[i - 1];
        enum fate fate = compare(thread, address, word, pc, cell);

        if (fate == FATE_ENOUGH) {
            is_enough = true;
        } else if (fate == FATE_REPLACE) {
            cell->word = 0;
            room = cell;
        }
    }
    hde_granule_renew(granule, hde_execution.generation);
    if (granule->overflow != 0) {
        is_enough |= compare_overflow(thread, address, word, pc, &room);
    }
    if (is_enough) {
        return;
    }
    if (room == NULL) {
        room = add_overflow(granule);
    }
    write_cell(room, word, pc, thread->context);
}

/* Whether nothing is left of the record once the access has happened. */
static inline bool
is_over(const struct hde_thread *thread, uint64_t word, const struct hde_cell *cell)
{
    return cell->word < hde_execution.void_below ||
           (dominates(word, cell->word) && happened_before(cell->word, thread));
}

/*
 * Memory that is handed from thread to thread has one record, or two of which the access takes the
 * place of the second. This is what access_any() would do with it, found out by fewer questions.
 */
static void access_race(struct hde_granule *granule,
                        uint64_t address,
                        uint64_t word,
                        uint32_t pc,
                        struct hde_thread *thread)
{
    struct hde_cell *cells = granule->cells;
    uint64_t old = cells[0].word;
    bool is_void = old < hde_execution.void_below;

    if (__builtin_expect(cells[2].word >= hde_execution.void_below || granule->overflow != 0 ||
                             !is_over(thread, word, &cells[1]) ||
                             (!is_void && !happened_before(old, thread)),
                         0)) {
        access_any(granule, address, word, pc, thread);
        return;
    }
    if (is_void || dominates(word, old)) {
        cells[1].word = 0;
        write_cell(&cells[0], word, pc, thread->context);
        return;
    }
    if (__builtin_expect(is_same_epoch(old, word), 0)) {
        access_any(granule, address, word, pc, thread);
        return;
    }
    write_cell(&cells[1], word, pc, thread->context);
}

const struct hde_detector hde_detector_race = {
    .name = "race",
    .summary = "accesses that nothing orders",
    .begin = begin_race,
    .access = access_race,
};
