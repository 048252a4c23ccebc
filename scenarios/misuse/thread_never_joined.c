/*
 * Thread never joined: a helper is joined only if its result has to be waited for.
 *
 * Bug      When the helper is done before its result is looked for, nobody joins it, and what the
 *          system keeps of an ended thread is never given back. A program that does so for each
 *          request cannot create a thread in the end.
 * Needs    1 thread besides main, 1 preemption: before main looks whether the helper is done.
 * Fix      Join it in any case, or create it detached.
 * Source   Textbook; ThreadSanitizer reports it as a thread leak.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>

struct shared {
    pthread_t helper; /* main only */
    int result;       /* the helper's, until is_done */
    bool is_done;     /* atomic */
};

static void *help(void *argument)
{
    struct shared *shared = argument;

    shared->result = 42;
    /* Release: publishes the result. Pairs with the acquire load in is_done(). */
    __atomic_store_n(&shared->is_done, true, __ATOMIC_RELEASE);
    return NULL;
}

static bool is_done(const struct shared *shared)
{
    /* Acquire: pairs with the release store in help(). */
    return __atomic_load_n(&shared->is_done, __ATOMIC_ACQUIRE);
}

static void start(struct shared *shared)
{
    HD_EXPECT(pthread_create(&shared->helper, NULL, help, shared) == 0); /* finding */
}

static void join(struct shared *shared) { HD_EXPECT(pthread_join(shared->helper, NULL) == 0); }

static void join_if_not_done(void *state)
{
    start(state);
    if (!is_done(state)) {
        join(state);
    }
    HD_EXPECT(((const struct shared *)state)->result == 42);
}

static void join_in_any_case(void *state)
{
    start(state);
    join(state);
    HD_EXPECT(((const struct shared *)state)->result == 42);
}

const struct hd_scenario hd_scenario_thread_never_joined = {
    .summary = "a thread that is joined only if it is not yet done",
    .state_size = sizeof(struct shared),
    .main = join_if_not_done,
    .fixed_main = join_in_any_case,
    .join_at_exit = true,
    .sc = HD_MISUSE,
    .c11 = HD_MISUSE,
};
