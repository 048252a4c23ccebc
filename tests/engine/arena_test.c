/*
 * Arena: addresses depend on a thread's own allocations only and are the same in each execution,
 * blocks are told from anything else, and an address is found in its block.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/rng.h"
#include "engine/set.h"

#define BLOCKS 200U
#define THREADS 4U
#define FILL 0x5a

static struct hde_rng rng;

static void *take(unsigned thread, size_t size) { return hde_arena_take(thread, size, 16, FILL); }

/* Sizes are the thread's own: the n-th block of a thread is as large in each run. */
static size_t size_of(unsigned thread, unsigned number)
{
    return (thread * 7919 + number * 104729) % 300;
}

static void addresses_depend_on_the_threads_own_allocations_only(void **state)
{
    static void *alone[THREADS][BLOCKS];

    (void)state;
    hde_arena_begin();
    for (unsigned thread = 0; thread < THREADS; thread++) {
        for (unsigned number = 0; number < BLOCKS; number++) {
            alone[thread][number] = take(thread, size_of(thread, number));
        }
    }
    hde_rng_seed(&rng, 1);
    for (unsigned execution = 0; execution < 100; execution++) {
        unsigned taken[THREADS] = {0};

        hde_arena_begin();
        for (unsigned i = 0; i < BLOCKS; i++) {
            unsigned thread = hde_rng_below(&rng, THREADS);
            unsigned number = taken[thread]++;

            assert_ptr_equal(take(thread, size_of(thread, number)), alone[thread][number]);
        }
    }
}

static void blocks_are_filled_and_do_not_overlap(void **state)
{
    unsigned char *end_of_last = NULL;

    (void)state;
    hde_arena_begin();
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = take(1, size);

        assert_int_equal((uintptr_t)memory % 16, 0);
        assert_true(memory >= end_of_last + sizeof(struct hde_block));
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], FILL);
        }
        (void)memset(memory, 0xff, size);
        end_of_last = memory + size;
    }
}

static void blocks_are_filled_again_in_the_next_execution(void **state)
{
    (void)state;
    hde_arena_begin();

    unsigned char *memory = take(1, 8);

    (void)memset(memory, 0xff, 8);
    hde_arena_begin();
    assert_ptr_equal(take(1, 8), memory);
    assert_int_equal(memory[7], FILL);
}

static void alignment_is_kept(void **state)
{
    (void)state;
    hde_arena_begin();
    for (size_t alignment = 16; alignment <= 65536; alignment *= 2) {
        void *memory = hde_arena_take(2, 1, alignment, FILL);

        assert_int_equal((uintptr_t)memory % alignment, 0);
        assert_non_null(hde_arena_block(memory));
        assert_ptr_equal(hde_arena_find((uint64_t)memory), hde_arena_block(memory));
    }
}

static void a_block_is_found_by_its_start_only(void **state)
{
    (void)state;
    hde_arena_begin();

    char *memory = take(3, 100);
    struct hde_block *block = hde_arena_block(memory);

    assert_non_null(block);
    assert_int_equal(block->size, 100);
    assert_int_equal(block->thread, 3);
    assert_false(block->is_freed);
    assert_int_equal(block->pc, 0);
    assert_null(hde_arena_block(memory + 16));
    assert_null(hde_arena_block(memory + 1));
    assert_null(hde_arena_block(memory - 16));
    assert_null(hde_arena_block(memory + 4096)); /* beyond what was taken */
    assert_null(hde_arena_block(&rng));
    assert_null(hde_arena_block(NULL));
}

static void a_block_of_an_earlier_execution_is_none(void **state)
{
    (void)state;
    hde_arena_begin();

    void *first = take(3, 16);
    void *second = take(3, 16);

    hde_arena_begin();
    assert_null(hde_arena_block(first));
    assert_null(hde_arena_find((uint64_t)first));
    /* The range is in use again, but not as far as the second block. */
    assert_ptr_equal(take(3, 16), first);
    assert_non_null(hde_arena_block(first));
    assert_null(hde_arena_block(second));
    assert_null(hde_arena_find((uint64_t)second));
}

/* Padding before an aligned block is not filled: what was there in an earlier execution still
 * is. */
static void a_header_left_over_in_padding_is_none(void **state)
{
    (void)state;
    hde_arena_begin();
    (void)take(3, 16);

    void *left_over = take(3, 16);

    hde_arena_begin();
    (void)take(3, 16);

    void *aligned = hde_arena_take(3, 16, 65536, FILL);

    assert_true(aligned > left_over);
    assert_non_null(hde_arena_block(aligned));
    assert_null(hde_arena_block(left_over));
}

static void the_very_start_of_the_arena_is_no_block(void **state)
{
    uint64_t start = 0;

    (void)state;
    hde_arena_begin();
    start = (uint64_t)take(0, 16) & ~(((uint64_t)1 << 26) - 1);
    assert_true(hde_arena_has(start));
    assert_false(hde_arena_has(start - 1));
    assert_null(hde_arena_block((const void *)start));
    assert_null(hde_arena_find(start));
}

static void a_copy_of_a_header_is_no_header(void **state)
{
    (void)state;
    hde_arena_begin();

    char *memory = take(3, 1024);

    (void)take(3, 16);
    (void)memcpy(memory + 512 - sizeof(struct hde_block), hde_arena_block(memory),
                 sizeof(struct hde_block));
    assert_null(hde_arena_block(memory + 512));
}

static void every_byte_is_found_in_its_block_and_headers_in_none(void **state)
{
    (void)state;
    hde_arena_begin();
    for (unsigned number = 0; number < BLOCKS; number++) {
        (void)take(number % THREADS, size_of(number % THREADS, number));
    }
    hde_arena_begin();
    for (unsigned number = 0; number < BLOCKS; number++) {
        unsigned thread = number % THREADS;
        size_t size = size_of(thread, number);
        const char *memory = take(thread, size);

        for (size_t i = 0; i < size; i++) {
            const struct hde_block *found = hde_arena_find((uint64_t)(memory + i));

            assert_ptr_equal(found, hde_arena_block(memory));
        }
        assert_null(hde_arena_find((uint64_t)memory - 1));
        assert_null(hde_arena_find((uint64_t)memory - sizeof(struct hde_block)));
    }
    assert_null(hde_arena_find((uint64_t)&rng));
}

static void a_walk_survives_overwritten_headers(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 1000; round++) {
        hde_arena_begin();
        hde_rng_seed(&rng, round);

        char *first = take(0, 64);
        char *last = take(0, 64);

        for (char *byte = first + 64; byte < last; byte++) {
            *byte = (char)hde_rng_next(&rng);
        }
        hde_arena_block(first)->next = hde_rng_next(&rng);
        (void)hde_arena_find((uint64_t)last);
        assert_null(hde_arena_block(last));
    }
}

/* It leads nowhere, back, or to the same place again. */
static void a_walk_ends_whatever_the_chain_looks_like(void **state)
{
    (void)state;
    hde_arena_begin();
    (void)take(0, 64);
    (void)take(0, 64);

    /* In the next execution, nothing is taken as far as that. */
    const void *stale = take(0, 64);

    hde_arena_begin();

    const void *memory = take(0, 64);
    struct hde_block *first = hde_arena_block(memory);
    const void *last = take(0, 64);
    const uint64_t nexts[] = {
        0,
        16,
        (uint64_t)first - 16,
        (uint64_t)first,
        UINT64_MAX,
        (uint64_t)stale - sizeof(struct hde_block),
    };

    for (size_t i = 0; i < sizeof(nexts) / sizeof(nexts[0]); i++) {
        first->next = nexts[i];
        assert_null(hde_arena_find((uint64_t)last));
        assert_null(hde_arena_find((uint64_t)stale));
        assert_ptr_equal(hde_arena_find((uint64_t)memory), first);
    }
}

static void a_full_range_says_so_and_others_are_not_affected(void **state)
{
    size_t total = 0;

    (void)state;
    hde_arena_begin();
    while (take(0, (size_t)1 << 20) != NULL) {
        total++;
        assert_true(total < 1000);
    }
    assert_in_range(total, 60, 64);
    assert_null(take(1, SIZE_MAX));
    assert_null(take(1, (size_t)1 << 30));
    assert_non_null(take(1, (size_t)1 << 20));
    hde_arena_begin();
    assert_non_null(take(0, (size_t)1 << 20));
}

static void all_threads_have_a_range(void **state)
{
    (void)state;
    hde_arena_begin();
    for (unsigned thread = 0; thread < HDE_THREADS_MAX; thread++) {
        const void *memory = take(thread, 1);

        assert_true(hde_arena_has((uint64_t)memory));
        assert_int_equal(hde_arena_block(memory)->thread, thread);
    }
    assert_false(hde_arena_has((uint64_t)&rng));
    assert_false(hde_arena_has(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_depend_on_the_threads_own_allocations_only),
        cmocka_unit_test(blocks_are_filled_and_do_not_overlap),
        cmocka_unit_test(blocks_are_filled_again_in_the_next_execution),
        cmocka_unit_test(alignment_is_kept),
        cmocka_unit_test(a_block_is_found_by_its_start_only),
        cmocka_unit_test(a_block_of_an_earlier_execution_is_none),
        cmocka_unit_test(a_header_left_over_in_padding_is_none),
        cmocka_unit_test(the_very_start_of_the_arena_is_no_block),
        cmocka_unit_test(a_copy_of_a_header_is_no_header),
        cmocka_unit_test(every_byte_is_found_in_its_block_and_headers_in_none),
        cmocka_unit_test(a_walk_survives_overwritten_headers),
        cmocka_unit_test(a_walk_ends_whatever_the_chain_looks_like),
        cmocka_unit_test(a_full_range_says_so_and_others_are_not_affected),
        cmocka_unit_test(all_threads_have_a_range),
    };

    hde_arena_map();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
