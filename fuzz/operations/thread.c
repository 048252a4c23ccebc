/*
 * Programs of operations on a thread's handle: joins, deadlines, detaches.
 *
 * The thread ends by itself, so every join ends. Whoever joins it sees what it has written. Whether
 * it is alive may not be asked while others join it: that is done before, and at the end.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/thread.h>

#include "fuzz/operations/program.h"

struct shared {
    struct hd_program program;
    struct hd_thread worker;                 /* whose handle it is about */
    struct hd_thread actors[HD_THREADS_MAX]; /* the first is the main thread */
    int value;                               /* written by the worker, read after its join */
};

static void *work(void *argument)
{
    struct shared *shared = argument;

    shared->value = 1; /* finding */
    hd_history_call(&shared->worker, HD_OP_END, 0);
    return &shared->value;
}

static void join_until(struct shared *shared, uint64_t deadline_ns)
{
    void *value = NULL;

    hd_history_call(&shared->worker, HD_OP_JOIN, 0);
    enum hd_result result = deadline_ns == HD_FOREVER
                                ? hd_thread_join(&shared->worker, &value)
                                : hd_thread_join_until(&shared->worker, &value, deadline_ns);

    hd_history_return(&shared->worker, (int)result, 0); /* finding */
    if (result == HD_OK) {
        HD_EXPECT(value == &shared->value && shared->value == 1); /* finding */
    }
}

static void run_join(void *state, unsigned self, uint32_t argument)
{
    (void)self;
    (void)argument;
    join_until(state, HD_FOREVER);
}

static void run_until(void *state, unsigned self, uint32_t argument)
{
    (void)self;
    (void)argument;
    join_until(state, hd_clock_after_ns(HD_SOON_NS));
}

static void run_detach(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;

    (void)self;
    (void)argument;
    hd_history_call(&shared->worker, HD_OP_DETACH, 0);
    enum hd_result result = hd_thread_detach(&shared->worker);

    hd_history_return(&shared->worker, (int)result, 0); /* finding */
}

static void end(void *state, unsigned self)
{
    (void)state;
    (void)self;
}

static const struct hd_program_operation operations[] = {
    {.run = run_join, .roles = HD_ROLE_ALL},
    {.run = run_until, .roles = HD_ROLE_ALL},
    {.run = run_detach, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind kind = {
    .operations = operations,
    .operations_count = sizeof(operations) / sizeof(operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end,
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_program_draw(&shared->program, &kind, 0);
    hd_history_begin(&shared->worker, &hd_specification_thread, 0);
}

static bool is_alive(struct shared *shared)
{
    hd_history_call(&shared->worker, HD_OP_IS_ALIVE, 0);
    bool is_alive = hd_thread_is_alive(&shared->worker);

    hd_history_return(&shared->worker, HD_OK, is_alive ? 1 : 0); /* finding */
    return is_alive;
}

/* At the end the handle is given back, whoever has not done it. */
static void spawn_and_act(void *state)
{
    struct shared *shared = state;
    unsigned count = shared->program.threads_count;

    hd_history_call(&shared->worker, HD_OP_SPAWN, 0);
    HD_EXPECT(hd_thread_spawn(&shared->worker, "worker", work, shared) == HD_OK);
    hd_history_return(&shared->worker, HD_OK, 0);
    if (hd_choose(2) == 1 && !is_alive(shared)) {
        HD_EXPECT(shared->value == 1); /* finding */
    }
    for (unsigned self = 1; self < count && self < HD_THREADS_MAX; self++) {
        HD_EXPECT(hd_thread_spawn(&shared->actors[self], "actor", hd_program_acts[self], shared) ==
                  HD_OK);
    }
    hd_program_run(shared, 0);
    for (unsigned self = 1; self < count; self++) {
        HD_EXPECT(hd_thread_join(&shared->actors[self], NULL) == HD_OK);
    }
    join_until(shared, HD_FOREVER);
    HD_EXPECT(!is_alive(shared));
    /* It points to nothing that is still there: what is, is a leak. */
    shared->worker = (struct hd_thread)HD_THREAD_INITIALIZER;
}

const struct hd_scenario hd_scenario_operations_thread = {
    .summary = "a program of operations on the handle of an hd_thread",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = spawn_and_act,
    .join_at_exit = true,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
