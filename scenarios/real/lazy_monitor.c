/*
 * Lazy monitor: an object's monitor is created by whoever first enters it, without a lock.
 *
 * Bug      Data race on `monitor`: two threads that find none both create one. Each holds its own,
 *          and both are inside.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between one thread's test
 *          and its creation.
 * Fix      Who loses a compare and exchange takes the other one's monitor.
 * Source   NSPR, bug 354593: two monitors for one object.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock own[2];   /* what each thread makes the monitor of, if it has to */
    struct hd_lock *monitor; /* atomic, in the repaired twin; NULL until somebody enters */
    int inside;              /* atomic: threads in the monitor */
    bool was_shared;         /* atomic: two were inside */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->own[0]);
    hd_lock_init(&shared->own[1]);
}

/* Relaxed, all of them: what is counted is only looked at. */
static void do_inside(struct shared *shared)
{
    if (__atomic_fetch_add(&shared->inside, 1, __ATOMIC_RELAXED) != 0) {
        __atomic_store_n(&shared->was_shared, true, __ATOMIC_RELAXED);
    }
    (void)__atomic_fetch_sub(&shared->inside, 1, __ATOMIC_RELAXED);
}

static void enter(struct shared *shared, struct hd_lock *own)
{
    if (shared->monitor == NULL) { /* finding */
        shared->monitor = own;     /* finding */
    }
    struct hd_lock *monitor = shared->monitor; /* finding */

    hd_lock_acquire(monitor);
    do_inside(shared);
    HD_EXPECT(hd_lock_release(monitor) == HD_OK);
}

static void enter_one(struct shared *shared, struct hd_lock *own)
{
    struct hd_lock *monitor = NULL;

    /* Both: pairs with itself in the other thread, which finds the monitor made. */
    if (__atomic_compare_exchange_n(&shared->monitor, &monitor, own, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
        monitor = own;
    }
    hd_lock_acquire(monitor);
    do_inside(shared);
    HD_EXPECT(hd_lock_release(monitor) == HD_OK);
}

static void enter_first(void *state) { enter(state, &((struct shared *)state)->own[0]); }

static void enter_second(void *state) { enter(state, &((struct shared *)state)->own[1]); }

static void enter_one_first(void *state) { enter_one(state, &((struct shared *)state)->own[0]); }

static void enter_one_second(void *state) { enter_one(state, &((struct shared *)state)->own[1]); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(!shared->was_shared);
}

const struct hd_scenario hd_scenario_lazy_monitor = {
    .summary = "two threads each create the one monitor of an object",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {enter_first, enter_second},
    .fixed = {enter_one_first, enter_one_second},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
