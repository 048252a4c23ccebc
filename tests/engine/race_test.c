/*
 * Data races: found where there is one, and nothing said where there is none.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/access.h"
#include "engine/rng.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/races.h"

extern const struct hde_strategy hde_strategy_random;
extern const struct hde_detector hde_detector_race;

static unsigned threads_of(const struct race_program *program)
{
    unsigned count = 0;

    while (count < RACE_THREADS_MAX && program->threads[count] != NULL) {
        count++;
    }
    return count;
}

static void check_program(const struct race_program *race)
{
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(race->threads, threads_of(race));
    struct experiment result =
        hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 1000);

    if ((result.with[HD_DATA_RACE] > 0) != race->is_racy) {
        fail_msg("%s: %u of 1000 executions had a race", race->name, result.with[HD_DATA_RACE]);
    }
    if (race->is_racy) {
        assert_int_equal(result.first.kind, HD_DATA_RACE);
        assert_int_equal(result.first.places_count, 2);
        assert_int_not_equal(result.first.places[0].thread, result.first.places[1].thread);
    }
}

/* Where a race shows in one execution of 20, 1,000 executions miss it with probability 2^-74. */
static void test_programs(void **state)
{
    (void)state;
    for (const struct race_program *race = race_programs; race->name != NULL; race++) {
        check_program(race);
    }
}

/* Ignored, a race makes its memory visible, and is no finding. */
static void test_races_can_be_left_out(void **state)
{
    struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(race_programs[0].threads, 2);

    (void)state;
    settings.ignored = 1U << HD_DATA_RACE;
    struct experiment result = hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 10);

    assert_int_equal(result.with[HD_DATA_RACE], 0);
    assert_true(hde_execution.choices > 0); /* the two writes */
}

/* ---- Against all pairs ----------------------------------------------------------------------- */

#define THREADS 5
#define LOCKS 3
#define STEPS 60
#define BYTES 16

struct past_access {
    unsigned thread;
    uint32_t time;
    unsigned first;
    unsigned size;
    bool writes;
    bool is_atomic;
};

static _Alignas(16) uint8_t arena[BYTES];
static struct past_access past[STEPS];
static unsigned past_count;
static bool has_raced[BYTES];

static void begin_random_trace(struct hde_object *locks)
{
    static struct hde_settings settings;

    hde_execution.settings = &settings;
    hde_execution.generation++;
    hde_execution.base += STEPS + 1;
    hde_execution.void_below = (hde_execution.base + 1) << HDE_CELL_TIME_SHIFT;
    hde_execution.findings_count = 0;
    hde_detector_race.begin();
    for (unsigned i = 0; i < THREADS; i++) {
        struct hde_thread *thread = &hde_execution.threads[i];

        thread->id = (uint8_t)i;
        thread->clock.size = 0;
        hde_clock_set(&thread->clock, i, 1);
        hde_thread_set_stamp(thread);
    }
    for (unsigned i = 0; i < LOCKS; i++) {
        locks[i].clock.size = 0;
    }
    past_count = 0;
    for (unsigned i = 0; i < BYTES; i++) {
        has_raced[i] = false;
    }
}

static bool conflicts(const struct past_access *then,
                      const struct past_access *now,
                      const struct hde_clock *clock)
{
    return then->time > hde_clock_at(clock, then->thread) && (then->writes || now->writes) &&
           !(then->is_atomic && now->is_atomic);
}

/* Note a race on the bytes that both touch; whether there are any. *is_new: one had none before. */
static bool
note_overlap(const struct past_access *then, const struct past_access *now, bool *is_new)
{
    unsigned first = then->first > now->first ? then->first : now->first;
    unsigned end = then->first + then->size < now->first + now->size ? then->first + then->size
                                                                     : now->first + now->size;

    for (unsigned byte = first; byte < end; byte++) {
        *is_new |= !has_raced[byte];
        has_raced[byte] = true;
    }
    return first < end;
}

/* Whether the new access races with a past one; *is_new: on a byte that had no race before. */
static bool
races_with_past(const struct past_access *now, const struct hde_clock *clock, bool *is_new)
{
    bool races = false;

    for (unsigned i = 0; i < past_count; i++) {
        if (conflicts(&past[i], now, clock)) {
            races |= note_overlap(&past[i], now, is_new);
        }
    }
    return races;
}

static void access_at_random(struct hde_rng *rng, uint64_t seed)
{
    struct hde_thread *thread = hde_self;
    struct past_access now = {
        .thread = thread->id,
        .time = thread->clock.at[thread->id],
        .size = 1U << hde_rng_below(rng, 4),
        .writes = hde_rng_below(rng, 2) == 0,
        .is_atomic = hde_rng_below(rng, 3) == 0,
    };
    now.first = hde_rng_below(rng, BYTES / now.size) * now.size;
    uint64_t address = (uintptr_t)&arena[now.first];
    uint32_t before = hde_execution.findings_count;
    bool is_new = false;
    bool races = races_with_past(&now, &thread->clock, &is_new);

    uint64_t word = thread->stamp | hde_access_mask(address, now.size) |
                    (now.writes ? HDE_CELL_WRITES : 0) | (now.is_atomic ? 0 : HDE_CELL_PLAIN);

    if (!hde_access_is_recorded(hde_shadow_at(address), word)) {
        hde_detector_race.access(hde_shadow_at(address), address, word, past_count + 1, thread);
    }
    bool is_reported = hde_execution.findings_count > before;

    if (is_new ? !is_reported : is_reported && !races) {
        fail_msg("seed %llu, access %u: all pairs say %d (new %d), the detector %d",
                 (unsigned long long)seed, past_count, races, is_new, is_reported);
    }
    if (hde_execution.findings_count > HDE_FINDINGS_MAX / 2) {
        hde_execution.findings_count = 0;
    }
    past[past_count++] = now;
}

static void step_at_random(struct hde_rng *rng, struct hde_object *locks, uint64_t seed)
{
    hde_self = &hde_execution.threads[hde_rng_below(rng, THREADS)];
    switch (hde_rng_below(rng, 4)) {
    case 0:
        hde_acquire(&locks[hde_rng_below(rng, LOCKS)]);
        break;
    case 1:
        hde_release(&locks[hde_rng_below(rng, LOCKS)]);
        break;
    default:
        access_at_random(rng, seed);
        break;
    }
    hde_self = NULL;
}

static void test_against_all_pairs(void **state)
{
    static struct hde_object locks[LOCKS];

    (void)state;
    hde_execution_start();
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        struct hde_rng rng;

        hde_rng_seed(&rng, seed);
        begin_random_trace(locks);
        for (unsigned step = 0; step < STEPS; step++) {
            step_at_random(&rng, locks, seed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),
        cmocka_unit_test(test_races_can_be_left_out),
        cmocka_unit_test(test_against_all_pairs),
    };

    return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}
