/*
 * What every blocking call promises: its deadline, its wake-up, errno, and that nothing else ends
 * it. The calls are in blocking_calls.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <linux/futex.h>
#include <sys/syscall.h>

#include <heddle/clock.h>

#include "tests/primitives/blocking_calls.h"
#include "tests/primitives/support.h"

/* A value of errno that no call sets. */
#define ERRNO_BEFORE EXDEV

/* One call in a thread of its own. */
struct blocked {
    const struct hd_blocking_call *call;
    uint64_t deadline_ns;
    enum hd_result result; /* the thread's until it is joined */
    int errno_after;       /* the same */
    struct hd_crew crew;
};

static void run_call(void *shared, size_t index)
{
    struct blocked *blocked = shared;

    (void)index;
    errno = ERRNO_BEFORE;
    blocked->result = blocked->call->steps->call(blocked->call->kind, blocked->deadline_ns);
    blocked->errno_after = errno;
}

static bool is_waited_for(const struct hd_blocking_call *call)
{
    return call->steps->is_waited_for(call->kind);
}

static void
start(struct blocked *blocked, const struct hd_blocking_call *call, uint64_t deadline_ns)
{
    *blocked = (struct blocked){.call = call, .deadline_ns = deadline_ns};
    hd_crew_add(&blocked->crew, 1, run_call, blocked);
}

/* Start the call, and come back when it sleeps. */
static void
block(struct blocked *blocked, const struct hd_blocking_call *call, uint64_t deadline_ns)
{
    start(blocked, call, deadline_ns);
    HD_AWAIT(is_waited_for(call));
    hd_crew_await_sleep(&blocked->crew, NULL);
}

static void check_still_blocked(const struct blocked *blocked)
{
    HD_CHECK_EQUAL(hd_crew_done(&blocked->crew), 0);
    HD_CHECK(is_waited_for(blocked->call));
}

static void let_go(struct blocked *blocked)
{
    blocked->call->steps->let_go(blocked->call->kind);
    hd_crew_join(&blocked->crew);
    HD_CHECK_RESULT(blocked->result, HD_OK);
    HD_CHECK_EQUAL((uint64_t)blocked->errno_after, ERRNO_BEFORE);
}

/* The call from another thread than the one that prepared it. */
static enum hd_result call_elsewhere(const struct hd_blocking_call *call, uint64_t deadline_ns)
{
    struct blocked blocked;

    start(&blocked, call, deadline_ns);
    hd_crew_join(&blocked.crew);
    HD_CHECK_EQUAL((uint64_t)blocked.errno_after, ERRNO_BEFORE);
    return blocked.result;
}

/* Run a test on every call; where it fails, the last one printed is meant. */
static void for_each(void (*test)(const struct hd_blocking_call *call))
{
    for (size_t i = 0; i < hd_blocking_call_count; i++) {
        const struct hd_blocking_call *call = &hd_blocking_calls[i];

        print_message("             %s\n", call->name);
        call->steps->prepare(call->kind);
        test(call);
        call->steps->finish(call->kind);
    }
}

static void check_wait_ends(const struct hd_blocking_call *call)
{
    struct blocked blocked;

    block(&blocked, call, HD_FOREVER);
    check_still_blocked(&blocked);
    let_go(&blocked);
}

static void a_wait_for_ever_ends_when_it_is_let_go(void **state)
{
    (void)state;
    for_each(check_wait_ends);
}

static void check_far_deadline(const struct hd_blocking_call *call)
{
    struct blocked blocked;

    block(&blocked, call, HD_FOREVER - 1);
    check_still_blocked(&blocked);
    let_go(&blocked);
}

static void the_farthest_deadline_is_waited_for(void **state)
{
    (void)state;
    for_each(check_far_deadline);
}

static void check_past_deadline(const struct hd_blocking_call *call)
{
    HD_CHECK_RESULT(call_elsewhere(call, HD_TEST_PAST), HD_TIMEOUT);
    HD_CHECK_RESULT(call_elsewhere(call, 0), HD_TIMEOUT);
    if (call->steps->is_remembered) {
        call->steps->let_go(call->kind);
        HD_CHECK_RESULT(call_elsewhere(call, HD_TEST_PAST), HD_OK);
    } else {
        check_wait_ends(call);
    }
}

static void a_deadline_in_the_past_is_a_try(void **state)
{
    (void)state;
    for_each(check_past_deadline);
}

static void check_timeout(const struct hd_blocking_call *call)
{
    const uint64_t deadline_ns = hd_clock_after_ns(3 * HD_MILLISECOND_NS);

    HD_CHECK_RESULT(call_elsewhere(call, deadline_ns), HD_TIMEOUT);
    HD_CHECK(hd_clock_ns() >= deadline_ns);
    /* It has left nothing behind: the next one waits and ends as if it was the first. */
    check_wait_ends(call);
}

static void a_timeout_comes_not_before_its_deadline_and_changes_nothing(void **state)
{
    (void)state;
    for_each(check_timeout);
}

static uint32_t signals_handled; /* atomic */

static void handle_signal(int number)
{
    (void)number;
    (void)hd_mark_add(&signals_handled, 1);
}

static void check_signals(const struct hd_blocking_call *call, uint64_t deadline_ns)
{
    struct blocked blocked;

    block(&blocked, call, deadline_ns);
    for (uint32_t i = 0; i < 3; i++) {
        const uint32_t handled = hd_mark_add(&signals_handled, 0);

        HD_CHECK_EQUAL((uint64_t)pthread_kill(blocked.crew.members[0].thread, SIGUSR1), 0);
        HD_AWAIT(hd_mark_add(&signals_handled, 0) > handled);
        HD_AWAIT(hd_crew_slept_on(&blocked.crew, 0) != NULL || hd_crew_done(&blocked.crew) != 0);
        check_still_blocked(&blocked);
    }
    let_go(&blocked);
}

static void check_signals_without_deadline(const struct hd_blocking_call *call)
{
    check_signals(call, HD_FOREVER);
}

static void check_signals_with_deadline(const struct hd_blocking_call *call)
{
    check_signals(call, hd_clock_after_ns(HD_TEST_SECONDS_MAX * HD_SECOND_NS));
}

static void a_signal_ends_no_wait(void **state)
{
    /* Without SA_RESTART: the kernel ends the system call with EINTR. */
    const struct sigaction action = {.sa_handler = handle_signal};

    (void)state;
    HD_CHECK_EQUAL((uint64_t)sigaction(SIGUSR1, &action, NULL), 0);
    for_each(check_signals_without_deadline);
    for_each(check_signals_with_deadline);
}

/* Wake the thread as the kernel may do for no reason; false if it was not asleep. */
static bool wake_for_nothing(const struct blocked *blocked)
{
    uint32_t *word = hd_crew_slept_on(&blocked->crew, 0);

    return word != NULL &&
           syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0) == 1;
}

/* Each wake but the first shows that the thread went back to sleep after the one before. */
static void check_stray_wakes(const struct hd_blocking_call *call)
{
    struct blocked blocked;

    block(&blocked, call, HD_FOREVER);
    for (uint32_t i = 0; i < 4; i++) {
        HD_AWAIT(wake_for_nothing(&blocked) || hd_crew_done(&blocked.crew) != 0);
        check_still_blocked(&blocked);
    }
    let_go(&blocked);
}

static void a_stray_wake_from_the_kernel_ends_no_wait(void **state)
{
    (void)state;
    for_each(check_stray_wakes);
}

/* Spend about so much time without sleeping, which would take far longer. */
static void spend_ns(uint64_t duration_ns)
{
    const uint64_t until_ns = hd_clock_after_ns(duration_ns);

    while (hd_clock_ns() < until_ns) {
    }
}

/*
 * Let go at about the deadline: either the call ends with HD_OK, or it times out and what let it go
 * is still there for the next.
 */
static void check_race_with_deadline(const struct hd_blocking_call *call)
{
    uint64_t seed = 1;
    struct blocked blocked;

    for (uint32_t round = 0; call->steps->is_remembered && round < 150; round++) {
        const uint64_t deadline_ns = hd_clock_after_ns(50000 + hd_random_below(&seed, 100000));

        if (round > 0) {
            call->steps->finish(call->kind);
            call->steps->prepare(call->kind);
        }
        start(&blocked, call, deadline_ns);
        spend_ns(hd_random_below(&seed, 150000));
        call->steps->let_go(call->kind);
        hd_crew_join(&blocked.crew);
        if (blocked.result != HD_OK) {
            HD_CHECK_RESULT(blocked.result, HD_TIMEOUT);
            HD_CHECK_RESULT(call_elsewhere(call, HD_TEST_PAST), HD_OK);
        }
    }
    if (!call->steps->is_remembered) {
        check_wait_ends(call);
    }
}

static void what_comes_with_the_deadline_is_taken_or_left(void **state)
{
    (void)state;
    for_each(check_race_with_deadline);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_for_ever_ends_when_it_is_let_go),
        cmocka_unit_test(the_farthest_deadline_is_waited_for),
        cmocka_unit_test(a_deadline_in_the_past_is_a_try),
        cmocka_unit_test(a_timeout_comes_not_before_its_deadline_and_changes_nothing),
        cmocka_unit_test(a_signal_ends_no_wait),
        cmocka_unit_test(a_stray_wake_from_the_kernel_ends_no_wait),
        cmocka_unit_test(what_comes_with_the_deadline_is_taken_or_left),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
