/*
 * Mix: the other random strategies in turn, each with its share of the executions.
 *
 * No strategy is good at all programs, so each execution belongs to one member, which sees only its
 * own ones; but surw and urw, which have to count before they can do anything, also see those of
 * the first round. Turns are not drawn but dealt: a member is credited with its weight in each
 * execution, and who has most credit is next and pays for it; so the members mix evenly at any
 * scale, and the executions follow from the seeds and those that were before.
 *
 * A weight is the member's base share times a factor from 1 to 2. The factor follows how many pairs
 * of places its executions show that no execution had shown before: one thread at the second place
 * found what another had written at the first (reads_from.h). Who finds most has the factor 2,
 * others in proportion; when nothing new is found any more, all come back to their base shares.
 *
 * Guarantee   A member of base share b makes at least b / 2 and at most 2 b of the executions, from
 *             any one on, but for one. So what a share p of all executions has shown so far, a
 *             share of at least p / 4 will show, if the members stay what they are.
 * Misses      What all members miss. What only one of them finds takes 1 / b times as long.
 * Source      Measured: no strategy dominates (docs/STRATEGIES.md). Dealing: Waldspurger and Weihl,
 *             Stride scheduling, 1995.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/strategies/mix.h"

#include "engine/array.h"
#include "engine/reads_from.h"

/* What was found in one of so many executions is half forgotten, about. */
#define MEMORY 16U
#define NEWS_MAX 16U    /* of one execution: the first ones find everything new */
#define LOOK_FIRST 256U /* executions that are all looked at; then one in LOOK_LATER */
#define LOOK_LATER 4U
#define FACTOR_ONE 64U

extern const struct hde_strategy hde_strategy_random;
extern const struct hde_strategy hde_strategy_sticky;
extern const struct hde_strategy hde_strategy_pos;
extern const struct hde_strategy hde_strategy_pct;
extern const struct hde_strategy hde_strategy_urw;
extern const struct hde_strategy hde_strategy_surw;
extern const struct hde_strategy hde_strategy_rff;

const struct hde_mix_member hde_mix_members[HDE_MIX_MEMBERS] = {
    {&hde_strategy_random, 4, false}, {&hde_strategy_pos, 12, false},
    {&hde_strategy_surw, 22, true},   {&hde_strategy_rff, 24, false},
    {&hde_strategy_urw, 16, true},    {&hde_strategy_sticky, 8, false},
    {&hde_strategy_pct, 14, false},
};

struct member {
    void *state;
    size_t state_capacity;
    int64_t credit;
    uint64_t news; /* what it finds new in an execution, in 1 / FACTOR_ONE */
};

struct mix {
    struct member members[HDE_MIX_MEMBERS];
    uint64_t executions;
    struct hde_reads_from reads_from;
    struct hde_reads_from_set pairs;
    uint64_t pairs_count;

    /* Of this execution. */
    unsigned owner; /* index of a member */
    bool looks;
    uint32_t news;
};

static void start(void *state, const struct hde_strategy_options *options)
{
    struct mix *mix = state;

    for (unsigned i = 0; i < HDE_MIX_MEMBERS; i++) {
        const struct hde_strategy *strategy = hde_mix_members[i].strategy;
        struct member *member = &mix->members[i];

        member->state = hde_array_grow(NULL, &member->state_capacity, strategy->state_size, 1);
        if (strategy->start != NULL) {
            strategy->start(member->state, options);
        }
    }
}

/* At first each has one turn, and those that learn by looking look on. */
static bool is_first_round(const struct mix *mix) { return mix->executions <= HDE_MIX_MEMBERS; }

static bool looks_on(const struct mix *mix, unsigned member)
{
    return member != mix->owner && hde_mix_members[member].learns_by_looking;
}

static uint64_t most_news(const struct mix *mix)
{
    uint64_t most = 0;

    for (unsigned i = 0; i < HDE_MIX_MEMBERS; i++) {
        most = mix->members[i].news > most ? mix->members[i].news : most;
    }
    return most;
}

/*
 * Credit all with their weights; returns who has most. At first each has one turn, in the order of
 * the table: what most executions show is found at once by those that need not learn first.
 */
static unsigned deal(struct mix *mix)
{
    uint64_t most = most_news(mix);
    int64_t sum = 0;
    unsigned best = 0;

    for (unsigned i = 0; i < HDE_MIX_MEMBERS; i++) {
        struct member *member = &mix->members[i];
        uint64_t factor = FACTOR_ONE + (most == 0 ? 0 : FACTOR_ONE * member->news / most);
        int64_t weight = (int64_t)(hde_mix_members[i].share * factor);

        member->credit += weight;
        sum += weight;
        best = member->credit > mix->members[best].credit ? i : best;
    }
    best = mix->executions < HDE_MIX_MEMBERS ? (unsigned)mix->executions : best;
    mix->members[best].credit -= sum;
    return best;
}

static void begin(void *state, uint64_t seed)
{
    struct mix *mix = state;

    mix->owner = deal(mix);
    mix->looks = mix->executions < LOOK_FIRST || mix->executions % LOOK_LATER == 0;
    mix->executions++;
    mix->news = 0;
    if (mix->looks) {
        hde_reads_from_begin(&mix->reads_from);
    }
    hde_mix_members[mix->owner].strategy->begin(mix->members[mix->owner].state, seed);
    for (unsigned i = 0; i < HDE_MIX_MEMBERS && is_first_round(mix); i++) {
        if (looks_on(mix, i)) {
            hde_mix_members[i].strategy->begin(mix->members[i].state, seed);
        }
    }
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct mix *mix = state;

    return hde_mix_members[mix->owner].strategy->choose(mix->members[mix->owner].state, choice);
}

static void look(struct mix *mix, unsigned thread, const struct hde_event *event)
{
    struct hde_last_write found;

    if (event->address != 0 &&
        hde_reads_from_note(&mix->reads_from, thread, event, event->address, &found)) {
        mix->news += hde_reads_from_add(&mix->pairs, hde_reads_from_mix(found.pc, event->pc));
    }
}

static void observe(void *state, unsigned thread, const struct hde_event *event)
{
    struct mix *mix = state;
    const struct hde_strategy *strategy = hde_mix_members[mix->owner].strategy;

    if (mix->looks) {
        look(mix, thread, event);
    }
    if (strategy->observe != NULL) {
        strategy->observe(mix->members[mix->owner].state, thread, event);
    }
    for (unsigned i = 0; i < HDE_MIX_MEMBERS && is_first_round(mix); i++) {
        if (looks_on(mix, i)) {
            hde_mix_members[i].strategy->observe(mix->members[i].state, thread, event);
        }
    }
}

static bool end(void *state)
{
    struct mix *mix = state;
    struct member *owner = &mix->members[mix->owner];

    mix->pairs_count += mix->news;
    if (mix->looks) {
        uint64_t news = mix->news < NEWS_MAX ? mix->news : NEWS_MAX;

        owner->news += news * FACTOR_ONE;
        owner->news -= (owner->news + MEMORY - 1) / MEMORY; /* to 0 in the end */
    }
    (void)hde_mix_members[mix->owner].strategy->end(owner->state);
    for (unsigned i = 0; i < HDE_MIX_MEMBERS && is_first_round(mix); i++) {
        if (looks_on(mix, i)) {
            (void)hde_mix_members[i].strategy->end(mix->members[i].state);
        }
    }
    return true;
}

static void stop(void *state)
{
    struct mix *mix = state;

    for (unsigned i = 0; i < HDE_MIX_MEMBERS; i++) {
        if (hde_mix_members[i].strategy->stop != NULL) {
            hde_mix_members[i].strategy->stop(mix->members[i].state);
        }
        hde_array_release(mix->members[i].state, mix->members[i].state_capacity, 1);
    }
}

static uint64_t states(const void *state)
{
    const struct mix *mix = state;

    return mix->pairs_count;
}

unsigned hde_mix_owner(const void *state)
{
    const struct mix *mix = state;

    return mix->owner;
}

const struct hde_strategy hde_strategy_mix = {
    .name = "mix",
    .summary = "the others but dfs in turn, more often those that find something new",
    .state_size = sizeof(struct mix),
    .start = start,
    .begin = begin,
    .choose = choose,
    .observe = observe,
    .end = end,
    .states = states,
    .stop = stop,
};
