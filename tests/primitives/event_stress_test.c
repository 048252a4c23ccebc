/*
 * 32 threads at events that are set and cleared all the time.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/clock.h>
#include <heddle/event.h>

#include "tests/primitives/support.h"

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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_ends_the_waits_of_all_32_threads),
        cmocka_unit_test(one_pulse_ends_the_waits_of_all_32_threads_that_sleep),
        cmocka_unit_test(pulses_by_two_threads_let_30_others_go_on),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
