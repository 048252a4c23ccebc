/*
 * Mutate: what each operator does to an input, and that nothing else changes; that a mutant never
 * is too long; what a crossing takes from whom.
 *
 * The variant `asan' is the same test, with the operators under AddressSanitizer.
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

#include "engine/mutate.h"
#include "engine/rng.h"

#define SIZE_MAX_HERE 512U
#define SEEDS 4000U

static struct hde_input before;
static struct hde_input after;
static uint8_t original[SIZE_MAX_HERE];
static uint8_t mutant[SIZE_MAX_HERE];
static struct hde_points points;

/* Appends a byte. */
static size_t append_byte(uint8_t *bytes, size_t size, size_t size_max)
{
    assert_true(size < size_max);
    bytes[size] = 0x77;
    return size + 1;
}

/* Threads 1 and 2, in conflict at events 10 and 20; thread 3 wakes one of 4 and chooses values. */
static void begin_points(void)
{
    memset(&points, 0, sizeof(points));
    points.threads_count = 4;
    points.points[0] = (struct hde_point){.at = {.thread = 1, .event = 10}, .other = 2};
    points.points[1] = (struct hde_point){.at = {.thread = 2, .event = 20}, .other = 1};
    points.points_count = 2;
    points.pairs[0] =
        (struct hde_pair){.before = points.points[0].at, .after = points.points[1].at};
    points.pairs_count = 1;
    points.answers[0] = (struct hde_answer){
        .at = {.thread = 3, .event = 30}, .count = 4, .choice = HDE_CHOICE_WAKE};
    points.answers_count = 1;
    hde_set_add(&points.choosing, 3);
}

/* Two entries of thread 1, one of thread 2, values of thread 3. */
static size_t begin_input(void)
{
    static const uint8_t bytes[] = {1, 3, 9, 9, 9, 9, 3, 1, 10, 0, 2, 1, 40,
                                    3, 1, 2, 8, 0, 1, 0, 0, 0,  3, 5, 6, 7};

    memset(original, 0, sizeof(original));
    memcpy(original, bytes, sizeof(bytes));
    hde_input_read(&before, original, sizeof(bytes));
    assert_int_equal(before.entries_count, 3);
    assert_int_equal(before.values[3].size, 3);
    return sizeof(bytes);
}

/* `after' becomes the mutant. */
static void mutate(enum hde_operator which, uint64_t seed, const struct hde_points *known)
{
    const struct hde_mutation mutation = {
        .which = which, .seed = seed, .points = known, .mutate_bytes = append_byte};
    size_t size = begin_input();

    memcpy(mutant, original, size);
    size = hde_mutate(mutant, size, sizeof(mutant), &mutation);
    assert_true(size <= sizeof(mutant));
    memset(mutant + size, 0, sizeof(mutant) - size); /* so that mutants can be compared whole */
    hde_input_read(&after, mutant, size);
}

static bool has_entry(const struct hde_input *input, const struct hde_input_entry *entry)
{
    for (uint32_t i = 0; i < input->entries_count; i++) {
        const struct hde_input_entry *own = &input->entries[i];

        if (own->thread == entry->thread && own->event == entry->event &&
            own->action == entry->action && own->argument == entry->argument) {
            return true;
        }
    }
    return false;
}

/* How many entries of `a' are not in `b'. */
static uint32_t count_missing(const struct hde_input *a, const struct hde_input *b)
{
    uint32_t missing = 0;

    for (uint32_t i = 0; i < a->entries_count; i++) {
        missing += !has_entry(b, &a->entries[i]);
    }
    return missing;
}

static void check_same_head_and_values(void)
{
    assert_int_equal(after.base, before.base);
    assert_int_equal(after.seed, before.seed);
    assert_int_equal(after.threads_count, 4);
    assert_int_equal(after.values[3].size, 3);
    assert_memory_equal(after.values[3].bytes, before.values[3].bytes, 3);
}

/* The first entry of `after' that is not in `before'. */
static const struct hde_input_entry *new_entry(void)
{
    for (uint32_t i = 0; i < after.entries_count; i++) {
        if (!has_entry(&before, &after.entries[i])) {
            return &after.entries[i];
        }
    }
    return NULL;
}

static void adding_adds_one_entry_at_a_point(void **state)
{
    unsigned answers = 0;

    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        mutate(HDE_MUTATE_ADD, seed, &points);
        check_same_head_and_values();
        assert_int_equal(after.entries_count, 4);
        assert_int_equal(count_missing(&before, &after), 0);
        const struct hde_input_entry *entry = new_entry();

        if (entry == NULL) {
            continue; /* the one at 10 is there already, word for word */
        }
        assert_true((entry->thread == 1 && entry->event == 10) ||
                    (entry->thread == 2 && entry->event == 20) ||
                    (entry->thread == 3 && entry->event == 30 && entry->argument < 4));
        answers += entry->thread == 3;
    }
    /* One in four: within five standard deviations, 5 x sqrt(4000 x 3 / 16) = 137. */
    assert_in_range(answers, 1000 - 137, 1000 + 137);
}

static void an_entry_at_a_plain_access_makes_all_visible(void **state)
{
    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < 200; seed++) {
        points.points[0].at.is_plain = seed >= 100;
        points.points[1].at.is_plain = seed >= 100;
        mutate(HDE_MUTATE_ADD, seed, &points);
        const struct hde_input_entry *entry = new_entry();

        assert_int_equal(after.sees_all, seed >= 100 && (entry == NULL || entry->thread != 3));
    }
}

static void moving_moves_one_entry_of_its_thread(void **state)
{
    unsigned to_neighbour = 0;

    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        mutate(HDE_MUTATE_MOVE, seed, &points);
        check_same_head_and_values();
        assert_int_equal(after.entries_count, 3);
        uint32_t moved = count_missing(&before, &after);

        assert_true(moved <= 1);
        to_neighbour += moved == 1 && new_entry()->thread == 1 && new_entry()->event == 10;
    }
    assert_true(to_neighbour > 0);
}

static void retargeting_keeps_every_entry_where_it_was(void **state)
{
    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        mutate(HDE_MUTATE_RETARGET, seed, &points);
        check_same_head_and_values();
        assert_int_equal(after.entries_count, 3);
        assert_int_equal(count_missing(&before, &after), 1);
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(after.entries[i].thread, before.entries[i].thread);
            assert_int_equal(after.entries[i].event, before.entries[i].event);
        }
    }
}

static void reversing_adds_an_entry_before_each_of_a_pair(void **state)
{
    const struct hde_input_entry back = {.thread = 2, .event = 21, .argument = 1};
    const struct hde_input_entry away = {.thread = 1, .event = 10, .argument = 2};

    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < 100; seed++) {
        mutate(HDE_MUTATE_REVERSE, seed, &points);
        check_same_head_and_values();
        assert_int_equal(after.entries_count, 5);
        assert_true(has_entry(&after, &back));
        assert_true(has_entry(&after, &away));
        assert_int_equal(count_missing(&before, &after), 0);
    }
}

static void dropping_takes_one_entry_out(void **state)
{
    unsigned of_thread_2 = 0;

    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        mutate(HDE_MUTATE_DROP, seed, &points);
        check_same_head_and_values();
        assert_int_equal(after.entries_count, 2);
        assert_int_equal(count_missing(&before, &after), 1);
        of_thread_2 += after.entries[1].thread == 1;
    }
    /* One in three: 5 x sqrt(4000 x 2 / 9) = 149. */
    assert_in_range(of_thread_2, 1333 - 149, 1333 + 149);
}

static void reseeding_changes_the_head_only(void **state)
{
    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        mutate(HDE_MUTATE_RESEED, seed, &points);
        assert_int_equal(count_missing(&before, &after) + count_missing(&after, &before), 0);
        assert_int_equal((after.sees_all != before.sees_all) +
                             (after.seeks_rounds != before.seeks_rounds) +
                             (after.seed != before.seed),
                         1);
        assert_true(after.base == before.base || after.seed != before.seed);
    }
}

static void values_are_changed_of_a_thread_that_has_any(void **state)
{
    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < 100; seed++) {
        mutate(HDE_MUTATE_VALUES, seed, &points);
        assert_int_equal(count_missing(&before, &after) + count_missing(&after, &before), 0);
        assert_int_equal(after.values[3].size, 4);
        assert_int_equal(after.values[3].bytes[3], 0x77);
    }
    /* Nobody chooses any: the operator gives way to the first. */
    memset(&points.choosing, 0, sizeof(points.choosing));
    mutate(HDE_MUTATE_VALUES, 1, &points);
    assert_int_equal(after.entries_count, 4);
    assert_int_equal(after.values[3].size, 3);
}

/* Each operator's share, within five standard deviations of SEEDS draws. */
static void operators_are_drawn_by_their_shares(void **state)
{
    unsigned reseeded = 0;
    unsigned valued = 0;
    unsigned dropped = 0;

    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        mutate(HDE_MUTATE_OPERATORS, seed, &points);
        reseeded += after.base != before.base || after.seed != before.seed ||
                    after.sees_all != before.sees_all || after.seeks_rounds != before.seeks_rounds;
        valued += after.values[3].size != 3;
        dropped += after.entries_count == 2;
    }
    assert_in_range(reseeded, 200 - 69, 200 + 69);
    assert_in_range(valued, 400 - 95, 400 + 95);
    assert_in_range(dropped, 400 - 95, 400 + 95);
}

/* Looks for rounds are inherited once in four times, but for reseeding: 5 x sqrt(4000 x 3 / 16). */
static void few_mutants_look_for_rounds(void **state)
{
    const uint8_t bytes[] = {1, 0x40};
    unsigned seeking = 0;

    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const struct hde_mutation mutation = {
            .which = HDE_MUTATE_OPERATORS, .seed = seed, .points = &points};

        memcpy(mutant, bytes, sizeof(bytes));
        hde_input_read(&after, mutant,
                       hde_mutate(mutant, sizeof(bytes), sizeof(mutant), &mutation));
        seeking += after.seeks_rounds;
    }
    assert_in_range(seeking, 1000 - 137, 1000 + 137 + 30);
}

static void a_mutant_follows_from_its_arguments(void **state)
{
    static uint8_t other[SIZE_MAX_HERE];

    (void)state;
    begin_points();
    for (uint64_t seed = 0; seed < 200; seed++) {
        mutate(HDE_MUTATE_OPERATORS, seed, &points);
        memcpy(other, mutant, sizeof(other));
        mutate(HDE_MUTATE_OPERATORS, seed + 1, &points);
        mutate(HDE_MUTATE_OPERATORS, seed, &points);
        assert_memory_equal(other, mutant, sizeof(other));
    }
}

/* It is whole: written in its one form, not cut. */
static void check_whole(const uint8_t *bytes, size_t size)
{
    static uint8_t written[SIZE_MAX_HERE];

    hde_input_read(&after, bytes, size);
    assert_int_equal(hde_input_write(&after, written, sizeof(written)), size);
    assert_memory_equal(written, bytes, size);
}

/* Of any bytes, in any room, with and without points; each in a block of just that size. */
static void a_mutant_is_never_too_long(void **state)
{
    struct hde_rng rng;

    (void)state;
    begin_points();
    hde_rng_seed(&rng, 4);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const struct hde_mutation mutation = {.which = HDE_MUTATE_OPERATORS,
                                              .seed = seed,
                                              .points = seed % 2 == 0 ? &points : NULL,
                                              .mutate_bytes = append_byte};
        size_t size_max = 1 + hde_rng_below(&rng, 80);
        size_t size = hde_rng_below(&rng, (uint32_t)size_max + 1);
        uint8_t *block = malloc(size_max);

        assert_non_null(block);
        for (size_t i = 0; i < size; i++) {
            block[i] = (uint8_t)hde_rng_below(&rng, i == 6 ? 16 : 256);
        }
        for (unsigned times = 0; times < 20; times++) {
            size = hde_mutate(block, size, size_max, &mutation);
            assert_true(size > 0 && size <= size_max);
        }
        if (size_max >= HDE_INPUT_HEAD_SIZE) {
            check_whole(block, size);
        }
        free(block);
    }
}

/* ---- Crossing -------------------------------------------------------------------------------- */

/* An input whose entries and values all say `mark'. */
static size_t marked(uint8_t *bytes, uint8_t mark)
{
    size_t size = HDE_INPUT_HEAD_SIZE;

    memset(bytes, 0, size);
    bytes[0] = HDE_INPUT_VERSION;
    bytes[1] = mark;
    bytes[6] = 12;
    for (uint8_t i = 0; i < 12; i++) {
        bytes[size++] = i / 3;
        bytes[size++] = i;
        bytes[size++] = 0;
        bytes[size++] = mark;
    }
    for (unsigned thread = 0; thread < 4; thread++) {
        bytes[size++] = 1;
        bytes[size++] = mark;
    }
    return size;
}

/* Who a thread is of: the mark that all of it has. */
static uint32_t owner_of(const struct hde_input *input, unsigned thread)
{
    uint32_t mark = input->values[thread].bytes[0];
    unsigned entries = 0;

    for (uint32_t i = 0; i < input->entries_count; i++) {
        if (input->entries[i].thread == thread) {
            assert_int_equal(input->entries[i].argument, mark);
            entries++;
        }
    }
    assert_int_equal(entries, 3);
    return mark;
}

static void a_crossing_takes_each_thread_from_one_parent(void **state)
{
    uint8_t one[SIZE_MAX_HERE];
    uint8_t two[SIZE_MAX_HERE];
    const struct hde_input_bytes a = {one, (uint32_t)marked(one, 1)};
    const struct hde_input_bytes b = {two, (uint32_t)marked(two, 2)};
    unsigned times[16] = {0};

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        size_t size = hde_cross(&a, &b, mutant, sizeof(mutant), seed);
        unsigned set = 0;

        hde_input_read(&after, mutant, size);
        assert_int_equal(after.entries_count, 12);
        assert_true(after.base == 1 || after.base == 2);
        for (unsigned thread = 0; thread < 4; thread++) {
            set |= (owner_of(&after, thread) - 1) << thread;
        }
        times[set]++;
    }
    /* Each of the 16 sets one in 16 times: 5 x sqrt(4000 x 15 / 256) = 77. */
    for (unsigned set = 0; set < 16; set++) {
        assert_in_range(times[set], 250 - 77, 250 + 77);
    }
}

static void a_crossing_is_never_too_long(void **state)
{
    uint8_t one[SIZE_MAX_HERE];
    const struct hde_input_bytes a = {one, (uint32_t)marked(one, 1)};
    const struct hde_input_bytes none = {NULL, 0};

    (void)state;
    for (size_t size_max = 1; size_max < 80; size_max++) {
        uint8_t *block = malloc(size_max);

        assert_non_null(block);
        assert_in_range(hde_cross(&a, &none, block, size_max, size_max), 1, size_max);
        assert_in_range(hde_cross(&none, &a, block, size_max, size_max), 1, size_max);
        free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding_adds_one_entry_at_a_point),
        cmocka_unit_test(an_entry_at_a_plain_access_makes_all_visible),
        cmocka_unit_test(moving_moves_one_entry_of_its_thread),
        cmocka_unit_test(retargeting_keeps_every_entry_where_it_was),
        cmocka_unit_test(reversing_adds_an_entry_before_each_of_a_pair),
        cmocka_unit_test(dropping_takes_one_entry_out),
        cmocka_unit_test(reseeding_changes_the_head_only),
        cmocka_unit_test(values_are_changed_of_a_thread_that_has_any),
        cmocka_unit_test(operators_are_drawn_by_their_shares),
        cmocka_unit_test(few_mutants_look_for_rounds),
        cmocka_unit_test(a_mutant_follows_from_its_arguments),
        cmocka_unit_test(a_mutant_is_never_too_long),
        cmocka_unit_test(a_crossing_takes_each_thread_from_one_parent),
        cmocka_unit_test(a_crossing_is_never_too_long),
    };

    return cmocka_run_group_tests_name("engine.mutate", tests, NULL, NULL);
}
