/*
 * Stack: a lock-free stack of free blocks; `threads` threads take one or two and give them back,
 * `rounds` times.
 *
 * Bug      ABA: a thread has read the top and the block below it; others take both and give the
 *          first one back; the exchange succeeds and makes a block that is in use the top.
 * Needs    1 preemption: between reading and the exchange.
 * Fix      Count the exchanges in the upper half of the top.
 * Source   Treiber, Coping with parallelism, 1986, which has the counter.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

#define BLOCKS 4
#define NONE 0xffff
#define COUNT_ONE 0x10000

static atomic_int top; /* bits 0-15 block or NONE, 16-30 exchanges so far, if fixed */
static atomic_int below[BLOCKS];
static atomic_int are_taken[BLOCKS];

static bool exchange_top(int old, int block)
{
    int count = crew_sizes.is_fixed ? (old & ~0xffff) + COUNT_ONE : 0;

    return crew_replace(&top, old, block | count);
}

/* A block, or NONE. */
static int take(void)
{
    for (int tries = 0; tries < 3; tries++) {
        int old = crew_get(&top);
        int block = old & 0xffff;

        if (block == NONE) {
            return NONE;
        }
        if (exchange_top(old, crew_get(&below[block]))) {
            HD_EXPECT(crew_swap(&are_taken[block], 1) == 0);
            return block;
        }
    }
    return NONE;
}

static void give(int block)
{
    if (block == NONE) {
        return;
    }
    HD_EXPECT(crew_swap(&are_taken[block], 0) == 1);
    for (bool is_done = false; !is_done;) {
        int old = crew_get(&top);

        crew_set(&below[block], old & 0xffff);
        is_done = exchange_top(old, block);
    }
}

static void work(unsigned number)
{
    for (unsigned round = 0; round < crew_sizes.rounds; round++) {
        bool takes_two = crew_draw(number * crew_sizes.rounds + round, 2) == 0;
        int first = take();
        int second = takes_two ? take() : NONE;

        give(first);
        crew_toil(number, 1);
        give(second);
    }
}

void generated_stack(const struct generated_sizes *sizes)
{
    for (int block = 0; block < BLOCKS; block++) {
        crew_set(&below[block], block + 1 < BLOCKS ? block + 1 : NONE);
    }
    crew_set(&top, 0);
    crew_start(sizes, sizes->threads, work);
    crew_join();
}
