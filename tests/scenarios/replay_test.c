/*
 * Replay: a schedule gives the same execution, always.
 *
 * Findings of each scenario are collected from a random walk, with different schedules, and each
 * schedule is replayed; of one that has a schedule beside it, only that one. A replay looks at
 * every access, the walk that found it did not: what both must agree in are the findings, down to
 * the event, and how far each thread came; the replays among each other must agree in every step.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/execution.h"
#include "engine/replay.h"
#include "engine/scenario.h"
#include "engine/schedule_file.h"

#define FINDINGS 50U
#define REPLAYS 20U
#define EXECUTIONS_MAX 20000U /* some scenarios have fewer than 50 schedules */

/* What must come again. */
struct outcome {
    uint32_t findings_count;
    struct hde_finding findings[HDE_FINDINGS_MAX];
    uint32_t threads_count;
    uint32_t events[HDE_THREADS_MAX];
    enum hde_end end;
};

static struct hde_settings settings = {
    .visibility = HDE_VISIBLE_RACY,
    .steps_max = 100000,
};

static struct outcome outcome_of_execution(void)
{
    struct outcome outcome = {.end = hde_execution.end};

    outcome.findings_count = hde_execution.findings_count;
    memcpy(outcome.findings, hde_execution.findings,
           outcome.findings_count * sizeof(outcome.findings[0]));
    outcome.threads_count = hde_execution.threads_count;
    for (uint32_t id = 0; id < outcome.threads_count; id++) {
        outcome.events[id] = hde_execution.threads[id].events;
    }
    return outcome;
}

static bool is_same_place(const struct hde_place *a, const struct hde_place *b)
{
    return a->address == b->address && a->pc == b->pc && a->thread == b->thread &&
           a->event == b->event && a->size == b->size;
}

static bool is_same_finding(const struct hde_finding *a, const struct hde_finding *b)
{
    bool is_same = a->kind == b->kind && a->class == b->class &&
                   a->places_count == b->places_count && strcmp(a->text, b->text) == 0;

    for (uint32_t i = 0; is_same && i < a->places_count; i++) {
        is_same = is_same_place(&a->places[i], &b->places[i]);
    }
    return is_same;
}

static bool is_same_outcome(const struct outcome *a, const struct outcome *b)
{
    bool is_same = a->end == b->end && a->findings_count == b->findings_count &&
                   a->threads_count == b->threads_count &&
                   memcmp(a->events, b->events, a->threads_count * sizeof(a->events[0])) == 0;

    for (uint32_t i = 0; is_same && i < a->findings_count; i++) {
        is_same = is_same_finding(&a->findings[i], &b->findings[i]);
    }
    return is_same;
}

static uint64_t hash_of_trace(const struct hde_trace *trace)
{
    uint64_t hash = trace->count;

    for (size_t i = 0; i < trace->count; i++) {
        const struct hde_trace_step *step = &trace->steps[i];
        const uint64_t parts[] = {step->thread,        step->number,        step->context,
                                  step->event.address, step->event.pc,      step->event.kind,
                                  step->event.size,    step->event.address2};

        for (size_t part = 0; part < sizeof(parts) / sizeof(parts[0]); part++) {
            hash = (hash ^ parts[part]) * UINT64_C(0x100000001b3);
        }
    }
    return hash;
}

/* Replay once; the hash of its steps. */
static uint64_t replay_once(const struct hde_scenario *scenario,
                            const struct hde_program *program,
                            const struct hde_schedule *schedule,
                            const struct outcome *found)
{
    struct hde_trace trace = {.steps = NULL};
    struct hde_divergence divergence = {.has_diverged = false};

    hde_trace_begin(&trace);
    hde_replay(program, &settings, schedule, &divergence, &trace);
    const struct outcome replayed = outcome_of_execution();
    uint64_t hash = hash_of_trace(&trace);

    hde_trace_release(&trace);
    if (divergence.has_diverged || !is_same_outcome(found, &replayed)) {
        fail_msg("%s: a replay diverged (%d) or ended otherwise", scenario->name,
                 divergence.has_diverged);
    }
    return hash;
}

static void check_replays(const struct hde_scenario *scenario,
                          const struct hde_program *program,
                          const struct hde_schedule *schedule,
                          const struct outcome *found)
{
    uint64_t first_hash = replay_once(scenario, program, schedule, found);
    bool is_same = true;

    for (unsigned replay = 1; replay < REPLAYS; replay++) {
        is_same &= replay_once(scenario, program, schedule, found) == first_hash;
    }
    assert_true(is_same);
}

static bool
is_among(const struct hde_schedule *schedule, const struct hde_schedule *others, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (others[i].count == schedule->count &&
            (schedule->count == 0 || memcmp(others[i].entries, schedule->entries,
                                            schedule->count * sizeof(struct hde_entry)) == 0)) {
            return true;
        }
    }
    return false;
}

/* Of a scenario whose bug is not searched for. False if there is none. */
static bool check_stored(const struct hde_scenario *scenario, const struct hde_program *program)
{
    struct hde_schedule schedule;
    char error[HDE_SCHEDULE_ERROR_SIZE];

    if (!hde_schedule_file_beside(scenario, &settings, &schedule, error)) {
        assert_string_equal(error, "");
        return false;
    }
    hde_replay(program, &settings, &schedule, NULL, NULL);
    const struct outcome found = outcome_of_execution();

    assert_int_not_equal(found.findings_count, 0);
    check_replays(scenario, program, &schedule, &found);
    hde_schedule_release(&schedule);
    return true;
}

/* How many findings with different schedules were replayed. */
static unsigned check_scenario(const struct hde_scenario *scenario)
{
    static struct hde_schedule schedules[FINDINGS];
    const struct hde_strategy *random = hde_strategy_named("random");
    const struct hde_program program = hde_scenario_program(scenario, false);
    void *state = calloc(1, random->state_size);
    unsigned count = 0;

    assert_non_null(state);
    hde_execution_forget_visible();
    if (check_stored(scenario, &program)) {
        free(state);
        return 1;
    }
    for (uint64_t seed = 1; seed <= EXECUTIONS_MAX && count < FINDINGS; seed++) {
        random->begin(state, seed);
        hde_execution_run(&program, &settings, random, state);
        (void)random->end(state);
        if (hde_execution.findings_count > 0 &&
            !is_among(&hde_execution.schedule, schedules, count)) {
            const struct outcome found = outcome_of_execution();

            hde_schedule_copy(&schedules[count], &hde_execution.schedule);
            check_replays(scenario, &program, &schedules[count], &found);
            count++;
        }
    }
    free(state);
    return count;
}

static void test_findings_replay_without_divergence(void **state)
{
    (void)state;
    hde_execution_start();
    for (const struct hde_scenario *scenario = hde_scenarios; scenario->name != NULL; scenario++) {
        unsigned count = scenario->scenario->sc == HD_CLEAN ? 0 : check_scenario(scenario);

        print_message("%-32s %u schedules, each replayed %u times\n", scenario->name, count,
                      REPLAYS);
        assert_int_equal(count > 0, scenario->scenario->sc != HD_CLEAN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings_replay_without_divergence),
    };

    return cmocka_run_group_tests_name("scenarios.replay", tests, NULL, NULL);
}
