/*
 * Replay: a schedule repeats its execution, step by step, again and again; and one that cannot be
 * followed is noticed where that begins.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/replay.h"
#include "tests/engine/litmus.h"

extern const struct hde_strategy hde_strategy_random;
extern const struct hde_strategy hde_strategy_pct;
extern const struct hde_strategy hde_strategy_pos;

#define REPLAYS 20U

static const struct litmus *const all[] = {
    &litmus_store_buffering_3, &litmus_iriw,          &litmus_racy_counter_3,
    &litmus_last_zero_4,       &litmus_mutex_counter, &litmus_philosophers_3,
    &litmus_philosophers_6,    &litmus_lost_wake_up,  &litmus_reorder_10,
    &litmus_two_stage_10,      &litmus_wrong_lock_8,  &litmus_plain_counter,
    &litmus_chosen_value,      &litmus_plain_first,   &litmus_choice_of_waiter,
    &litmus_timed_wait,        &litmus_poll,          &litmus_create,
};

static const struct hde_strategy *const strategies[] = {&hde_strategy_random, &hde_strategy_pct,
                                                        &hde_strategy_pos};

static struct hde_trace recorded;
static struct hde_trace repeated;
static struct hde_schedule schedule;

static bool is_same_step(const struct hde_trace_step *a, const struct hde_trace_step *b)
{
    return a->thread == b->thread && a->number == b->number && a->event.kind == b->event.kind &&
           a->event.pc == b->event.pc && a->event.address == b->event.address;
}

static void check_same_trace(const struct litmus *litmus, uint64_t seed)
{
    size_t same = 0;

    while (same < recorded.count && same < repeated.count &&
           is_same_step(&recorded.steps[same], &repeated.steps[same])) {
        same++;
    }
    if (same < recorded.count || same < repeated.count) {
        fail_msg("%s, seed %llu: step %zu is another one", litmus->name, (unsigned long long)seed,
                 same);
    }
}

/* What an execution came to, for comparison. */
struct outcome {
    uint64_t steps; /* that counted: the limit is where it was */
    enum hde_end end;
    uint32_t findings_count;
    uint32_t pcs[HDE_FINDINGS_MAX];
};

static struct outcome outcome(void)
{
    struct outcome outcome = {.steps = hde_execution.steps,
                              .end = hde_execution.end,
                              .findings_count = hde_execution.findings_count};

    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        outcome.pcs[i] = hde_execution.findings[i].places[0].pc;
    }
    return outcome;
}

static void check_replay(const struct litmus *litmus, uint64_t seed)
{
    const struct hde_program program = hd_litmus_program(litmus);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    struct hde_divergence divergence;

    hde_replay(&program, &settings, &schedule, &divergence, &repeated);
    if (divergence.has_diverged) {
        fail_msg("%s, seed %llu: entry %zu (thread %u event %u) was not followed", litmus->name,
                 (unsigned long long)seed, divergence.entry, divergence.wanted.thread,
                 divergence.wanted.event);
    }
    check_same_trace(litmus, seed);
}

static void check_replays(const struct litmus *litmus, uint64_t seed)
{
    struct outcome before = outcome();

    hde_schedule_copy(&schedule, &hde_execution.schedule);
    for (unsigned i = 0; i < REPLAYS; i++) {
        check_replay(litmus, seed);
        struct outcome after = outcome();

        assert_memory_equal(&before, &after, sizeof(before));
        assert_int_equal(hde_execution.schedule.count, schedule.count);
    }
}

static void a_recorded_schedule_repeats_the_execution(void **state)
{
    struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_ALL);

    (void)state;
    settings.observe = hde_trace_observe;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        for (uint64_t seed = 1; seed <= 30; seed++) {
            hde_trace_begin(&recorded);
            hd_litmus_run(all[i], &settings, strategies[seed % 3], seed);
            /* hde_replay() fills another trace from here on. */
            check_replays(all[i], seed);
        }
    }
}

static void
check_visibility(const struct litmus *litmus, enum hde_visibility visibility, uint64_t seed)
{
    const struct hde_program program = hd_litmus_program(litmus);
    const struct hde_settings settings = hd_litmus_settings(visibility);
    struct hde_divergence divergence;

    hd_litmus_run(litmus, &settings, strategies[seed % 3], seed);
    struct outcome before = outcome();

    hde_replay(&program, &settings, &hde_execution.schedule, &divergence, NULL);
    struct outcome after = outcome();

    if (divergence.has_diverged || memcmp(&before, &after, sizeof(before)) != 0) {
        fail_msg("%s, seed %llu: the replay came to something else", litmus->name,
                 (unsigned long long)seed);
    }
}

/* Choices are fewer when plain accesses are none, and the schedule means the same. */
static void what_was_visible_then_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        for (uint64_t seed = 1; seed <= 100; seed++) {
            check_visibility(all[i], HDE_VISIBLE_SYNC, seed);
            check_visibility(all[i], HDE_VISIBLE_RACY, seed);
        }
    }
}

/* ---- What cannot be followed ----------------------------------------------------------------- */

/* Thread 1 stores at its event 1 and loads at its event 2. */
static struct hde_divergence divergence_of(const struct hde_entry *entries, size_t count)
{
    const struct hde_program program = hd_litmus_program(&litmus_store_buffering_2);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    struct hde_divergence divergence;

    schedule.count = 0;
    for (size_t i = 0; i < count; i++) {
        hde_schedule_append(&schedule, &entries[i]);
    }
    hde_replay(&program, &settings, &schedule, &divergence, NULL);
    return divergence;
}

static void a_schedule_that_fits_does_not_diverge(void **state)
{
    const struct hde_entry entry = {
        .thread = 1, .event = 2, .event_kind = HDE_EVENT_ATOMIC_LOAD, .alternative = 2};

    (void)state;
    assert_false(divergence_of(&entry, 1).has_diverged);
    assert_false(divergence_of(NULL, 0).has_diverged);
}

static void another_kind_of_event_is_a_divergence(void **state)
{
    const struct hde_entry entry = {
        .thread = 1, .event = 2, .event_kind = HDE_EVENT_LOCK, .alternative = 2};
    struct hde_divergence divergence = divergence_of(&entry, 1);

    (void)state;
    assert_true(divergence.has_diverged);
    assert_int_equal(divergence.entry, 0);
    assert_int_equal(divergence.wanted.event_kind, HDE_EVENT_LOCK);
    assert_int_equal(divergence.found.kind, HDE_EVENT_ATOMIC_LOAD);
    assert_int_equal(divergence.found_event, 2);
}

static void another_kind_of_choice_is_a_divergence(void **state)
{
    const struct hde_entry entry = {
        .thread = 1, .event = 2, .choice = HDE_CHOICE_WAKE, .alternative = 2};

    (void)state;
    assert_true(divergence_of(&entry, 1).has_diverged);
}

static void a_thread_that_cannot_step_is_a_divergence(void **state)
{
    const struct hde_entry entry = {.thread = 1, .event = 2, .alternative = 7};
    struct hde_divergence divergence = divergence_of(&entry, 1);

    (void)state;
    assert_true(divergence.has_diverged);
    assert_int_equal(divergence.found.kind, HDE_EVENT_ATOMIC_LOAD);
}

static void an_event_that_never_comes_is_a_divergence(void **state)
{
    const struct hde_entry entries[] = {{.thread = 1, .event = 2, .alternative = 2},
                                        {.thread = 2, .event = 90, .alternative = 1}};
    struct hde_divergence divergence = divergence_of(entries, 2);

    (void)state;
    assert_true(divergence.has_diverged);
    assert_int_equal(divergence.entry, 1);
    assert_int_equal(divergence.wanted.event, 90);
    assert_int_equal(divergence.found.kind, HDE_EVENT_NONE);
}

/* From there on the normal choices are made: the entry that follows it is not followed either. */
static void nothing_is_followed_after_a_divergence(void **state)
{
    const struct hde_entry entries[] = {{.thread = 0, .event = 1, .alternative = 9},
                                        {.thread = 1, .event = 2, .alternative = 2}};

    (void)state;
    assert_true(divergence_of(entries, 2).has_diverged);
    assert_int_equal(hde_execution.schedule.count, 0);
}

static void a_loose_replay_passes_over_what_it_cannot_follow(void **state)
{
    const struct hde_program program = hd_litmus_program(&litmus_store_buffering_2);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    const struct hde_entry entries[] = {{.thread = 0, .event = 1, .alternative = 9},
                                        {.thread = 1, .event = 2, .alternative = 2},
                                        {.thread = 2, .event = 90, .alternative = 1}};

    (void)state;
    schedule.count = 0;
    for (size_t i = 0; i < 3; i++) {
        hde_schedule_append(&schedule, &entries[i]);
    }
    hde_replay(&program, &settings, &schedule, NULL, NULL);
    assert_int_equal(hde_execution.schedule.count, 1);
    assert_int_equal(hde_execution.schedule.entries[0].event, 2);
}

static int start(void **state)
{
    (void)state;
    hde_execution_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorded_schedule_repeats_the_execution),
        cmocka_unit_test(what_was_visible_then_does_not_matter),
        cmocka_unit_test(a_schedule_that_fits_does_not_diverge),
        cmocka_unit_test(another_kind_of_event_is_a_divergence),
        cmocka_unit_test(another_kind_of_choice_is_a_divergence),
        cmocka_unit_test(a_thread_that_cannot_step_is_a_divergence),
        cmocka_unit_test(an_event_that_never_comes_is_a_divergence),
        cmocka_unit_test(nothing_is_followed_after_a_divergence),
        cmocka_unit_test(a_loose_replay_passes_over_what_it_cannot_follow),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
