/*
 * Clock: monotonic nanoseconds, and deadlines that do not wrap around.
 *
 * SPDX-License-Identifier: MIT
 */
#include <time.h>

#include <heddle/clock.h>

#include "tests/primitives/support.h"

static uint64_t read_monotonic_ns(void)
{
    struct timespec now;

    HD_CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void it_reads_the_monotonic_clock(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        const uint64_t before_ns = read_monotonic_ns();
        const uint64_t now_ns = hd_clock_ns();

        HD_CHECK(before_ns <= now_ns);
        HD_CHECK(now_ns <= read_monotonic_ns());
    }
}

static void it_never_decreases(void **state)
{
    uint64_t last_ns = hd_clock_ns();

    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        const uint64_t now_ns = hd_clock_ns();

        HD_CHECK(now_ns >= last_ns);
        last_ns = now_ns;
    }
}

static void a_deadline_lies_its_duration_after_now(void **state)
{
    static const uint64_t durations_ns[] = {0, 1, HD_MILLISECOND_NS, UINT64_C(3600) * HD_SECOND_NS};

    (void)state;
    for (size_t i = 0; i < HD_COUNT_OF(durations_ns); i++) {
        const uint64_t before_ns = hd_clock_ns();
        const uint64_t deadline_ns = hd_clock_after_ns(durations_ns[i]);

        HD_CHECK(deadline_ns >= before_ns + durations_ns[i]);
        HD_CHECK(deadline_ns <= hd_clock_ns() + durations_ns[i]);
    }
}

static void a_deadline_that_does_not_fit_never_comes(void **state)
{
    const uint64_t now_ns = hd_clock_ns();

    (void)state;
    HD_CHECK_EQUAL(hd_clock_after_ns(HD_FOREVER), HD_FOREVER);
    HD_CHECK_EQUAL(hd_clock_after_ns(HD_FOREVER - 1), HD_FOREVER);
    HD_CHECK_EQUAL(hd_clock_after_ns(HD_FOREVER - now_ns + 1), HD_FOREVER);
    /* Long, but it comes. */
    HD_CHECK(hd_clock_after_ns(HD_FOREVER / 2) < HD_FOREVER);
}

static void a_second_has_as_many_nanoseconds_as_it_should(void **state)
{
    (void)state;
    HD_CHECK_EQUAL(HD_MILLISECOND_NS * 1000, HD_SECOND_NS);
    HD_CHECK_EQUAL(HD_SECOND_NS, 1000000000);
    HD_CHECK_EQUAL(HD_FOREVER, UINT64_MAX);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_the_monotonic_clock),
        cmocka_unit_test(it_never_decreases),
        cmocka_unit_test(a_deadline_lies_its_duration_after_now),
        cmocka_unit_test(a_deadline_that_does_not_fit_never_comes),
        cmocka_unit_test(a_second_has_as_many_nanoseconds_as_it_should),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
