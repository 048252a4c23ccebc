/*
 * Globals: whatever is written is as before afterwards, and nothing else is touched.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/globals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/rng.h"

#define SIZE 4096U

static unsigned char zeros[SIZE];        /* .bss */
static unsigned char values[SIZE] = {1}; /* .data */
static struct hde_rng rng;

static void write_byte(unsigned char *at, unsigned char value)
{
    hde_globals_written((uint64_t)at, 1);
    *at = value;
}

static void writes_are_undone(void **state)
{
    (void)state;
    values[7] = 7;
    write_byte(&values[0], 9);
    write_byte(&values[7], 9);
    write_byte(&zeros[8], 9);
    hde_globals_restore();
    assert_int_equal(values[0], 1);
    assert_int_equal(values[7], 7);
    assert_int_equal(zeros[8], 0);
}

static void the_value_before_the_first_of_many_writes_comes_back(void **state)
{
    (void)state;
    values[7] = 7;
    for (unsigned i = 0; i < 1000; i++) {
        write_byte(&values[7], (unsigned char)i);
    }
    hde_globals_restore();
    assert_int_equal(values[7], 7);
}

/* There is room for as many entries as there are bytes in globals: some ten thousand here. */
static void the_log_is_no_longer_than_what_was_written(void **state)
{
    (void)state;
    values[0] = 1;
    values[1] = 2;
    for (unsigned i = 0; i < 1000000; i++) {
        write_byte(&values[i % 2], (unsigned char)i);
    }
    hde_globals_restore();
    assert_int_equal(values[0], 1);
    assert_int_equal(values[1], 2);
}

_Alignas(8) static unsigned char granule[8];

/* Writes 2 to some bytes of the granule; meanwhile the engine writes 3 to all. */
static void write_some(unsigned written)
{
    for (unsigned i = 0; i < 8; i++) {
        granule[i] = 1;
        if ((written >> i & 1) != 0) {
            write_byte(&granule[i], 2);
        }
        granule[i] = 3;
    }
    hde_globals_restore();
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(granule[i], (written >> i & 1) != 0 ? 1 : 3);
    }
}

/* The engine's own variables change during an execution, and may lie beside the program's. */
static void bytes_that_were_not_written_are_not_touched(void **state)
{
    (void)state;
    for (unsigned written = 1; written < 256; written++) {
        write_some(written);
    }
}

static void write_at_random(unsigned char *memory)
{
    uint32_t size =
        hde_rng_below(&rng, 8) == 0 ? hde_rng_below(&rng, 700) : hde_rng_below(&rng, 17);
    uint32_t at = hde_rng_below(&rng, SIZE - size + 1);

    hde_globals_written((uint64_t)&memory[at], size);
    for (uint32_t i = 0; i < size; i++) {
        memory[at + i] = (unsigned char)hde_rng_next(&rng);
    }
}

static void any_writes_are_undone_in_every_execution(void **state)
{
    static unsigned char before[2][SIZE];

    (void)state;
    hde_rng_seed(&rng, 1);
    for (unsigned i = 0; i < SIZE; i++) {
        values[i] = (unsigned char)hde_rng_next(&rng);
    }
    (void)memcpy(before[0], zeros, SIZE);
    (void)memcpy(before[1], values, SIZE);
    for (unsigned execution = 0; execution < 1000; execution++) {
        uint32_t writes = hde_rng_below(&rng, 300);

        for (uint32_t i = 0; i < writes; i++) {
            write_at_random(hde_rng_below(&rng, 2) == 0 ? zeros : values);
        }
        hde_globals_restore();
        assert_memory_equal(zeros, before[0], SIZE);
        assert_memory_equal(values, before[1], SIZE);
    }
}

static void a_pointer_is_undone(void **state)
{
    static void *pointer = &rng;

    (void)state;
    hde_globals_written((uint64_t)&pointer, sizeof(pointer));
    pointer = NULL;
    hde_globals_restore();
    assert_ptr_equal(pointer, &rng);
}

static void memory_that_is_no_global_is_left_alone(void **state)
{
    unsigned char local = 1;

    (void)state;
    write_byte(&local, 2);
    hde_globals_restore();
    assert_int_equal(local, 2);
}

/* A wild write, which faults when it is made, must not do so when it is announced. */
static void a_range_that_ends_beyond_the_globals_is_cut(void **state)
{
    (void)state;
    hde_globals_written((uint64_t)_end - 3, SIZE);
    hde_globals_written((uint64_t)_end, SIZE);
    hde_globals_written((uint64_t)__data_start, UINT64_MAX);
    hde_globals_written((uint64_t)values, 0);
    hde_globals_restore();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_are_undone),
        cmocka_unit_test(the_value_before_the_first_of_many_writes_comes_back),
        cmocka_unit_test(the_log_is_no_longer_than_what_was_written),
        cmocka_unit_test(bytes_that_were_not_written_are_not_touched),
        cmocka_unit_test(any_writes_are_undone_in_every_execution),
        cmocka_unit_test(a_pointer_is_undone),
        cmocka_unit_test(memory_that_is_no_global_is_left_alone),
        cmocka_unit_test(a_range_that_ends_beyond_the_globals_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
