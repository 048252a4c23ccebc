/*
 * 32 threads at barriers: as parties of one, as too many for one, and with deadlines, resets and
 * aborts thrown in.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/barrier.h>
#include <heddle/clock.h>

#include "tests/primitives/support.h"

#define THREADS 32U
#define ROUNDS 300U

struct rounds {
    struct hd_barrier barrier;
    uint32_t indices[ROUNDS]; /* atomic; one bit for each index given out in the round */
    uint32_t arrived;         /* atomic; in all rounds so far */
    uint32_t actions;         /* the action's, ordered by the barrier */
};

static void count_action(void *argument)
{
    struct rounds *rounds = argument;

    rounds->actions++;
}

static void meet_round_after_round(void *shared, size_t index)
{
    struct rounds *rounds = shared;
    uint32_t place = THREADS;

    (void)index;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        (void)hd_mark_add(&rounds->arrived, 1);
        HD_CHECK_RESULT(hd_barrier_wait(&rounds->barrier, &place), HD_OK);
        /* Nobody runs ahead: all of this round have arrived, and none of the one after the next. */
        const uint32_t arrived = hd_mark_add(&rounds->arrived, 0);

        HD_CHECK(arrived >= (round + 1) * THREADS);
        HD_CHECK(arrived <= (round + 2) * THREADS);
        HD_CHECK(rounds->actions >= round + 1);
        HD_CHECK(place < THREADS);
        const uint32_t bit = UINT32_C(1) << (place % THREADS);

        HD_CHECK_EQUAL(__atomic_fetch_or(&rounds->indices[round], bit, __ATOMIC_RELAXED) & bit, 0);
    }
}

static void of_32_parties_each_gets_an_index_of_its_own_in_every_round(void **state)
{
    struct rounds rounds = {.arrived = 0};
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_barrier_init(&rounds.barrier, THREADS, count_action, &rounds), HD_OK);
    hd_crew_add(&crew, THREADS, meet_round_after_round, &rounds);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(rounds.actions, ROUNDS);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        HD_CHECK_EQUAL(rounds.indices[round], UINT32_MAX);
    }
    hd_barrier_destroy(&rounds.barrier);
}

#define PARTIES 5U
#define WAITS (PARTIES * 2000U)

struct crowd {
    struct hd_barrier barrier;
    uint32_t waits;            /* atomic; begun */
    uint32_t counts[PARTIES];  /* atomic; [i]: how often index i was given out */
    uint32_t completed;        /* atomic; waits that were HD_OK */
    uint32_t rounds_completed; /* the action's, ordered by the barrier */
    uint32_t is_over;          /* a mark */
};

static void count_round(void *argument)
{
    struct crowd *crowd = argument;

    crowd->rounds_completed++;
}

static void crowd_in(void *shared, size_t index)
{
    struct crowd *crowd = shared;
    uint32_t place = PARTIES;

    (void)index;
    while (hd_mark_add(&crowd->waits, 1) < WAITS) {
        HD_CHECK_RESULT(hd_barrier_wait(&crowd->barrier, &place), HD_OK);
        HD_CHECK(place < PARTIES);
        (void)hd_mark_add(&crowd->counts[place], 1);
    }
}

static void more_threads_than_parties_share_the_rounds(void **state)
{
    struct crowd crowd = {.waits = 0};
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_barrier_init(&crowd.barrier, PARTIES, count_round, &crowd), HD_OK);
    hd_crew_add(&crew, THREADS, crowd_in, &crowd);
    hd_crew_join(&crew);
    for (uint32_t i = 0; i < PARTIES; i++) {
        HD_CHECK_EQUAL(crowd.counts[i], WAITS / PARTIES);
    }
    HD_CHECK_EQUAL(crowd.rounds_completed, WAITS / PARTIES);
    HD_CHECK_EQUAL(hd_barrier_waiting(&crowd.barrier), 0);
    hd_barrier_destroy(&crowd.barrier);
}

static void wait_impatiently(void *shared, size_t index)
{
    struct crowd *crowd = shared;
    uint64_t seed = index + 1;

    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t place = PARTIES;
        /* The patient ones are ended by the others, or by the reset at the end. */
        const uint64_t deadline_ns = hd_random_below(&seed, 2) == 0
                                         ? HD_FOREVER
                                         : hd_clock_after_ns(hd_random_below(&seed, 200000));
        const enum hd_result result = hd_barrier_wait_until(&crowd->barrier, &place, deadline_ns);

        if (result == HD_OK) {
            HD_CHECK(place < PARTIES);
            (void)hd_mark_add(&crowd->counts[place], 1);
            (void)hd_mark_add(&crowd->completed, 1);
        } else {
            HD_CHECK_EQUAL(place, PARTIES);
            HD_CHECK(result == HD_BROKEN || (result == HD_TIMEOUT && deadline_ns != HD_FOREVER));
        }
    }
}

static void mend_and_break(void *shared, size_t index)
{
    struct crowd *crowd = shared;
    uint64_t seed = index + 100;

    while (!hd_mark_is_set(&crowd->is_over)) {
        if (hd_random_below(&seed, 20) == 0) {
            hd_barrier_abort(&crowd->barrier);
        } else if (hd_barrier_is_broken(&crowd->barrier)) {
            hd_barrier_reset(&crowd->barrier);
        }
        HD_CHECK(hd_barrier_waiting(&crowd->barrier) < PARTIES);
    }
}

/* Whatever breaks a round, it is complete for all of its parties or for none. */
static void rounds_stay_whole_while_others_give_up_abort_and_reset(void **state)
{
    struct crowd crowd = {.waits = 0};
    struct hd_crew waiters = {0};
    struct hd_crew menders = {0};

    (void)state;
    HD_CHECK_RESULT(hd_barrier_init(&crowd.barrier, PARTIES, count_round, &crowd), HD_OK);
    hd_crew_add(&menders, 2, mend_and_break, &crowd);
    hd_crew_add(&waiters, THREADS - 2, wait_impatiently, &crowd);
    /* The last few may be too few for a round, but the aborts end theirs. */
    hd_crew_join(&waiters);
    hd_mark_set(&crowd.is_over);
    hd_crew_join(&menders);
    HD_CHECK_EQUAL(crowd.completed, (uint64_t)PARTIES * crowd.rounds_completed);
    for (uint32_t i = 0; i < PARTIES; i++) {
        HD_CHECK_EQUAL(crowd.counts[i], crowd.rounds_completed);
    }
    hd_barrier_destroy(&crowd.barrier);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_32_parties_each_gets_an_index_of_its_own_in_every_round),
        cmocka_unit_test(more_threads_than_parties_share_the_rounds),
        cmocka_unit_test(rounds_stay_whole_while_others_give_up_abort_and_reset),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
