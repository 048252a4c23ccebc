/*
 * Futex: what the rest of the primitives takes for granted of its two calls.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/futex.h"

#include <errno.h>

#include <heddle/clock.h>

#include "tests/primitives/support.h"

/* A word, and threads that sleep on it. */
struct sleep {
    uint32_t word;  /* atomic; 1 once they may go */
    uint32_t woken; /* atomic; waits that returned true */
};

static void sleep_until_allowed(void *shared, size_t index)
{
    struct sleep *sleep = shared;

    (void)index;
    while (__atomic_load_n(&sleep->word, __ATOMIC_RELAXED) == 0) {
        HD_CHECK(hd_futex_wait(&sleep->word, 0, HD_FOREVER));
        (void)hd_mark_add(&sleep->woken, 1);
    }
}

static void a_wait_for_a_word_that_differs_returns_at_once(void **state)
{
    const uint32_t word = 1;

    (void)state;
    errno = EXDEV;
    HD_CHECK(hd_futex_wait(&word, 0, HD_FOREVER));
    HD_CHECK(hd_futex_wait(&word, 0, HD_TEST_PAST)); /* that is no time-out */
    HD_CHECK_EQUAL((uint64_t)errno, EXDEV);
}

static void a_wait_ends_at_its_deadline_and_says_so(void **state)
{
    const uint32_t word = 0;
    const uint64_t deadline_ns = hd_clock_after_ns(2 * HD_MILLISECOND_NS);

    (void)state;
    errno = EXDEV;
    HD_CHECK(!hd_futex_wait(&word, 0, deadline_ns));
    HD_CHECK(hd_clock_ns() >= deadline_ns);
    HD_CHECK(!hd_futex_wait(&word, 0, HD_TEST_PAST));
    HD_CHECK(!hd_futex_wait(&word, 0, 0));
    HD_CHECK_EQUAL((uint64_t)errno, EXDEV);
}

static void a_wake_wakes_as_many_as_it_names(void **state)
{
    struct sleep sleep = {.word = 0};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, 5, sleep_until_allowed, &sleep);
    hd_crew_await_sleep(&crew, &sleep.word);
    hd_mark_set(&sleep.word);
    hd_futex_wake(&sleep.word, 2);
    HD_AWAIT(hd_crew_done(&crew) == 2);
    HD_CHECK_EQUAL(hd_mark_add(&sleep.woken, 0), 2);
    hd_futex_wake(&sleep.word, HD_FUTEX_ALL);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(sleep.woken, 5);
}

static void a_wake_keeps_errno_even_where_the_kernel_refuses_the_address(void **state)
{
    uint32_t words[2] = {0};
    /* Not the address of a word: the kernel says EINVAL. */
    const uintptr_t between = (uintptr_t)words + 1;

    (void)state;
    errno = EXDEV;
    hd_futex_wake(&words[0], HD_FUTEX_ALL);
    HD_CHECK_EQUAL((uint64_t)errno, EXDEV);
    hd_futex_wake((const uint32_t *)between, 1);
    HD_CHECK_EQUAL((uint64_t)errno, EXDEV);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_for_a_word_that_differs_returns_at_once),
        cmocka_unit_test(a_wait_ends_at_its_deadline_and_says_so),
        cmocka_unit_test(a_wake_wakes_as_many_as_it_names),
        cmocka_unit_test(a_wake_keeps_errno_even_where_the_kernel_refuses_the_address),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
