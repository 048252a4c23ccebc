/*
 * Arena: ranges, blocks and how they are found again.
 *
 * Beginning anew is one number that grows: a range whose own number differs is empty. So an
 * execution pays for what it allocates only.
 *
 * A range has its blocks in the order of their addresses, since it only grows: an address is found
 * in them by halving. They lie like this, the redzones poisoned:
 *
 *     | redzone | memory, and what is left of its last 16 bytes | redzone | memory ...
 *
 * Small blocks that are used again are kept in one list for each size and thread that freed them;
 * larger ones are not used again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/arena.h"

#include <string.h>
#include <sys/mman.h>

#include "engine/fatal.h"
#include "engine/pages.h"
#include "engine/poison.h"
#include "engine/set.h"

#define RANGE_SIZE (HDE_ARENA_SIZE / HDE_THREADS_MAX)
#define BLOCKS_MAX (UINT32_C(1) << 21) /* of a range */

/* Ranges begin at different places in a page, lest they compete for one set of the cache. */
#define COLOUR_STEP (UINT64_C(17) * 64)
#define COLOURS_SIZE UINT64_C(4096)

#define BLOCK_ALIGNMENT UINT64_C(16)

#define BINS 65U /* blocks of up to 1024 bytes, by how often 16 bytes they are; bin 0: no list */

struct range {
    uint64_t generation; /* the rest is that of no block if it is not the current one */
    uint64_t top;        /* next address to take */
    uint32_t count;      /* of blocks */
    bool has_freed;      /* `freed' has been cleared in this execution */
    struct hde_block *blocks;
    struct hde_block *freed[BINS]; /* by this thread, in any range, the last one first */
};

uint64_t hde_arena_generation;
uint64_t hde_arena_live;
static bool reuses_blocks;
static struct range ranges[HDE_THREADS_MAX]; /* by thread */

void hde_arena_map(void)
{
    void *wanted = (void *)HDE_ARENA_ADDRESS;
    void *region = mmap(wanted, HDE_ARENA_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

    if (region != wanted) {
        hde_fatal_errno("cannot map the arena at its fixed address");
    }
    /* A huge page for each thread that allocates a few bytes would be half a gigabyte. Where the
     * kernel has none, there is nothing to refuse. */
    (void)madvise(region, HDE_ARENA_SIZE, MADV_NOHUGEPAGE);
    hde_arena_begin(false);
}

void hde_arena_begin(bool reuses)
{
    hde_arena_generation++;
    hde_arena_live = 0;
    reuses_blocks = reuses;
}

static void empty(struct range *range, unsigned thread)
{
    range->generation = hde_arena_generation;
    range->top =
        HDE_ARENA_ADDRESS + thread * RANGE_SIZE + thread * COLOUR_STEP % COLOURS_SIZE + HDE_REDZONE;
    range->count = 0;
    range->has_freed = false;
    if (range->blocks == NULL) {
        range->blocks =
            hde_pages_reserve(BLOCKS_MAX * sizeof(range->blocks[0]), "blocks of the arena");
    }
}

static struct range *range_of(unsigned thread)
{
    struct range *range = &ranges[thread];

    if (range->generation != hde_arena_generation) {
        empty(range, thread);
    }
    return range;
}

/* ---- Blocks that are used again -------------------------------------------------------------- */

static uint32_t bin_of(uint64_t size)
{
    uint64_t units = (size + BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT;

    return units < BINS ? (uint32_t)units + (units == 0) : 0;
}

static void keep(struct hde_block *block)
{
    struct range *range = range_of(block->free_thread);

    if (!range->has_freed) {
        (void)memset((void *)range->freed, 0, sizeof(range->freed));
        range->has_freed = true;
    }
    block->next = range->freed[block->bin];
    range->freed[block->bin] = block;
}

/* NULL if the thread has freed none of that size, or used it again. */
static struct hde_block *take_again(struct range *range, uint64_t size, uint64_t alignment)
{
    uint32_t bin = bin_of(size);
    struct hde_block *block = NULL;

    if (reuses_blocks && range->has_freed && bin != 0 && alignment == BLOCK_ALIGNMENT) {
        block = range->freed[bin];
    }
    if (block != NULL) {
        range->freed[bin] = block->next;
        hde_poison_cure(block->address, size);
    }
    return block;
}

void hde_arena_end(struct hde_block *block)
{
    block->is_freed = true;
    if (reuses_blocks && block->bin != 0) {
        keep(block);
    }
}

/* ---- New ones -------------------------------------------------------------------------------- */

/* NULL if there is no room. */
static struct hde_block *take_new(struct range *range, unsigned thread, size_t size, size_t align)
{
    uint64_t end = HDE_ARENA_ADDRESS + (thread + 1) * RANGE_SIZE;

    if (size > RANGE_SIZE || align > RANGE_SIZE || range->count == BLOCKS_MAX) {
        return NULL;
    }

    uint64_t memory = (range->top + align - 1) & ~(align - 1);
    /* A block of no bytes has an address of its own, too. */
    uint64_t room = size == 0 ? 1 : size;
    uint64_t behind = (memory + room + BLOCK_ALIGNMENT - 1) & ~(BLOCK_ALIGNMENT - 1);

    if (behind + HDE_REDZONE > end) {
        return NULL;
    }

    struct hde_block *block = &range->blocks[range->count++];

    if (memory != range->top || range->count == 1) {
        hde_poison(memory - HDE_REDZONE, HDE_REDZONE); /* no block lies right before */
    }
    block->address = memory;
    range->top = behind + HDE_REDZONE;
    hde_poison(memory + size, range->top - memory - size);
    return block;
}

struct hde_block *hde_arena_take(unsigned thread, size_t size, size_t alignment, int fill)
{
    struct range *range = range_of(thread);
    struct hde_block *block = take_again(range, size, alignment);

    if (block == NULL) {
        block = take_new(range, thread, size, alignment);
    }
    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    block->pc = 0;
    block->context = 0;
    block->event = 0;
    block->free_pc = 0;
    block->mark = 0;
    block->bin = alignment == BLOCK_ALIGNMENT ? bin_of(size) : 0;
    block->thread = (uint8_t)thread;
    block->is_freed = false;

    if (fill != HDE_UNFILLED) {
        (void)memset((void *)block->address, fill, size);
    }
    return block;
}

void hde_arena_extent(unsigned thread, const uint64_t **begin, const uint64_t **end)
{
    const struct range *range = &ranges[thread];
    bool has_any = range->generation == hde_arena_generation && range->count > 0;

    *begin = has_any ? (const uint64_t *)range->blocks[0].address : NULL;
    *end = has_any ? (const uint64_t *)range->top : NULL;
}

/* ---- Finding them ---------------------------------------------------------------------------- */

/* The range that an address lies in, if anything has been taken from it; NULL otherwise. */
static const struct range *range_at(uint64_t address)
{
    if (!hde_arena_has(address)) {
        return NULL;
    }

    const struct range *range = &ranges[(address - HDE_ARENA_ADDRESS) / RANGE_SIZE];

    return range->generation == hde_arena_generation && range->count > 0 ? range : NULL;
}

/* The last block that begins at or below an address; NULL if there is none. */
static struct hde_block *last_below(const struct range *range, uint64_t address)
{
    uint32_t begin = 0; /* blocks before it begin at or below the address */
    uint32_t end = range->count;

    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;

        if (range->blocks[middle].address <= address) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin == 0 ? NULL : &range->blocks[begin - 1];
}

struct hde_block *hde_arena_nearest(uint64_t address)
{
    const struct range *range = range_at(address);

    if (range == NULL) {
        return NULL;
    }

    struct hde_block *below = last_below(range, address);
    struct hde_block *above = below == NULL ? range->blocks : below + 1;

    if (below == NULL || (above < range->blocks + range->count && address >= below->address &&
                          address - below->address >= below->size &&
                          above->address - address < address - below->address - below->size + 1)) {
        return above;
    }
    return below;
}

struct hde_block *hde_arena_find(uint64_t address)
{
    const struct range *range = range_at(address);
    struct hde_block *block = range == NULL ? NULL : last_below(range, address);

    if (block == NULL || (address - block->address >= block->size && address != block->address)) {
        return NULL;
    }
    return block;
}

struct hde_block *hde_arena_block(const void *memory)
{
    struct hde_block *block = hde_arena_find((uint64_t)memory);

    return block != NULL && block->address == (uint64_t)memory ? block : NULL;
}

struct hde_block *hde_arena_number(unsigned thread, uint32_t number)
{
    const struct range *range = &ranges[thread];
    bool is_there = range->generation == hde_arena_generation && number < range->count;

    return is_there ? &range->blocks[number] : NULL;
}
