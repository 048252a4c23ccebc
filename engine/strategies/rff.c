/*
 * RFF, reads-from fuzzing: executions that threads communicate in are varied, if they showed
 * something new.
 *
 * Who has written what a thread finds, a lock as well as a value, is how threads influence each
 * other (reads_from.h). An execution is interesting if a place found what another place had
 * written for the first time; and, to a lesser degree, if a thread did so that never had, or later
 * than ever among all that it found. An interesting execution is kept as a seed, in two forms:
 *
 *     its abstract schedule   constraints (constraint.h): this place reads that write, or does not
 *     its beginning           the choices up to where it last was interesting
 *
 * Of the executions a quarter begin anew, with up to three constraints drawn from all places seen.
 * The others vary a seed, half of them by its abstract schedule, with a constraint more, less or
 * reversed, half of them by repeating its beginning, or a part of it, and going on under up to two
 * new constraints. Steps that would break a constraint are delayed while others can step; when none
 * can, a constraint is given up. All other choices between threads are as by POS.
 *
 * A seed has energy for so many executions, gets more when they are interesting, and is left alone
 * when it is spent. When all are, executions begin anew, for twice as long each time, until seeds
 * get energy again, by how much they have led to.
 *
 * Guarantee   Every execution keeps a probability > 0. A bug that needs given reads of given
 *             writes, each possible by itself, at few of m places comes up with a probability that
 *             is polynomial in m, not exponential in the steps between.
 * Misses      Orders that no read tells apart. What needs many preemptions in code that is not
 *             new: there it is POS.
 * Source      Wolff, Shi, Duck, Mathur, Roychoudhury, Greybox fuzzing for concurrency testing,
 *             ASPLOS 2024. Beginnings: Ecoffet et al., First return, then explore, Nature 2021.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "engine/constraint.h"
#include "engine/reads_from.h"
#include "engine/strategies/pos.h"
#include "engine/strategy.h"

#define SEEDS_MAX 256U
#define BEGINNING_MAX 8192U /* choices */
#define CONSTRAINTS_MAX 4U
#define LEARN_FIRST 32U /* executions whose places are all noted; then one in LEARN_LATER */
#define LEARN_LATER 8U

/* Energy. */
#define ENERGY_NEW_PLACES 8U
#define ENERGY_NEW_THREADS 2U
#define ENERGY_MAX 64U
#define REST_FIRST 16U
#define REST_MAX 1024U

enum interest { INTEREST_NONE, INTEREST_THREADS, INTEREST_PLACES };

struct seed {
    uint32_t length; /* of the beginning */
    uint32_t constraints_count;
    struct hde_constraint constraints[CONSTRAINTS_MAX];
    uint8_t beginning[BEGINNING_MAX]; /* answers to choices; threads, or numbers below 256 */
};

/* What a thread has found in this execution. */
struct reader {
    uint32_t execution;
    uint32_t found; /* writes of others, other than the one before */
    uint64_t last;  /* hash of that one */
};

struct rff {
    struct hde_pos pos;
    struct hde_reads_from reads_from;
    struct hde_pool pool;
    struct hde_reads_from_set places;  /* pairs that have been, by their places */
    struct hde_reads_from_set threads; /* and also by the threads, and how far these were */
    struct reader readers[HDE_THREADS_MAX];
    uint64_t executions;
    uint32_t seeds_count;
    uint32_t cursor;      /* the seed that was varied last */
    uint32_t replaced;    /* the seed that was replaced last */
    uint32_t rest_left;   /* executions to begin anew, as no seed has energy */
    uint32_t rest_length; /* of the rest before */
    uint16_t energy[SEEDS_MAX];
    uint16_t finds[SEEDS_MAX]; /* interesting executions that each has led to */
    struct seed seeds[SEEDS_MAX];

    /* Of this execution. */
    uint32_t parent;   /* SEEDS_MAX: it begins anew */
    uint32_t repeats;  /* choices of the parent's beginning that are to be repeated */
    uint32_t position; /* of the next choice */
    enum interest interest;
    uint32_t interesting_at;
    uint32_t constraints_count;
    struct hde_constraint constraints[CONSTRAINTS_MAX];
    uint32_t answers_count; /* that can be kept */
    uint8_t answers[BEGINNING_MAX];
};

/* ---- Before an execution --------------------------------------------------------------------- */

static void start(void *state, const struct hde_strategy_options *options)
{
    struct rff *rff = state;

    (void)options;
    rff->rest_length = REST_FIRST / 2;
}

static void add_constraints(struct rff *rff, uint32_t count)
{
    for (uint32_t i = 0; i < count && rff->constraints_count < CONSTRAINTS_MAX; i++) {
        rff->constraints_count += hde_constraint_draw(&rff->constraints[rff->constraints_count],
                                                      &rff->pool, &rff->pos.draw.rng);
    }
}

/* The parent's abstract schedule, with one constraint more, less, or reversed. */
static void vary_constraints(struct rff *rff, const struct seed *seed)
{
    struct hde_rng *rng = &rff->pos.draw.rng;
    uint32_t count = seed->constraints_count;
    uint32_t way = count == 0 ? 0 : hde_rng_below(rng, 4);

    for (uint32_t i = 0; i < count; i++) {
        rff->constraints[i] = seed->constraints[i];
        hde_constraint_begin(&rff->constraints[i]);
    }
    rff->constraints_count = count;
    if (way == 2 || (way < 2 && count == CONSTRAINTS_MAX)) {
        rff->constraints[hde_rng_below(rng, count)] = rff->constraints[count - 1];
        rff->constraints_count--;
    } else if (way == 3) {
        struct hde_constraint *reversed = &rff->constraints[hde_rng_below(rng, count)];

        reversed->is_positive = !reversed->is_positive;
    }
    if (way < 2) {
        add_constraints(rff, 1);
    }
}

/* The next seed that has energy, round and round; SEEDS_MAX: none has. */
static uint32_t find_seed(const struct rff *rff)
{
    for (uint32_t i = 1; i <= rff->seeds_count; i++) {
        uint32_t seed = (rff->cursor + i) % rff->seeds_count;

        if (rff->energy[seed] > 0) {
            return seed;
        }
    }
    return SEEDS_MAX;
}

/* All are spent: a rest begins, at whose end all get energy again. */
static void spend(struct rff *rff)
{
    rff->rest_length = rff->rest_length < REST_MAX ? 2 * rff->rest_length : REST_MAX;
    rff->rest_left = rff->rest_length;
    for (uint32_t i = 0; i < rff->seeds_count; i++) {
        rff->energy[i] =
            1 + (rff->finds[i] < ENERGY_NEW_PLACES ? rff->finds[i] : ENERGY_NEW_PLACES);
    }
}

static uint32_t draw_parent(struct rff *rff)
{
    if (rff->seeds_count == 0 || hde_rng_below(&rff->pos.draw.rng, 4) == 0) {
        return SEEDS_MAX;
    }
    if (rff->rest_left > 0) {
        rff->rest_left--;
        return SEEDS_MAX;
    }
    uint32_t seed = find_seed(rff);

    if (seed == SEEDS_MAX) {
        spend(rff);
        return SEEDS_MAX;
    }
    rff->cursor = seed;
    rff->energy[seed]--;
    return seed;
}

static void begin(void *state, uint64_t seed)
{
    struct rff *rff = state;
    struct hde_rng *rng = &rff->pos.draw.rng;

    hde_pos_begin(&rff->pos, seed);
    hde_reads_from_begin(&rff->reads_from);
    rff->executions++;
    rff->position = 0;
    rff->answers_count = 0;
    rff->interest = INTEREST_NONE;
    rff->interesting_at = 0;
    rff->constraints_count = 0;
    rff->repeats = 0;
    rff->parent = draw_parent(rff);
    if (rff->parent == SEEDS_MAX) {
        add_constraints(rff, hde_rng_below(rng, CONSTRAINTS_MAX));
        return;
    }
    const struct seed *parent = &rff->seeds[rff->parent];

    if (hde_rng_below(rng, 2) == 0) {
        vary_constraints(rff, parent);
        return;
    }
    rff->repeats =
        hde_rng_below(rng, 2) == 0 ? parent->length : hde_rng_below(rng, parent->length + 1);
    add_constraints(rff, hde_rng_below(rng, CONSTRAINTS_MAX - 1));
}

/* ---- Choices --------------------------------------------------------------------------------- */

static bool is_alternative(const struct hde_choice *choice, uint32_t answer)
{
    return hde_choice_is_thread(choice->kind) ? hde_set_has(choice->threads, answer)
                                              : answer < choice->count;
}

static bool is_delayed(const struct rff *rff, const struct hde_choice *choice, unsigned thread)
{
    bool is_any = false;

    for (uint32_t i = 0; i < rff->constraints_count; i++) {
        is_any =
            is_any || hde_constraint_delays(&rff->constraints[i], thread, &choice->pending[thread]);
    }
    return is_any;
}

/* Those of `open' that break no constraint. */
static struct hde_set
without_delayed(const struct rff *rff, const struct hde_choice *choice, const struct hde_set *open)
{
    struct hde_set free = *open;

    for (unsigned thread = hde_set_first(open); thread < HDE_THREADS_MAX;
         thread = hde_set_next(open, thread + 1)) {
        if (!hde_set_has(choice->timed, thread) && is_delayed(rff, choice, thread)) {
            hde_set_remove(&free, thread);
        }
    }
    return free;
}

/* Give up constraints, the last ones first, until somebody can step. */
static uint32_t choose_thread(struct rff *rff, const struct hde_choice *choice)
{
    struct hde_set open = hde_draw_open(&rff->pos.draw, choice);

    for (;;) {
        struct hde_set free = without_delayed(rff, choice, &open);

        if (!hde_set_is_empty(&free)) {
            return hde_pos_choose(&rff->pos, choice, &free);
        }
        rff->constraints_count--;
    }
}

/* As the parent did; HDE_UNLIMITED: it is not to be repeated any more, or cannot. */
static uint32_t repeat(struct rff *rff, const struct hde_choice *choice)
{
    if (rff->position >= rff->repeats) {
        return HDE_UNLIMITED;
    }
    uint32_t answer = rff->seeds[rff->parent].beginning[rff->position];

    if (is_alternative(choice, answer)) {
        return answer;
    }
    rff->repeats = 0;
    return HDE_UNLIMITED;
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct rff *rff = state;
    uint32_t answer = repeat(rff, choice);

    if (answer == HDE_UNLIMITED) {
        answer = choice->kind == HDE_CHOICE_THREAD && rff->constraints_count > 0
                     ? choose_thread(rff, choice)
                     : hde_pos_choose(&rff->pos, choice, choice->threads);
    }
    if (rff->position == rff->answers_count && rff->position < BEGINNING_MAX &&
        answer <= UINT8_MAX) {
        rff->answers[rff->answers_count++] = (uint8_t)answer;
    }
    rff->position++;
    return answer;
}

/* ---- What comes of it ------------------------------------------------------------------------ */

/* `thread' has found a write of another one. */
static void note_found(struct rff *rff,
                       unsigned thread,
                       const struct hde_event *event,
                       const struct hde_last_write *found)
{
    struct reader *reader = &rff->readers[thread];
    uint64_t places = hde_reads_from_mix(found->pc, event->pc);
    uint64_t pair = hde_reads_from_mix(hde_reads_from_mix(places, found->address),
                                       (uint64_t)thread << 8 | found->thread);

    if (reader->execution != rff->reads_from.execution) {
        *reader = (struct reader){.execution = rff->reads_from.execution};
    }
    reader->found += reader->last != pair;
    reader->last = pair;
    if (hde_reads_from_add(&rff->threads, hde_reads_from_mix(pair, reader->found))) {
        rff->interesting_at = rff->position;
        rff->interest = rff->interest == INTEREST_NONE ? INTEREST_THREADS : rff->interest;
    }
    if (hde_reads_from_add(&rff->places, hde_reads_from_mix(places, 0))) {
        rff->interest = INTEREST_PLACES;
        rff->interesting_at = rff->position;
    }
}

static void
note_address(struct rff *rff, unsigned thread, const struct hde_event *event, uint64_t address)
{
    struct hde_last_write found;

    if (hde_reads_from_note(&rff->reads_from, thread, event, address, &found)) {
        note_found(rff, thread, event, &found);
    }
    if (rff->executions <= LEARN_FIRST || rff->executions % LEARN_LATER == 0) {
        hde_pool_note(&rff->pool, thread, event, address);
    }
}

static void observe(void *state, unsigned thread, const struct hde_event *event)
{
    struct rff *rff = state;

    for (uint32_t i = 0; i < rff->constraints_count; i++) {
        hde_constraint_note(&rff->constraints[i], thread, event);
    }
    if (event->address != 0) {
        note_address(rff, thread, event, event->address);
    }
    if (event->address2 != 0) {
        note_address(rff, thread, event, event->address2);
    }
}

/* Where a new seed goes: in the place of one that has no energy, if there is one. */
static uint32_t make_room(struct rff *rff)
{
    if (rff->seeds_count < SEEDS_MAX) {
        return rff->seeds_count++;
    }
    for (uint32_t i = 0; i < SEEDS_MAX; i++) {
        rff->replaced = (rff->replaced + 1) % SEEDS_MAX;
        if (rff->energy[rff->replaced] == 0) {
            return rff->replaced;
        }
    }
    rff->replaced = (rff->replaced + 1) % SEEDS_MAX;
    return rff->replaced;
}

static void keep(struct rff *rff, uint32_t energy)
{
    uint32_t at = make_room(rff);
    struct seed *seed = &rff->seeds[at];

    seed->length =
        rff->interesting_at < rff->answers_count ? rff->interesting_at : rff->answers_count;
    memcpy(seed->beginning, rff->answers, seed->length);
    seed->constraints_count = rff->constraints_count;
    for (uint32_t i = 0; i < rff->constraints_count; i++) {
        seed->constraints[i] = rff->constraints[i];
    }
    rff->energy[at] = (uint16_t)energy;
    rff->finds[at] = 0;
}

static bool end(void *state)
{
    struct rff *rff = state;

    if (rff->interest == INTEREST_NONE) {
        return true;
    }
    uint32_t energy = rff->interest == INTEREST_PLACES ? ENERGY_NEW_PLACES : ENERGY_NEW_THREADS;

    if (rff->parent != SEEDS_MAX) {
        uint32_t more = rff->energy[rff->parent] + 2 * energy;

        rff->energy[rff->parent] = (uint16_t)(more < ENERGY_MAX ? more : ENERGY_MAX);
        rff->finds[rff->parent] += rff->finds[rff->parent] < UINT16_MAX;
    }
    keep(rff, energy);
    return true;
}

const struct hde_strategy hde_strategy_rff = {
    .name = "rff",
    .summary = "varies executions in which threads found something new",
    .state_size = sizeof(struct rff),
    .start = start,
    .begin = begin,
    .choose = choose,
    .observe = observe,
    .end = end,
};
