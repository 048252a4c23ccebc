/*
 * Traces: every step of every thread, in order, with the locks that were held.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/replay.h"
#include "engine/symbol.h"
#include "engine/trace.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/incident.h"

static struct hde_trace trace;

static void take(void (*const *threads)(void *), unsigned count)
{
    const struct hde_program program = hd_experiment_threads(threads, count);
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_schedule normal = {.count = 0};
    struct hde_divergence divergence;

    hde_execution_start();
    hde_replay(&program, &settings, &normal, &divergence, &trace);
    assert_false(divergence.has_diverged);
}

/* What a lock of the program is called. */
static const char *name_of(uint64_t address)
{
    uint64_t offset;
    uint64_t size;
    const char *name = hde_symbol_variable(address, &offset, &size);

    assert_non_null(name);
    assert_int_equal(offset, 0);
    return name;
}

static void
assert_holds(const struct hde_trace_step *step, unsigned count, const char *const *names)
{
    assert_int_equal(step->held_count, count);
    for (unsigned i = 0; i < count; i++) {
        const struct hde_trace_lock *lock = &trace.locks[step->held + i];

        assert_string_equal(name_of(lock->address), names[i]);
        assert_int_equal(lock->acquired.thread, step->thread);
        assert_true(lock->acquired.event < step->number);
    }
}

static void test_steps_know_what_was_held(void **state)
{
    static void (*const threads[])(void *) = {hd_incident_take_theirs_first};
    static const char *const both[] = {"incident_theirs", "incident_ours"};
    unsigned locks = 0;
    unsigned unlocks = 0;
    bool held_both = false;

    (void)state;
    take(threads, 1);
    for (size_t i = 0; i < trace.count; i++) {
        const struct hde_trace_step *step = &trace.steps[i];

        held_both |= step->held_count == 2;
        if (step->event.kind == HDE_EVENT_LOCK) {
            locks++;
            assert_holds(step, 0, both);
        } else if (step->event.kind == HDE_EVENT_UNLOCK) {
            unlocks++;
            assert_holds(step, 1, both);
        } else if (step->held_count == 2) {
            assert_holds(step, 2, both);
        }
    }
    /* Ours is made of atomics: only theirs has events of its own. */
    assert_int_equal(locks, 1);
    assert_int_equal(unlocks, 1);
    assert_true(held_both);
}

static void test_every_step_is_there_once(void **state)
{
    static void (*const threads[])(void *) = {hd_incident_take_ours_first,
                                              hd_incident_take_ours_first, hd_incident_spoil};
    uint32_t numbers[HDE_THREADS_MAX] = {0};

    (void)state;
    take(threads, 3);
    for (size_t i = 0; i < trace.count; i++) {
        const struct hde_trace_step *step = &trace.steps[i];

        assert_true(step->number > numbers[step->thread]);
        numbers[step->thread] = step->number;
        assert_ptr_equal(hde_trace_find(&trace, step->thread, step->number), step);
    }
    for (unsigned id = 1; id <= 3; id++) {
        assert_true(numbers[id] > 0);
    }
    /* Two locks, of which one is made of two atomics at least, taken and released. */
    assert_true(numbers[1] >= 4);
    assert_null(hde_trace_find(&trace, 1, UINT32_MAX));
    assert_null(hde_trace_find(&trace, 200, 1));
}

/* A second trace is not the first one continued. */
static void test_traces_begin_empty(void **state)
{
    static void (*const threads[])(void *) = {hd_incident_take_ours_first};
    size_t count;

    (void)state;
    take(threads, 1);
    count = trace.count;
    take(threads, 1);
    assert_int_equal(trace.count, count);
    hde_trace_release(&trace);
    assert_null(trace.steps);
    assert_int_equal(trace.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_know_what_was_held),
        cmocka_unit_test(test_every_step_is_there_once),
        cmocka_unit_test(test_traces_begin_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
