/*
 * Event: set, clear, and whom a set ends the wait of.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/clock.h>
#include <heddle/event.h>

#include "tests/primitives/support.h"

/* Bits of an event's word, as its header describes them. */
#define WAITERS 2U
#define GENERATIONS (~7U)

static void wait_for_it(void *shared, size_t index)
{
    struct hd_event *event = shared;

    (void)index;
    hd_event_wait(event);
}

static void wait_until_for_it(void *shared, size_t index)
{
    struct hd_event *event = shared;

    (void)index;
    HD_CHECK_RESULT(hd_event_wait_until(event, hd_clock_after_ns(30 * HD_SECOND_NS)), HD_OK);
}

/* `count` threads of each sort, all asleep in the event. */
static void add_waiters(struct hd_crew *crew, size_t count, struct hd_event *event)
{
    hd_crew_add(crew, count, wait_for_it, event);
    hd_crew_add(crew, count, wait_until_for_it, event);
    hd_crew_await_sleep(crew, &event->word);
    HD_CHECK_EQUAL(hd_crew_done(crew), 0);
}

static void init_makes_what_the_static_initializer_makes(void **state)
{
    const struct hd_event initial = HD_EVENT_INITIALIZER;
    struct hd_event event;

    (void)state;
    memset(&event, 0xff, sizeof(event));
    hd_event_init(&event);
    HD_CHECK(memcmp(&event, &initial, sizeof(event)) == 0);
    HD_CHECK(!hd_event_is_set(&event));
    hd_event_destroy(&event);
}

static void it_is_set_from_the_first_set_to_the_next_clear(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;

    (void)state;
    HD_CHECK(!hd_event_is_set(&event));
    hd_event_clear(&event);
    HD_CHECK(!hd_event_is_set(&event));
    for (uint32_t round = 0; round < 3; round++) {
        hd_event_set(&event);
        HD_CHECK(hd_event_is_set(&event));
        hd_event_set(&event);
        HD_CHECK(hd_event_is_set(&event));
        hd_event_clear(&event);
        HD_CHECK(!hd_event_is_set(&event));
        hd_event_clear(&event);
        HD_CHECK(!hd_event_is_set(&event));
    }
    hd_event_destroy(&event);
}

static void a_wait_for_a_set_event_returns_at_once_and_leaves_it_set(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;

    (void)state;
    hd_event_set(&event);
    hd_event_wait(&event);
    HD_CHECK_RESULT(hd_event_wait_until(&event, HD_TEST_PAST), HD_OK);
    HD_CHECK_RESULT(hd_event_wait_until(&event, HD_FOREVER), HD_OK);
    HD_CHECK(hd_event_is_set(&event));
    hd_event_destroy(&event);
}

static void a_set_ends_all_waits(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    for (uint32_t round = 0; round < 20; round++) {
        add_waiters(&crew, 4, &event);
        hd_event_set(&event);
        hd_crew_join(&crew);
        HD_CHECK(hd_event_is_set(&event));
        hd_event_clear(&event);
    }
    hd_event_destroy(&event);
}

static void a_set_that_is_cleared_at_once_ends_all_waits_before_it(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    for (uint32_t round = 0; round < 20; round++) {
        add_waiters(&crew, 4, &event);
        hd_event_set(&event);
        hd_event_clear(&event);
        hd_crew_join(&crew);
        HD_CHECK(!hd_event_is_set(&event));
    }
    hd_event_destroy(&event);
}

static void a_wait_that_begins_after_the_clear_is_not_ended(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    add_waiters(&crew, 1, &event);
    hd_event_set(&event);
    hd_event_clear(&event);
    HD_CHECK_RESULT(hd_event_wait_until(&event, HD_TEST_PAST), HD_TIMEOUT);
    HD_CHECK_RESULT(hd_event_wait_until(&event, hd_clock_after_ns(HD_MILLISECOND_NS)), HD_TIMEOUT);
    hd_crew_join(&crew);
    add_waiters(&crew, 1, &event);
    HD_CHECK(!hd_event_is_set(&event));
    hd_event_set(&event);
    hd_crew_join(&crew);
    hd_event_destroy(&event);
}

static void a_clear_of_a_clear_event_ends_no_wait(void **state)
{
    struct hd_event event = HD_EVENT_INITIALIZER;
    struct hd_crew crew = {0};

    (void)state;
    add_waiters(&crew, 2, &event);
    hd_event_clear(&event);
    HD_CHECK((__atomic_load_n(&event.word, __ATOMIC_RELAXED) & WAITERS) != 0);
    HD_CHECK_EQUAL(hd_crew_done(&crew), 0);
    hd_event_set(&event);
    hd_crew_join(&crew);
    hd_event_destroy(&event);
}

static void the_last_generation_is_followed_by_the_first(void **state)
{
    struct hd_event event = {.word = GENERATIONS};
    struct hd_crew crew = {0};

    (void)state;
    HD_CHECK(!hd_event_is_set(&event));
    add_waiters(&crew, 2, &event);
    hd_event_set(&event);
    hd_event_clear(&event);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(event.word & GENERATIONS, 0);
    hd_event_destroy(&event);
}

/* What two threads write before they set the event, and in which order they do. */
struct published {
    struct hd_event event;
    uint64_t first;  /* plain: a missing order is a race */
    uint64_t second; /* plain */
    uint32_t first_is_set;
    uint32_t second_is_set;
    bool is_cleared;
    bool is_awaited;
};

static void set_first(void *shared, size_t index)
{
    struct published *published = shared;

    (void)index;
    published->first = 1;
    hd_event_set(&published->event);
    hd_mark_set(&published->first_is_set);
}

static void set_second(void *shared, size_t index)
{
    struct published *published = shared;

    (void)index;
    HD_AWAIT(hd_mark_is_set(&published->first_is_set));
    published->second = 2;
    hd_event_set(&published->event);
    if (published->is_cleared) {
        hd_event_clear(&published->event);
        hd_event_set(&published->event);
    }
    hd_mark_set(&published->second_is_set);
}

static void read_both(void *shared, size_t index)
{
    struct published *published = shared;

    (void)index;
    HD_AWAIT(hd_mark_is_set(&published->second_is_set));
    if (published->is_awaited) {
        hd_event_wait(&published->event);
    } else {
        HD_CHECK(hd_event_is_set(&published->event));
    }
    HD_CHECK_EQUAL(published->first + published->second, 3);
}

/* The marks order nothing, so only the event does; ThreadSanitizer sees whether it does. */
static void every_set_publishes_what_came_before_it_to_all_who_see_it(void **state)
{
    (void)state;
    for (uint32_t variant = 0; variant < 4; variant++) {
        struct hd_crew crew = {0};
        struct published published = {
            .event = HD_EVENT_INITIALIZER,
            .is_cleared = (variant & 1) != 0,
            .is_awaited = (variant & 2) != 0,
        };

        hd_crew_add(&crew, 1, set_first, &published);
        hd_crew_add(&crew, 1, set_second, &published);
        hd_crew_add(&crew, 2, read_both, &published);
        hd_crew_join(&crew);
        hd_event_destroy(&published.event);
    }
}

/* One that waits asleep, while another sets and clears. */
static void write_and_set_and_clear(void *shared, size_t index)
{
    struct published *published = shared;

    (void)index;
    HD_AWAIT((__atomic_load_n(&published->event.word, __ATOMIC_RELAXED) & WAITERS) != 0);
    published->first = 1;
    hd_event_set(&published->event);
    hd_event_clear(&published->event);
}

static void wait_and_read(void *shared, size_t index)
{
    struct published *published = shared;

    (void)index;
    hd_event_wait(&published->event);
    HD_CHECK_EQUAL(published->first, 1);
}

static void a_set_that_was_cleared_publishes_to_those_whose_wait_it_ended(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 20; round++) {
        struct hd_crew crew = {0};
        struct published published = {.event = HD_EVENT_INITIALIZER};

        hd_crew_add(&crew, 1, wait_and_read, &published);
        hd_crew_add(&crew, 1, write_and_set_and_clear, &published);
        hd_crew_join(&crew);
        hd_event_destroy(&published.event);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_makes_what_the_static_initializer_makes),
        cmocka_unit_test(it_is_set_from_the_first_set_to_the_next_clear),
        cmocka_unit_test(a_wait_for_a_set_event_returns_at_once_and_leaves_it_set),
        cmocka_unit_test(a_set_ends_all_waits),
        cmocka_unit_test(a_set_that_is_cleared_at_once_ends_all_waits_before_it),
        cmocka_unit_test(a_wait_that_begins_after_the_clear_is_not_ended),
        cmocka_unit_test(a_clear_of_a_clear_event_ends_no_wait),
        cmocka_unit_test(the_last_generation_is_followed_by_the_first),
        cmocka_unit_test(every_set_publishes_what_came_before_it_to_all_who_see_it),
        cmocka_unit_test(a_set_that_was_cleared_publishes_to_those_whose_wait_it_ended),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
