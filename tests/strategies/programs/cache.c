/*
 * Cache: `threads` threads look up `rounds` keys each, of `depth` keys; what is not there is
 * computed and inserted.
 *
 * Bug      The lock is given up while a missing value is computed, and nobody looks again: two
 *          threads insert the same key.
 * Needs    1 preemption: between the miss and the insertion.
 * Fix      Look again before inserting.
 * Source   memcached and every memo table since.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

#define SHARDS 4U
#define KEYS_MAX 8192U

static pthread_mutex_t shards[SHARDS] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                         PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static bool are_there[KEYS_MAX]; /* under the lock of its shard */

static bool has(unsigned key)
{
    (void)pthread_mutex_lock(&shards[key % SHARDS]);
    bool is_there = are_there[key];

    (void)pthread_mutex_unlock(&shards[key % SHARDS]);
    return is_there;
}

static void insert(unsigned key)
{
    (void)pthread_mutex_lock(&shards[key % SHARDS]);
    HD_EXPECT(!are_there[key] || crew_sizes.is_fixed);
    are_there[key] = true;
    (void)pthread_mutex_unlock(&shards[key % SHARDS]);
}

static void work(unsigned number)
{
    for (unsigned round = 0; round < crew_sizes.rounds; round++) {
        unsigned key = crew_draw(number * crew_sizes.rounds + round, crew_sizes.depth);

        if (!has(key)) {
            crew_toil(number, 3);
            insert(key);
        }
    }
}

void generated_cache(const struct generated_sizes *sizes)
{
    HD_EXPECT(sizes->depth <= KEYS_MAX);
    crew_start(sizes, sizes->threads, work);
    crew_join();
}
