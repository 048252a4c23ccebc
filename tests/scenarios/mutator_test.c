/*
 * Mutator: how much one mutation changes, on all scenarios and twins, with the points of the
 * execution and without; and against bytes that are changed blindly. docs/INPUT_FORMAT.md has the
 * table that is printed.
 *
 * Inputs are made of the empty one by up to five mutations. A mutant is idle if its execution is
 * the same, step by step. Else it is counted which share of the reads, of those in either
 * execution, find the write of another event than before.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/input_run.h"
#include "engine/mutator.h"
#include "engine/process.h"
#include "engine/rng.h"
#include "engine/scenario.h"

#define INPUTS 12U /* of each program */
#define MUTATIONS_MAX 5U
#define SIZE_MAX_HERE 256U
#define THREADS 16U  /* whose reads are compared */
#define EVENTS 1024U /* and which */
#define PLACES 8192U /* a power of 2 */
#define STEPS_MAX 3000U

/* ---- What an execution did ------------------------------------------------------------------- */

struct write {
    uint64_t address;
    uint32_t run; /* of another one: void */
    uint32_t writer;
};

struct deeds {
    uint64_t steps; /* hash of who stepped, in order */
    uint32_t reads; /* counted */
    uint32_t run[THREADS][EVENTS];
    uint32_t writer[THREADS][EVENTS]; /* of the event: who wrote what it found; 0: nobody */
};

static struct deeds deeds[2]; /* of the input, of the mutant */
static struct deeds *now;
static uint32_t runs;
static struct write writes[PLACES];

static struct write *write_at(uint64_t address)
{
    uint32_t slot = (uint32_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 40);

    for (;; slot++) {
        struct write *write = &writes[slot % PLACES];

        if (write->run != runs || write->address == address) {
            return write;
        }
    }
}

static void observe(const struct hde_thread *thread, const struct hde_event *event)
{
    uint64_t step = now->steps ^ ((uint64_t)thread->events << 8 | thread->id);

    if (event->kind != HDE_EVENT_READ && event->kind != HDE_EVENT_WRITE) {
        now->steps = hde_rng_mix(&step);
    }
    if (event->address == 0) {
        return;
    }
    struct write *write = write_at(event->address);

    if (hde_event_reads(event) && thread->id < THREADS && thread->events < EVENTS) {
        now->run[thread->id][thread->events] = runs;
        now->writer[thread->id][thread->events] = write->run == runs ? write->writer : 0;
        now->reads++;
    }
    if (event->writes) {
        *write = (struct write){event->address, runs, (uint32_t)thread->id << 24 | thread->events};
    }
}

static struct hde_input input;

static struct hde_settings settings_of(void)
{
    struct hde_settings settings = {.steps_max = STEPS_MAX, .observe = observe};

    settings.budgets = hde_budgets_default;
    return settings;
}

static void
run(const struct hde_program *program, const uint8_t *bytes, size_t size, unsigned which)
{
    const struct hde_settings settings = settings_of();

    now = &deeds[which];
    now->steps = 1;
    now->reads = 0;
    runs++;
    hde_input_read(&input, bytes, size);
    hde_input_run(program, &settings, &input);
}

/* The share of the reads that find something else. */
static double share_of_changed_reads(void)
{
    uint32_t same = 0;

    for (unsigned thread = 0; thread < THREADS; thread++) {
        for (unsigned event = 0; event < EVENTS; event++) {
            same += deeds[0].run[thread][event] == runs - 1 &&
                    deeds[1].run[thread][event] == runs &&
                    deeds[0].writer[thread][event] == deeds[1].writer[thread][event];
        }
    }
    uint32_t all = deeds[0].reads + deeds[1].reads - same;

    return all == 0 ? 0 : (double)(all - same) / all;
}

/* ---- Ways of mutation ------------------------------------------------------------------------ */

/* One of the bytes, as a fuzzer that does not know what they mean changes, adds or drops it. */
static size_t mutate_bytes(uint8_t *bytes, size_t size, size_t size_max)
{
    static struct hde_rng rng = {{1, 2, 3, 4}};
    uint32_t at = hde_rng_below(&rng, (uint32_t)size + 1);
    uint32_t kind = hde_rng_below(&rng, 4);

    if (kind == 0 && size < size_max) {
        memmove(bytes + at + 1, bytes + at, size - at);
        bytes[at] = (uint8_t)hde_rng_next(&rng);
        return size + 1;
    }
    if (at == size) {
        return size;
    }
    if (kind == 1) {
        memmove(bytes + at, bytes + at + 1, size - at - 1);
        return size - 1;
    }
    bytes[at] = kind == 2 ? (uint8_t)hde_rng_next(&rng)
                          : (uint8_t)(bytes[at] ^ 1U << hde_rng_below(&rng, 8));
    return size;
}

enum way { KNOWING, GUESSING, BYTES, WAYS };

static const char *const way_names[WAYS] = {"with points", "without", "any byte"};

#define COLUMNS (HDE_MUTATE_OPERATORS + 1U) /* the last one: an operator that is drawn */

static const char *const column_names[COLUMNS] = {"add",  "move",   "retarget", "reverse",
                                                  "drop", "reseed", "values",   "all"};

struct cell {
    unsigned mutants;
    unsigned idle;
    double changed; /* sum of the shares, of those that are not idle */
};

static struct cell cells[WAYS][COLUMNS];
static struct hde_points points;

static void collect(const struct hde_program *program, const uint8_t *bytes, size_t size)
{
    static struct hde_input read;
    struct hde_settings settings = settings_of();

    settings.observe = NULL;
    hde_input_read(&read, bytes, size);
    hde_points_collect(&points, program, &settings, &read);
}

static size_t
mutate(uint8_t *bytes, size_t size, enum way way, enum hde_operator which, uint64_t seed)
{
    const struct hde_mutation mutation = {.which = which,
                                          .seed = seed,
                                          .points = way == KNOWING ? &points : NULL,
                                          .mutate_bytes = mutate_bytes};

    return way == BYTES ? mutate_bytes(bytes, size, SIZE_MAX_HERE)
                        : hde_mutate(bytes, size, SIZE_MAX_HERE, &mutation);
}

static void
compare(const struct hde_program *program, const uint8_t *bytes, size_t size, uint64_t seed)
{
    uint8_t mutant[SIZE_MAX_HERE];

    collect(program, bytes, size);
    for (unsigned column = 0; column < COLUMNS; column++) {
        for (unsigned way = 0; way < WAYS; way++) {
            struct cell *cell = &cells[way][column];

            memcpy(mutant, bytes, size);
            size_t mutant_size = mutate(mutant, size, (enum way)way, (enum hde_operator)column,
                                        seed * COLUMNS + column);

            run(program, bytes, size, 0);
            run(program, mutant, mutant_size, 1);
            bool is_idle = deeds[0].steps == deeds[1].steps && deeds[0].reads == deeds[1].reads &&
                           share_of_changed_reads() <= 0;

            cell->mutants++;
            cell->idle += is_idle;
            cell->changed += is_idle ? 0 : share_of_changed_reads();
        }
    }
}

static void measure(const struct hde_program *program, struct hde_rng *rng)
{
    uint8_t bytes[SIZE_MAX_HERE];

    for (unsigned i = 0; i < INPUTS; i++) {
        size_t size = 0;

        for (uint32_t times = hde_rng_below(rng, MUTATIONS_MAX + 1); times > 0; times--) {
            collect(program, bytes, size);
            size = mutate(bytes, size, KNOWING, HDE_MUTATE_OPERATORS, hde_rng_next(rng));
        }
        compare(program, bytes, size, hde_rng_next(rng));
    }
}

static void print_cell(const struct cell *cell)
{
    unsigned changing = cell->mutants - cell->idle;

    print_message("  %.2f %.3f", (double)cell->idle / cell->mutants,
                  changing == 0 ? 0 : cell->changed / changing);
}

static double idle_share(enum way way, unsigned column)
{
    return (double)cells[way][column].idle / cells[way][column].mutants;
}

static void measure_all(void)
{
    struct hde_rng rng;

    hde_rng_seed(&rng, 1);
    for (const struct hde_scenario *scenario = hde_scenarios; scenario->name != NULL; scenario++) {
        unsigned programs = hde_scenario_has_fix(scenario->scenario) ? 2 : 1;

        for (unsigned i = 0; i < programs; i++) {
            const struct hde_program program = hde_scenario_program(scenario, i > 0);

            measure(&program, &rng);
        }
    }
}

static void print_table(void)
{
    print_message("%u mutants in each cell: share that is idle, share of reads changed by others\n",
                  cells[KNOWING][0].mutants);
    print_message("%-10s", "");
    for (unsigned way = 0; way < WAYS; way++) {
        print_message("  %-11s", way_names[way]);
    }
    for (unsigned column = 0; column < COLUMNS; column++) {
        print_message("\n%-10s", column_names[column]);
        for (unsigned way = 0; way < WAYS; way++) {
            print_cell(&cells[way][column]);
        }
    }
    print_message("\n");
}

static void mutants_with_points_change_more(void **state)
{
    (void)state;
    hde_execution_start();
    hde_process_install_handlers();
    measure_all();
    print_table();
    assert_true(cells[KNOWING][0].mutants > 1000);
    assert_true(idle_share(KNOWING, HDE_MUTATE_ADD) < idle_share(GUESSING, HDE_MUTATE_ADD) - 0.2);
    assert_true(idle_share(KNOWING, HDE_MUTATE_OPERATORS) <
                idle_share(GUESSING, HDE_MUTATE_OPERATORS) - 0.2);
    assert_true(idle_share(KNOWING, HDE_MUTATE_OPERATORS) < 0.6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutants_with_points_change_more),
    };

    return cmocka_run_group_tests_name("scenarios.mutator", tests, NULL, NULL);
}
