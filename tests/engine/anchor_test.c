/*
 * Anchors: a schedule that was written for one version of a program is found again in the next, by
 * way of its text.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/anchor.h"
#include "engine/replay.h"
#include "engine/shrink.h"
#include "tests/engine/litmus.h"
#include "tests/engine/programs/edited.h"

extern const struct hde_strategy hde_strategy_random;

static struct hde_schedule schedule;

/* A shrunk schedule of the version that has not been edited, as text. */
static size_t write_example(char *bytes, size_t size)
{
    const struct hde_program program = hd_litmus_program(&litmus_unedited);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    struct hde_schedule_text text = {.header = {.program = "unedited"}};
    struct hde_trace trace = {.count = 0};
    struct hde_finding finding;
    uint64_t seed = 1;

    do {
        hd_litmus_run(&litmus_unedited, &settings, &hde_strategy_random, seed++);
    } while (hde_execution.findings_count == 0);
    finding = hde_execution.findings[0];
    hde_schedule_copy(&schedule, &hde_execution.schedule);
    (void)hde_shrink(&program, &settings, &finding, &schedule, 1000);
    hde_replay(&program, &settings, &schedule, NULL, &trace);
    hde_anchor_append(&text, &schedule, &trace);

    FILE *file = fmemopen(bytes, size, "w");

    assert_non_null(file);
    assert_true(hde_schedule_text_write(&text, file));
    size_t length = (size_t)ftell(file);

    assert_int_equal(fclose(file), 0);
    hde_schedule_text_release(&text);
    hde_trace_release(&trace);
    return length;
}

static bool fails_edited(const struct hde_schedule *followed)
{
    const struct hde_program program = hd_litmus_program(&litmus_edited);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);

    hde_replay(&program, &settings, followed, NULL, NULL);
    return hde_execution.findings_count > 0;
}

/*
 * Thread 1 is stopped the third time; before the edit that is its event 6, after it its event 10.
 */
static void a_choice_is_found_again_after_an_edit(void **state)
{
    static char bytes[4096];
    char error[HDE_SCHEDULE_ERROR_SIZE];
    const struct hde_program program = hd_litmus_program(&litmus_edited);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    struct hde_schedule_text text = {.names = NULL};
    size_t length = write_example(bytes, sizeof(bytes));

    (void)state;
    assert_true(hde_schedule_text_parse(&text, "example", bytes, length, error));
    assert_true(text.schedule.count > 0);
    assert_non_null(text.anchors[0].file);
    assert_non_null(strstr(text.anchors[0].file, "tests/engine/programs/edited.c"));
    assert_int_equal(text.anchors[0].time, 3);
    assert_false(fails_edited(&text.schedule));
    assert_int_equal(hde_anchor_find(&program, &settings, &text), 0);
    assert_true(fails_edited(&text.schedule));
    hde_schedule_text_release(&text);
}

/* In the program that it was written for, every choice is where it was. */
static void check_nothing_moves(const struct litmus *litmus, uint64_t seed)
{
    const struct hde_program program = hd_litmus_program(litmus);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    struct hde_schedule_text text = {.names = NULL};
    struct hde_trace trace = {.count = 0};

    hd_litmus_run(litmus, &settings, &hde_strategy_random, seed);
    hde_schedule_copy(&schedule, &hde_execution.schedule);
    hde_replay(&program, &settings, &schedule, NULL, &trace);
    hde_anchor_append(&text, &schedule, &trace);
    assert_int_equal(hde_anchor_find(&program, &settings, &text), 0);
    for (size_t entry = 0; entry < schedule.count; entry++) {
        assert_int_equal(text.schedule.entries[entry].event, schedule.entries[entry].event);
    }
    hde_trace_release(&trace);
    hde_schedule_text_release(&text);
}

static void nothing_moves_without_an_edit(void **state)
{
    static const struct litmus *const all[] = {
        &litmus_philosophers_3,   &litmus_philosophers_6, &litmus_two_stage_10,
        &litmus_choice_of_waiter, &litmus_lost_wake_up,   &litmus_chosen_value,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        for (uint64_t seed = 1; seed <= 100; seed++) {
            check_nothing_moves(all[i], seed);
        }
    }
}

static void what_is_gone_is_counted(void **state)
{
    const struct hde_program program = hd_litmus_program(&litmus_edited);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    const struct hde_entry entry = {
        .thread = 1, .event = 6, .event_kind = HDE_EVENT_ATOMIC_LOAD, .alternative = 2};
    const struct hde_anchor anchor = {.file = "nowhere.c", .line = 7, .time = 1};
    struct hde_schedule_text text = {.names = NULL};

    (void)state;
    hde_schedule_text_append(&text, &entry, &anchor);
    assert_int_equal(hde_anchor_find(&program, &settings, &text), 1);
    assert_int_equal(text.schedule.entries[0].event, 6);
    hde_schedule_text_release(&text);
}

/* Its number is that of the thread's last event, whatever it was in the other build. */
static void an_end_is_found_though_it_is_at_no_line(void **state)
{
    const struct hde_program program = hd_litmus_program(&litmus_edited);
    const struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    const struct hde_schedule none = {.count = 0};
    const struct hde_entry entry = {
        .thread = 1, .event = 99, .event_kind = HDE_EVENT_END, .alternative = 2};
    const struct hde_anchor anchor = {.file = NULL};
    struct hde_schedule_text text = {.names = NULL};

    (void)state;
    hde_schedule_text_append(&text, &entry, &anchor);
    assert_int_equal(hde_anchor_find(&program, &settings, &text), 0);
    hde_replay(&program, &settings, &none, NULL, NULL);
    assert_true(hde_execution.threads[1].has_ended);
    assert_int_equal(text.schedule.entries[0].event, hde_execution.threads[1].events);
    hde_schedule_text_release(&text);
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
        cmocka_unit_test(a_choice_is_found_again_after_an_edit),
        cmocka_unit_test(nothing_moves_without_an_edit),
        cmocka_unit_test(what_is_gone_is_counted),
        cmocka_unit_test(an_end_is_found_though_it_is_at_no_line),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
