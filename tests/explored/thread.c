/*
 * Thread, explored: a join sees what the thread did, one of two joins succeeds, deadlines leave the
 * handle as it was, and a detached thread needs nobody.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/thread.h>

struct shared {
    struct hd_thread thread;
    struct hd_thread other;
    int value;         /* written by the thread, read after its join */
    int joins;         /* atomic: joins that succeeded */
    int is_other_done; /* atomic: set by the thread that nobody joins */
};

/* The end of the thread comes after it is called, and never returns. */
static void *write_value(void *argument)
{
    struct shared *shared = argument;

    shared->value = 1;
    hd_history_call(&shared->thread, HD_OP_END, 0);
    return &shared->value;
}

static void spawn(struct shared *shared)
{
    hd_history_begin(&shared->thread, &hd_specification_thread, 0);
    hd_history_call(&shared->thread, HD_OP_SPAWN, 0);
    HD_EXPECT(hd_thread_spawn(&shared->thread, "writer", write_value, shared) == HD_OK);
    hd_history_return(&shared->thread, HD_OK, 0);
}

static enum hd_result join_until(struct shared *shared, void **result, uint64_t until)
{
    hd_history_call(&shared->thread, HD_OP_JOIN, 0);
    enum hd_result outcome = until == HD_FOREVER
                                 ? hd_thread_join(&shared->thread, result)
                                 : hd_thread_join_until(&shared->thread, result, until);

    hd_history_return(&shared->thread, (int)outcome, 0);
    return outcome;
}

static bool is_alive(struct shared *shared)
{
    hd_history_call(&shared->thread, HD_OP_IS_ALIVE, 0);
    bool is = hd_thread_is_alive(&shared->thread);

    hd_history_return(&shared->thread, HD_OK, is ? 1 : 0);
    return is;
}

static void spawn_and_join(void *state)
{
    struct shared *shared = state;
    void *result = NULL;

    spawn(shared);
    HD_EXPECT(hd_thread_id(&shared->thread) != 0);
    HD_EXPECT(join_until(shared, &result, HD_FOREVER) == HD_OK);
    HD_EXPECT(result == &shared->value && shared->value == 1);
    HD_EXPECT(!is_alive(shared));
    HD_EXPECT(join_until(shared, NULL, HD_FOREVER) == HD_INVALID);
}

const struct hd_scenario hd_scenario_thread = {
    .summary = "a join returns the result of the thread and sees what it did",
    .state_size = sizeof(struct shared),
    .main = spawn_and_join,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void spawn_and_look(void *state)
{
    struct shared *shared = state;

    spawn(shared);
    if (!is_alive(shared)) {
        HD_EXPECT(shared->value == 1);
    }
    enum hd_result result = join_until(shared, NULL, hd_clock_after_ns(1000));

    HD_EXPECT(result == HD_OK || result == HD_TIMEOUT);
    if (result == HD_TIMEOUT) {
        HD_EXPECT(join_until(shared, NULL, HD_FOREVER) == HD_OK);
    }
    HD_EXPECT(shared->value == 1);
}

const struct hd_scenario hd_scenario_thread_timed = {
    .summary = "a join that times out can be repeated",
    .state_size = sizeof(struct shared),
    .main = spawn_and_look,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void *join(void *argument)
{
    struct shared *shared = argument;
    enum hd_result result = join_until(shared, NULL, HD_FOREVER);

    HD_EXPECT(result == HD_OK || result == HD_BUSY || result == HD_INVALID);
    if (result == HD_OK) {
        HD_EXPECT(shared->value == 1);
        (void)__atomic_add_fetch(&shared->joins, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void join_in_two_threads(void *state)
{
    struct shared *shared = state;

    spawn(shared);
    HD_EXPECT(hd_thread_spawn(&shared->other, "joiner", join, shared) == HD_OK);
    (void)join(shared);
    HD_EXPECT(hd_thread_join(&shared->other, NULL) == HD_OK);
    HD_EXPECT(shared->joins == 1);
}

const struct hd_scenario hd_scenario_thread_joined_twice = {
    .summary = "of two joins of one thread one succeeds",
    .state_size = sizeof(struct shared),
    .main = join_in_two_threads,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void *set_other_done(void *argument)
{
    struct shared *shared = argument;

    __atomic_store_n(&shared->is_other_done, 1, __ATOMIC_RELAXED);
    return NULL;
}

/* The handle ends with this function: what the detach does not let go of would be a leak. */
static void detach_one(struct shared *shared)
{
    struct hd_thread other = HD_THREAD_INITIALIZER;

    HD_EXPECT(hd_thread_spawn(&other, NULL, set_other_done, shared) == HD_OK);
    HD_EXPECT(hd_thread_detach(&other) == HD_OK);
    HD_EXPECT(hd_thread_id(&other) == 0);
}

static void spawn_and_detach(void *state)
{
    detach_one(state);
    spawn_and_join(state);
}

static void check_other_done(const void *state)
{
    HD_EXPECT(((const struct shared *)state)->is_other_done == 1);
}

const struct hd_scenario hd_scenario_thread_detached = {
    .summary = "a detached thread runs to its end beside one that is joined",
    .state_size = sizeof(struct shared),
    .main = spawn_and_detach,
    .join_at_exit = true,
    .check = check_other_done,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
