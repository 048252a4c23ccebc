/*
 * Arena: the heap of the code under test.
 *
 * Each thread has a range of its own at a fixed address and takes blocks from it one after the
 * other, so a block's address depends on what its own thread allocated before, never on the
 * interleaving. A freed block is not used again within an execution, or, if the arena is told to,
 * by the thread that freed it only, the last one first: then too, a thread's addresses depend on
 * what it did itself. The next execution begins anew at the start of each range: nothing is
 * cleared. New blocks are filled with a pattern, so that code that reads what it never wrote does
 * so the same way in every replay.
 *
 * Around each block lie HDE_REDZONE bytes that nobody may touch (poison.h). What is known of a
 * block is kept elsewhere: the code under test cannot damage it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_ARENA_H
#define HEDDLE_ENGINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/sanitizer.h"

#define HDE_REDZONE UINT64_C(16) /* between blocks, at least */
#define HDE_UNFILLED (-1)

/* Memory that was never written reads as this; as a pointer it is one that no memory is at. */
#define HDE_FRESH 0xa5

struct hde_block {
    uint64_t address;
    uint64_t size; /* as asked for */
    uint32_t pc;   /* where it was allocated, packed; 0: by the engine itself */
    uint32_t context;
    uint32_t event;   /* event number of the thread, then */
    uint32_t free_pc; /* where it was freed, packed; 0 while it is not */
    uint32_t free_context;
    uint32_t free_event;
    uint32_t free_time;     /* of the thread that freed it: its clock, then */
    uint32_t mark;          /* the execution in which it was found reachable (leak.c) */
    uint32_t bin;           /* of its size, if it may be used again (arena.c) */
    struct hde_block *next; /* freed by the same thread, or reachable (leak.c); NULL: the last */
    uint8_t thread;         /* that allocated it */
    uint8_t free_thread;
    bool is_freed;
    bool is_indirect; /* leaked, but a leaked block points to it (leak.c) */
};

/* A number of its own for each execution: what was taken from the arena is gone when it changes. */
extern uint64_t hde_arena_generation;

/* Blocks that the program has allocated and not freed. */
extern uint64_t hde_arena_live;

/* Map the ranges; once a process. */
void hde_arena_map(void);

/* Forget all blocks. `reuses': freed blocks may be used again. */
void hde_arena_begin(bool reuses);

/*
 * A block of `size` bytes at a multiple of `alignment` (a power of two, >= 16), taken for `thread`;
 * NULL if its range is full. `fill` is the byte it is filled with; HDE_UNFILLED: it is not.
 */
struct hde_block *hde_arena_take(unsigned thread, size_t size, size_t alignment, int fill);

/* The block, which its free_* say who freed, may be used again; it has been poisoned. */
void hde_arena_end(struct hde_block *block);

/* The block whose memory begins at `memory`; NULL if there is none: a wild pointer, or none of
 * ours. */
struct hde_block *hde_arena_block(const void *memory);

/* The block that `address` lies in; NULL if in none. */
struct hde_block *hde_arena_find(uint64_t address);

/* The same for an address that may lie beside it: the nearest block of its range; NULL if none. */
struct hde_block *hde_arena_nearest(uint64_t address);

/* The blocks of a thread's range, by number in the order of their addresses; NULL beyond. */
struct hde_block *hde_arena_number(unsigned thread, uint32_t number);

#define HDE_ARENA_SIZE (UINT64_C(1) << 38) /* 1 GiB for each of HDE_THREADS_MAX threads */

/* What `thread' has taken so far, headers and all, in whole words. */
void hde_arena_extent(unsigned thread, const uint64_t **begin, const uint64_t **end);

/* Whether an address lies in the arena. */
static inline bool hde_arena_has(uint64_t address)
{
    return address - HDE_ARENA_ADDRESS < HDE_ARENA_SIZE;
}

#endif
