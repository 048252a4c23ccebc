/*
 * Traces of real programs: without a bound dfs runs as many executions of them as the literature
 * says, and whatever threads do in any execution they do in one of these.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/rng.h"
#include "tests/engine/litmus.h"

extern const struct hde_strategy hde_strategy_dfs;

static const struct hde_strategy_options without_bound = {.preemptions = HDE_PREEMPTIONS_ALL};

/* More than any of these programs can have: then nothing is pruned. */
static const struct hde_strategy_options with_bound = {.preemptions = 60};

/* Of programs that have too many executions. */
static const struct hde_strategy_options with_little = {.preemptions = 2};

#define CLASSES_MAX 200000U

static uint64_t classes[2][CLASSES_MAX];
static size_t classes_count[2];

static uint64_t mix(uint64_t hash, uint64_t part)
{
    uint64_t seed = hash;

    seed = hde_rng_mix(&seed) ^ part;
    return hde_rng_mix(&seed);
}

static int compare(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    return (*left > *right) - (*left < *right);
}

/* Of each thread, what it did; together the same for equivalent executions. */
static uint64_t doings[HDE_THREADS_MAX];

static void note_step(const struct hde_thread *thread, const struct hde_event *event)
{
    uint64_t what = (uint64_t)event->kind << 32 | event->pc;

    doings[thread->id] = mix(doings[thread->id], what);
}

static uint64_t hash_doings(void)
{
    uint64_t hash = mix(hde_execution.end, hde_execution.findings_count);

    for (unsigned id = 0; id < HDE_THREADS_MAX; id++) {
        hash = mix(hash, doings[id]);
        doings[id] = 0;
    }
    return hash;
}

struct real {
    const struct litmus *litmus;
    uint64_t traces; /* 0: not known, for time goes on, or threads time out or yield */
    uint64_t deadlocks;
};

/*
 * A compare-and-exchange counts as a change also where it fails: 4! instead of 4. A thread that is
 * created begins with a step, and one that is joined ends with one, whose orders do not matter:
 * only two updates and two sections count there, 2 x 2.
 */
static const struct real reals[] = {
    {&litmus_store_buffering_2, 3, 0},
    {&litmus_store_buffering_3, 7, 0},
    {&litmus_iriw, 15, 0},
    {&litmus_corr2, 72, 0},
    {&litmus_racy_counter_2, 4, 0},
    {&litmus_racy_counter_3, 36, 0},
    {&litmus_race_chain_5, 32, 0},
    {&litmus_last_zero_4, 28, 0},
    {&litmus_compare_exchange_4, 24, 0},
    {&litmus_mutex_counter, 6, 0},
    {&litmus_philosophers_3, 7, 1},
    {&litmus_lost_wake_up, 3, 1},
    {&litmus_choice_of_waiter, 0, 0},
    {&litmus_timed_wait, 0, 0},
    {&litmus_give_up, 0, 0},
    {&litmus_create_one_each, 0, 0},
    {&litmus_create_and_join, 4, 0},
};

/* What one search of a real program came to. */
struct search {
    uint64_t executions;
    uint64_t given_up;
    uint64_t deadlocks;
};

static struct search
search_real(unsigned which, const struct litmus *litmus, const struct hde_strategy_options *options)
{
    const struct hde_program real = hd_litmus_program(litmus);
    struct hde_settings settings = hd_litmus_settings(HDE_VISIBLE_SYNC);
    struct search search = {.executions = 0};
    void *state = calloc(1, hde_strategy_dfs.state_size);

    settings.observe = note_step;
    assert_non_null(state);
    hde_strategy_dfs.start(state, options);
    classes_count[which] = 0;
    do {
        hde_strategy_dfs.begin(state, 0);
        hde_execution_run(&real, &settings, &hde_strategy_dfs, state);
        uint64_t hash = hash_doings();

        search.executions++;
        search.given_up += hde_execution.end == HDE_END_GIVEN_UP;
        if (hde_execution.end != HDE_END_GIVEN_UP) {
            search.deadlocks += hde_execution.findings_count;
            assert_true(classes_count[which] < CLASSES_MAX);
            classes[which][classes_count[which]++] = hash;
        }
    } while (hde_strategy_dfs.end(state));
    hde_strategy_dfs.stop(state);
    free(state);
    qsort(classes[which], classes_count[which], sizeof(classes[which][0]), compare);
    return search;
}

/* Whether the second search has found whatever the first one has. */
static bool has_all_classes(void)
{
    bool has_all = true;

    for (size_t i = 0; i < classes_count[0]; i++) {
        has_all = has_all && bsearch(&classes[0][i], classes[1], classes_count[1],
                                     sizeof(classes[1][0]), compare) != NULL;
    }
    return has_all;
}

/* Whatever threads do in any execution, they do in one of those that are left. */
static void check_real(const struct real *real)
{
    struct search all =
        search_real(0, real->litmus, real->traces != 0 ? &with_bound : &with_little);
    struct search pruned = search_real(1, real->litmus, &without_bound);
    uint64_t traces = pruned.executions - pruned.given_up;

    if (real->traces != 0 && (traces != real->traces || pruned.deadlocks != real->deadlocks)) {
        fail_msg("%s has %llu traces, %llu deadlocks", real->litmus->name,
                 (unsigned long long)traces, (unsigned long long)pruned.deadlocks);
    }
    if (!has_all_classes()) {
        fail_msg("%s: something that threads do is left out", real->litmus->name);
    }
    assert_true((pruned.deadlocks != 0) == (all.deadlocks != 0));
}

static void real_programs_have_as_many(void **state)
{
    (void)state;
    hde_execution_start();
    for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
        check_real(&reals[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_programs_have_as_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
