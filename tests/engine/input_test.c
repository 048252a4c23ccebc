/*
 * Input: any bytes can be read, what they mean has one form, and docs/INPUT_FORMAT.md's example is
 * what it says.
 *
 * The variant `asan' is the same test, with the decoder under AddressSanitizer: each string of
 * bytes is a block of its own, so that a byte read behind its end is seen.
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

#include "engine/input.h"
#include "engine/rng.h"

#define STRINGS 3000U
#define LENGTH_MAX 200U
#define WRITTEN_MAX 8192U

static struct hde_input first;
static struct hde_input second;

static void check_same_values(const struct hde_input_bytes *a, const struct hde_input_bytes *b)
{
    assert_int_equal(a->size, b->size);
    if (a->size > 0) {
        assert_memory_equal(a->bytes, b->bytes, a->size);
    }
}

static void check_same(const struct hde_input *a, const struct hde_input *b)
{
    assert_int_equal(a->base, b->base);
    assert_int_equal(a->sees_all, b->sees_all);
    assert_int_equal(a->seeks_rounds, b->seeks_rounds);
    assert_int_equal(a->seed, b->seed);
    assert_int_equal(a->entries_count, b->entries_count);
    assert_int_equal(a->threads_count, b->threads_count);
    for (uint32_t i = 0; i < a->entries_count; i++) {
        assert_int_equal(a->entries[i].thread, b->entries[i].thread);
        assert_int_equal(a->entries[i].event, b->entries[i].event);
        assert_int_equal(a->entries[i].action, b->entries[i].action);
        assert_int_equal(a->entries[i].argument, b->entries[i].argument);
    }
    for (uint32_t thread = 0; thread < a->threads_count; thread++) {
        check_same_values(&a->values[thread], &b->values[thread]);
    }
}

static void check_in_range(const struct hde_input *input)
{
    assert_true(input->base < HDE_INPUT_BASES);
    assert_true(input->entries_count <= HDE_INPUT_ENTRIES_MAX);
    assert_true(input->threads_count <= HDE_THREADS_MAX);
    for (uint32_t i = 0; i < input->entries_count; i++) {
        const struct hde_input_entry *entry = &input->entries[i];

        assert_true(entry->action < HDE_INPUT_ACTIONS);
        assert_true(i == 0 || entry[-1].thread < entry->thread ||
                    (entry[-1].thread == entry->thread && entry[-1].event <= entry->event));
    }
}

/* What it is written as means the same, and is written as itself. */
static void check_bytes(const uint8_t *bytes, size_t size)
{
    static uint8_t once[WRITTEN_MAX];
    static uint8_t twice[WRITTEN_MAX];
    uint8_t *block = malloc(size == 0 ? 1 : size);

    assert_non_null(block);
    memcpy(block, bytes, size);
    hde_input_read(&first, block, size);
    check_in_range(&first);
    size_t written = hde_input_write(&first, once, sizeof(once));

    assert_true(written >= HDE_INPUT_HEAD_SIZE && written <= sizeof(once));
    assert_int_equal(once[0], HDE_INPUT_VERSION);
    hde_input_read(&second, once, written);
    check_same(&first, &second);
    assert_int_equal(hde_input_write(&second, twice, sizeof(twice)), written);
    assert_memory_equal(once, twice, written);
    free(block);
}

static void any_bytes_have_one_form(void **state)
{
    uint8_t bytes[LENGTH_MAX] = {0};
    struct hde_rng rng;

    (void)state;
    hde_rng_seed(&rng, 1);
    check_bytes(bytes, 0);
    for (unsigned string = 0; string < STRINGS; string++) {
        size_t size = hde_rng_below(&rng, LENGTH_MAX + 1);
        uint32_t most = 1U << hde_rng_below(&rng, 9);

        for (size_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)hde_rng_below(&rng, most);
        }
        check_bytes(bytes, size);
    }
}

static void cut_anywhere_it_is_still_an_input(void **state)
{
    uint8_t bytes[LENGTH_MAX] = {0};
    struct hde_rng rng;

    (void)state;
    hde_rng_seed(&rng, 2);
    for (unsigned string = 0; string < 20; string++) {
        for (size_t i = 0; i < LENGTH_MAX; i++) {
            bytes[i] = (uint8_t)hde_rng_below(&rng, i == 6 ? 30 : 256);
        }
        for (size_t size = 0; size <= LENGTH_MAX; size++) {
            check_bytes(bytes, size);
        }
    }
}

/* The example of docs/INPUT_FORMAT.md. */
static void the_documented_example_reads_as_documented(void **state)
{
    static const uint8_t bytes[] = {0x01, 0x82, 0x11, 0x00, 0x00, 0x00, 0x03, 0x02,
                                    0x09, 0x00, 0x01, 0x01, 0x8c, 0x01, 0x03, 0x00,
                                    0x01, 0x05, 0x00, 0x02, 0x00, 0x02, 0x07, 0x2a};

    (void)state;
    hde_input_read(&first, bytes, sizeof(bytes));
    assert_int_equal(first.base, HDE_INPUT_STICKY);
    assert_true(first.sees_all);
    assert_false(first.seeks_rounds);
    assert_int_equal(first.seed, 17);
    assert_int_equal(first.entries_count, 3);
    /* They are kept by thread and event. */
    assert_int_equal(first.entries[0].thread, 1);
    assert_int_equal(first.entries[0].event, 5);
    assert_int_equal(first.entries[0].action, HDE_INPUT_ANSWER);
    assert_int_equal(first.entries[0].argument, 2);
    assert_int_equal(first.entries[1].thread, 1);
    assert_int_equal(first.entries[1].event, 140);
    assert_int_equal(first.entries[1].action, HDE_INPUT_DELAY_CONFLICT);
    assert_int_equal(first.entries[1].argument, 0);
    assert_int_equal(first.entries[2].thread, 2);
    assert_int_equal(first.entries[2].event, 9);
    assert_int_equal(first.threads_count, 2);
    assert_int_equal(first.values[0].size, 0);
    assert_int_equal(first.values[1].size, 2);
    assert_int_equal(first.values[1].bytes[1], 0x2a);
}

static void nothing_is_the_normal_execution(void **state)
{
    (void)state;
    hde_input_read(&first, NULL, 0);
    assert_int_equal(first.base, HDE_INPUT_NONPREEMPTIVE);
    assert_int_equal(first.entries_count, 0);
    assert_int_equal(first.threads_count, 0);
    assert_int_equal(hde_input_value(&first, 1, 0), 0);
}

/* Values that are not there, at the end, are not written as none. */
static void empty_values_at_the_end_have_no_form(void **state)
{
    const uint8_t bytes[] = {1, 0, 0, 0, 0, 0, 0, 0, 1, 9, 0, 0, 0};
    uint8_t written[sizeof(bytes)];

    (void)state;
    hde_input_read(&first, bytes, sizeof(bytes));
    assert_int_equal(first.threads_count, 2);
    assert_int_equal(hde_input_write(&first, written, sizeof(written)), 10);
    assert_memory_equal(written, bytes, 10);
}

/* Of two entries for one choice the last counts: which one that is must not change. */
static void entries_of_one_event_keep_their_order(void **state)
{
    uint8_t bytes[WRITTEN_MAX] = {HDE_INPUT_VERSION};
    struct hde_rng rng;
    size_t size = 6;

    (void)state;
    hde_rng_seed(&rng, 3);
    bytes[size++] = 120;
    for (unsigned i = 0; i < 120; i++) {
        bytes[size++] = (uint8_t)hde_rng_below(&rng, 3);
        bytes[size++] = (uint8_t)hde_rng_below(&rng, 4);
        bytes[size++] = 0;
        bytes[size++] = (uint8_t)i;
    }
    hde_input_read(&first, bytes, size);
    assert_int_equal(first.entries_count, 120);
    check_in_range(&first);
    for (uint32_t i = 1; i < first.entries_count; i++) {
        const struct hde_input_entry *entry = &first.entries[i];

        assert_true(entry[-1].thread != entry->thread || entry[-1].event != entry->event ||
                    entry[-1].argument < entry->argument);
    }
}

/* One entry takes 4 bytes: of 2,000 the first 1,024 are read, and what follows are values. */
static void too_many_entries_are_values(void **state)
{
    static uint8_t bytes[HDE_INPUT_HEAD_SIZE + 1 + 4 * 2000];

    (void)state;
    memset(bytes, 1, sizeof(bytes));
    bytes[6] = 0xd0;
    bytes[7] = 0x0f; /* 2,000 */
    hde_input_read(&first, bytes, sizeof(bytes));
    assert_int_equal(first.entries_count, HDE_INPUT_ENTRIES_MAX);
    assert_int_equal(first.threads_count, HDE_THREADS_MAX);
    assert_int_equal(first.values[HDE_THREADS_MAX - 1].size, 1);
}

static void what_is_beyond_the_greatest_size_is_not_there(void **state)
{
    uint8_t *bytes = calloc(1, HDE_INPUT_SIZE_MAX + 10U);

    (void)state;
    assert_non_null(bytes);
    memset(bytes + HDE_INPUT_HEAD_SIZE, 0xff, 5);
    hde_input_read(&first, bytes, HDE_INPUT_SIZE_MAX + 10U);
    assert_int_equal(first.threads_count, 1);
    assert_int_equal(first.values[0].size, HDE_INPUT_SIZE_MAX - HDE_INPUT_HEAD_SIZE - 5);
    free(bytes);
}

static void a_schedule_has_an_entry_for_each_choice(void **state)
{
    struct hde_entry choices[] = {
        {.thread = 2, .event = 7, .alternative = 1, .choice = 0},
        {.thread = 1, .event = 70000, .alternative = 4000000000U, .choice = 2},
    };
    const struct hde_schedule schedule = {.entries = choices, .count = 2};
    uint8_t bytes[64];

    (void)state;
    assert_true(hde_input_of_schedule(&first, &schedule));
    size_t size = hde_input_write(&first, bytes, sizeof(bytes));

    hde_input_read(&second, bytes, size);
    check_same(&first, &second);
    assert_int_equal(second.base, HDE_INPUT_NONPREEMPTIVE);
    assert_true(second.sees_all && second.seeks_rounds);
    assert_int_equal(second.entries_count, 2);
    assert_int_equal(second.entries[0].event, 70000);
    assert_int_equal(second.entries[0].argument, 4000000000U);
    assert_int_equal(second.entries[1].thread, 2);
}

/* What does not fit is counted and not written. */
static void writing_stays_within_its_bounds(void **state)
{
    uint8_t bytes[16];
    struct hde_entry choices[8];
    const struct hde_schedule schedule = {.entries = choices, .count = 8};

    (void)state;
    memset(choices, 0, sizeof(choices));
    memset(bytes, 0xaa, sizeof(bytes));
    assert_true(hde_input_of_schedule(&first, &schedule));
    assert_int_equal(hde_input_write(&first, bytes, 10), HDE_INPUT_HEAD_SIZE + 8 * 4);
    assert_int_equal(bytes[9], 0);
    assert_int_equal(bytes[10], 0xaa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_have_one_form),
        cmocka_unit_test(cut_anywhere_it_is_still_an_input),
        cmocka_unit_test(the_documented_example_reads_as_documented),
        cmocka_unit_test(nothing_is_the_normal_execution),
        cmocka_unit_test(empty_values_at_the_end_have_no_form),
        cmocka_unit_test(entries_of_one_event_keep_their_order),
        cmocka_unit_test(too_many_entries_are_values),
        cmocka_unit_test(what_is_beyond_the_greatest_size_is_not_there),
        cmocka_unit_test(a_schedule_has_an_entry_for_each_choice),
        cmocka_unit_test(writing_stays_within_its_bounds),
    };

    return cmocka_run_group_tests_name("engine.input", tests, NULL, NULL);
}
