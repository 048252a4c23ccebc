/*
 * Reference counts: `threads` readers take the current object `rounds` times while a writer
 * replaces it `depth` times.
 *
 * Bug      A reader takes a reference only if the count is not zero, but in two steps: in between
 *          the writer drops the last one, and the object is freed.
 * Needs    1 preemption: of a reader, between looking at the count and raising it.
 * Fix      Look and raise in one step, a compare-and-exchange.
 * Source   Half-repaired weak references in many codebases.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

#define OBJECTS_MAX 64U

static atomic_int current;
static atomic_int counts[OBJECTS_MAX];
static atomic_int are_freed[OBJECTS_MAX];

static void drop(int object)
{
    if (crew_add(&counts[object], -1) == 1) {
        crew_set(&are_freed[object], 1);
    }
}

/* False if it is gone. */
static bool take(int object)
{
    int count = crew_get(&counts[object]);

    if (!crew_sizes.is_fixed) {
        if (count != 0) {
            (void)crew_add(&counts[object], 1);
        }
        return count != 0;
    }
    while (count != 0 && !crew_replace(&counts[object], count, count + 1)) {
        count = crew_get(&counts[object]);
    }
    return count != 0;
}

static void read_often(unsigned number)
{
    for (unsigned round = 0; round < crew_sizes.rounds; round++) {
        int object = crew_get(&current);

        if (take(object)) {
            crew_toil(number, 1);
            HD_EXPECT(crew_get(&are_freed[object]) == 0);
            drop(object);
        }
    }
}

static void replace_often(unsigned number)
{
    for (int object = 0; object < (int)crew_sizes.depth; object++) {
        crew_toil(number, 5 + crew_draw((unsigned)object, 10));
        crew_set(&counts[object + 1], 1);
        crew_set(&current, object + 1);
        drop(object);
    }
}

static void work(unsigned number)
{
    if (number == crew_sizes.threads) {
        replace_often(number);
    } else {
        read_often(number);
    }
}

void generated_refcount(const struct generated_sizes *sizes)
{
    HD_EXPECT(sizes->depth < OBJECTS_MAX);
    crew_set(&counts[0], 1);
    crew_start(sizes, sizes->threads + 1, work);
    crew_join();
}
