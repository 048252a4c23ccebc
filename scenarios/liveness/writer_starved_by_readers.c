/*
 * Writer starved by readers: readers come in as long as one is inside, and only the last one to
 * leave lets the writer in.
 *
 * Bug      As long as the readers' visits overlap, none is the last one: they read on for ever, the
 *          writer waits for ever, and what they look for is what it would write.
 * Needs    3 threads, 4 preemptions: each reader comes in before the other one leaves, twice.
 * Fix      A lock that lets nobody pass a waiting writer: hd_rwlock.
 * Source   Courtois, Heymans, Parnas, Concurrent control with "readers" and "writers", CACM 1971:
 *          the first of the two problems.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/lock.h>
#include <heddle/rwlock.h>

struct shared {
    struct hd_lock entry;  /* of the readers */
    struct hd_lock room;   /* held by the readers together, or by the writer */
    int inside;            /* under entry */
    struct hd_rwlock fair; /* the repaired one's */
    bool is_written;       /* under room */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->entry);
    hd_lock_init(&shared->room);
    hd_rwlock_init(&shared->fair);
}

static void enter(struct shared *shared)
{
    hd_lock_acquire(&shared->entry);
    if (++shared->inside == 1) {
        hd_lock_acquire(&shared->room);
    }
    HD_EXPECT(hd_lock_release(&shared->entry) == HD_OK);
}

static void leave(struct shared *shared)
{
    hd_lock_acquire(&shared->entry);
    if (--shared->inside == 0) {
        HD_EXPECT(hd_lock_release(&shared->room) == HD_OK);
    }
    HD_EXPECT(hd_lock_release(&shared->entry) == HD_OK);
}

static void read_until_written(void *state)
{
    struct shared *shared = state;
    bool is_written = false;

    while (!is_written) {
        enter(shared);
        is_written = shared->is_written;
        leave(shared);
    }
}

static void write(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->room); /* finding */
    shared->is_written = true;
    HD_EXPECT(hd_lock_release(&shared->room) == HD_OK);
}

static void read_fairly_until_written(void *state)
{
    struct shared *shared = state;
    bool is_written = false;

    while (!is_written) {
        HD_EXPECT(hd_rwlock_acquire_shared(&shared->fair) == HD_OK);
        is_written = shared->is_written;
        HD_EXPECT(hd_rwlock_release_shared(&shared->fair) == HD_OK);
    }
}

static void write_fairly(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_rwlock_acquire_exclusive(&shared->fair) == HD_OK);
    shared->is_written = true;
    HD_EXPECT(hd_rwlock_release_exclusive(&shared->fair) == HD_OK);
}

static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->is_written); }

const struct hd_scenario hd_scenario_writer_starved_by_readers = {
    .summary = "a writer that waits until no reader is inside",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_until_written, read_until_written, write},
    .fixed = {read_fairly_until_written, read_fairly_until_written, write_fairly},
    .check = check,
    .sc = HD_STARVATION,
    .c11 = HD_STARVATION,
};
