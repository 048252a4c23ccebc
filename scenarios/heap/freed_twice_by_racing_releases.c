/*
 * Freed twice by racing releases: whoever finds the buffer frees it, and then says that it is gone.
 *
 * Bug      Double free: both threads may find the buffer before either has said that it is gone.
 *          All that they share is atomic, so there is no data race.
 * Needs    2 threads, 1 preemption: between one thread's look and its saying so.
 * Fix      Take the pointer and say so in one step, by an exchange.
 * Source   The shape of CVE-2019-2215 and many like it: tear-down reached on two paths.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdlib.h>

#include <heddle/check.h>

struct shared {
    char *buffer; /* atomic; NULL once it has been freed */
};

static void setup(void *state)
{
    struct shared *shared = state;

    shared->buffer = malloc(16);
    HD_EXPECT(shared->buffer != NULL);
}

static void release(void *state)
{
    struct shared *shared = state;
    /* Acquire: pairs with the release below, by which the other thread says that it is gone. */
    char *buffer = __atomic_load_n(&shared->buffer, __ATOMIC_ACQUIRE);

    if (buffer != NULL) {
        free(buffer); /* finding */
        /* Release: pairs with the acquire above. */
        __atomic_store_n(&shared->buffer, NULL, __ATOMIC_RELEASE);
    }
}

static void release_once(void *state)
{
    struct shared *shared = state;

    /* Both: pairs with itself in the other thread. */
    free(__atomic_exchange_n(&shared->buffer, NULL, __ATOMIC_ACQ_REL));
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->buffer == NULL);
}

const struct hd_scenario hd_scenario_freed_twice_by_racing_releases = {
    .summary = "two releases both find the buffer, and both free it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {release, release},
    .fixed = {release_once, release_once},
    .check = check,
    .sc = HD_DOUBLE_FREE,
    .c11 = HD_DOUBLE_FREE,
};
