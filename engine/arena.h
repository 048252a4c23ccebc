/*
 * Arena: the heap of the code under test.
 *
 * Each thread has a range of its own at a fixed address and takes blocks from it one after the
 * other, so a block's address depends on what its own thread allocated before, never on the
 * interleaving. A freed block is not used again within an execution. The next execution begins anew
 * at the start of each range: nothing is cleared. New blocks are filled with a pattern, so that
 * code that reads what it never wrote does so the same way in every replay.
 *
 * Each block has a header that says how large it is, and who allocated it where.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_ARENA_H
#define HEDDLE_ENGINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hde_block {
    uint64_t size;    /* of the memory that follows the header, as asked for */
    uint64_t next;    /* address of the next block's header */
    uint32_t pc;      /* where it was allocated, packed */
    uint32_t context; /* calling context of the allocation (context.h) */
    uint32_t free_pc; /* where it was freed, packed; 0 while it is not */
    uint32_t free_context;
    uint8_t thread; /* that allocated it */
    uint8_t free_thread;
    bool is_freed;
    uint8_t unused[5];
    uint64_t seal; /* of address and execution: tells a header from whatever else lies in memory */
};

/* A number of its own for each execution: what was taken from the arena is gone when it changes. */
extern uint64_t hde_arena_generation;

/* Map the ranges; once a process. */
void hde_arena_map(void);

/* Forget all blocks. */
void hde_arena_begin(void);

/*
 * A block of `size` bytes at a multiple of `alignment` (a power of two, >= 16), taken from the
 * range of `thread`; NULL if that is full. `fill` is the byte it is filled with.
 */
void *hde_arena_take(unsigned thread, size_t size, size_t alignment, int fill);

/* The block whose memory begins at `memory`; NULL if there is none: a wild pointer, or none of
 * ours. */
struct hde_block *hde_arena_block(const void *memory);

/* The block that `address` lies in; NULL if in none. Slow: walks the blocks of a range. */
const struct hde_block *hde_arena_find(uint64_t address);

/* What `thread' has taken so far, headers and all, in whole words. */
void hde_arena_extent(unsigned thread, const uint64_t **begin, const uint64_t **end);

/* Whether an address lies in the arena. */
bool hde_arena_has(uint64_t address);

#endif
