/*
 * Reference count: decremented, and then tested for zero, as two steps.
 *
 * Bug      Both steps are atomic, so there is no data race; but both threads may decrement before
 *          either tests, and then both find 0 and free the object.
 * Needs    2 threads besides main, 1 preemption: between one thread's decrement and its test.
 * Fix      Test what the decrement itself returns.
 * Source   Apache bug 21287, mod_mem_cache. Here the threads are detached, as a server's are.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include <heddle/check.h>

struct shared {
    int references; /* atomic */
    int frees;      /* atomic: how often the object was freed */
};

static void setup(void *state)
{
    struct shared *shared = state;

    shared->references = 2;
}

static void free_object(struct shared *shared)
{
    (void)__atomic_add_fetch(&shared->frees, 1, __ATOMIC_RELAXED);
}

static void *drop(void *state)
{
    struct shared *shared = state;

    /* Both: pairs with itself in the other thread, whose uses of the object end before its free. */
    (void)__atomic_sub_fetch(&shared->references, 1, __ATOMIC_ACQ_REL);
    /* Acquire: pairs with the decrement of the other thread. */
    if (__atomic_load_n(&shared->references, __ATOMIC_ACQUIRE) == 0) {
        free_object(shared);
    }
    return NULL;
}

static void *drop_at_once(void *state)
{
    struct shared *shared = state;

    /* Both: pairs with itself in the other thread, whose uses of the object end before its free. */
    if (__atomic_sub_fetch(&shared->references, 1, __ATOMIC_ACQ_REL) == 0) {
        free_object(shared);
    }
    return NULL;
}

static void run(struct shared *shared, void *(*user)(void *))
{
    for (int thread = 0; thread < 2; thread++) {
        pthread_t id;

        HD_EXPECT(pthread_create(&id, NULL, user, shared) == 0);
        HD_EXPECT(pthread_detach(id) == 0);
    }
}

static void run_in_two_steps(void *state) { run(state, drop); }

static void run_at_once(void *state) { run(state, drop_at_once); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->frees == 1); /* finding */
}

const struct hd_scenario hd_scenario_refcount_decrement_then_test = {
    .summary = "a reference count decremented and tested in two steps: freed twice",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = run_in_two_steps,
    .fixed_main = run_at_once,
    .join_at_exit = true,
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
