/*
 * Barrier, explored: nobody passes before all have come, round after round; and what ends a round
 * early ends it for all.
 *
 * Each thread writes its own plain slot before a wait and reads all of them after it, so the race
 * detector judges the order.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <heddle/barrier.h>
#include <heddle/check.h>
#include <heddle/history.h>

#define PARTIES 3

struct shared {
    struct hd_barrier barrier;
    int slots[PARTIES];           /* each written by its thread before a round, read by all after */
    bool are_taken[PARTIES];      /* each set by the one thread that got this index */
    int actions;                  /* written by the action */
    enum hd_result ends[PARTIES]; /* each written by one thread */
    int ended;                    /* atomic: waits that have returned */
};

static void act(void *argument)
{
    struct shared *shared = argument;

    shared->actions++;
}

static void setup_parties(struct shared *shared, uint32_t parties)
{
    HD_EXPECT(hd_barrier_init(&shared->barrier, parties, act, shared) == HD_OK);
    hd_history_begin(&shared->barrier, &hd_specification_barrier, parties);
}

/* The result; *index is what the barrier says, or unchanged. */
static enum hd_result wait_until(struct shared *shared, uint32_t *index, uint64_t until)
{
    hd_history_call(&shared->barrier, HD_OP_WAIT, 0);
    enum hd_result result = until == HD_FOREVER
                                ? hd_barrier_wait(&shared->barrier, index)
                                : hd_barrier_wait_until(&shared->barrier, index, until);

    hd_history_return(&shared->barrier, (int)result, index == NULL ? HD_VALUE_UNKNOWN : *index);
    return result;
}

static enum hd_result wait_for_all(struct shared *shared)
{
    return wait_until(shared, NULL, HD_FOREVER);
}

static void end_round(struct shared *shared, enum hd_operation_code code)
{
    hd_history_call(&shared->barrier, (uint32_t)code, 0);
    if (code == HD_OP_ABORT) {
        hd_barrier_abort(&shared->barrier);
    } else {
        hd_barrier_reset(&shared->barrier);
    }
    hd_history_return(&shared->barrier, HD_OK, 0);
}

static void setup_two(void *state) { setup_parties(state, 2); }

static void setup_three(void *state) { setup_parties(state, 3); }

static void meet(struct shared *shared, int self, int parties)
{
    uint32_t index = PARTIES;

    shared->slots[self] = 1;
    HD_EXPECT(wait_until(shared, &index, HD_FOREVER) == HD_OK);
    HD_EXPECT(index < (uint32_t)parties && !shared->are_taken[index]);
    shared->are_taken[index] = true;
    HD_EXPECT(shared->actions == 1);
    for (int other = 0; other < parties; other++) {
        HD_EXPECT(shared->slots[other] == 1);
    }
}

static void meet_0(void *state) { meet(state, 0, 3); }

static void meet_1(void *state) { meet(state, 1, 3); }

static void meet_2(void *state) { meet(state, 2, 3); }

const struct hd_scenario hd_scenario_barrier = {
    .summary = "three threads meet once",
    .state_size = sizeof(struct shared),
    .setup = setup_three,
    .threads = {meet_0, meet_1, meet_2},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void meet_twice(struct shared *shared, int self)
{
    for (int round = 1; round <= 2; round++) {
        shared->slots[self] = round;
        HD_EXPECT(wait_for_all(shared) == HD_OK);
        HD_EXPECT(shared->actions == 2 * round - 1);
        HD_EXPECT(shared->slots[1 - self] == round);
        HD_EXPECT(wait_for_all(shared) == HD_OK);
    }
}

static void meet_twice_0(void *state) { meet_twice(state, 0); }

static void meet_twice_1(void *state) { meet_twice(state, 1); }

const struct hd_scenario hd_scenario_barrier_rounds = {
    .summary = "two threads meet in four rounds",
    .state_size = sizeof(struct shared),
    .setup = setup_two,
    .threads = {meet_twice_0, meet_twice_1},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void wait_broken(struct shared *shared, int self)
{
    shared->ends[self] = wait_for_all(shared);
    HD_EXPECT(shared->ends[self] == HD_OK || shared->ends[self] == HD_BROKEN);
}

static void wait_0(void *state) { wait_broken(state, 0); }

static void wait_1(void *state) { wait_broken(state, 1); }

static void abort_barrier(void *state) { end_round(state, HD_OP_ABORT); }

static void check_alike(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->ends[0] == shared->ends[1]);
    HD_EXPECT(shared->actions == (shared->ends[0] == HD_OK ? 1 : 0));
}

const struct hd_scenario hd_scenario_barrier_abort = {
    .summary = "an abort ends the round for both or for none",
    .state_size = sizeof(struct shared),
    .setup = setup_two,
    .threads = {wait_0, wait_1, abort_barrier},
    .check = check_alike,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void wait_until_2(void *state)
{
    struct shared *shared = state;

    shared->ends[2] = wait_until(shared, NULL, hd_clock_after_ns(1000));
}

/* A time-out breaks the barrier for the others; they never wait for ever. */
static void check_timed(const void *state)
{
    const struct shared *shared = state;
    enum hd_result others = shared->ends[2] == HD_OK ? HD_OK : HD_BROKEN;

    HD_EXPECT(shared->ends[2] == HD_OK || shared->ends[2] == HD_TIMEOUT);
    HD_EXPECT(shared->ends[0] == others && shared->ends[1] == others);
}

const struct hd_scenario hd_scenario_barrier_timed = {
    .summary = "one of three gives up at its deadline, or all pass",
    .state_size = sizeof(struct shared),
    .setup = setup_three,
    .threads = {wait_0, wait_1, wait_until_2},
    .check = check_timed,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

/* One of two: the round is never complete. */
static void wait_alone(void *state) { HD_EXPECT(wait_for_all(state) == HD_BROKEN); }

/* A reset ends only a wait that has begun; an abort also one that has not. */
static void reset(void *state)
{
    struct shared *shared = state;
    uint32_t waiting;

    hd_history_call(&shared->barrier, HD_OP_SIZE, 0);
    waiting = hd_barrier_waiting(&shared->barrier);
    hd_history_return(&shared->barrier, HD_OK, waiting);

    if (waiting == 0) {
        end_round(shared, HD_OP_ABORT);
        return;
    }
    end_round(shared, HD_OP_RESET);
    HD_EXPECT(!hd_barrier_is_broken(&shared->barrier));
}

const struct hd_scenario hd_scenario_barrier_reset = {
    .summary = "a reset ends the wait that has begun; an abort those that have not, too",
    .state_size = sizeof(struct shared),
    .setup = setup_two,
    .threads = {wait_alone, reset},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};

static void meet_and_destroy(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(wait_for_all(shared) == HD_OK);
    /* Relaxed: only who comes first may do it; the round itself has ordered everything else. */
    if (__atomic_fetch_add(&shared->ended, 1, __ATOMIC_RELAXED) == 0) {
        hd_barrier_destroy(&shared->barrier);
        memset(&shared->barrier, 0xff, sizeof(shared->barrier));
    }
}

const struct hd_scenario hd_scenario_barrier_destroyed = {
    .summary = "the first to leave destroys the barrier and re-uses its memory",
    .state_size = sizeof(struct shared),
    .setup = setup_two,
    .threads = {meet_and_destroy, meet_and_destroy},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
