/*
 * Crew: threads, and draws.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

#include <stdint.h>

struct generated_sizes crew_sizes;

static pthread_t threads[CREW_MAX];
static unsigned threads_count;
static void (*the_work)(unsigned number);
static atomic_int benches[CREW_MAX]; /* each used by one thread */

static void *run(void *number)
{
    the_work((unsigned)(uintptr_t)number);
    return NULL;
}

void crew_start(const struct generated_sizes *sizes, unsigned count, void (*work)(unsigned number))
{
    HD_EXPECT(count <= CREW_MAX);
    crew_sizes = *sizes;
    the_work = work;
    threads_count = count;
    for (unsigned i = 0; i < count; i++) {
        HD_EXPECT(pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i) == 0);
    }
}

void crew_join(void)
{
    for (unsigned i = 0; i < threads_count; i++) {
        HD_EXPECT(pthread_join(threads[i], NULL) == 0);
    }
}

void crew_toil(unsigned number, unsigned steps)
{
    for (unsigned i = 0; i < steps; i++) {
        (void)crew_add(&benches[number], 1);
    }
}

/* The finalizer of MurmurHash3. */
unsigned crew_draw(unsigned index, unsigned bound)
{
    uint32_t mixed = crew_sizes.seed * UINT32_C(0x9e3779b9) + index;

    mixed = (mixed ^ mixed >> 16) * UINT32_C(0x85ebca6b);
    mixed = (mixed ^ mixed >> 13) * UINT32_C(0xc2b2ae35);
    mixed ^= mixed >> 16;
    return mixed % bound;
}
