/*
 * Grace period of one flip: an updater waits for the readers of one counter, and frees what a
 * reader of the other one reads.
 *
 * Bug      Readers count themselves in the counter that is current; an updater makes the other one
 *          current, and waits until the first is 0. A reader that has picked a counter but not yet
 *          counted is not waited for, which does no harm: it has read nothing. But it then counts
 *          itself in the old counter, reads the new version, and the next update, which waits for
 *          the other counter, does not wait for it either.
 * Needs    2 threads, 4 preemptions: the reader before it counts, the updater between its two
 *          updates, and both again while the reader reads.
 * Fix      Make each counter current in turn, and wait for both, in each grace period.
 * Source   Desnoyers, McKenney, Stern, Dagenais, Walpole, User-level implementations of read-copy
 *          update, TPDS 2012, which flips twice and says why.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdlib.h>

#include <heddle/check.h>

#define UPDATES 2

struct version {
    int number; /* constant after publication */
};

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
struct shared {
    struct version *version; /* atomic */
    uint32_t current;        /* atomic: the counter that readers pick */
    uint32_t readers[2];     /* atomic */
};

static struct version *make_version(int number)
{
    struct version *version = malloc(sizeof(*version));

    HD_EXPECT(version != NULL);
    version->number = number;
    return version;
}

static void setup(void *state) { ((struct shared *)state)->version = make_version(0); }

static void read_version(void *state)
{
    struct shared *shared = state;
    uint32_t counter = __atomic_load_n(&shared->current, __ATOMIC_SEQ_CST);

    (void)__atomic_fetch_add(&shared->readers[counter], 1, __ATOMIC_SEQ_CST);
    const struct version *version = __atomic_load_n(&shared->version, __ATOMIC_SEQ_CST);

    HD_EXPECT(version->number <= UPDATES); /* finding */
    (void)__atomic_fetch_sub(&shared->readers[counter], 1, __ATOMIC_SEQ_CST);
}

static void flip_and_wait(struct shared *shared)
{
    uint32_t old = __atomic_fetch_xor(&shared->current, 1, __ATOMIC_SEQ_CST);

    while (__atomic_load_n(&shared->readers[old], __ATOMIC_SEQ_CST) != 0) {
        /* look again */
    }
}

static void flip_once(struct shared *shared) { flip_and_wait(shared); }

static void flip_twice(struct shared *shared)
{
    flip_and_wait(shared);
    flip_and_wait(shared);
}

static void update_all(struct shared *shared, void (*grace_period)(struct shared *shared))
{
    for (int number = 1; number <= UPDATES; number++) {
        struct version *old =
            __atomic_exchange_n(&shared->version, make_version(number), __ATOMIC_SEQ_CST);

        grace_period(shared);
        free(old); /* finding */
    }
}

static void update(void *state) { update_all(state, flip_once); }

static void update_with_two_flips(void *state) { update_all(state, flip_twice); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->version->number == UPDATES);
    free(shared->version);
}

const struct hd_scenario hd_scenario_grace_period_of_one_flip = {
    .summary = "a grace period that waits for the readers of one counter out of two",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {read_version, update},
    .fixed = {read_version, update_with_two_flips},
    .check = check,
    .sc = HD_USE_AFTER_FREE,
    .c11 = HD_USE_AFTER_FREE,
};
