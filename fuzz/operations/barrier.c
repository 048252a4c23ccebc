/*
 * Programs of operations on barriers: hd_barrier and the POSIX barrier. Concurrency Kit's spin
 * inside libck.so, where nothing is seen: left out.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include <heddle/barrier.h>
#include <heddle/check.h>
#include <heddle/history.h>

#include "fuzz/operations/barrier_operations.h"
#include "fuzz/operations/program.h"

/* In the order of hd_barrier_adapters[]. */
enum { HEDDLE, POSIX = 6 };

static void setup(void *state) { hd_barrier_operations_begin(state, &hd_barrier_adapters[HEDDLE]); }

const struct hd_scenario hd_scenario_operations_barrier = {
    .summary = "rounds of threads at hd_barrier",
    .state_size = sizeof(struct hd_barrier_operations),
    .setup = setup,
    .threads = HD_BARRIER_OPERATIONS_THREADS,
    .check = hd_barrier_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void setup_posix(void *state)
{
    hd_barrier_operations_begin(state, &hd_barrier_adapters[POSIX]);
}

const struct hd_scenario hd_scenario_operations_pthread_barrier = {
    .summary = "rounds of threads at a POSIX barrier",
    .state_size = sizeof(struct hd_barrier_operations),
    .setup = setup_posix,
    .threads = HD_BARRIER_OPERATIONS_THREADS,
    .check = hd_barrier_operations_check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* ---- Rounds that are broken ------------------------------------------------------------------ */

struct shared {
    struct hd_program program;
    struct hd_barrier barrier;
};

static void note_wait(struct shared *shared, enum hd_result result, uint32_t index)
{
    hd_history_return(&shared->barrier, (int)result, result == HD_OK ? index : 0); /* finding */
    HD_EXPECT(result == HD_OK || result == HD_BROKEN || result == HD_TIMEOUT);
}

static void run_wait(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;
    uint32_t index = 0;

    (void)self;
    (void)argument;
    hd_history_call(&shared->barrier, HD_OP_WAIT, 0);
    note_wait(shared, hd_barrier_wait(&shared->barrier, &index), index);
}

static void run_until(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;
    uint64_t deadline_ns = hd_clock_after_ns(HD_SOON_NS);
    uint32_t index = 0;

    (void)self;
    (void)argument;
    hd_history_call(&shared->barrier, HD_OP_WAIT, 0);
    note_wait(shared, hd_barrier_wait_until(&shared->barrier, &index, deadline_ns), index);
}

static void run_abort(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;

    (void)self;
    (void)argument;
    hd_history_call(&shared->barrier, HD_OP_ABORT, 0);
    hd_barrier_abort(&shared->barrier);
    hd_history_return(&shared->barrier, HD_OK, 0);
}

static void run_reset(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;

    (void)self;
    (void)argument;
    hd_history_call(&shared->barrier, HD_OP_RESET, 0);
    hd_barrier_reset(&shared->barrier);
    hd_history_return(&shared->barrier, HD_OK, 0);
}

static void run_is_broken(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;

    (void)self;
    (void)argument;
    hd_history_call(&shared->barrier, HD_OP_IS_BROKEN, 0);
    bool is_broken = hd_barrier_is_broken(&shared->barrier);

    hd_history_return(&shared->barrier, HD_OK, is_broken ? 1 : 0); /* finding */
}

static void run_waiting(void *state, unsigned self, uint32_t argument)
{
    struct shared *shared = state;

    (void)self;
    (void)argument;
    hd_history_call(&shared->barrier, HD_OP_SIZE, 0);
    uint32_t waiting = hd_barrier_waiting(&shared->barrier);

    hd_history_return(&shared->barrier, HD_OK, waiting); /* finding */
}

/* Nobody resets it any more. */
static void end(void *state, unsigned self)
{
    if (self == 0) {
        run_abort(state, self, 0);
    }
}

static const struct hd_program_operation operations[] = {
    {.run = run_wait, .roles = HD_ROLE_OTHER},  {.run = run_until, .roles = HD_ROLE_ALL},
    {.run = run_reset, .roles = HD_ROLE_FIRST}, {.run = run_abort, .roles = HD_ROLE_ALL},
    {.run = run_waiting, .roles = HD_ROLE_ALL}, {.run = run_is_broken, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind kind = {
    .operations = operations,
    .operations_count = sizeof(operations) / sizeof(operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end,
};

static void setup_broken(void *state)
{
    struct shared *shared = state;
    uint32_t parties = 2 + hd_choose(2);

    HD_EXPECT(hd_barrier_init(&shared->barrier, parties, NULL, NULL) == HD_OK);
    hd_program_draw(&shared->program, &kind, 0);
    hd_history_begin(&shared->barrier, &hd_specification_barrier, parties);
}

const struct hd_scenario hd_scenario_operations_barrier_broken = {
    .summary = "a program of operations on hd_barrier: waits, deadlines, aborts and resets",
    .state_size = sizeof(struct shared),
    .setup = setup_broken,
    .threads = HD_PROGRAM_THREADS,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
