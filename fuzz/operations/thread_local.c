/*
 * Programs of operations on two thread-locals: each thread sets and gets values of its own, and the
 * last one of each is destroyed when it ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/thread.h>
#include <heddle/thread_local.h>

#include "fuzz/operations/program.h"

#define LOCALS 2U
#define VALUES 3U /* that a thread may set; the last one is NULL */

struct shared {
    struct hd_program program;
    struct hd_thread_local locals[LOCALS];
    struct hd_thread threads[HD_THREADS_MAX];
    int values[HD_THREADS_MAX][LOCALS][VALUES]; /* that thread only: how often it was destroyed */
    uint32_t last[HD_THREADS_MAX][LOCALS];      /* that thread only: 1 + the value set last; 0 */
};

/* Runs in the thread whose value it is. */
static void destroy_value(void *value) { (*(int *)value)++; /* finding */ }

/* What is set: NULL, or one of the thread's own values. */
static void *to_value(struct shared *shared, unsigned self, unsigned local, uint32_t value)
{
    return value == VALUES - 1 ? NULL : &shared->values[self][local][value];
}

/* In the history each thread's value is a register of its own. */
static void run_get(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;
    struct hd_thread_local *local = &shared->locals[argument];

    hd_history_call_key(local, HD_OP_READ, self, 0);
    void *value = hd_thread_local_get(local);

    hd_history_return(local, HD_OK, (uintptr_t)value); /* finding */
}

static void run_set(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;
    unsigned rank = argument % LOCALS;
    struct hd_thread_local *local = &shared->locals[rank];
    void *value = to_value(shared, self, rank, argument / LOCALS);

    shared->last[self][rank] = 1 + argument / LOCALS;
    hd_history_call_key(local, HD_OP_WRITE, self, (uintptr_t)value);
    HD_EXPECT(hd_thread_local_set(local, value) == HD_OK);
    hd_history_return(local, HD_OK, 0);
}

/* What was destroyed before the end was destroyed too early. */
static void end(void *state, unsigned self)
{
    struct shared *shared = state;

    for (unsigned i = 0; i < LOCALS * (VALUES - 1); i++) {
        HD_EXPECT(shared->values[self][i / (VALUES - 1)][i % (VALUES - 1)] == 0); /* finding */
    }
}

static const struct hd_program_operation operations[] = {
    {.run = run_set, .arguments = LOCALS * VALUES, .roles = HD_ROLE_ALL},
    {.run = run_get, .arguments = LOCALS, .roles = HD_ROLE_ALL},
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
    for (unsigned i = 0; i < LOCALS; i++) {
        hd_thread_local_init(&shared->locals[i], destroy_value);
        hd_history_begin(&shared->locals[i], &hd_specification_register, 0);
    }
}

/* A value is destroyed once if it was the last, and else not at all. */
static void check_destroyed(const struct shared *shared, unsigned self)
{
    for (unsigned i = 0; i < LOCALS * (VALUES - 1); i++) {
        unsigned local = i / (VALUES - 1);
        unsigned value = i % (VALUES - 1);
        bool was_last = shared->last[self][local] == 1 + value;

        HD_EXPECT(shared->values[self][local][value] == (was_last ? 1 : 0)); /* finding */
    }
}

static void spawn_and_join(void *state)
{
    struct shared *shared = state;
    unsigned count = shared->program.threads_count;

    for (unsigned self = 0; self < count; self++) {
        HD_EXPECT(hd_thread_spawn(&shared->threads[self], NULL, hd_program_acts[self], shared) ==
                  HD_OK);
    }
    for (unsigned self = 0; self < count; self++) {
        HD_EXPECT(hd_thread_join(&shared->threads[self], NULL) == HD_OK);
        check_destroyed(shared, self);
    }
    for (unsigned i = 0; i < LOCALS; i++) {
        run_get(shared, count, i);
        hd_thread_local_destroy(&shared->locals[i]);
    }
}

const struct hd_scenario hd_scenario_operations_thread_local = {
    .summary = "a program of operations on two hd_thread_locals",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = spawn_and_join,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
