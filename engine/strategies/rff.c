/*
 * RFF, reads-from fuzzing: executions that threads communicate in are varied, if they showed
 * something new.
 *
 * Who has written what a thread finds, a lock as well as a value, is how threads influence each
 * other (reads_from.h). An execution is interesting if a place found what another place had
 * written for the first time, or if a thread had never found so many writes of others before it
 * came to such a pair, or had taken more choices to get there. An interesting execution is kept as
 * a seed, in the place of one that came as far after more choices, and in two forms:
 *
 *     its abstract schedule   constraints (constraint.h): this place reads that write, or does not
 *     its beginning           the choices up to where it last was interesting
 *
 * An execution begins anew, with up to three constraints drawn from all places seen, or varies a
 * seed: its abstract schedule, with a constraint more, less or reversed; or it repeats its
 * beginning, most often up to the last few choices before it was interesting, and goes on
 * under one or two new constraints. How often each way is taken follows from how often it has been
 * interesting lately; when none is any more, three of eight executions begin anew.
 *
 * Steps that would break a constraint are delayed while others can step; when none can, a
 * constraint is given up. All other choices between threads are as by POS.
 *
 * A seed has energy for so many executions, and gets more when they are interesting. When it is
 * spent in all of them, all get some again, by how much they have led to lately. The newest one has
 * executions of its own.
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
#define LEARN_FIRST 32U     /* executions whose places are all noted; then one in LEARN_LATER */
#define LEARN_LATER 8U

/* Energy. */
#define ENERGY_FIRST 8U
#define ENERGY_MAX 64U

#define DEPTHS_BITS 15U
#define DEPTHS (1U << DEPTHS_BITS)

/* How an execution comes about. */
enum way { WAY_ANEW, WAY_ABSTRACT, WAY_BEGINNING, WAY_NEWEST, WAYS };

static const uint32_t shares[WAYS] = {6, 3, 4, 3};

#define BOOST 16U           /* of the share of the way that leads to most */
#define SUCCESS 65536U      /* of an interesting execution, before it is forgotten ... */
#define SUCCESS_MEMORY 256U /* ... in so many of that way */

struct seed {
    uint32_t hash;   /* of its depth */
    uint32_t length; /* of the beginning */
    struct hde_constraints constraints;
    uint8_t beginning[BEGINNING_MAX]; /* answers to choices; threads, or numbers below 256 */
};

/* What a thread has found in this execution. */
struct reader {
    uint32_t execution;
    uint32_t found; /* writes of others, other than the one before */
    uint64_t last;  /* hash of that one */
};

/* That a thread found so many writes of others, the last one at given places. */
struct depth {
    uint16_t choices; /* before it, at least; 0: it never did */
    uint16_t seed;    /* 1 + index of the seed that does so; 0: none */
};

struct rff {
    struct hde_pos pos;
    struct hde_reads_from reads_from;
    struct hde_pool pool;
    struct hde_reads_from_set places; /* pairs that have been, by their places */
    struct depth depths[DEPTHS];      /* by hash of places, reader, and how far that was */
    struct reader readers[HDE_THREADS_MAX];
    uint64_t executions;
    uint32_t seeds_count;
    uint32_t newest; /* the seed that came to a new place last, or since then farthest */
    uint32_t newest_depth;
    uint32_t cursor;   /* the seed that was varied last, because it had energy */
    uint32_t replaced; /* the seed that was replaced last */
    uint32_t success[WAYS];
    uint16_t energy[SEEDS_MAX];
    uint16_t finds[SEEDS_MAX]; /* interesting executions that each has led to */
    struct seed seeds[SEEDS_MAX];

    /* Of this execution. */
    enum way way;
    uint32_t parent;   /* SEEDS_MAX: it begins anew */
    uint32_t repeats;  /* choices of the parent's beginning that are to be repeated */
    uint32_t position; /* of the next choice */
    bool is_interesting;
    uint32_t interesting_at;
    uint32_t depth; /* there; writes of others that the reader had found */
    uint32_t hash;  /* of it */
    bool is_new_place;
    struct hde_constraints constraints;
    uint32_t answers_count; /* that can be kept */
    uint8_t answers[BEGINNING_MAX];
};

/* ---- Before an execution --------------------------------------------------------------------- */

static void add_constraints(struct rff *rff, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        hde_constraints_add(&rff->constraints, &rff->pool, &rff->pos.draw.rng);
    }
}

/* The parent's abstract schedule, with one constraint more, less, or reversed. */
static void vary_constraints(struct rff *rff, const struct seed *seed)
{
    struct hde_rng *rng = &rff->pos.draw.rng;
    struct hde_constraints *constraints = &rff->constraints;
    uint32_t way = seed->constraints.count == 0 ? 0 : hde_rng_below(rng, 4);

    *constraints = seed->constraints;
    hde_constraints_begin(constraints);
    if (way == 2 || (way < 2 && constraints->count == HDE_CONSTRAINTS_MAX)) {
        constraints->items[hde_rng_below(rng, constraints->count)] =
            constraints->items[constraints->count - 1];
        constraints->count--;
    } else if (way == 3) {
        struct hde_constraint *reversed =
            &constraints->items[hde_rng_below(rng, constraints->count)];

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

static void recharge(struct rff *rff)
{
    for (uint32_t i = 0; i < rff->seeds_count; i++) {
        uint32_t finds = rff->finds[i];

        rff->energy[i] = (uint16_t)(1 + (finds < ENERGY_MAX ? finds : ENERGY_MAX));
        rff->finds[i] /= 2;
    }
}

static enum way draw_way(struct rff *rff)
{
    uint64_t weights[WAYS];
    uint64_t most = 1;
    uint64_t sum = 0;
    unsigned way = WAY_ANEW;

    for (unsigned i = 0; i < WAYS; i++) {
        most = rff->success[i] > most ? rff->success[i] : most;
    }
    for (unsigned i = 0; i < WAYS; i++) {
        weights[i] =
            shares[i] * (SUCCESS + (BOOST - 1) * (uint64_t)SUCCESS * rff->success[i] / most);
        sum += weights[i];
    }
    uint64_t rank = hde_rng_next(&rff->pos.draw.rng) % sum;

    for (; rank >= weights[way]; way++) {
        rank -= weights[way];
    }
    return (enum way)way;
}

/* The next seed that has energy. */
static uint32_t spend_energy(struct rff *rff)
{
    uint32_t seed = find_seed(rff);

    if (seed == SEEDS_MAX) {
        recharge(rff);
        seed = find_seed(rff);
    }
    rff->cursor = seed;
    rff->energy[seed]--;
    return seed;
}

/*
 * How many choices of a beginning are to be repeated: most often not quite all, as it was the last
 * ones that led to what was new, and perhaps past what is better.
 */
static uint32_t draw_repeats(struct hde_rng *rng, uint32_t length)
{
    uint32_t less = hde_rng_below(rng, 4);

    if (hde_rng_below(rng, 4) == 0 || length < less) {
        return hde_rng_below(rng, length + 1);
    }
    return length - less;
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
    rff->is_interesting = false;
    rff->interesting_at = 0;
    rff->depth = 0;
    rff->is_new_place = false;
    rff->constraints.count = 0;
    rff->repeats = 0;
    rff->way = rff->seeds_count == 0 ? WAY_ANEW : draw_way(rff);
    rff->parent = SEEDS_MAX;
    if (rff->way == WAY_ANEW) {
        add_constraints(rff, hde_rng_below(rng, HDE_CONSTRAINTS_MAX));
        return;
    }
    rff->parent = rff->way == WAY_NEWEST ? rff->newest : spend_energy(rff);
    const struct seed *parent = &rff->seeds[rff->parent];

    if (rff->way == WAY_ABSTRACT) {
        vary_constraints(rff, parent);
        return;
    }
    rff->repeats = draw_repeats(rng, parent->length);
    add_constraints(rff, 1 + hde_rng_below(rng, 2));
    rff->constraints.items[0].is_positive = true;
    rff->constraints.items[0].is_eager = true;
}

/* ---- Choices --------------------------------------------------------------------------------- */

static bool is_alternative(const struct hde_choice *choice, uint32_t answer)
{
    return hde_choice_is_thread(choice->kind) ? hde_set_has(choice->threads, answer)
                                              : answer < choice->count;
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
    rff->repeats = rff->position;
    return HDE_UNLIMITED;
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct rff *rff = state;
    uint32_t answer = repeat(rff, choice);

    if (answer == HDE_UNLIMITED && rff->position == rff->repeats) {
        /* What was repeated has fulfilled none of them, whatever it was. */
        hde_constraints_activate(&rff->constraints);
    }
    if (answer == HDE_UNLIMITED) {
        /* Who yields may wait for the very write that a constraint holds back. */
        bool is_free =
            choice->kind != HDE_CHOICE_THREAD || choice->is_yield || rff->constraints.count == 0;
        struct hde_set open = is_free ? *choice->threads : hde_draw_open(&rff->pos.draw, choice);
        struct hde_set among =
            is_free ? open : hde_constraints_heed(&rff->constraints, choice, &open);

        answer = hde_pos_choose(&rff->pos, choice, &among);
    }
    if (rff->position == rff->answers_count && rff->position < BEGINNING_MAX &&
        answer <= UINT8_MAX) {
        rff->answers[rff->answers_count++] = (uint8_t)answer;
    }
    rff->position++;
    return answer;
}

/* ---- What comes of it ------------------------------------------------------------------------ */

/* Whether nobody has been there yet, or not after as few choices. */
static bool is_nearer(struct rff *rff, uint32_t hash)
{
    struct depth *depth = &rff->depths[hash];
    bool is_nearest =
        rff->position < UINT16_MAX && (depth->choices == 0 || rff->position < depth->choices);

    if (is_nearest) {
        depth->choices = rff->position > 0 ? (uint16_t)rff->position : 1;
    }
    return is_nearest;
}

/* `thread' has found a write of another one. */
static void note_found(struct rff *rff,
                       unsigned thread,
                       const struct hde_event *event,
                       const struct hde_last_write *found)
{
    struct reader *reader = &rff->readers[thread];
    uint64_t places = hde_reads_from_mix(found->pc, event->pc);
    uint64_t here = hde_reads_from_mix(hde_reads_from_mix(places, found->address), thread);
    uint64_t pair = hde_reads_from_mix(here, found->thread);

    if (reader->execution != rff->reads_from.execution) {
        *reader = (struct reader){.execution = rff->reads_from.execution};
    }
    reader->found += reader->last != pair;
    reader->last = pair;

    uint64_t hash = hde_reads_from_mix(here, reader->found) >> (64 - DEPTHS_BITS);
    bool is_new_depth = is_nearer(rff, (uint32_t)hash);
    bool is_new_place = hde_reads_from_add(&rff->places, places);

    if (is_new_depth || is_new_place) {
        rff->is_interesting = true;
        rff->is_new_place = rff->is_new_place || is_new_place;
        rff->interesting_at = rff->position;
        rff->depth = reader->found;
        rff->hash = (uint32_t)hash;
    }
}

static void
note_address(struct rff *rff, unsigned thread, const struct hde_event *event, uint64_t address)
{
    struct hde_last_write found;

    if (hde_reads_from_note(&rff->reads_from, thread, event, address, &found) &&
        hde_event_reads(event)) {
        note_found(rff, thread, event, &found);
    }
    if (rff->executions <= LEARN_FIRST || rff->executions % LEARN_LATER == 0) {
        hde_pool_note(&rff->pool, thread, event, address);
    }
}

static void observe(void *state, unsigned thread, const struct hde_event *event)
{
    struct rff *rff = state;

    hde_constraints_note(&rff->constraints, thread, event);
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

/* The seed that came as far after more choices; else there is a new one. */
static uint32_t seed_for(struct rff *rff)
{
    struct depth *depth = &rff->depths[rff->hash];

    if (depth->seed == 0 || rff->seeds[depth->seed - 1].hash != rff->hash) {
        depth->seed = (uint16_t)(make_room(rff) + 1);
        rff->seeds[depth->seed - 1].hash = rff->hash;
    }
    return depth->seed - 1U;
}

static void keep(struct rff *rff)
{
    uint32_t at = seed_for(rff);
    struct seed *seed = &rff->seeds[at];

    seed->length =
        rff->interesting_at < rff->answers_count ? rff->interesting_at : rff->answers_count;
    memcpy(seed->beginning, rff->answers, seed->length);
    seed->constraints = rff->constraints;
    rff->energy[at] = ENERGY_FIRST;
    rff->finds[at] = 0;
    if (rff->is_new_place || rff->depth >= rff->newest_depth) {
        rff->newest = at;
        rff->newest_depth = rff->depth;
    }
}

static bool end(void *state)
{
    struct rff *rff = state;

    rff->success[rff->way] -= (rff->success[rff->way] + SUCCESS_MEMORY - 1) / SUCCESS_MEMORY;
    if (!rff->is_interesting) {
        return true;
    }
    rff->success[rff->way] += SUCCESS / SUCCESS_MEMORY;
    if (rff->parent != SEEDS_MAX) {
        uint32_t more = rff->energy[rff->parent] + ENERGY_FIRST;

        rff->energy[rff->parent] = (uint16_t)(more < ENERGY_MAX ? more : ENERGY_MAX);
        if (rff->finds[rff->parent] < UINT16_MAX) {
            rff->finds[rff->parent]++;
        }
    }
    keep(rff);
    return true;
}

const struct hde_strategy hde_strategy_rff = {
    .name = "rff",
    .summary = "varies executions in which threads found something new",
    .state_size = sizeof(struct rff),
    .begin = begin,
    .choose = choose,
    .observe = observe,
    .end = end,
};
