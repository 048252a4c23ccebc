/*
 * Barrier: rounds, indices, the action, and all the ways in which a round is broken.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>
#include <string.h>

#include <heddle/barrier.h>
#include <heddle/clock.h>

#include "primitives/word_lock.h"
#include "tests/primitives/support.h"

#define PARTIES 4U
#define NO_INDEX UINT32_C(12345)

/* A barrier, and what comes out of each thread's wait. */
struct use {
    struct hd_barrier barrier;
    uint64_t deadline_ns;
    enum hd_result results[HD_CREW_MAX]; /* each thread's own until it is joined */
    uint32_t indices[HD_CREW_MAX];       /* the same */
    uint32_t actions;                    /* the action's, and ordered by the barrier */
    pthread_t actor;                     /* the thread that ran it last */
};

static void act(void *argument)
{
    struct use *use = argument;

    use->actions++;
    use->actor = pthread_self();
}

static void begin(struct use *use, uint32_t parties)
{
    *use = (struct use){.deadline_ns = HD_FOREVER};
    HD_CHECK_RESULT(hd_barrier_init(&use->barrier, parties, act, use), HD_OK);
}

static void wait_once(void *shared, size_t index)
{
    struct use *use = shared;

    use->indices[index] = NO_INDEX;
    use->results[index] =
        hd_barrier_wait_until(&use->barrier, &use->indices[index], use->deadline_ns);
}

/* Threads that arrive one after the other; they must not complete the round. */
static void add_waiters(struct hd_crew *crew, struct use *use, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t before = hd_barrier_waiting(&use->barrier);

        hd_crew_add(crew, 1, wait_once, use);
        HD_AWAIT(hd_barrier_waiting(&use->barrier) == before + 1);
    }
    HD_CHECK_EQUAL(hd_crew_done(crew), 0);
}

static void check_results(const struct use *use, size_t count, enum hd_result expected)
{
    for (size_t i = 0; i < count; i++) {
        HD_CHECK_RESULT(use->results[i], expected);
        HD_CHECK_EQUAL(use->indices[i], expected == HD_OK ? i : NO_INDEX);
    }
}

/* A round of its own, in which nobody is left over from before. */
static void check_usable(struct use *use)
{
    struct hd_crew crew = {0};
    uint32_t index = NO_INDEX;
    const uint32_t actions = use->actions;

    HD_CHECK(!hd_barrier_is_broken(&use->barrier));
    HD_CHECK_EQUAL(hd_barrier_waiting(&use->barrier), 0);
    use->deadline_ns = HD_FOREVER;
    add_waiters(&crew, use, PARTIES - 1);
    HD_CHECK_RESULT(hd_barrier_wait(&use->barrier, &index), HD_OK);
    HD_CHECK_EQUAL(index, PARTIES - 1);
    HD_CHECK_EQUAL(use->actions, actions + 1);
    hd_crew_join(&crew);
    check_results(use, PARTIES - 1, HD_OK);
}

static void check_broken(struct use *use)
{
    uint32_t index = NO_INDEX;

    HD_CHECK(hd_barrier_is_broken(&use->barrier));
    HD_CHECK_EQUAL(hd_barrier_waiting(&use->barrier), 0);
    for (uint32_t i = 0; i < 2 * PARTIES; i++) {
        HD_CHECK_RESULT(hd_barrier_wait(&use->barrier, &index), HD_BROKEN);
        HD_CHECK_RESULT(hd_barrier_wait_until(&use->barrier, &index, HD_TEST_PAST), HD_BROKEN);
    }
    HD_CHECK_EQUAL(index, NO_INDEX);
    HD_CHECK(hd_barrier_is_broken(&use->barrier));
}

static void
check_initial(const struct hd_barrier *barrier, hd_barrier_action *action, const void *argument)
{
    HD_CHECK_EQUAL(barrier->guard, 0);
    HD_CHECK_EQUAL(barrier->parties, 3);
    HD_CHECK_EQUAL(barrier->arrived, 0);
    HD_CHECK(!barrier->is_broken);
    HD_CHECK(barrier->waiters.first == NULL);
    HD_CHECK(barrier->waiters.last == NULL);
    HD_CHECK(barrier->action == action);
    HD_CHECK(barrier->argument == argument);
}

static void init_makes_what_the_static_initializers_make(void **state)
{
    static struct use use;
    static const struct hd_barrier initial = HD_BARRIER_INITIALIZER(3);
    static const struct hd_barrier initial_action = HD_BARRIER_INITIALIZER_ACTION(3, act, &use);
    struct hd_barrier barrier;

    (void)state;
    check_initial(&initial, NULL, NULL);
    check_initial(&initial_action, act, &use);
    memset(&barrier, 0xff, sizeof(barrier));
    HD_CHECK_RESULT(hd_barrier_init(&barrier, 3, act, &use), HD_OK);
    check_initial(&barrier, act, &use);
    hd_barrier_destroy(&barrier);
}

static void no_parties_are_invalid_and_change_nothing(void **state)
{
    struct hd_barrier barrier;

    (void)state;
    memset(&barrier, 0x55, sizeof(barrier));
    HD_CHECK_RESULT(hd_barrier_init(&barrier, 0, NULL, NULL), HD_INVALID);
    HD_CHECK(hd_is_filled(&barrier, 0x55, sizeof(barrier)));
}

static void a_single_party_never_waits(void **state)
{
    struct use use;
    uint32_t index = NO_INDEX;

    (void)state;
    begin(&use, 1);
    HD_CHECK_RESULT(hd_barrier_wait(&use.barrier, &index), HD_OK);
    HD_CHECK_EQUAL(index, 0);
    HD_CHECK_RESULT(hd_barrier_wait_until(&use.barrier, &index, HD_TEST_PAST), HD_OK);
    HD_CHECK_EQUAL(index, 0);
    HD_CHECK_RESULT(hd_barrier_wait(&use.barrier, NULL), HD_OK);
    HD_CHECK_EQUAL(use.actions, 3);
    HD_CHECK_EQUAL(hd_barrier_waiting(&use.barrier), 0);
    hd_barrier_destroy(&use.barrier);
}

static void indices_are_places_in_the_order_of_arrival(void **state)
{
    struct use use;

    (void)state;
    begin(&use, PARTIES);
    for (uint32_t round = 0; round < 10; round++) {
        check_usable(&use);
    }
    HD_CHECK_EQUAL(use.actions, 10);
    hd_barrier_destroy(&use.barrier);
}

static void a_deadline_in_the_past_does_not_matter_to_the_last_to_arrive(void **state)
{
    struct hd_crew crew = {0};
    struct use use;
    uint32_t index = NO_INDEX;

    (void)state;
    begin(&use, PARTIES);
    add_waiters(&crew, &use, PARTIES - 1);
    HD_CHECK_RESULT(hd_barrier_wait_until(&use.barrier, &index, HD_TEST_PAST), HD_OK);
    HD_CHECK_EQUAL(index, PARTIES - 1);
    hd_crew_join(&crew);
    check_results(&use, PARTIES - 1, HD_OK);
    hd_barrier_destroy(&use.barrier);
}

static void the_last_to_arrive_runs_the_action(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use, PARTIES);
    add_waiters(&crew, &use, PARTIES - 1);
    HD_CHECK_RESULT(hd_barrier_wait(&use.barrier, NULL), HD_OK);
    HD_CHECK(pthread_equal(use.actor, pthread_self()) != 0);
    hd_crew_join(&crew);
    hd_barrier_destroy(&use.barrier);
}

/* An action that takes its time: until the test says so, and it knows that all others sleep. */
struct slow_round {
    struct hd_barrier barrier;
    uint32_t is_acting; /* a mark */
    uint32_t may_end;   /* a mark */
};

static void act_slowly(void *argument)
{
    struct slow_round *round = argument;

    hd_mark_set(&round->is_acting);
    HD_AWAIT(hd_mark_is_set(&round->may_end));
}

static void wait_in_slow_round(void *shared, size_t index)
{
    struct slow_round *round = shared;

    (void)index;
    HD_CHECK_RESULT(hd_barrier_wait(&round->barrier, NULL), HD_OK);
}

static void nobody_returns_before_the_action_has_ended(void **state)
{
    struct slow_round round = {0};
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_barrier_init(&round.barrier, 3, act_slowly, &round), HD_OK);
    hd_crew_add(&crew, 3, wait_in_slow_round, &round);
    HD_AWAIT(hd_mark_is_set(&round.is_acting));
    for (uint32_t i = 0; i < 100; i++) {
        (void)sched_yield();
        HD_CHECK_EQUAL(hd_crew_done(&crew), 0);
    }
    hd_mark_set(&round.may_end);
    hd_crew_join(&crew);
    hd_barrier_destroy(&round.barrier);
}

static void a_timeout_breaks_the_round_for_the_others(void **state)
{
    struct hd_crew crew = {0};
    struct use use;
    uint32_t index = NO_INDEX;

    (void)state;
    begin(&use, PARTIES);
    add_waiters(&crew, &use, PARTIES - 2);
    const uint64_t deadline_ns = hd_clock_after_ns(2 * HD_MILLISECOND_NS);

    HD_CHECK_RESULT(hd_barrier_wait_until(&use.barrier, &index, deadline_ns), HD_TIMEOUT);
    HD_CHECK(hd_clock_ns() >= deadline_ns);
    HD_CHECK_EQUAL(index, NO_INDEX);
    hd_crew_join(&crew);
    check_results(&use, PARTIES - 2, HD_BROKEN);
    check_broken(&use);
    hd_barrier_reset(&use.barrier);
    HD_CHECK_EQUAL(use.actions, 0);
    check_usable(&use);
    hd_barrier_destroy(&use.barrier);
}

static void an_abort_breaks_the_round_until_a_reset(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use, PARTIES);
    add_waiters(&crew, &use, PARTIES - 1);
    hd_barrier_abort(&use.barrier);
    hd_crew_join(&crew);
    check_results(&use, PARTIES - 1, HD_BROKEN);
    check_broken(&use);
    hd_barrier_abort(&use.barrier);
    check_broken(&use);
    hd_barrier_reset(&use.barrier);
    HD_CHECK_EQUAL(use.actions, 0);
    check_usable(&use);
    hd_barrier_destroy(&use.barrier);
}

static void an_abort_of_an_empty_round_breaks_the_next(void **state)
{
    struct use use;

    (void)state;
    begin(&use, PARTIES);
    hd_barrier_abort(&use.barrier);
    check_broken(&use);
    hd_barrier_reset(&use.barrier);
    check_usable(&use);
    hd_barrier_destroy(&use.barrier);
}

static void a_reset_ends_the_round_and_begins_another(void **state)
{
    struct hd_crew crew = {0};
    struct use use;

    (void)state;
    begin(&use, PARTIES);
    hd_barrier_reset(&use.barrier);
    check_usable(&use);
    add_waiters(&crew, &use, PARTIES - 1);
    hd_barrier_reset(&use.barrier);
    hd_crew_join(&crew);
    check_results(&use, PARTIES - 1, HD_BROKEN);
    check_usable(&use);
    HD_CHECK_EQUAL(use.actions, 2);
    hd_barrier_destroy(&use.barrier);
}

/* A party that is late, but has not got the guard yet when another one ends the round. */
static void check_late_party(struct use *use, void (*end_round)(struct hd_barrier *barrier))
{
    struct hd_crew crew = {0};

    use->deadline_ns = hd_clock_after_ns(20 * HD_MILLISECOND_NS);
    hd_crew_add(&crew, 1, wait_once, use);
    HD_AWAIT(hd_barrier_waiting(&use->barrier) == 1 || hd_crew_done(&crew) == 1);
    hd_word_lock_acquire(&use->barrier.guard);
    HD_AWAIT(hd_crew_slept_on(&crew, 0) == &use->barrier.guard || hd_crew_done(&crew) == 1);
    HD_CHECK(hd_word_lock_release(&use->barrier.guard));
    end_round(&use->barrier); /* gets the guard first, as a rule: the other must wake up for it */
    hd_crew_join(&crew);
    HD_CHECK_RESULT(use->results[0], HD_TIMEOUT);
    hd_barrier_reset(&use->barrier);
}

static void arrive_too_late(struct hd_barrier *barrier)
{
    HD_CHECK_RESULT(hd_barrier_wait(barrier, NULL), HD_BROKEN);
}

static void a_party_that_is_late_is_told_so_whoever_ends_the_round(void **state)
{
    struct use use;

    (void)state;
    begin(&use, 2);
    for (uint32_t round = 0; round < 5; round++) {
        check_late_party(&use, arrive_too_late);
        check_late_party(&use, hd_barrier_abort);
        check_late_party(&use, hd_barrier_reset);
    }
    HD_CHECK_EQUAL(use.actions, 0);
    hd_barrier_destroy(&use.barrier);
}

/*
 * All arrive at about the deadline of all: either the round is complete for each of them, or for
 * none, and then at least one of them was late.
 */
static void a_round_that_ends_at_its_deadline_is_complete_for_all_or_none(void **state)
{
    uint64_t seed = 5;
    struct use use;

    (void)state;
    for (uint32_t round = 0; round < 200; round++) {
        struct hd_crew crew = {0};
        uint32_t counts[HD_WOULD_DEADLOCK + 1] = {0};

        begin(&use, 3);
        use.deadline_ns = hd_clock_after_ns(60000 + hd_random_below(&seed, 150000));
        hd_crew_add(&crew, 3, wait_once, &use);
        hd_crew_join(&crew);
        for (size_t i = 0; i < 3; i++) {
            counts[use.results[i]]++;
        }
        if (counts[HD_OK] == 0) {
            HD_CHECK(counts[HD_TIMEOUT] >= 1);
            HD_CHECK_EQUAL(counts[HD_TIMEOUT] + counts[HD_BROKEN], 3);
            HD_CHECK_EQUAL(use.actions, 0);
            check_broken(&use);
        } else {
            HD_CHECK_EQUAL(counts[HD_OK], 3);
            HD_CHECK_EQUAL(use.actions, 1);
            HD_CHECK_EQUAL((1U << use.indices[0]) + (1U << use.indices[1]) + (1U << use.indices[2]),
                           7);
            HD_CHECK(!hd_barrier_is_broken(&use.barrier));
        }
        hd_barrier_destroy(&use.barrier);
    }
}

/* Each thread writes its own place before the barrier and reads all after it, unlocked. */
struct exchange {
    struct hd_barrier barrier;
    uint32_t places[PARTIES]; /* plain: a missing order is a race */
    uint32_t sum;             /* plain; written by the action */
};

static void add_up(void *argument)
{
    struct exchange *exchange = argument;

    exchange->sum = 0;
    for (size_t i = 0; i < PARTIES; i++) {
        exchange->sum += exchange->places[i];
    }
}

static void write_and_read(void *shared, size_t index)
{
    struct exchange *exchange = shared;

    for (uint32_t round = 1; round <= 300; round++) {
        exchange->places[index] = round;
        HD_CHECK_RESULT(hd_barrier_wait(&exchange->barrier, NULL), HD_OK);
        HD_CHECK_EQUAL(exchange->sum, (uint64_t)round * PARTIES);
        for (size_t i = 0; i < PARTIES; i++) {
            HD_CHECK_EQUAL(exchange->places[i], round);
        }
        HD_CHECK_RESULT(hd_barrier_wait(&exchange->barrier, NULL), HD_OK);
    }
}

static void all_that_came_before_a_wait_is_seen_by_the_action_and_after_every_wait(void **state)
{
    struct exchange exchange = {0};
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK_RESULT(hd_barrier_init(&exchange.barrier, PARTIES, add_up, &exchange), HD_OK);
    hd_crew_add(&crew, PARTIES, write_and_read, &exchange);
    hd_crew_join(&crew);
    hd_barrier_destroy(&exchange.barrier);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_makes_what_the_static_initializers_make),
        cmocka_unit_test(no_parties_are_invalid_and_change_nothing),
        cmocka_unit_test(a_single_party_never_waits),
        cmocka_unit_test(indices_are_places_in_the_order_of_arrival),
        cmocka_unit_test(a_deadline_in_the_past_does_not_matter_to_the_last_to_arrive),
        cmocka_unit_test(the_last_to_arrive_runs_the_action),
        cmocka_unit_test(nobody_returns_before_the_action_has_ended),
        cmocka_unit_test(a_timeout_breaks_the_round_for_the_others),
        cmocka_unit_test(an_abort_breaks_the_round_until_a_reset),
        cmocka_unit_test(an_abort_of_an_empty_round_breaks_the_next),
        cmocka_unit_test(a_reset_ends_the_round_and_begins_another),
        cmocka_unit_test(a_party_that_is_late_is_told_so_whoever_ends_the_round),
        cmocka_unit_test(a_round_that_ends_at_its_deadline_is_complete_for_all_or_none),
        cmocka_unit_test(all_that_came_before_a_wait_is_seen_by_the_action_and_after_every_wait),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
