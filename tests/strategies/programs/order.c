/*
 * Order: `threads` writers publish a version each; one reader looks twice.
 *
 * Bug      Versions are published in any order: the reader sees one of the newest `depth` and then
 *          one of the oldest.
 * Needs    1 preemption: of the reader, between its two looks; and that of all writers just such
 *          ones come last before each.
 * Fix      Publish under a lock, and only what is newer.
 * Source   Configuration services; the size is that of SCTBench's reorder_100.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

/* Who comes first does not have the oldest version; it has no factor in common with 100. */
#define STRIDE 37U

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int version;

static void publish(int mine)
{
    if (!crew_sizes.is_fixed) {
        crew_set(&version, mine);
        return;
    }
    (void)pthread_mutex_lock(&lock);
    if (crew_get(&version) < mine) {
        crew_set(&version, mine);
    }
    (void)pthread_mutex_unlock(&lock);
}

static void look(void)
{
    int first = crew_get(&version);
    int second = crew_get(&version);
    int few = (int)crew_sizes.depth;
    bool is_new = first > (int)crew_sizes.threads - few;
    bool is_old = second >= 1 && second <= few;

    HD_EXPECT(!is_new || !is_old);
}

static void work(unsigned number)
{
    if (number == crew_sizes.threads) {
        look();
    } else {
        publish(1 + (int)(number * STRIDE % crew_sizes.threads));
    }
}

void generated_order(const struct generated_sizes *sizes)
{
    crew_start(sizes, sizes->threads + 1, work);
    crew_join();
}
