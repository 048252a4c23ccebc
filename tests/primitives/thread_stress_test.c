/*
 * 10,000 threads, one after the other and 32 at a time, joined and detached: the process does not
 * grow.
 *
 * What a thread leaves behind shows in different ways: a record that is not freed in the heap (or
 * in LeakSanitizer's report), a thread that is not joined in the address space, of which the stacks
 * of 10,000 would take 80 GB.
 *
 * SPDX-License-Identifier: MIT
 */
#include <malloc.h>
#include <stdlib.h>

#include <heddle/thread.h>

#include "tests/primitives/support.h"

#define AT_ONCE 32U
#define SPAWNS 10000U

/* Pages of the process's address space. */
static uint64_t read_size_pages(void)
{
    char text[64] = "";

    HD_CHECK(hd_read_file("/proc/self/statm", text, sizeof(text)));
    return strtoull(text, NULL, 10);
}

/* 1 GB: some caches of stacks and of the sanitizers, but not hundreds of stacks. */
#define GROWTH_PAGES_MAX (UINT64_C(1) << 18)

static void *add_one(void *argument)
{
    (void)hd_mark_add(argument, 1);
    return argument;
}

static void spawn_and_join(uint32_t *count)
{
    struct hd_thread threads[AT_ONCE];
    void *result = NULL;

    for (size_t i = 0; i < AT_ONCE; i++) {
        threads[i] = (struct hd_thread)HD_THREAD_INITIALIZER;
        HD_CHECK_RESULT(hd_thread_spawn(&threads[i], NULL, add_one, count), HD_OK);
    }
    for (size_t i = 0; i < AT_ONCE; i++) {
        HD_CHECK_RESULT(hd_thread_join(&threads[i], &result), HD_OK);
        HD_CHECK(result == count);
    }
}

static void spawn_and_join_one(uint32_t *count)
{
    struct hd_thread thread = HD_THREAD_INITIALIZER;
    void *result = NULL;

    HD_CHECK_RESULT(hd_thread_spawn(&thread, "one", add_one, count), HD_OK);
    HD_CHECK_RESULT(hd_thread_join(&thread, &result), HD_OK);
    HD_CHECK(result == count);
}

static void spawn_and_detach_one(uint32_t *count)
{
    const uint32_t before = hd_mark_add(count, 0);
    struct hd_thread thread = HD_THREAD_INITIALIZER;

    HD_CHECK_RESULT(hd_thread_spawn(&thread, "one", add_one, count), HD_OK);
    HD_CHECK_RESULT(hd_thread_detach(&thread), HD_OK);
    HD_AWAIT(hd_mark_add(count, 0) == before + 1);
}

/* Call `spawn`, which makes `threads` of them, until there have been SPAWNS. */
static void check_growth(void (*spawn)(uint32_t *count), uint32_t threads)
{
    uint32_t count = 0;

    while (hd_mark_add(&count, 0) < SPAWNS / 10) {
        spawn(&count); /* fill all caches */
    }
    const uint64_t size_before_pages = read_size_pages();
    const size_t heap_before = mallinfo2().uordblks;

    while (hd_mark_add(&count, 0) < SPAWNS) {
        spawn(&count);
    }
    HD_CHECK(read_size_pages() < size_before_pages + GROWTH_PAGES_MAX);
    /* Less than a record for each batch; the last detached ones may still have theirs. */
    HD_CHECK(mallinfo2().uordblks < heap_before + SPAWNS / threads);
}

static void of_10000_joined_one_after_the_other_nothing_is_left(void **state)
{
    (void)state;
    check_growth(spawn_and_join_one, 1);
}

static void of_10000_joined_32_at_a_time_nothing_is_left(void **state)
{
    (void)state;
    check_growth(spawn_and_join, AT_ONCE);
}

static void of_10000_detached_nothing_is_left(void **state)
{
    (void)state;
    check_growth(spawn_and_detach_one, 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_10000_joined_one_after_the_other_nothing_is_left),
        cmocka_unit_test(of_10000_joined_32_at_a_time_nothing_is_left),
        cmocka_unit_test(of_10000_detached_nothing_is_left),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
