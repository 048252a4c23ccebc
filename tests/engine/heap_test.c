/*
 * Heap: what the functions promise holds in executions, misuse is found, addresses do not depend on
 * the interleaving, and nothing is lost to libc's heap however many executions there are.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/heap.h"

#include <dlfcn.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/hooks/heap.h"
#include "engine/rng.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/reuse.h"

extern const struct hde_strategy hde_strategy_pct;
extern const struct hde_strategy hde_strategy_random;

static struct experiment run(const struct heap_program *heap, uint32_t executions)
{
    const struct hde_settings settings = hd_experiment_settings();
    unsigned count = 0;

    while (count < HEAP_THREADS_MAX && heap->threads[count] != NULL) {
        count++;
    }

    const struct hde_program program = hd_experiment_threads(heap->threads, count);

    return hd_experiment_run(&program, &settings, &hde_strategy_random, 1, executions);
}

static void check_program(const struct heap_program *heap)
{
    struct experiment result = run(heap, 200);

    if (result.first.kind != heap->owes) {
        fail_msg("%s: finding %u: %s", heap->name, result.first.kind, result.first.text);
    }
    assert_true(heap->owes == HD_CLEAN || result.with[heap->owes] > 10);
    /* One mistake is one finding, whatever order it shows in. */
    for (unsigned kind = 0; kind < HD_VERDICTS; kind++) {
        assert_true(kind == heap->owes || result.with[kind] == 0);
    }
}

/* The rarest of what is owed shows in more than one execution of 10: 200 miss it with probability
 * 0.9^200 < 2^-30. */
static void check_programs(const struct heap_program *heap)
{
    for (; heap->name != NULL; heap++) {
        check_program(heap);
    }
}

static void programs_that_use_the_heap_do_what_they_say(void **state)
{
    (void)state;
    check_programs(heap_programs);
}

static void programs_that_misuse_blocks_are_found(void **state)
{
    (void)state;
    check_programs(heap_misuses);
}

static void programs_that_lose_blocks_are_found(void **state)
{
    (void)state;
    check_programs(heap_leaks);
}

/* A word in the data of libc that it uses no more: the program has a copy of its own. */
void hd_test_heap_keep(void *block)
{
    void *own = (void *)&optarg;
    void *kept = dlsym(RTLD_NEXT, "optarg");

    assert_non_null(kept);
    assert_ptr_not_equal(kept, own);
    *(void **)kept = block;
}

static void run_alone(const void *heap) { ((const struct heap_program *)heap)->threads[0](NULL); }

/* Before there is a second thread accesses are not compared, but they are looked at. */
static void the_only_thread_is_watched_as_well(void **state)
{
    const struct hde_settings settings = hd_experiment_settings();

    (void)state;
    for (const struct heap_program *heap = heap_misuses; heap->name != NULL; heap++) {
        const struct hde_program program = {
            .name = heap->name, .body = run_alone, .argument = heap};

        if (heap->threads[1] == NULL) {
            assert_int_equal(
                hd_experiment_run(&program, &settings, &hde_strategy_random, 1, 3).first.kind,
                heap->owes);
        }
    }
}

/* By whichever of the two it is found, both frees belong to it; the allocation is but a cause. */
static void both_frees_are_places_of_a_double_free(void **state)
{
    const struct heap_program *heap = heap_misuses;

    (void)state;
    while (heap->owes != HD_DOUBLE_FREE) {
        heap++;
    }
    struct hde_finding finding = run(heap, 50).first;

    assert_int_equal(finding.kind, HD_DOUBLE_FREE);
    assert_int_equal(finding.places_count, 3);
    assert_false(finding.places[0].is_cause || finding.places[1].is_cause);
    assert_true(finding.places[2].is_cause);
    assert_int_equal(finding.places[1].event_kind, HDE_EVENT_FREE);
    assert_int_equal(finding.places[2].event_kind, HDE_EVENT_ALLOCATE);
    assert_string_equal(finding.text, "nothing orders the two");
}

#define NOTES 4

static const void *noted[HEAP_THREADS_MAX + 1][NOTES];
static unsigned differences;

void hd_test_heap_note(unsigned thread, unsigned number, const void *block)
{
    if (noted[thread][number] == NULL) {
        noted[thread][number] = block;
    } else if (noted[thread][number] != block) {
        differences++;
    }
}

static void addresses_do_not_depend_on_the_interleaving(void **state)
{
    (void)state;
    (void)run(&heap_addresses, 500);
    assert_int_equal(differences, 0);
    assert_non_null(noted[1][0]);
    assert_non_null(noted[3][3]);
    assert_ptr_not_equal(noted[1][0], noted[2][0]);
}

static void what_libc_allocates_for_itself_is_not_lost(void **state)
{
    (void)state;
    assert_int_equal(run(&heap_of_libc, 100).first.kind, HD_CLEAN);

    size_t before = mallinfo2().uordblks;

    assert_int_equal(run(&heap_of_libc, 1000).first.kind, HD_CLEAN);
    /* Each execution has four such blocks of some 100 to 4,000 bytes: one more a run would show. */
    assert_in_range(mallinfo2().uordblks, 0, before + 1000);
}

static void a_block_older_than_the_execution_is_there_in_the_next_one(void **state)
{
    (void)state;
    heap_kept = strdup("kept");
    assert_non_null(heap_kept);

    struct experiment result = run(&heap_of_host, 100);

    assert_int_equal(result.first.kind, HD_CLEAN);
    assert_string_equal(heap_kept, "kept");
    free(heap_kept);
}

/* Blocks that were freed may be kept at hand and counted as in use: the second time, the same
 * ones. */
static size_t use_heap_of_libc(void)
{
    size_t before = mallinfo2().uordblks;
    void *memory = malloc(100000);
    void *aligned = NULL;

    assert_non_null(memory);
    assert_true(mallinfo2().uordblks >= before + 100000);
    void *larger = realloc(memory, 120000);

    assert_non_null(larger);
    assert_true(malloc_usable_size(larger) >= 120000);
    assert_int_equal(posix_memalign(&aligned, 65536, 100000), 0);
    assert_int_equal((uintptr_t)aligned % 65536, 0);
    free(larger);
    free(aligned);
    return mallinfo2().uordblks;
}

static void outside_executions_the_heap_is_that_of_libc(void **state)
{
    (void)state;
    (void)use_heap_of_libc();

    size_t second = use_heap_of_libc();

    assert_int_equal(use_heap_of_libc(), second);
}

/* stdio allocates the buffer of a file when it is first written, here in the first execution. */
static void what_libc_keeps_beyond_an_execution_is_not_of_the_arena(void **state)
{
    static char text[101];

    (void)state;
    heap_file = tmpfile();
    assert_non_null(heap_file);
    assert_int_equal(run(&heap_with_file, 100).first.kind, HD_CLEAN);
    assert_int_equal(fseek(heap_file, 0, SEEK_SET), 0);
    assert_int_equal(fread(text, 1, sizeof(text), heap_file), 100);
    assert_int_equal(strspn(text, "x"), 100);
    assert_int_equal(fclose(heap_file), 0);
}

#define MODELLED 256U

/* Addresses that the table wants to have at one of its last or first 16 of 65536 places. */
static const void *close_address(uint64_t *last)
{
    uint64_t home = 0;

    do {
        (*last)++;
        home = *last * UINT64_C(0x9e3779b97f4a7c15) >> 48;
    } while ((home + 16) % 65536 >= 32);
    return (const void *)(*last * 16);
}

/* Against a plain list of flags, with so many collisions that blocks are pushed far from home. */
static void remembered_blocks_are_told_from_others(void **state)
{
    static const void *blocks[MODELLED];
    static bool model[MODELLED];
    struct hde_rng rng;
    uint64_t last = 0;

    (void)state;
    for (unsigned i = 0; i < MODELLED; i++) {
        blocks[i] = close_address(&last);
    }
    hde_rng_seed(&rng, 1);
    for (unsigned i = 0; i < 200000; i++) {
        uint32_t number = hde_rng_below(&rng, MODELLED);

        if (hde_rng_below(&rng, 2) == 0) {
            assert_int_equal(hde_heap_forget(blocks[number]), model[number]);
            model[number] = false;
        } else if (!model[number]) {
            hde_heap_remember(blocks[number]);
            model[number] = true;
        }
    }
}

static void code_of_libc_is_told_from_others(void **state)
{
    (void)state;
    assert_false(hde_heap_is_libc((uintptr_t)&code_of_libc_is_told_from_others));
    assert_false(hde_heap_is_libc(0));
    assert_false(hde_heap_is_libc((uintptr_t)&differences));
}

static struct experiment pop_and_replace(bool reuses, uint32_t ignored)
{
    static void (*const functions[])(void *) = {hd_reuse_pop_one, hd_reuse_replace_two};
    struct hde_settings settings = hd_experiment_settings();
    const struct hde_program program = hd_experiment_threads(functions, 2);

    settings.ignored = ignored | 1U << HD_LEAK;
    settings.reuses_memory = reuses;
    return hd_experiment_run(&program, &settings, &hde_strategy_pct, 1, 20000);
}

/*
 * The pop reads the link of a freed node. Whoever does not mind finds no harm where nothing is used
 * again: the top is another one then. Where memory is, the node is there again, and what was below
 * it has been freed.
 */
static void reuse_shows_the_harm_that_quarantine_prevents(void **state)
{
    const uint32_t ignored = 1U << HD_USE_AFTER_FREE | 1U << HD_DATA_RACE;

    (void)state;
    assert_true(pop_and_replace(false, 0).with[HD_USE_AFTER_FREE] > 100);
    assert_int_equal(pop_and_replace(false, ignored).first.kind, HD_CLEAN);
    assert_true(pop_and_replace(true, ignored).with[HD_FAILURE] > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_that_use_the_heap_do_what_they_say),
        cmocka_unit_test(programs_that_misuse_blocks_are_found),
        cmocka_unit_test(programs_that_lose_blocks_are_found),
        cmocka_unit_test(the_only_thread_is_watched_as_well),
        cmocka_unit_test(both_frees_are_places_of_a_double_free),
        cmocka_unit_test(reuse_shows_the_harm_that_quarantine_prevents),
        cmocka_unit_test(addresses_do_not_depend_on_the_interleaving),
        cmocka_unit_test(what_libc_allocates_for_itself_is_not_lost),
        cmocka_unit_test(a_block_older_than_the_execution_is_there_in_the_next_one),
        cmocka_unit_test(outside_executions_the_heap_is_that_of_libc),
        cmocka_unit_test(what_libc_keeps_beyond_an_execution_is_not_of_the_arena),
        cmocka_unit_test(remembered_blocks_are_told_from_others),
        cmocka_unit_test(code_of_libc_is_told_from_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
