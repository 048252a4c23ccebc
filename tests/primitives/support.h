/*
 * Support: what the tests of the primitives have in common: checks that work in any thread, a crew
 * of threads, waiting for a state, and the run itself.
 *
 *     static void release_of_a_free_lock_is_refused(void **state)
 *     {
 *         struct hd_lock lock = HD_LOCK_INITIALIZER;
 *
 *         (void)state;
 *         HD_CHECK_RESULT(hd_lock_release(&lock), HD_NOT_OWNER);
 *     }
 *
 * cmocka's own assertions jump back to the test from wherever they fail, which is undefined in any
 * thread but the one that runs the test, and leaves threads behind that go on using its stack. So a
 * check that fails here ends the test through cmocka only if no thread of a crew is running; else
 * it ends the process. A test that hangs ends as well: a watchdog ends the process, and says which
 * test it was.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_SUPPORT_H
#define HEDDLE_TESTS_PRIMITIVES_SUPPORT_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include <heddle/result.h>
#include <heddle/waiter_list.h>

#define HD_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* How long a single test may take before the watchdog ends the process. */
#define HD_TEST_SECONDS_MAX 60U

/* A deadline that has passed. */
#define HD_TEST_PAST UINT64_C(1)

/* Tests that are about one thing. */
struct hd_test_group {
    const struct CMUnitTest *tests;
    size_t count;
    const void *subject; /* what hd_test_subject() returns in them; may be NULL */
};

/* Run the groups: all tests, or those whose names match argv[1]. The exit status of main(). */
int hd_test_run(int argc, char **argv, const struct hd_test_group *groups, size_t group_count);

/* The subject of the running test's group. `state` is the test's argument. */
const void *hd_test_subject(void **state);

/* In any thread, and in a forked child, where a failure ends the child with status 1. */
#define HD_CHECK(condition) hd_check((condition), #condition, __FILE__, __LINE__)
#define HD_CHECK_EQUAL(actual, expected)                                                           \
    hd_check_equal((actual), (expected), #actual, __FILE__, __LINE__)
#define HD_CHECK_RESULT(actual, expected)                                                          \
    hd_check_result((actual), (expected), #actual, __FILE__, __LINE__)

void hd_check(bool holds, const char *text, const char *file, int line);
void hd_check_equal(
    uint64_t actual, uint64_t expected, const char *text, const char *file, int line);
void hd_check_result(
    enum hd_result actual, enum hd_result expected, const char *text, const char *file, int line);

/* Come back when `condition` holds; fail if it does not within half the time of a test. */
#define HD_AWAIT(condition)                                                                        \
    for (uint64_t hd_await_until_ns = hd_await_begin(); !(condition);                              \
         hd_await_pause(hd_await_until_ns, #condition, __FILE__, __LINE__)) {                      \
    }

uint64_t hd_await_begin(void);
void hd_await_pause(uint64_t until_ns, const char *text, const char *file, int line);

/* Whether the mark was set; to be set and awaited across threads. Orders nothing by itself. */
bool hd_mark_is_set(const uint32_t *mark);
void hd_mark_set(uint32_t *mark);

/* A counter across threads that orders nothing by itself: the value before. */
uint32_t hd_mark_add(uint32_t *counter, uint32_t amount);

/*
 * Come back when `count` threads have called this, and about when the others do: nobody sleeps.
 * `meetings` is 0 at first; after the n-th time it is n * count. Orders nothing by itself.
 */
void hd_meet(uint32_t *meetings, uint32_t count);

#define HD_CREW_MAX 40

/* What a member of a crew runs: the n-th one added gets the index n, from 0. */
typedef void hd_crew_function(void *shared, size_t index);

struct hd_crew_member {
    pthread_t thread;
    hd_crew_function *function;
    void *shared;
    size_t index;
    pid_t tid;        /* atomic; 0 until the thread runs */
    uint32_t is_done; /* atomic; 1 once `function` has returned */
};

/* Threads that are joined together. Zeroed, it is an empty crew. */
struct hd_crew {
    struct hd_crew_member members[HD_CREW_MAX];
    size_t count;
};

/* Start `count` more threads that run function(shared, index). */
void hd_crew_add(struct hd_crew *crew, size_t count, hd_crew_function *function, void *shared);

/* Wait for all to return; the crew is empty then. */
void hd_crew_join(struct hd_crew *crew);

/* How many have returned from their function. */
size_t hd_crew_done(const struct hd_crew *crew);

/* The word on which a member sleeps in the kernel; NULL while it does not. */
uint32_t *hd_crew_slept_on(const struct hd_crew *crew, size_t index);

/* Wait until all members sleep on `word`, or on any, if that is NULL. */
void hd_crew_await_sleep(const struct hd_crew *crew, const uint32_t *word);

/* How many wait in a list, whose guard (the word of a lock) is taken meanwhile. */
size_t hd_count_waiters(const struct hd_waiter_list *list, uint32_t *guard);

/* The same for a list whose guard the caller holds. */
size_t hd_count_listed(const struct hd_waiter_list *list);

/* Read what there is of a file, at most size - 1 bytes, as a string; false if there is none. */
bool hd_read_file(const char *path, char *text, size_t size);

/* Whether all bytes are `byte`. */
bool hd_is_filled(const void *memory, unsigned char byte, size_t size);

/* A number from 0 to limit - 1, the same ones in each run. `seed` is not 0; it is changed. */
uint32_t hd_random_below(uint64_t *seed, uint32_t limit);

/* Let a random moment pass, of at most `steps` nanoseconds or so, to meet others elsewhere. */
void hd_hesitate(uint64_t *seed, uint32_t steps);

#endif
