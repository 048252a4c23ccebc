/*
 * Traces: without a bound dfs runs one execution of each class of equivalent ones, and none twice;
 * against closed forms, the counts of the literature, and brute force.
 *
 * Source: Abdulla, Aronis, Jonsson, Sagonas, Source sets: a foundation for optimal dynamic partial
 *         order reduction, JACM 2017, whose benchmarks these are, and whose optimal algorithm
 *         visits as many executions.
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

#include "engine/rng.h"
#include "tests/engine/simulator_programs.h"

extern const struct hde_strategy hde_strategy_dfs;

static const struct hde_strategy_options without_bound = {.preemptions = HDE_PREEMPTIONS_ALL};

/* More than any of these programs can have: then nothing is pruned. */
static const struct hde_strategy_options with_bound = {.preemptions = 60};

static struct sim_program program;

/* ---- Counts ---------------------------------------------------------------------------------- */

static void make_sb(unsigned n) { hd_sim_store_buffering(&program, n); }
static void make_writers(unsigned n) { hd_sim_writers(&program, n); }
static void make_readers(unsigned n) { hd_sim_readers(&program, n); }
static void make_ainc(unsigned n) { hd_sim_updates(&program, n, 1); }
static void make_binc(unsigned n) { hd_sim_updates(&program, n, 2); }
static void make_racy(unsigned n) { hd_sim_racy_counter(&program, n); }
static void make_last_zero(unsigned n) { hd_sim_last_zero(&program, n); }
static void make_philosophers(unsigned n) { hd_sim_philosophers(&program, n); }
static void make_race_chain(unsigned n) { hd_sim_race_chain(&program, n); }
static void make_sections(unsigned n) { hd_sim_mutex_counter(&program, n, 2); }
static void make_lost_wake_up(unsigned n) { hd_sim_lost_wake_up(&program, n); }
static void make_broadcast(unsigned n) { hd_sim_broadcast(&program, n); }

static void make_mp(unsigned n)
{
    (void)n;
    hd_sim_message_passing(&program);
}

static void make_2_2w(unsigned n)
{
    (void)n;
    hd_sim_two_stores(&program);
}

static void make_iriw(unsigned n)
{
    (void)n;
    hd_sim_iriw(&program);
}

static void make_corr2(unsigned n)
{
    (void)n;
    hd_sim_coherence(&program);
}

#define ANY UINT64_MAX

/*
 * How many executions are given up depends on the order of the search, but where threads are alike.
 * Of the broadcast the literature counts 14 and 312: there it matters in which order woken threads
 * leave the waiters, here they have left them when they are woken.
 */
static const struct {
    const char *name;
    void (*make)(unsigned n);
    unsigned n;
    uint64_t traces;
    uint64_t deadlocks;
    uint64_t given_up;
} literature[] = {
    {"sb", make_sb, 2, 3, 0, 1},
    {"sb", make_sb, 5, 31, 0, ANY},
    {"writers", make_writers, 5, 120, 0, 0},
    {"readers", make_readers, 4, 16, 0, 25},
    {"readers", make_readers, 8, 256, 0, 3025},
    {"ainc", make_ainc, 5, 120, 0, 0},
    {"binc", make_binc, 3, 36, 0, ANY},
    {"racy", make_racy, 2, 4, 0, 0},
    {"racy", make_racy, 3, 36, 0, 0},
    {"lastzero", make_last_zero, 2, 5, 0, ANY},
    {"lastzero", make_last_zero, 3, 12, 0, ANY},
    {"lastzero", make_last_zero, 4, 28, 0, ANY},
    {"lastzero", make_last_zero, 5, 64, 0, ANY},
    {"lastzero", make_last_zero, 7, 320, 0, ANY},
    {"philosophers", make_philosophers, 2, 3, 1, ANY},
    {"philosophers", make_philosophers, 5, 31, 1, ANY},
    {"race_chain", make_race_chain, 5, 32, 0, 0},
    {"mutex_counter", make_sections, 2, 6, 0, 0},
    {"mutex_counter", make_sections, 3, 90, 0, 0},
    {"mutex_counter", make_sections, 4, 2520, 0, 0},
    {"MP", make_mp, 0, 3, 0, 1},
    {"2+2W", make_2_2w, 0, 3, 0, 1},
    {"IRIW", make_iriw, 0, 15, 0, ANY},
    {"CoRR2", make_corr2, 0, 72, 0, 24},
    {"cv_lostwakeup", make_lost_wake_up, 1, 3, 1, 5},
    {"cv_lostwakeup", make_lost_wake_up, 2, 15, 12, ANY},
    {"cv_bcast", make_broadcast, 1, 2, 0, 1},
    {"cv_bcast", make_broadcast, 2, 10, 0, ANY},
    {"cv_bcast", make_broadcast, 3, 96, 0, ANY},
};

static void check_count(size_t row)
{
    literature[row].make(literature[row].n);
    struct sim_tally tally =
        hd_sim_explore(&program, &hde_strategy_dfs, &without_bound, UINT64_MAX, NULL, NULL);
    uint64_t traces = tally.executions - tally.given_up;

    if (traces != literature[row].traces || tally.deadlocks != literature[row].deadlocks ||
        (literature[row].given_up != ANY && tally.given_up != literature[row].given_up)) {
        fail_msg("%s(%u) has %llu traces, %llu deadlocks, %llu given up", literature[row].name,
                 literature[row].n, (unsigned long long)traces, (unsigned long long)tally.deadlocks,
                 (unsigned long long)tally.given_up);
    }
}

static void counts_are_those_of_the_literature(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(literature) / sizeof(literature[0]); i++) {
        check_count(i);
    }
}

/* ---- Against brute force --------------------------------------------------------------------- */

#define STEPS_MAX 64U
#define CLASSES_MAX 200000U

struct step {
    unsigned thread;
    struct hde_event event;
};

/* The steps of the execution that runs, and the classes of those that have been. */
static struct step steps[STEPS_MAX];
static unsigned steps_count;
static uint64_t classes[2][CLASSES_MAX];
static size_t classes_count[2];

static uint64_t mix(uint64_t hash, uint64_t part)
{
    uint64_t seed = hash;

    seed = hde_rng_mix(&seed) ^ part;
    return hde_rng_mix(&seed);
}

/*
 * Whether their order matters, by what the simulator does: each event touches its object, and a
 * wait its lock too; loads change nothing; a woken thread has left the waiters.
 */
static bool is_ordered(const struct step *a, const struct step *b)
{
    if (a->thread == b->thread) {
        return true;
    }
    if (a->event.kind == HDE_EVENT_AWAKE || b->event.kind == HDE_EVENT_AWAKE ||
        a->event.kind == HDE_EVENT_CHOOSE || b->event.kind == HDE_EVENT_CHOOSE) {
        return false;
    }
    bool is_shared = a->event.address == b->event.address ||
                     a->event.address == b->event.address2 ||
                     a->event.address2 == b->event.address ||
                     (a->event.address2 != 0 && a->event.address2 == b->event.address2);

    return is_shared &&
           (a->event.kind != HDE_EVENT_ATOMIC_LOAD || b->event.kind != HDE_EVENT_ATOMIC_LOAD);
}

/*
 * The same for equivalent executions: each step with, summed up, what it must come after. Who was
 * woken and which value was chosen belongs to it too.
 */
static uint64_t hash_class(const struct hde_schedule *schedule)
{
    static uint64_t hashes[STEPS_MAX];
    unsigned indices[SIM_THREADS_MAX] = {0};
    uint64_t sum = 0;

    for (unsigned i = 0; i < steps_count; i++) {
        hashes[i] = mix(steps[i].thread, indices[steps[i].thread]++);
        uint64_t before = 0;

        for (unsigned j = 0; j < i; j++) {
            before += is_ordered(&steps[j], &steps[i]) ? hashes[j] : 0;
        }
        hashes[i] = mix(hashes[i], before);
        sum += hashes[i];
    }
    for (size_t i = 0; i < schedule->count; i++) {
        const struct hde_entry *entry = &schedule->entries[i];

        if (entry->choice != HDE_CHOICE_THREAD) {
            sum += mix(mix(entry->thread, entry->event), entry->alternative);
        }
    }
    return sum;
}

/* dfs, with a look at each step. */
static struct hde_strategy watched;

static void watch(void *state, unsigned thread, const struct hde_event *event)
{
    assert_true(steps_count < STEPS_MAX);
    steps[steps_count++] = (struct step){.thread = thread, .event = *event};
    hde_strategy_dfs.observe(state, thread, event);
}

static void note_class(const struct sim *sim, void *argument)
{
    const unsigned *which = argument;

    if (!sim->is_given_up) {
        assert_true(classes_count[*which] < CLASSES_MAX);
        classes[*which][classes_count[*which]++] = hash_class(&sim->schedule);
    }
    steps_count = 0;
}

static int compare(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    return (*left > *right) - (*left < *right);
}

static void collect(unsigned which, const struct hde_strategy_options *options)
{
    watched = hde_strategy_dfs;
    watched.observe = watch;
    steps_count = 0;
    classes_count[which] = 0;
    (void)hd_sim_explore(&program, &watched, options, UINT64_MAX, note_class, &which);
    qsort(classes[which], classes_count[which], sizeof(classes[which][0]), compare);
}

/* All classes come, and each comes once. */
static void check_against_brute_force(const char *name, unsigned n)
{
    size_t distinct = 0;

    collect(0, &with_bound);
    for (size_t i = 0; i < classes_count[0]; i++) {
        if (i == 0 || classes[0][i] != classes[0][i - 1]) {
            classes[0][distinct++] = classes[0][i];
        }
    }
    collect(1, &without_bound);
    if (classes_count[1] != distinct) {
        fail_msg("%s(%u): %zu executions, of %zu classes", name, n, classes_count[1], distinct);
    }
    if (memcmp(classes[0], classes[1], distinct * sizeof(classes[0][0])) != 0) {
        fail_msg("%s(%u): a class was left out, another one came twice", name, n);
    }
}

static void literature_agrees_with_brute_force(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(literature) / sizeof(literature[0]); i++) {
        if (literature[i].traces < 100 && literature[i].n < 4) {
            literature[i].make(literature[i].n);
            check_against_brute_force(literature[i].name, literature[i].n);
        }
    }
}

/* ---- Random programs ------------------------------------------------------------------------- */

#define RANDOM_PROGRAMS 1500U

enum { VARIABLES = 2, LOCKS = 2, CONDITION = VARIABLES + LOCKS };

static void add_to_value(struct sim *sim, unsigned thread, unsigned object)
{
    sim->values[object] += (int)thread;
}

/* What a thread finds decides what it does next. */
static void skip_if_odd(struct sim *sim, unsigned thread, unsigned object)
{
    struct sim_thread *self = &sim->threads[thread];

    if (sim->values[object] % 2 != 0 && self->at < sim->program->events_count[thread]) {
        self->at++;
    }
}

static void add_section(struct hde_rng *rng, unsigned thread)
{
    unsigned lock = VARIABLES + hde_rng_below(rng, LOCKS);
    unsigned variable = hde_rng_below(rng, VARIABLES);

    hd_sim_add(&program, thread, HDE_EVENT_LOCK, lock, NULL);
    switch (hde_rng_below(rng, 4)) {
    case 0:
        hd_sim_add_wait(&program, thread, CONDITION, lock);
        break;
    case 1:
        hd_sim_add(&program, thread, HDE_EVENT_NOTIFY, CONDITION, NULL);
        break;
    case 2:
        hd_sim_add(&program, thread, HDE_EVENT_LOCK, VARIABLES + hde_rng_below(rng, LOCKS), NULL);
        break;
    default:
        hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_UPDATE, variable, add_to_value);
        break;
    }
    hd_sim_add(&program, thread, HDE_EVENT_UNLOCK, lock, NULL);
}

static void add_anything(struct hde_rng *rng, unsigned thread)
{
    unsigned variable = hde_rng_below(rng, VARIABLES);

    switch (hde_rng_below(rng, 6)) {
    case 0:
        hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_STORE, variable, add_to_value);
        break;
    case 1:
    case 2:
        hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_LOAD, variable, skip_if_odd);
        hd_sim_add(&program, thread, HDE_EVENT_ATOMIC_UPDATE, 1 - variable, add_to_value);
        break;
    case 3:
        hd_sim_add_choose(&program, thread, 2);
        break;
    case 4:
        hd_sim_add(&program, thread, HDE_EVENT_NOTIFY_ALL, CONDITION, NULL);
        break;
    default:
        add_section(rng, thread);
        break;
    }
}

static void make_random(struct hde_rng *rng, unsigned threads)
{
    hd_sim_program_begin(&program, threads);
    for (unsigned thread = 1; thread <= threads; thread++) {
        unsigned length = 1 + hde_rng_below(rng, threads == 2 ? 3 : 2);

        for (unsigned i = 0; i < length; i++) {
            add_anything(rng, thread);
        }
    }
}

/*
 * Loads that decide what follows, updates, nested locks, waits, notifies and values; many end in
 * deadlocks.
 */
static void random_programs_agree_with_brute_force(void **state)
{
    struct hde_rng rng;
    uint64_t all = 0;
    uint64_t pruned = 0;

    (void)state;
    hde_rng_seed(&rng, 1);
    for (unsigned i = 0; i < RANDOM_PROGRAMS; i++) {
        unsigned threads = 2 + hde_rng_below(&rng, 2);

        make_random(&rng, threads);
        check_against_brute_force("random program", i);
        pruned += classes_count[1];
        all += classes_count[0];
    }
    /* Not trivial: most executions are equivalent to others. */
    assert_true(pruned / 2 > RANDOM_PROGRAMS);
    assert_true(all > pruned * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_literature),
        cmocka_unit_test(literature_agrees_with_brute_force),
        cmocka_unit_test(random_programs_agree_with_brute_force),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
