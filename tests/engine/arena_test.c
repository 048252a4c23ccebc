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

#include "engine/execution.h"
#include "engine/poison.h"
#include "engine/rng.h"
#include "engine/shadow.h"

#define BLOCKS 200U
#define THREADS 4U
#define FILL 0x5a

static struct hde_rng rng;

static void *memory_of(const struct hde_block *block)
{
    return block == NULL ? NULL : (void *)block->address;
}

static void *take(unsigned thread, size_t size)
{
    return memory_of(hde_arena_take(thread, size, 16, FILL));
}

/* Sizes are the thread's own: the n-th block of a thread is as large in each run. */
static size_t size_of(unsigned thread, unsigned number)
{
    return (thread * 7919 + number * 104729) % 300;
}

static void addresses_depend_on_the_threads_own_allocations_only(void **state)
{
    static void *alone[THREADS][BLOCKS];

    (void)state;
    hde_arena_begin(false);
    for (unsigned thread = 0; thread < THREADS; thread++) {
        for (unsigned number = 0; number < BLOCKS; number++) {
            alone[thread][number] = take(thread, size_of(thread, number));
        }
    }
    hde_rng_seed(&rng, 1);
    for (unsigned execution = 0; execution < 100; execution++) {
        unsigned taken[THREADS] = {0};

        hde_arena_begin(false);
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
    hde_arena_begin(false);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = take(1, size);

        assert_int_equal((uintptr_t)memory % 16, 0);
        assert_true(end_of_last == NULL || memory >= end_of_last + HDE_REDZONE);
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
    hde_arena_begin(false);

    unsigned char *memory = take(1, 8);

    (void)memset(memory, 0xff, 8);
    hde_arena_begin(false);
    assert_ptr_equal(take(1, 8), memory);
    assert_int_equal(memory[7], FILL);
}

static void alignment_is_kept(void **state)
{
    (void)state;
    hde_arena_begin(false);
    for (size_t alignment = 16; alignment <= 65536; alignment *= 2) {
        void *memory = memory_of(hde_arena_take(2, 1, alignment, FILL));

        assert_int_equal((uintptr_t)memory % alignment, 0);
        assert_non_null(hde_arena_block(memory));
        assert_ptr_equal(hde_arena_find((uint64_t)memory), hde_arena_block(memory));
    }
}

static void a_block_is_found_by_its_start_only(void **state)
{
    (void)state;
    hde_arena_begin(false);

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
    hde_arena_begin(false);

    void *first = take(3, 16);
    void *second = take(3, 16);

    hde_arena_begin(false);
    assert_null(hde_arena_block(first));
    assert_null(hde_arena_find((uint64_t)first));
    /* The range is in use again, but not as far as the second block. */
    assert_ptr_equal(take(3, 16), first);
    assert_non_null(hde_arena_block(first));
    assert_null(hde_arena_block(second));
    assert_null(hde_arena_find((uint64_t)second));
}

static void the_very_start_of_the_arena_is_no_block(void **state)
{
    uint64_t start = 0;

    (void)state;
    hde_arena_begin(false);
    start = (uint64_t)take(0, 16) & ~(((uint64_t)1 << 30) - 1);
    assert_true(hde_arena_has(start));
    assert_false(hde_arena_has(start - 1));
    assert_null(hde_arena_block((const void *)start));
    assert_null(hde_arena_find(start));
}

static void every_byte_is_found_in_its_block_and_redzones_in_none(void **state)
{
    (void)state;
    hde_arena_begin(false);
    for (unsigned number = 0; number < BLOCKS; number++) {
        (void)take(number % THREADS, size_of(number % THREADS, number));
    }
    hde_arena_begin(false);
    for (unsigned number = 0; number < BLOCKS; number++) {
        unsigned thread = number % THREADS;
        size_t size = size_of(thread, number);
        const char *memory = take(thread, size);

        for (size_t i = 0; i < size; i++) {
            const struct hde_block *found = hde_arena_find((uint64_t)(memory + i));

            assert_ptr_equal(found, hde_arena_block(memory));
        }
        for (size_t i = 1; i <= HDE_REDZONE; i++) {
            assert_null(hde_arena_find((uint64_t)memory - i));
        }
        for (size_t i = 1; i <= HDE_REDZONE / 2; i++) {
            assert_ptr_equal(hde_arena_nearest((uint64_t)memory - i), hde_arena_block(memory));
            assert_ptr_equal(hde_arena_nearest((uint64_t)memory + size - 1 + i),
                             hde_arena_block(memory));
        }
    }
    assert_null(hde_arena_find((uint64_t)&rng));
}

/* Poisoned bytes, as the shadow memory has them, are those of no block. */
static bool is_poisoned(uint64_t address)
{
    const struct hde_granule *granule = hde_shadow_at(address);

    return granule->generation == hde_execution.generation &&
           (granule->poisoned >> address % HDE_GRANULE_BYTES & 1) != 0;
}

static void check_poison(uint64_t memory, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++) {
        assert_false(is_poisoned(memory + i));
    }
    for (uint64_t i = 0; i < HDE_REDZONE; i++) {
        assert_true(is_poisoned(memory - 1 - i));
        assert_true(is_poisoned(memory + size + i));
    }
}

static void bytes_beside_blocks_are_poisoned_and_no_others(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 100; round++) {
        const unsigned sizes[] = {round, round % 7, 16 + round % 3};

        hde_execution.generation++;
        hde_arena_begin(false);
        for (unsigned number = 0; number < 3; number++) {
            check_poison((uint64_t)take(1, sizes[number]), sizes[number]);
        }
        check_poison((uint64_t)memory_of(hde_arena_take(1, round, 256, FILL)), round);
    }
}

static void poison_is_void_in_the_next_execution(void **state)
{
    (void)state;
    hde_execution.generation++;
    hde_arena_begin(false);

    uint64_t small = (uint64_t)take(1, 8);
    struct hde_granule *behind = hde_shadow_at(small + 8);

    assert_true(hde_poison_is_here(behind));
    hde_execution.generation++;
    hde_arena_begin(false);
    assert_int_equal((uint64_t)take(1, 64), small);
    assert_true(behind->slow != 0); /* it is looked at once more */
    assert_false(hde_poison_is_here(behind));
    assert_int_equal(behind->slow, 0);
}

static void end(void *memory, unsigned thread)
{
    struct hde_block *block = hde_arena_block(memory);

    block->free_thread = (uint8_t)thread;
    hde_poison(block->address, block->size);
    hde_arena_end(block);
}

static void a_freed_block_is_poisoned_and_not_used_again(void **state)
{
    (void)state;
    hde_execution.generation++;
    hde_arena_begin(false);

    void *first = take(1, 24);

    end(first, 1);
    assert_true(hde_arena_block(first)->is_freed);
    assert_true(is_poisoned((uint64_t)first) && is_poisoned((uint64_t)first + 23));
    for (unsigned i = 0; i < 100; i++) {
        assert_ptr_not_equal(take(1, 24), first);
    }
}

/* The last one first, of about the size, and by the thread that freed it only. */
static void a_freed_block_is_used_again_where_that_is_wanted(void **state)
{
    (void)state;
    hde_execution.generation++;
    hde_arena_begin(true);

    void *first = take(1, 24);
    void *second = take(1, 32);
    void *large = take(1, 2000);

    end(first, 2);
    end(second, 2);
    end(large, 2);
    assert_ptr_not_equal(take(1, 24), second);
    assert_ptr_not_equal(take(2, 16), second);
    assert_ptr_equal(take(2, 30), second);
    assert_false(is_poisoned((uint64_t)second + 29));
    assert_true(is_poisoned((uint64_t)second + 30));
    assert_int_equal(hde_arena_block(second)->size, 30);
    assert_int_equal(hde_arena_block(second)->thread, 2);
    assert_ptr_equal(take(2, 32), first);
    assert_ptr_not_equal(take(2, 32), first);
    assert_ptr_not_equal(take(2, 2000), large);
    hde_arena_begin(true);
    assert_ptr_equal(take(1, 24), first);
}

static void a_full_range_says_so_and_others_are_not_affected(void **state)
{
    size_t total = 0;

    (void)state;
    hde_arena_begin(false);
    while (hde_arena_take(0, (size_t)1 << 24, 16, HDE_UNFILLED) != NULL) {
        total++;
        assert_true(total < 1000);
    }
    assert_in_range(total, 60, 64);
    assert_null(take(1, SIZE_MAX));
    assert_null(take(1, (size_t)1 << 31));
    assert_non_null(take(1, (size_t)1 << 20));
    hde_arena_begin(false);
    assert_non_null(take(0, (size_t)1 << 20));
}

static void all_threads_have_a_range(void **state)
{
    (void)state;
    hde_arena_begin(false);
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
        cmocka_unit_test(the_very_start_of_the_arena_is_no_block),
        cmocka_unit_test(every_byte_is_found_in_its_block_and_redzones_in_none),
        cmocka_unit_test(bytes_beside_blocks_are_poisoned_and_no_others),
        cmocka_unit_test(poison_is_void_in_the_next_execution),
        cmocka_unit_test(a_freed_block_is_poisoned_and_not_used_again),
        cmocka_unit_test(a_freed_block_is_used_again_where_that_is_wanted),
        cmocka_unit_test(a_full_range_says_so_and_others_are_not_affected),
        cmocka_unit_test(all_threads_have_a_range),
    };

    hde_shadow_map();
    hde_arena_map();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
