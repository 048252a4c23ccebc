/*
 * Interleavings: real programs have as many executions as the literature says, with at most 0, 1,
 * 2, ... preemptions. One choice too many or too few anywhere in the engine would change the
 * numbers.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/engine/litmus.h"

extern const struct hde_strategy hde_strategy_dfs;

#define UNBOUNDED 1000U

struct search {
    uint64_t executions;
    uint64_t deadlocks;
    uint64_t others; /* other findings */
};

static void count(struct search *search)
{
    search->executions++;
    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        if (hde_execution.findings[i].kind == HD_DEADLOCK) {
            search->deadlocks++;
        } else {
            search->others++;
        }
    }
}

/* Run all executions; `look' is called after each. */
static struct search search_all(const struct litmus *litmus,
                                const struct hde_settings *settings,
                                unsigned preemptions,
                                void (*look)(void))
{
    const struct hde_program program = hd_litmus_program(litmus);
    const struct hde_strategy_options options = {.preemptions = preemptions};
    struct search search = {.executions = 0};
    void *state = calloc(1, hde_strategy_dfs.state_size);

    assert_non_null(state);
    hde_execution_start();
    hde_strategy_dfs.start(state, &options);
    do {
        hde_strategy_dfs.begin(state, 0);
        hde_execution_run(&program, settings, &hde_strategy_dfs, state);
        count(&search);
        if (look != NULL) {
            look();
        }
    } while (hde_strategy_dfs.end(state));
    hde_strategy_dfs.stop(state);
    free(state);
    return search;
}

static struct search search_litmus(const struct litmus *litmus, unsigned preemptions)
{
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);

    return search_all(litmus, &settings, preemptions, NULL);
}

/* How many executions have 0, 1, 2, ... preemptions at most. */
static const struct {
    const struct litmus *litmus;
    uint64_t counts[10]; /* 0 ends them */
    uint64_t deadlocks;  /* of all */
} literature[] = {
    {&litmus_store_buffering_2, {2, 4, 6}, 0},
    {&litmus_store_buffering_3, {6, 24, 60, 90}, 0},
    {&litmus_iriw, {24, 96, 180}, 0},
    {&litmus_corr2, {24, 96, 180}, 0},
    {&litmus_racy_counter_2, {2, 4, 6}, 0},
    {&litmus_racy_counter_3, {6, 24, 60, 90}, 0},
    {&litmus_race_chain_5, {2, 10, 42, 90, 162, 210, 242, 250, 252}, 0},
    {&litmus_last_zero_4, {120, 1166, 5940, 18243, 34482, 41998, 44135, 44300}, 0},
    {&litmus_compare_exchange_4, {24}, 0},
    {&litmus_mutex_counter, {2, 4, 6}, 0},
    {&litmus_philosophers_3, {6, 57, 129, 150, 168}, 6},
    {&litmus_lost_wake_up, {2, 8, 10, 11}, 1},
};

static void check_count(const struct litmus *litmus, unsigned bound, uint64_t expected)
{
    uint64_t executions = search_litmus(litmus, bound).executions;

    if (executions != expected) {
        fail_msg("%s has %llu executions with %u preemptions, not %llu", litmus->name,
                 (unsigned long long)executions, bound, (unsigned long long)expected);
    }
}

static void counts_are_those_of_the_literature(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(literature) / sizeof(literature[0]); i++) {
        unsigned bound = 0;

        for (; literature[i].counts[bound] != 0; bound++) {
            check_count(literature[i].litmus, bound, literature[i].counts[bound]);
        }
        struct search all = search_litmus(literature[i].litmus, UNBOUNDED);

        assert_int_equal(all.executions, literature[i].counts[bound - 1]);
        assert_int_equal(all.deadlocks, literature[i].deadlocks);
        assert_int_equal(all.others, 0);
    }
}

/* ---- Each once ------------------------------------------------------------------------------- */

#define EXECUTIONS_MAX 200000U

static uint64_t orders[EXECUTIONS_MAX]; /* a hash of each execution's steps and choices */
static size_t orders_count;
static uint64_t order; /* of the one that runs */

static void mix(uint64_t part)
{
    order = (order ^ (part + 1)) * UINT64_C(0x9e3779b97f4a7c15);
    order ^= order >> 29;
}

static void note_step(const struct hde_thread *thread, const struct hde_event *event)
{
    mix(thread->id * 256U + event->kind);
}

/* Whom a notify woke may not show in the steps, nor which value was chosen. */
static void note_execution(void)
{
    for (size_t i = 0; i < hde_execution.schedule.count; i++) {
        const struct hde_entry *entry = &hde_execution.schedule.entries[i];

        mix((uint64_t)entry->thread << 32 | entry->event);
        mix(entry->alternative);
    }
    assert_true(orders_count < EXECUTIONS_MAX);
    orders[orders_count++] = order;
    order = 0;
}

static int compare(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    return (*left > *right) - (*left < *right);
}

static bool has_twins(void)
{
    qsort(orders, orders_count, sizeof(orders[0]), compare);
    for (size_t i = 1; i < orders_count; i++) {
        if (orders[i] == orders[i - 1]) {
            return true;
        }
    }
    return false;
}

static void check_each_once(const struct litmus *litmus, enum hde_visibility visibility)
{
    struct hde_settings settings = hd_litmus_settings(visibility);

    settings.observe = note_step;
    orders_count = 0;
    order = 0;
    assert_true(search_all(litmus, &settings, 1, note_execution).executions > 1);
    if (has_twins()) {
        fail_msg("%s: an execution came twice", litmus->name);
    }
}

/*
 * Also where threads wait, time out, poll and are created: the search meets the same choices again.
 */
static void each_execution_comes_once(void **state)
{
    static const struct litmus *const all[] = {
        &litmus_choice_of_waiter, &litmus_timed_wait,    &litmus_poll,
        &litmus_create,           &litmus_plain_counter, &litmus_philosophers_3,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        check_each_once(all[i], HDE_VISIBLE_SYNC);
        check_each_once(all[i], HDE_VISIBLE_ALL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_literature),
        cmocka_unit_test(each_execution_comes_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
