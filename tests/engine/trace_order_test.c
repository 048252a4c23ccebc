/*
 * Order of a trace: edges are those that were learnt, and none that follows from others. Traces
 * here are made by hand; those of real programs are held against the race detector in
 * tests/command/records_test.py.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "engine/trace_order.h"

#define STEPS_MAX 8U
#define LESSONS_MAX 4U
#define NONE HDE_TRACE_NONE

static struct hde_trace_step steps[STEPS_MAX];
static struct hde_trace_lesson lessons[LESSONS_MAX];
static struct hde_trace trace;
static struct hde_trace_order order;

/* A trace whose steps are of these threads, each step at a time of its own, from 1. */
static void make(const uint8_t *threads, size_t count)
{
    uint32_t times[HDE_THREADS_MAX] = {0};

    trace = (struct hde_trace){.steps = steps, .count = count, .lessons = lessons};
    for (size_t i = 0; i < count; i++) {
        steps[i] = (struct hde_trace_step){.thread = threads[i], .time = ++times[threads[i]]};
    }
}

static void learn(uint32_t since, uint32_t until, uint8_t of, uint32_t time)
{
    lessons[trace.lessons_count++] =
        (struct hde_trace_lesson){.since = since, .until = until, .of = of, .time = time};
}

/* The edges among these steps, as step and after in turn. */
static void
assert_edges(const uint32_t *kept, size_t kept_count, const uint32_t *wanted, size_t count)
{
    hde_trace_order_take(&order, &trace, kept, kept_count);
    assert_int_equal(order.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(order.edges[i].step, wanted[2 * i]);
        assert_int_equal(order.edges[i].after, wanted[2 * i + 1]);
    }
}

static const uint32_t all[] = {0, 1, 2, 3, 4, 5};

/* Thread 1 takes in its step 1 what thread 0 released in step 0; its next step is 3. */
static void test_what_was_there_is_learnt_in_the_step(void **state)
{
    static const uint32_t wanted[] = {1, 0};

    (void)state;
    make((const uint8_t[]){0, 1, 0, 1}, 4);
    learn(1, 3, 0, 1);
    assert_edges(all, 4, wanted, 1);
}

/* As when a thread waits for others to end: they made steps after its last one. */
static void test_what_came_later_is_learnt_on_the_way(void **state)
{
    static const uint32_t wanted[] = {3, 2};

    (void)state;
    make((const uint8_t[]){0, 1, 1, 0}, 4);
    learn(0, 3, 1, 2);
    assert_edges(all, 4, wanted, 1);
}

/* A time between two steps is that of the first. */
static void test_time_is_that_of_the_last_step_up_to_it(void **state)
{
    static const uint32_t wanted[] = {2, 1};

    (void)state;
    make((const uint8_t[]){0, 0, 1, 0}, 4);
    steps[3].time = 9;
    learn(NONE, 2, 0, 7);
    assert_edges(all, 4, wanted, 1);
}

static void test_nothing_follows_from_its_end(void **state)
{
    (void)state;
    make((const uint8_t[]){0, 1, 1}, 3);
    learn(0, NONE, 1, 2);
    assert_edges(all, 3, NULL, 0);
}

/* Thread 2 learns of thread 0 through thread 1. */
static void test_what_follows_from_another_edge_is_left_out(void **state)
{
    static const uint32_t wanted[] = {1, 0, 2, 1};

    (void)state;
    make((const uint8_t[]){0, 1, 2}, 3);
    learn(NONE, 1, 0, 1);
    learn(NONE, 2, 0, 1);
    learn(NONE, 2, 1, 1);
    assert_edges(all, 3, wanted, 2);
}

/* Thread 1 learns at step 3 what it knew since step 1, through thread 2. */
static void test_what_the_thread_knew_is_left_out(void **state)
{
    static const uint32_t wanted[] = {1, 0, 2, 0, 3, 2};

    (void)state;
    make((const uint8_t[]){0, 1, 2, 1}, 4);
    learn(NONE, 1, 0, 1);
    learn(NONE, 2, 0, 1);
    learn(1, 3, 2, 1);
    learn(1, 3, 0, 1);
    assert_edges(all, 4, wanted, 3);
}

/* Steps 1 and 3 are left out: the edge between them is one between their neighbours. */
static void test_edges_of_steps_left_out_move_outwards(void **state)
{
    static const uint32_t kept[] = {0, 2, 4};
    static const uint32_t wanted[] = {2, 0};

    (void)state;
    make((const uint8_t[]){0, 0, 1, 1, 1}, 5);
    learn(3, 4, 0, 2);
    assert_edges(kept, 3, wanted, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_there_is_learnt_in_the_step),
        cmocka_unit_test(test_what_came_later_is_learnt_on_the_way),
        cmocka_unit_test(test_time_is_that_of_the_last_step_up_to_it),
        cmocka_unit_test(test_nothing_follows_from_its_end),
        cmocka_unit_test(test_what_follows_from_another_edge_is_left_out),
        cmocka_unit_test(test_what_the_thread_knew_is_left_out),
        cmocka_unit_test(test_edges_of_steps_left_out_move_outwards),
    };
    int result = cmocka_run_group_tests(tests, NULL, NULL);

    hde_trace_order_release(&order);
    return result;
}
