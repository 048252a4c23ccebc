/*
 * Executions: threads begin and end in every order, up to 256 of them; the same choices give the
 * same execution.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/engine/experiment.h"
#include "tests/engine/programs/lives.h"
#include "tests/engine/programs/spins.h"

static unsigned lives_seen;
static unsigned lives_counted;
static unsigned lives_created;
static int lives_refusal;

void hd_lives_note(unsigned seen) { lives_seen |= seen; }

void hd_lives_note_count(unsigned counted) { lives_counted = counted; }

void hd_lives_note_creation(unsigned created, int refusal)
{
    lives_created = created;
    lives_refusal = refusal;
}

/*
 * Each order comes in at least one execution of 50 of a random walk: 5 steps of one thread before
 * the other's first. 1,000 miss one with probability 2^-29.
 */
static void test_threads_begin_and_end_in_every_order(void **state)
{
    static void (*const threads[])(void *) = {hd_lives_parent};
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(threads, 1);

    (void)state;
    lives_seen = 0;
    struct experiment result =
        hd_experiment_run(&program, &settings, hde_strategy_named("random"), 1, 1000);

    assert_int_equal(result.ended[HDE_END_DONE], 1000);
    assert_int_equal(lives_seen,
                     LIVES_CHILD_DONE_FIRST | LIVES_PARENT_DONE_FIRST | LIVES_INTERLEAVED);
}

static void test_many_threads(void **state)
{
    static void (*const threads[])(void *) = {hd_lives_many};
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(threads, 1);

    (void)state;
    struct experiment result =
        hd_experiment_run(&program, &settings, hde_strategy_named("random"), 1, 20);

    assert_int_equal(result.ended[HDE_END_DONE], 20);
    assert_int_equal(result.first.kind, HD_CLEAN);
    assert_int_equal(lives_counted, 254);
}

/* 256 threads: 0, the one that creates, and 254 children. */
static void test_too_many_threads(void **state)
{
    static void (*const threads[])(void *) = {hd_lives_too_many};
    const struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(threads, 1);

    (void)state;
    (void)hd_experiment_run(&program, &settings, hde_strategy_named("random"), 1, 1);
    assert_int_equal(lives_created, HDE_THREADS_MAX - 2);
    assert_int_equal(lives_refusal, EAGAIN);
}

/*
 * ---- The same choices, the same execution -----------------------------------------------------
 */

static uint64_t hash;

static void add_to_hash(uint64_t value) { hash = (hash ^ value) * UINT64_C(0x100000001b3); }

static void observe(const struct hde_thread *thread, const struct hde_event *event)
{
    add_to_hash(thread->id);
    add_to_hash(thread->events);
    add_to_hash(event->address);
    add_to_hash(event->pc);
    add_to_hash(event->kind);
}

static uint64_t hash_of_run(const struct spin_program *spin, uint64_t seed)
{
    struct hde_settings settings = hd_experiment_settings();
    unsigned count = 0;

    while (count < SPIN_THREADS_MAX && spin->threads[count] != NULL) {
        count++;
    }
    const struct hde_program program = hd_experiment_threads(spin->threads, count);

    settings.observe = observe;
    hash = 0;
    (void)hd_experiment_run(&program, &settings, hde_strategy_named("random"), seed, 1);
    return hash;
}

static void test_the_same_seed_gives_the_same_execution(void **state)
{
    unsigned different = 0;

    (void)state;
    for (const struct spin_program *spin = spin_programs; spin->name != NULL; spin++) {
        for (uint64_t seed = 1; seed <= 20; seed++) {
            uint64_t first = hash_of_run(spin, seed);

            different += hash_of_run(spin, seed + 1000) != first;
            assert_true(hash_of_run(spin, seed) == first);
        }
    }
    assert_true(different > 100); /* the hash sees something */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_begin_and_end_in_every_order),
        cmocka_unit_test(test_many_threads),
        cmocka_unit_test(test_too_many_threads),
        cmocka_unit_test(test_the_same_seed_gives_the_same_execution),
    };

    return cmocka_run_group_tests_name("execution", tests, NULL, NULL);
}
