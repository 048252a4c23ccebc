/*
 * Three-lock cycle: three functions take two locks each, and only all three orders together are a
 * circle.
 *
 * Bug      store() takes the cache's lock, then the index's; index() the index's, then the log's;
 *          flush() the log's, then the cache's. Any two of them are harmless.
 * Needs    3 threads, 1 preemption: one of them after its first lock; the others stop by themselves
 *          at their second one.
 * Fix      One order for all: cache, index, log.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock cache_lock;
    struct hd_lock index_lock;
    struct hd_lock log_lock;
    int cached;  /* under cache_lock */
    int indexed; /* under index_lock */
    int logged;  /* under log_lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->cache_lock);
    hd_lock_init(&shared->index_lock);
    hd_lock_init(&shared->log_lock);
}

static void release(struct hd_lock *lock) { HD_EXPECT(hd_lock_release(lock) == HD_OK); }

static void store(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->cache_lock);
    hd_lock_acquire(&shared->index_lock); /* finding */
    shared->cached++;
    shared->indexed++;
    release(&shared->index_lock);
    release(&shared->cache_lock);
}

static void index_and_log(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->index_lock);
    hd_lock_acquire(&shared->log_lock); /* finding */
    shared->indexed++;
    shared->logged++;
    release(&shared->log_lock);
    release(&shared->index_lock);
}

static void flush(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->log_lock);
    hd_lock_acquire(&shared->cache_lock); /* finding */
    shared->logged++;
    shared->cached++;
    release(&shared->cache_lock);
    release(&shared->log_lock);
}

static void flush_in_order(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->cache_lock);
    hd_lock_acquire(&shared->log_lock);
    shared->logged++;
    shared->cached++;
    release(&shared->log_lock);
    release(&shared->cache_lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->cached == 2 && shared->indexed == 2 && shared->logged == 2);
}

const struct hd_scenario hd_scenario_three_lock_cycle = {
    .summary = "three functions whose lock orders are a circle only together",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {store, index_and_log, flush},
    .fixed = {store, index_and_log, flush_in_order},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
