/*
 * Deadlocks: each class is found with the waits that make it, and nothing is said of look-alikes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/deadlocks.h"

extern const struct hde_strategy hde_strategy_random;

/* What shows in one execution of 20 is missed by 1,000 with probability 2^-74. */
#define EXECUTIONS 1000

static unsigned threads_of(const struct deadlock_program *program)
{
    unsigned count = 0;

    while (count < DEADLOCK_THREADS_MAX && program->threads[count] != NULL) {
        count++;
    }
    return count;
}

static bool is_wait(uint8_t kind)
{
    return kind == HDE_EVENT_LOCK || kind == HDE_EVENT_SHARED_LOCK || kind == HDE_EVENT_AWAKE ||
           kind == HDE_EVENT_FUTEX_AWAKE || kind == HDE_EVENT_JOIN ||
           kind == HDE_EVENT_SEMAPHORE_WAIT || kind == HDE_EVENT_BARRIER_LEAVE;
}

/* The finding of the last execution. */
static void check_finding(const struct deadlock_program *program)
{
    const struct hde_finding *finding = &hde_execution.findings[0];
    unsigned places = program->waits + (program->has_cause ? 1 : 0);

    if (finding->class != program->class || finding->places_count != places) {
        fail_msg("%s: class %d with %u places, not %d with %u", program->name, finding->class,
                 finding->places_count, program->class, places);
    }
    for (unsigned i = 0; i < places; i++) {
        const struct hde_place *place = &finding->places[i];

        assert_int_equal(place->is_cause, i >= program->waits);
        assert_int_not_equal(place->pc, 0);
        assert_true(place->is_cause || is_wait(place->event_kind));
        assert_true(i == 0 || place->is_cause || place->thread > finding->places[i - 1].thread);
    }
}

/* One execution; returns whether it had a deadlock, which must be the one it owes. */
static bool run_once(const struct deadlock_program *deadlock, uint64_t seed)
{
    const struct hde_program program =
        hd_experiment_threads(deadlock->threads, threads_of(deadlock));
    struct hde_settings settings = hd_experiment_settings();

    settings.steps_max = 2000; /* for those that do not end by themselves */
    settings.ignored = UINT32_C(1)
                       << HD_MISUSE; /* locks that are kept, threads that are not joined */
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, seed, 1);

    if (result.first.kind == HD_CLEAN) {
        assert_true(deadlock->goes_on || result.ended[HDE_END_STEPS] == 0);
        return false;
    }
    if (result.first.kind != HD_DEADLOCK || deadlock->class == HDE_CLASS_NONE) {
        fail_msg("%s: finding of kind %d, class %d with seed %ju", deadlock->name,
                 result.first.kind, result.first.class, (uintmax_t)seed);
    }
    check_finding(deadlock);
    return true;
}

static void check_program(const struct deadlock_program *deadlock)
{
    unsigned found = 0;

    for (uint64_t seed = 1; seed <= EXECUTIONS; seed++) {
        found += run_once(deadlock, seed) ? 1 : 0;
    }
    if (deadlock->class != HDE_CLASS_NONE && found == 0) {
        fail_msg("%s: not found", deadlock->name);
    }
}

static void check_programs(const struct deadlock_program *programs)
{
    for (; programs->name != NULL; programs++) {
        check_program(programs);
    }
}

static void test_mutexes_and_conditions(void **state)
{
    (void)state;
    check_programs(deadlock_programs);
}

static void test_joins(void **state)
{
    (void)state;
    check_programs(deadlock_join_programs);
}

static void test_primitives(void **state)
{
    (void)state;
    check_programs(deadlock_primitive_programs);
}

static void test_other_locks(void **state)
{
    (void)state;
    check_programs(deadlock_lock_programs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutexes_and_conditions),
        cmocka_unit_test(test_joins),
        cmocka_unit_test(test_other_locks),
        cmocka_unit_test(test_primitives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
