/*
 * Arena: ranges, blocks and how they are found again.
 *
 * Beginning anew is one number that grows: a range whose own number differs is empty, and a header
 * whose seal was made with another one is none. So an execution pays for what it allocates only.
 *
 * Blocks of a range are chained by address, from `first` to `last`. The code under test can
 * overwrite headers; a walk goes upwards only and stays within the range, whatever it finds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/arena.h"

#include <string.h>
#include <sys/mman.h>

#include "engine/fatal.h"
#include "engine/set.h"

#define ARENA_ADDRESS UINT64_C(0x110000000000)
#define RANGE_SIZE (UINT64_C(64) << 20)
#define ARENA_SIZE (RANGE_SIZE * HDE_THREADS_MAX)

/* Ranges begin at different places in a page, lest they compete for one set of the cache. */
#define COLOUR_STEP (UINT64_C(17) * 64)
#define COLOURS_SIZE UINT64_C(4096)

#define BLOCK_ALIGNMENT UINT64_C(16)

struct range {
    uint64_t generation; /* the rest is that of no block if it is not the current one */
    uint64_t top;        /* next address to take */
    struct hde_block *first;
    struct hde_block *last;
};

uint64_t hde_arena_generation;
static struct range ranges[HDE_THREADS_MAX]; /* by thread */

void hde_arena_map(void)
{
    void *wanted = (void *)ARENA_ADDRESS;
    void *region = mmap(wanted, ARENA_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

    if (region != wanted) {
        hde_fatal_errno("cannot map the arena at its fixed address");
    }
    /* A huge page for each thread that allocates a few bytes would be half a gigabyte. Where the
     * kernel has none, there is nothing to refuse. */
    (void)madvise(region, ARENA_SIZE, MADV_NOHUGEPAGE);
    hde_arena_begin();
}

void hde_arena_begin(void) { hde_arena_generation++; }

static uint64_t seal_of(const struct hde_block *block)
{
    return ((uint64_t)block + hde_arena_generation) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct hde_block *block_at(uint64_t address) { return (struct hde_block *)address; }

static void empty(struct range *range, unsigned thread)
{
    range->generation = hde_arena_generation;
    range->top = ARENA_ADDRESS + thread * RANGE_SIZE + thread * COLOUR_STEP % COLOURS_SIZE;
    range->first = NULL;
    range->last = NULL;
}

void *hde_arena_take(unsigned thread, size_t size, size_t alignment, int fill)
{
    struct range *range = &ranges[thread];
    uint64_t end = ARENA_ADDRESS + (thread + 1) * RANGE_SIZE;

    if (range->generation != hde_arena_generation) {
        empty(range, thread);
    }
    if (size > RANGE_SIZE || alignment > RANGE_SIZE) {
        return NULL;
    }

    uint64_t memory = (range->top + sizeof(struct hde_block) + alignment - 1) & ~(alignment - 1);
    /* A block of no bytes has an address of its own, too. */
    uint64_t room = size == 0 ? 1 : size;
    uint64_t top = (memory + room + BLOCK_ALIGNMENT - 1) & ~(BLOCK_ALIGNMENT - 1);

    if (top > end) {
        return NULL;
    }

    struct hde_block *block = block_at(memory) - 1;

    *block = (struct hde_block){.size = size, .thread = (uint8_t)thread, .seal = seal_of(block)};
    if (range->last != NULL) {
        range->last->next = (uint64_t)block;
    } else {
        range->first = block;
    }
    range->last = block;
    range->top = top;
    return memset(block + 1, fill, size);
}

void hde_arena_extent(unsigned thread, const uint64_t **begin, const uint64_t **end)
{
    const struct range *range = &ranges[thread];
    bool has_any = range->generation == hde_arena_generation && range->first != NULL;

    *begin = has_any ? (const uint64_t *)range->first : NULL;
    *end = has_any ? (const uint64_t *)range->top : NULL;
}

bool hde_arena_has(uint64_t address) { return address - ARENA_ADDRESS < ARENA_SIZE; }

/* The range that an address lies in, if anything has been taken from it; NULL otherwise. */
static const struct range *range_at(uint64_t address)
{
    if (!hde_arena_has(address)) {
        return NULL;
    }

    const struct range *range = &ranges[(address - ARENA_ADDRESS) / RANGE_SIZE];

    return range->generation == hde_arena_generation && range->first != NULL ? range : NULL;
}

struct hde_block *hde_arena_block(const void *memory)
{
    const struct range *range = range_at((uint64_t)memory);
    struct hde_block *block = block_at((uint64_t)memory) - 1;

    if (range == NULL || (uint64_t)memory % BLOCK_ALIGNMENT != 0 || block < range->first ||
        block > range->last || block->seal != seal_of(block)) {
        return NULL;
    }
    return block;
}

const struct hde_block *hde_arena_find(uint64_t address)
{
    const struct range *range = range_at(address);
    const struct hde_block *block = range == NULL ? NULL : range->first;

    while (block != NULL) {
        uint64_t memory = (uint64_t)(block + 1);
        uint64_t next = block->next;

        if (address - memory < block->size || (address == memory && block->size == 0)) {
            return block;
        }
        if (next <= (uint64_t)block || next > (uint64_t)range->last || next > address) {
            return NULL;
        }
        block = block_at(next);
    }
    return NULL;
}
