/*
 * Reports: what a reader is told of traces and findings that were written by hand.
 *
 * Each thread's steps are those that a function of programs/reported.c notes; the test says how
 * they are interleaved. What a report must read like is in golden/.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/object.h"
#include "engine/report.h"
#include "engine/report_rows.h"
#include "tests/engine/programs/reported.h"

#define THREADS 8U
#define STEPS_MAX 8000U
#define BUFFER_SIZE 65536U

/* Of each thread, what its function noted. */
static struct hde_trace_step noted[THREADS][STEPS_MAX];
static uint32_t noted_count[THREADS];
static unsigned noting; /* the thread whose steps are noted */

/* The trace that they are interleaved to. */
static struct hde_trace_step steps[THREADS * STEPS_MAX];
static struct hde_trace_lock locks[1];
static struct hde_trace trace;
static uint32_t taken[THREADS];

static struct hde_finding finding;

__attribute__((noinline)) void hd_reported_note(enum hde_event_kind kind, const void *address)
{
    struct hde_trace_step *step = &noted[noting][noted_count[noting]++];

    assert_true(noted_count[noting] < STEPS_MAX);
    *step = (struct hde_trace_step){
        .event = {.address = (uintptr_t)address,
                  .pc = HDE_CALLER(),
                  .kind = (uint8_t)kind,
                  .size = kind <= HDE_EVENT_WRITE ? 4 : 1,
                  .writes = kind != HDE_EVENT_READ},
        .number = noted_count[noting],
        .thread = (uint8_t)noting,
    };
}

static int set_up(void **state)
{
    (void)state;
    hde_execution_start();
    hde_object_begin();
    hde_execution.generation++;
    hde_execution.threads_count = THREADS;
    for (unsigned i = 0; i < THREADS; i++) {
        hde_execution.threads[i].id = (uint8_t)i;
        hde_execution.threads[i].is_of_engine = true;
        hde_execution.threads[i].has_ended = true;
        hde_execution.threads[i].held_count = 0;
        noted_count[i] = 0;
        taken[i] = 0;
    }
    trace = (struct hde_trace){.steps = steps, .locks = locks};
    finding = (struct hde_finding){.kind = HD_CLEAN};
    return 0;
}

/* Thread `id` runs `function`. */
static void script(unsigned id, void (*function)(void))
{
    noting = id;
    function();
}

/* The next `count` steps of thread `id` come now. */
static void take(unsigned id, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        assert_true(taken[id] < noted_count[id]);
        steps[trace.count++] = noted[id][taken[id]++];
    }
}

/* The step that thread `id` noted as its `number`th is a place of the finding. */
static struct hde_place *add_place(unsigned id, unsigned number)
{
    const struct hde_trace_step *step = &noted[id][number - 1];
    struct hde_place *place = &finding.places[finding.places_count++];

    *place = (struct hde_place){
        .address = step->event.address,
        .pc = step->event.pc,
        .event = step->number,
        .thread = (uint8_t)id,
        .event_kind = step->event.kind,
        .size = step->event.size,
    };
    return place;
}

/* Thread `id` holds what it locked as its `number`th step. */
static void hold(unsigned id, unsigned number)
{
    const struct hde_trace_step *step = &noted[id][number - 1];
    struct hde_thread *thread = &hde_execution.threads[id];
    struct hde_object *lock = hde_object_at(HDE_OBJECT_MUTEX, step->event.address);

    lock->owner = (uint8_t)id;
    lock->acquired = (struct hde_deed){
        .pc = step->event.pc,
        .event = step->number,
        .thread = (uint8_t)id,
    };
    thread->held[thread->held_count++] = lock;
}

static struct hde_report report_of(void)
{
    return (struct hde_report){
        .program = "account",
        .strategy = "pct",
        .seed = 7,
        .executions = 12,
        .preemptions = 1,
        .finding = &finding,
        .trace = &trace,
        .schedule = "1:2>2",
        .replay = "heddle replay account --schedule 1:2>2",
    };
}

static char *text_of(const struct hde_report *report)
{
    static char text[BUFFER_SIZE];
    FILE *file = fmemopen(text, sizeof(text), "w");

    assert_non_null(file);
    hde_report_text(report, file);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* golden/report_<name>.txt beside this file. */
static void assert_reads_like(const char *name)
{
    const struct hde_report report = report_of();
    char path[1024];
    char expected[BUFFER_SIZE];
    const char *actual = text_of(&report);
    FILE *file;
    size_t size;

    (void)snprintf(path, sizeof(path), "%.*s/golden/report_%s.txt",
                   (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__, name);
    file = fopen(path, "re");
    size = file == NULL ? 0 : fread(expected, 1, sizeof(expected) - 1, file);
    expected[size] = '\0';
    assert_true(file == NULL || fclose(file) == 0);
    if (strcmp(expected, actual) != 0) {
        (void)fprintf(stderr, "--- it reads\n%s", actual);
        fail_msg("this is not %s", path);
    }
}

static struct hde_rows rows_of(void)
{
    const struct hde_report report = report_of();
    struct hde_rows rows = {.rows = NULL};

    hde_rows_take(&rows, &report);
    return rows;
}

static void test_race(void **state)
{
    (void)state;
    script(1, hd_reported_deposit_noted);
    script(2, hd_reported_withdraw_noted);
    take(1, 2);
    take(2, 4);
    take(1, 1);
    finding.kind = HD_DATA_RACE;
    (void)add_place(1, 3);
    add_place(2, 4)->event = 0; /* an earlier access has no number */

    /* Thread 1 holds its lock, says the trace; and thread 2 was created by thread 0. */
    locks[0] = (struct hde_trace_lock){
        .address = noted[1][0].event.address,
        .acquired = {.pc = noted[1][0].event.pc, .event = 1, .thread = 1},
    };
    steps[trace.count - 1].held_count = 1;
    hde_execution.threads[2].is_of_engine = false;
    hde_execution.threads[2].created = (struct hde_deed){.pc = noted[1][4].event.pc};
    assert_reads_like("race");
}

/* Of the same access again and again, the one that is meant came last before the other thread's. */
static void test_earlier_access_is_before_the_later(void **state)
{
    struct hde_rows rows;

    (void)state;
    script(1, hd_reported_check_noted);
    script(2, hd_reported_deposit_noted);
    script(1, hd_reported_check_noted);
    script(1, hd_reported_check_noted);
    take(1, 1);
    take(2, 2);
    take(1, 1);
    take(2, 1);
    take(1, 1);
    finding.kind = HD_DATA_RACE;
    (void)add_place(2, 3);
    add_place(1, 2)->event = 0;
    rows = rows_of();
    assert_int_equal(rows.count, 5);
    for (size_t i = 0; i < rows.count; i++) {
        assert_int_equal(rows.rows[i].is_marked, i >= 3);
    }
    hde_rows_release(&rows);
}

static void test_lock_cycle(void **state)
{
    (void)state;
    script(1, hd_reported_deposit_noted);
    script(2, hd_reported_withdraw_noted);
    take(1, 3);
    take(2, 4);
    finding.kind = HD_DEADLOCK;
    finding.class = HDE_CLASS_LOCK_CYCLE;
    (void)add_place(1, 5);
    (void)add_place(2, 5);
    hold(1, 1);
    hold(2, 1);
    assert_reads_like("lock_cycle");
}

/* Three threads, then the check, which has the whole width. */
static void test_failure(void **state)
{
    (void)state;
    script(0, hd_reported_check_noted);
    script(1, hd_reported_deposit_noted);
    script(2, hd_reported_withdraw_noted);
    script(3, hd_reported_loop_noted);
    take(1, 4);
    take(3, 6);
    take(2, 4);
    take(0, 1);
    finding.kind = HD_FAILURE;
    (void)add_place(0, 1);
    finding.places[0].event_kind = HDE_EVENT_NONE;
    /* The line is said once. */
    (void)snprintf(finding.text, sizeof(finding.text),
                   "expectation `look at 0' failed at /some/where/reported.c:%d",
                   hde_finding_source(&finding, 0).line);
    assert_reads_like("failure");
}

/* Memory is read in bytes, a lock is used as a whole. */
static void test_freed(void **state)
{
    static const char *const uses[] = {
        "use after free: thread 1 uses `reported_account.locks[0]', which thread 2 freed at ",
        "use after free: thread 1 reads 4 bytes of `reported_account.balance', which",
        "out of bounds: thread 1 uses what lies beside a block",
        "out of bounds: thread 1 reads 4 bytes beside a block",
    };

    (void)state;
    script(1, hd_reported_deposit_noted);
    script(2, hd_reported_check_noted);
    take(1, 2);
    take(2, 1);
    for (unsigned i = 0; i < 4; i++) {
        finding = (struct hde_finding){.kind = i < 2 ? HD_USE_AFTER_FREE : HD_OUT_OF_BOUNDS};
        (void)add_place(1, 1 + i % 2);
        add_place(2, 1)->event_kind = i < 2 ? HDE_EVENT_FREE : HDE_EVENT_ALLOCATE;

        const struct hde_report report = report_of();

        assert_non_null(strstr(text_of(&report), uses[i]));
    }
}

/* A thread is no memory, nor is a key. */
static void test_misuse_without_address(void **state)
{
    static const struct {
        enum hde_event_kind kind;
        enum hde_finding_class class;
        const char *text;
    } misuses[] = {
        {HDE_EVENT_CREATE, HDE_CLASS_NEVER_JOINED,
         "misuse: thread 1 creates a thread, which is never joined"},
        {HDE_EVENT_JOIN, HDE_CLASS_JOINED_TWICE,
         "misuse: thread 1 joins a thread, which was joined or"},
        {HDE_EVENT_JOIN, HDE_CLASS_SELF, "misuse: thread 1 joins a thread, which is itself"},
        {HDE_EVENT_YIELD, HDE_CLASS_DESTROYED, "misuse: thread 1 uses a key, which was destroyed"},
    };

    (void)state;
    script(1, hd_reported_check_noted);
    take(1, 1);
    for (unsigned i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++) {
        finding = (struct hde_finding){.kind = HD_MISUSE, .class = misuses[i].class};
        *add_place(1, 1) = (struct hde_place){.thread = 1,
                                              .event_kind = (uint8_t)misuses[i].kind,
                                              .event = 1,
                                              .pc = steps[0].event.pc};

        const struct hde_report report = report_of();

        assert_non_null(strstr(text_of(&report), misuses[i].text));
    }
}

/* More threads than columns. */
static void test_list(void **state)
{
    (void)state;
    for (unsigned id = 1; id <= 6; id++) {
        script(id, id % 2 == 0 ? hd_reported_withdraw_noted : hd_reported_deposit_noted);
    }
    for (unsigned id = 1; id <= 6; id++) {
        take(id, 1);
    }
    for (unsigned id = 1; id <= 6; id++) {
        take(id, 2);
    }
    finding.kind = HD_DATA_RACE;
    (void)add_place(5, 3);
    (void)add_place(4, 3);
    assert_reads_like("list");
}

static void test_loops_are_folded(void **state)
{
    struct hde_rows rows;

    (void)state;
    script(1, hd_reported_loop_noted);
    script(2, hd_reported_deposit_noted);
    take(1, 6);
    take(2, 3);
    finding.kind = HD_DATA_RACE;
    (void)add_place(2, 3);
    (void)add_place(2, 2);
    rows = rows_of();
    assert_int_equal(rows.count, 5);
    assert_int_equal(rows.rows[0].times, 3);
    assert_int_equal(rows.rows[1].times, 3);
    assert_string_equal(rows.rows[0].action, "3 times");
    assert_int_equal(rows.rows[2].times, 1);
    hde_rows_release(&rows);
}

/* What another thread did in between would be told in the wrong order. */
static void test_loops_are_not_folded_across_threads(void **state)
{
    struct hde_rows rows;

    (void)state;
    script(1, hd_reported_loop_noted);
    script(2, hd_reported_deposit_noted);
    take(1, 4);
    take(2, 1);
    take(1, 2);
    take(2, 2);
    finding.kind = HD_DATA_RACE;
    (void)add_place(2, 3);
    (void)add_place(2, 2);
    rows = rows_of();
    assert_int_equal(rows.count, 7);
    assert_int_equal(rows.rows[0].times, 2);
    assert_int_equal(rows.rows[2].thread, 2);
    assert_int_equal(rows.rows[3].times, 1);
    hde_rows_release(&rows);
}

/* Thousands of steps are told in a page, with all that the finding consists of. */
static void test_long_traces_are_thinned(void **state)
{
    struct hde_rows rows;
    size_t left_out = 0;
    unsigned marked = 0;

    (void)state;
    script(1, hd_reported_deposit_noted);
    script(2, hd_reported_many_noted);
    script(3, hd_reported_withdraw_noted);
    take(2, noted_count[2] / 2);
    take(1, 2);
    take(2, noted_count[2] - taken[2]);
    take(3, 4);
    finding.kind = HD_DATA_RACE;
    (void)add_place(3, 4);
    (void)add_place(1, 2);
    rows = rows_of();
    for (size_t i = 0; i < rows.count; i++) {
        left_out += rows.rows[i].left_out;
        marked += rows.rows[i].is_marked;
    }
    assert_true(rows.count <= 48);
    assert_int_equal(marked, 2);
    (void)left_out;
    hde_rows_release(&rows);

    /* If what is between touches the finding's memory, it is left out, and the report says so. */
    for (size_t i = 0; i < trace.count; i++) {
        steps[i].event.address =
            steps[i].thread == 2 ? (uintptr_t)&reported_account.balance : steps[i].event.address;
    }
    rows = rows_of();
    left_out = 0;
    marked = 0;
    for (size_t i = 0; i < rows.count; i++) {
        left_out += rows.rows[i].left_out;
        marked += rows.rows[i].is_marked;
    }
    assert_true(rows.count <= 48);
    assert_true(left_out > 100);
    assert_int_equal(marked, 2);
    assert_non_null(
        strstr(text_of(&(struct hde_report){.finding = &finding, .trace = &trace, .replay = "x"}),
               " more ...\n"));
    hde_rows_release(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_race, set_up),
        cmocka_unit_test_setup(test_earlier_access_is_before_the_later, set_up),
        cmocka_unit_test_setup(test_lock_cycle, set_up),
        cmocka_unit_test_setup(test_failure, set_up),
        cmocka_unit_test_setup(test_freed, set_up),
        cmocka_unit_test_setup(test_misuse_without_address, set_up),
        cmocka_unit_test_setup(test_list, set_up),
        cmocka_unit_test_setup(test_loops_are_folded, set_up),
        cmocka_unit_test_setup(test_loops_are_not_folded_across_threads, set_up),
        cmocka_unit_test_setup(test_long_traces_are_thinned, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
