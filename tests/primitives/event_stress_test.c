/*
 * 32 threads at events that are set and cleared all the time.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/clock.h>
#include <heddle/event.h>

#include "tests/primitives/support.h"

/* The bit of an event's word that is set while a thread sleeps. */
#define WAITERS 2U

#define THREADS 32U
#define ROUNDS 300U

/*
 * In each round all wait for one of the events, while the other is cleared for the next round. What
 * the round is about is a plain word, written before the set.
 */
struct rounds {
    struct hd_event events[2];
    uint64_t number;  /* plain: written before the set, read after the wait */
    uint32_t returns; /* atomic: waits over, in all rounds so far */
};

/* Without a deadline, or as often as it takes. */
static void wait_for_event(struct hd_event *event, bool is_patient)
{
    if (is_patient) {
        hd_event_wait(event);
        return;
    }
    while (hd_event_wait_until(event, hd_clock_after_ns(50000)) != HD_OK) {
    }
}

static void wait_round_after_round(void *shared, size_t index)
{
    struct rounds *rounds = shared;

    for (uint64_t round = 0; round < ROUNDS; round++) {
        wait_for_event(&rounds->events[round % 2], index % 2 == 0);
        HD_CHECK_EQUAL(rounds->number, round);
        /* Release: pairs with the acquire in all_have_returned(). */
        (void)__atomic_fetch_add(&rounds->returns, 1, __ATOMIC_RELEASE);
    }
}

static bool all_have_returned(const struct rounds *rounds, uint64_t round)
{
    /* Acquire: pairs with the release in wait_round_after_round(). */
    return __atomic_load_n(&rounds->returns, __ATOMIC_ACQUIRE) == THREADS * round;
}

static void each_set_ends_the_waits_of_all_32_threads(void **state)
{
    struct rounds rounds = {.events = {HD_EVENT_INITIALIZER, HD_EVENT_INITIALIZER}};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, THREADS, wait_round_after_round, &rounds);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        HD_AWAIT(all_have_returned(&rounds, round));
        hd_event_clear(&rounds.events[(round + 1) % 2]);
        rounds.number = round;
        hd_event_set(&rounds.events[round % 2]);
    }
    hd_crew_join(&crew);
}

static void wait_once(void *shared, size_t index)
{
    (void)index;
    hd_event_wait(shared);
}

/* One pulse and no second: whoever sleeps then must return. */
static void one_pulse_ends_the_waits_of_all_32_threads_that_sleep(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;

    (void)state;
    for (uint32_t round = 0; round < 30; round++) {
        struct hd_crew crew = {0};

        hd_crew_add(&crew, THREADS, wait_once, &event);
        hd_crew_await_sleep(&crew, &event.word);
        hd_event_set(&event);
        hd_event_clear(&event);
        hd_crew_join(&crew);
    }
    hd_event_destroy(&event);
}

struct pulses {
    struct hd_event event;
    uint32_t is_over; /* a mark */
};

static void wait_often(void *shared, size_t index)
{
    struct pulses *pulses = shared;
    uint64_t seed = index + 1;

    for (uint32_t i = 0; i < ROUNDS; i++) {
        if (hd_random_below(&seed, 2) == 0) {
            hd_event_wait(&pulses->event);
        } else {
            const uint64_t deadline_ns = hd_clock_after_ns(hd_random_below(&seed, 100000));
            const enum hd_result result = hd_event_wait_until(&pulses->event, deadline_ns);

            HD_CHECK(result == HD_OK || hd_clock_ns() >= deadline_ns);
        }
    }
}

static void pulse(void *shared, size_t index)
{
    struct pulses *pulses = shared;

    (void)index;
    while (!hd_mark_is_set(&pulses->is_over)) {
        hd_event_set(&pulses->event);
        hd_event_clear(&pulses->event);
    }
}

static void pulses_by_two_threads_let_30_others_go_on(void **state)
{
    struct pulses pulses = {.event = HD_EVENT_INITIALIZER};
    struct hd_crew waiters = {0};
    struct hd_crew setters = {0};

    (void)state;
    hd_crew_add(&setters, 2, pulse, &pulses);
    hd_crew_add(&waiters, THREADS - 2, wait_often, &pulses);
    hd_crew_join(&waiters);
    hd_mark_set(&pulses.is_over);
    hd_crew_join(&setters);
    HD_CHECK(!hd_event_is_set(&pulses.event));
    hd_event_destroy(&pulses.event);
}

/* A set and a clear at the same time, while one thread sleeps: whichever is first, it returns. */
#define RACES 3000U

struct race {
    struct hd_event event;
    uint32_t meetings; /* hd_meet()'s, of the setter and the clearer */
    uint32_t rounds;   /* atomic: begun */
    uint32_t returns;  /* atomic: of the sleeper */
};

static void sleep_in_each_round(void *shared, size_t index)
{
    struct race *race = shared;

    (void)index;
    for (uint32_t round = 0; round < RACES; round++) {
        HD_AWAIT(hd_mark_add(&race->rounds, 0) > round);
        hd_event_wait(&race->event);
        (void)hd_mark_add(&race->returns, 1);
    }
}

static void clear_in_each_round(void *shared, size_t index)
{
    struct race *race = shared;
    uint64_t seed = index + 1;

    for (uint32_t round = 0; round < RACES; round++) {
        hd_meet(&race->meetings, 2);
        hd_hesitate(&seed, 60);
        hd_event_clear(&race->event);
        hd_meet(&race->meetings, 2);
    }
}

static bool is_slept_in(const struct hd_event *event)
{
    return (__atomic_load_n(&event->word, __ATOMIC_RELAXED) & WAITERS) != 0;
}

static void a_set_that_meets_a_clear_still_ends_the_wait(void **state)
{
    struct race race = {.event = HD_EVENT_INITIALIZER};
    struct hd_crew crew = {0};
    uint64_t seed = 13;

    (void)state;
    hd_crew_add(&crew, 1, sleep_in_each_round, &race);
    hd_crew_add(&crew, 1, clear_in_each_round, &race);
    for (uint32_t round = 0; round < RACES; round++) {
        (void)hd_mark_add(&race.rounds, 1);
        HD_AWAIT(is_slept_in(&race.event));
        hd_meet(&race.meetings, 2);
        hd_hesitate(&seed, 60);
        hd_event_set(&race.event);
        hd_meet(&race.meetings, 2);
        HD_AWAIT(hd_mark_add(&race.returns, 0) == round + 1);
        hd_event_clear(&race.event);
    }
    hd_crew_join(&crew);
    hd_event_destroy(&race.event);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_ends_the_waits_of_all_32_threads),
        cmocka_unit_test(one_pulse_ends_the_waits_of_all_32_threads_that_sleep),
        cmocka_unit_test(pulses_by_two_threads_let_30_others_go_on),
        cmocka_unit_test(a_set_that_meets_a_clear_still_ends_the_wait),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
