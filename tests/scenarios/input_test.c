/*
 * Inputs, on all scenarios: any bytes run, and the same bytes are the same execution whatever was
 * run in between; what has been found is found again from the input that its schedule becomes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/explore.h"
#include "engine/input_run.h"
#include "engine/process.h"
#include "engine/rng.h"
#include "engine/scenario.h"

#define SIZE_MAX_HERE 96U
#define INPUTS 24U /* of each program */
#define EXPLORED 1500U
#define BYTES_MAX 65536U

static struct hde_input input;

/* Crashes are the engine's, and not cmocka's, which installs its handlers for each test. */
static void start(void)
{
    hde_execution_start();
    hde_process_install_handlers();
}

static struct hde_settings settings_of(uint64_t steps_max)
{
    struct hde_settings settings = {.visibility = HDE_VISIBLE_RACY, .steps_max = steps_max};

    settings.budgets = hde_budgets_default;
    return settings;
}

/* What an execution did and came to. */
static uint64_t hash_execution(void)
{
    uint64_t hash = hde_execution.steps << 8 | (unsigned)hde_execution.end;

    for (size_t i = 0; i < hde_execution.schedule.count; i++) {
        const struct hde_entry *entry = &hde_execution.schedule.entries[i];

        hash ^= (uint64_t)entry->event << 40 | (uint64_t)entry->alternative << 16 |
                (uint64_t)entry->thread << 8 | entry->choice;
        hash = hde_rng_mix(&hash);
    }
    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        hash ^=
            (uint64_t)hde_execution.findings[i].kind << 32 | hde_execution.findings[i].places[0].pc;
        hash = hde_rng_mix(&hash);
    }
    return hash;
}

static uint64_t run_bytes(const struct hde_program *program, const uint8_t *bytes, size_t size)
{
    const struct hde_settings settings = settings_of(5000);

    hde_input_read(&input, bytes, size);
    hde_input_run(program, &settings, &input);
    return hash_execution();
}

/* Bytes as a fuzzer makes them: one half begins as an input does, with numbers that are small. */
static size_t draw_bytes(struct hde_rng *rng, uint8_t *bytes)
{
    size_t size = hde_rng_below(rng, SIZE_MAX_HERE);
    bool is_like_one = hde_rng_below(rng, 2) != 0;

    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)hde_rng_below(rng, is_like_one && i > 6 ? 24 : 256);
    }
    if (is_like_one && size > 6) {
        bytes[0] = HDE_INPUT_VERSION;
        bytes[6] = (uint8_t)hde_rng_below(rng, 12);
    }
    return size;
}

/* Rounds are looked for only where every access is visible, as it is by schedule. */
static bool has_round(void)
{
    bool is_any = false;

    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        enum hd_verdict kind = hde_execution.findings[i].kind;

        is_any = is_any || kind == HD_LIVELOCK || kind == HD_STARVATION;
    }
    return is_any;
}

/* The execution that was made last is that of the input of its schedule. */
static bool is_same_by_schedule(const struct hde_program *program, uint64_t hash)
{
    static struct hde_schedule schedule;
    const struct hde_settings settings = settings_of(5000);

    hde_schedule_copy(&schedule, &hde_execution.schedule);
    if (!hde_input_of_schedule(&input, &schedule)) {
        return true; /* too long */
    }
    hde_input_run(program, &settings, &input);
    return hash_execution() == hash || has_round();
}

static struct draw {
    uint8_t bytes[SIZE_MAX_HERE];
    size_t size;
    uint64_t first; /* what came of it the first time */
} draws[INPUTS];

/* All of them, each as if it were the first, then all of them in the opposite order. */
static void check_any_bytes(const struct hde_program *program, uint64_t seed)
{
    struct hde_rng rng;
    unsigned others = 0;
    unsigned astray = 0;

    hde_rng_seed(&rng, seed);
    for (unsigned i = 0; i < INPUTS; i++) {
        draws[i].size = i == 0 ? 0 : draw_bytes(&rng, draws[i].bytes);
        hde_execution_forget_visible();
        draws[i].first = run_bytes(program, draws[i].bytes, draws[i].size);
    }
    for (unsigned i = INPUTS; i > 0; i--) {
        const struct draw *draw = &draws[i - 1];

        others += run_bytes(program, draw->bytes, draw->size) != draw->first;
        astray += !is_same_by_schedule(program, draw->first);
    }
    if (others + astray > 0) {
        fail_msg("%s: of %u inputs %u are another execution the second time, and the schedules of "
                 "%u lead astray",
                 program->name, INPUTS, others, astray);
    }
}

static void any_bytes_are_an_execution_and_always_the_same(void **state)
{
    (void)state;
    start();
    for (const struct hde_scenario *scenario = hde_scenarios; scenario->name != NULL; scenario++) {
        unsigned programs = hde_scenario_has_fix(scenario->scenario) ? 2 : 1;

        for (unsigned i = 0; i < programs; i++) {
            const struct hde_program program = hde_scenario_program(scenario, i > 0);

            check_any_bytes(&program, (uint64_t)(scenario - hde_scenarios));
        }
    }
}

/* ---- There and back -------------------------------------------------------------------------- */

struct round_trip {
    const struct hde_program *program;
    unsigned findings;
    unsigned programs;
};

/* NULL: all of them are among those of hde_execution. */
static const struct hde_finding *first_missing(const struct hde_finding *findings, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool is_any = false;

        for (uint32_t j = 0; j < hde_execution.findings_count; j++) {
            is_any = is_any || hde_finding_is_same(&findings[i], &hde_execution.findings[j]);
        }
        if (!is_any) {
            return &findings[i];
        }
    }
    return NULL;
}

/* The findings in hde_execution must be those of the input that this schedule becomes. */
static void
check_round_trip(void *listener, uint64_t execution, const struct hde_schedule *schedule)
{
    static uint8_t bytes[BYTES_MAX];
    static struct hde_finding expected[HDE_FINDINGS_MAX];
    const struct hde_settings settings = settings_of(100000);
    struct round_trip *trip = listener;
    uint32_t count = hde_execution.findings_count;

    memcpy(expected, hde_execution.findings, sizeof(expected));
    assert_true(hde_input_of_schedule(&input, schedule));
    size_t size = hde_input_write(&input, bytes, sizeof(bytes));

    assert_true(size <= sizeof(bytes));
    hde_input_read(&input, bytes, size);
    hde_input_run(trip->program, &settings, &input);
    const struct hde_finding *missing = first_missing(expected, count);

    if (missing != NULL) {
        fail_msg("%s: execution %llu: the input of its schedule does not show its %s",
                 trip->program->name, (unsigned long long)execution,
                 hde_verdict_name(missing->kind));
    }
    trip->findings += count;
}

static void what_is_found_is_found_by_the_input_of_its_schedule(void **state)
{
    struct round_trip trip = {.findings = 0};

    (void)state;
    start();
    for (const struct hde_scenario *scenario = hde_scenarios; scenario->name != NULL; scenario++) {
        const struct hde_program program = hde_scenario_program(scenario, false);
        const struct hde_exploration exploration = {
            .program = program,
            .settings = settings_of(100000),
            .strategy = hde_strategy_named("mix"),
            .seed = 1,
            .executions_max = EXPLORED,
            .keeps_going = true,
            .found = check_round_trip,
            .listener = &trip,
        };
        unsigned before = trip.findings;

        trip.program = &program;
        (void)hde_explore(&exploration);
        trip.programs += trip.findings > before;
    }
    print_message("%u findings of %u scenarios\n", trip.findings, trip.programs);
    assert_true(trip.findings >= 50);
    assert_true(trip.programs >= 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_are_an_execution_and_always_the_same),
        cmocka_unit_test(what_is_found_is_found_by_the_input_of_its_schedule),
    };

    return cmocka_run_group_tests_name("scenarios.input", tests, NULL, NULL);
}
