/*
 * Linearize and monitors: their answers are those of a search through all orders.
 *
 * Random histories, seeds fixed, half of them right by construction and half of them spoilt. That a
 * test of answers sees both kinds of them is asserted too: else it could not fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "engine/monitor.h"
#include "tests/engine/histories.h"

#define SMALL 6U /* operations: 720 orders */
#define SMALL_HISTORIES 2000U
#define LARGE_HISTORIES 10000U

static const struct object objects[] = {
    {.name = "FIFO queue",
     .specification = &hd_specification_fifo_queue,
     .codes = {HD_OP_PUT, HD_OP_PUT, HD_OP_GET, HD_OP_GET},
     .codes_count = 4,
     .has_timeouts = true},
    {.name = "FIFO queue with pending operations and repeated values",
     .specification = &hd_specification_fifo_queue,
     .codes = {HD_OP_PUT, HD_OP_GET, HD_OP_TASK_DONE, HD_OP_JOIN},
     .codes_count = 4,
     .has_timeouts = true,
     .has_pending = true,
     .has_repeats = true},
    {.name = "FIFO queue of one",
     .specification = &hd_specification_fifo_queue,
     .parameter = 1,
     .codes = {HD_OP_PUT, HD_OP_GET, HD_OP_SIZE},
     .codes_count = 3,
     .has_timeouts = true,
     .has_pending = true},
    {.name = "stack",
     .specification = &hd_specification_stack,
     .codes = {HD_OP_PUSH, HD_OP_POP},
     .codes_count = 2,
     .has_timeouts = true},
    {.name = "priority queue",
     .specification = &hd_specification_priority_queue,
     .codes = {HD_OP_PUT, HD_OP_GET},
     .codes_count = 2,
     .has_timeouts = true},
    {.name = "priority queue with pending operations",
     .specification = &hd_specification_priority_queue,
     .codes = {HD_OP_PUT, HD_OP_GET},
     .codes_count = 2,
     .has_timeouts = true,
     .has_pending = true},
    {.name = "set",
     .specification = &hd_specification_set,
     .codes = {HD_OP_INSERT, HD_OP_REMOVE, HD_OP_CONTAINS},
     .codes_count = 3},
    {.name = "set with pending operations",
     .specification = &hd_specification_set,
     .codes = {HD_OP_INSERT, HD_OP_REMOVE, HD_OP_CONTAINS},
     .codes_count = 3,
     .has_pending = true},
    {.name = "register",
     .specification = &hd_specification_register,
     .codes = {HD_OP_READ, HD_OP_WRITE, HD_OP_EXCHANGE},
     .codes_count = 3,
     .has_pending = true,
     .has_repeats = true},
    {.name = "semaphore",
     .specification = &hd_specification_bounded_semaphore,
     .parameter = 2,
     .codes = {HD_OP_ACQUIRE, HD_OP_RELEASE, HD_OP_SIZE},
     .codes_count = 3,
     .has_timeouts = true,
     .has_pending = true,
     .has_repeats = true},
    {.name = "event",
     .specification = &hd_specification_event,
     .codes = {HD_OP_SET, HD_OP_CLEAR, HD_OP_WAIT, HD_OP_IS_SET},
     .codes_count = 4,
     .has_timeouts = true},
    {.name = "lock",
     .specification = &hd_specification_lock,
     .codes = {HD_OP_ACQUIRE, HD_OP_RELEASE, HD_OP_IS_LOCKED},
     .codes_count = 3,
     .has_timeouts = true,
     .has_pending = true},
};

#define OBJECTS (sizeof(objects) / sizeof(objects[0]))

static struct history history;

static enum hde_linearizable search(void)
{
    uint64_t steps = HDE_LINEARIZE_STEPS_MAX;

    return hde_linearize(&history.problem, &steps, NULL);
}

static void make(const struct object *object, uint32_t seed, uint32_t count, uint32_t width)
{
    struct hde_rng rng;

    hde_rng_seed(&rng, seed);
    hd_history_make(&history, object, &rng, count, width);
    for (uint32_t i = 0; i < seed % 3; i++) {
        hd_history_spoil(&history, &rng);
    }
}

static void disagree(const struct object *object, uint32_t seed, const char *who, int answer)
{
    hd_history_print(&history);
    fail_msg("%s, seed %u: %s says %d", object->name, seed, who, answer);
}

/* Whether its monitor knows most histories. */
static bool is_monitored(const struct object *object)
{
    return object->specification->monitor != HD_MONITOR_NONE && object->parameter == 0 &&
           (!object->has_pending || object->specification->monitor == HD_MONITOR_SET);
}

/* How often each answer was given. */
struct answers {
    uint32_t right;
    uint32_t wrong;
};

static void count(struct answers *answers, enum hde_linearizable answer)
{
    answers->right += answer == HDE_LINEARIZABLE;
    answers->wrong += answer == HDE_NOT_LINEARIZABLE;
}

static void check_small(const struct object *object)
{
    struct answers of_search = {0};
    struct answers of_monitor = {0};

    for (uint32_t seed = 0; seed < SMALL_HISTORIES; seed++) {
        make(object, seed, SMALL, 1 + seed % 4);

        enum hde_linearizable owed =
            hd_history_has_order(&history) ? HDE_LINEARIZABLE : HDE_NOT_LINEARIZABLE;
        enum hde_linearizable found = search();
        enum hde_linearizable monitored = hde_monitor(&history.problem);

        if (found != owed) {
            disagree(object, seed, "the search", (int)found);
        }
        if (monitored != HDE_LINEARIZABLE_UNKNOWN && monitored != owed) {
            disagree(object, seed, "the monitor", (int)monitored);
        }
        if (seed % 3 == 0) {
            assert_int_equal(found, HDE_LINEARIZABLE);
        }
        count(&of_search, found);
        count(&of_monitor, monitored);
    }
    assert_in_range(of_search.wrong, SMALL_HISTORIES / 20, SMALL_HISTORIES);
    if (is_monitored(object)) {
        assert_in_range(of_monitor.right, SMALL_HISTORIES / 20, SMALL_HISTORIES);
        assert_in_range(of_monitor.wrong, SMALL_HISTORIES / 50, SMALL_HISTORIES);
    }
}

static void search_and_monitors_give_the_answer_of_all_orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < OBJECTS; i++) {
        check_small(&objects[i]);
    }
}

static void check_large(const struct object *object)
{
    struct answers answers = {0};

    for (uint32_t seed = 0; seed < LARGE_HISTORIES; seed++) {
        make(object, seed, 8 + seed % 6, 1 + seed % 4);

        enum hde_linearizable found = search();
        enum hde_linearizable monitored = hde_monitor(&history.problem);

        if (found == HDE_LINEARIZABLE_UNKNOWN) {
            disagree(object, seed, "the search", (int)found);
        }
        if (monitored != HDE_LINEARIZABLE_UNKNOWN && monitored != found) {
            disagree(object, seed, "the monitor", (int)monitored);
        }
        count(&answers, monitored);
    }
    assert_in_range(answers.right, LARGE_HISTORIES / 100, LARGE_HISTORIES);
    assert_in_range(answers.wrong, LARGE_HISTORIES / 100, LARGE_HISTORIES);
}

static void monitors_give_the_answer_of_the_search(void **state)
{
    (void)state;
    for (size_t i = 0; i < OBJECTS; i++) {
        if (is_monitored(&objects[i])) {
            check_large(&objects[i]);
        }
    }
}

/* A search that tries all candidates of 900 operations would not come to an end. */
static void long_histories_are_decided(void **state)
{
    (void)state;
    for (size_t i = 0; i < OBJECTS; i++) {
        struct hde_rng rng;

        if (!is_monitored(&objects[i]) || objects[i].has_pending) {
            continue;
        }
        hde_rng_seed(&rng, i);
        hd_history_make(&history, &objects[i], &rng, 900, 4);
        assert_in_range(history.problem.count, 600, 900);
        assert_int_equal(hde_monitor(&history.problem), HDE_LINEARIZABLE);
        for (uint32_t wrong = 0; wrong < 100; wrong++) {
            hd_history_spoil(&history, &rng);
        }
        assert_int_equal(hde_monitor(&history.problem), HDE_NOT_LINEARIZABLE);
    }
}

/* An execution may not take for ever because of what it recorded. */
static void a_search_gives_up_in_the_end(void **state)
{
    uint64_t steps = 1000;

    (void)state;
    make(&objects[1], 1, 200, 6);
    history.intervals[199].operation.outcome = HD_BROKEN;
    assert_int_equal(hde_linearize(&history.problem, &steps, NULL), HDE_LINEARIZABLE_UNKNOWN);
    assert_int_equal(steps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_and_monitors_give_the_answer_of_all_orders),
        cmocka_unit_test(monitors_give_the_answer_of_the_search),
        cmocka_unit_test(long_histories_are_decided),
        cmocka_unit_test(a_search_gives_up_in_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
