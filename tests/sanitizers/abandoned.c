/*
 * A stack that an execution has abandoned, red zones and all, is as good as new in the next one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include <heddle/check.h>

struct shared {
    _Atomic int looks;
};

static volatile size_t size = 512;

/* Stops at a look while its arrays have red zones, if the program ends then. */
__attribute__((noinline)) static void look(struct shared *shared)
{
    volatile char first[8] = {0};
    volatile char second[8] = {0};

    for (size_t i = 0; i < sizeof(first); i++) {
        first[i] = second[sizeof(second) - 1 - i];
        (void)atomic_fetch_add_explicit(&shared->looks, first[i] + 1, memory_order_relaxed);
    }
}

/* Touches all of that part of the stack; nobody says beforehand that it may be touched. */
__attribute__((noinline)) static void fill(struct shared *shared)
{
    volatile char *all = __builtin_alloca(size);

    for (size_t i = 0; i < size; i++) {
        all[i] = 1;
    }
    (void)atomic_fetch_add_explicit(&shared->looks, all[0], memory_order_relaxed);
}

static void *look_or_fill(void *state)
{
    if (hd_choose(2) == 0) {
        look(state);
    } else {
        fill(state);
    }
    return NULL;
}

/* Does not wait for the thread. */
static void leave(void *state)
{
    pthread_t thread;

    HD_EXPECT(pthread_create(&thread, NULL, look_or_fill, state) == 0);
    HD_EXPECT(pthread_detach(thread) == 0);
}

const struct hd_scenario hd_scenario_abandoned_stack = {
    .summary = "a thread is stopped within a function whose locals have red zones",
    .state_size = sizeof(struct shared),
    .main = leave,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
