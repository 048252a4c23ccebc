/*
 * PCT: strict random priorities, which change at a few random moments.
 *
 * Each thread has a priority of its own, drawn at random; the ready thread of the highest one
 * steps. At d - 1 moments, drawn from the length of an execution, the thread that is about to step
 * falls to one of the d - 1 lowest priorities, which one having been drawn as well. That makes the
 * few context switches that a bug needs likely, however long the rest of the execution is. Only
 * choices between threads are counted as moments.
 *
 * A wait that may time out is a second thread that shares the first one's number: its priority is
 * drawn for each wait. Which waiter wakes and data values are drawn uniformly.
 *
 * The length is the greatest seen so far; the first execution is a random walk that measures it.
 * As lengths vary, moments are drawn from the length, or a half, a quarter ... of it, with weights
 * 1/2, 1/4, 1/8 ... The depth is drawn for each execution, 1 to 5 with weights 1:4:4:2:1, unless it
 * is given.
 *
 * In one half of the executions moments are not drawn from the length but named by a place in the
 * code (sites.h), each as likely, and how many times threads have stepped there: a window that is
 * open for two steps of a million has places of its own. Not if the length is given.
 *
 * Guarantee   A bug that depends on the order of d events is found by an execution with probability
 *             >= 1 / (n k^(d-1)), where n threads make k choices; for a drawn depth, times the
 *             weight of d, and for a measured length, times 1 / 4. An execution that yields or
 *             sleeps, or makes 4 k choices, has no such bound: a thread that asks others to go
 *             first becomes the lowest, and one that is still running after 4 k choices, and at
 *             least 256, later up to 16384, has become a random walk, so that whoever waits for a
 *             thread of low priority gets to its end.
 * Misses      Nothing for ever, but deep bugs (d > 5) nearly so.
 * Source      Burckhardt, Kothari, Musuvathi, Nagarakatte, A randomized scheduler with
 *             probabilistic guarantees of finding bugs, ASPLOS 2010. Fair end: Coyote.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/draw.h"
#include "engine/sites.h"
#include "engine/strategy.h"

#define DEPTH_MAX 64U
#define FAIR_AFTER 4U   /* lengths */
#define LEARN_FIRST 16U /* executions whose sites are counted; then one in as many */
#define HALVINGS_MAX 24U
#define PATIENCE_FIRST 256U /* choices: short programs vary more */
#define PATIENCE_MAX 16384U

/* Priorities: a thread's first one is at least this, fallen ones are below DEPTH_MAX. */
#define FIRST_PRIORITY (INT64_C(1) << 62)

struct change {
    uint64_t moment; /* of choices between threads, from 1 */
    uint32_t pc;     /* by site: where */
    int64_t priority;
};

struct pct {
    struct hde_draw draw;
    unsigned depth;  /* as the user wants it; 0 draws it */
    uint64_t length; /* of an execution, in choices; 0: not known yet */
    bool measures;   /* the user did not say */

    uint64_t patience; /* choices after which an execution may have a fair end */
    uint64_t executions;
    struct hde_sites sites;

    /* Of this execution. */
    bool counts;  /* sites are counted */
    bool by_site; /* the moment of a change is how many steps at `pc' are to come; 0: it is over */
    uint64_t moment;
    struct change changes[DEPTH_MAX]; /* [0, changes_count), by moment; [0, changed) are over */
    unsigned changes_count;
    unsigned changed;
    int64_t lowest; /* given to a thread that asked others to go first; decreases */
    struct hde_set has_priority;
    struct hde_set has_timeout_priority;
    int64_t priorities[HDE_THREADS_MAX];         /* of has_priority */
    int64_t timeout_priorities[HDE_THREADS_MAX]; /* of has_timeout_priority */
};

static void start(void *state, const struct hde_strategy_options *options)
{
    struct pct *pct = state;

    pct->depth = options->depth <= DEPTH_MAX ? options->depth : DEPTH_MAX;
    pct->length = options->length;
    pct->measures = options->length == 0;
    pct->patience = PATIENCE_FIRST;
}

static unsigned draw_depth(struct hde_rng *rng)
{
    static const uint8_t depths[] = {1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5};

    return depths[hde_rng_below(rng, sizeof(depths))];
}

/* One of 1 .. bound. The bias is below bound x 2^-64. */
static uint64_t draw_moment(struct hde_rng *rng, uint64_t bound)
{
    return 1 + hde_rng_next(rng) % bound;
}

static bool has_moment(const struct pct *pct, unsigned count, uint64_t moment)
{
    for (unsigned i = 0; i < count; i++) {
        if (pct->changes[i].moment == moment) {
            return true;
        }
    }
    return false;
}

/* The number, or a half of it, a quarter ..., and at least 1: as likely as that part. */
static uint64_t draw_part(struct pct *pct, uint64_t number)
{
    unsigned halvings =
        (unsigned)__builtin_ctzll(hde_rng_next(&pct->draw.rng) | 1U << HALVINGS_MAX);
    uint64_t part = number >> halvings;

    return part > 0 ? part : 1;
}

/* Distinct moments, each set of them equally likely. Source: Floyd, CACM 30(9), 1987. */
static void draw_moments(struct pct *pct, unsigned count)
{
    uint64_t length = pct->measures ? draw_part(pct, pct->length) : pct->length;

    length = length > count ? length : count;
    for (unsigned i = 0; i < count; i++) {
        uint64_t last = length - count + 1 + i;
        uint64_t moment = draw_moment(&pct->draw.rng, last);

        pct->changes[i].moment = has_moment(pct, i, moment) ? last : moment;
    }
}

static void draw_sites(struct pct *pct, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const struct hde_site *site =
            &pct->sites.sites[hde_rng_below(&pct->draw.rng, pct->sites.count)];

        pct->changes[i].pc = site->pc;
        pct->changes[i].moment = draw_moment(&pct->draw.rng, draw_part(pct, site->most));
    }
}

/* Which change gives which of the priorities 1 .. count: each permutation equally likely. */
static void draw_priorities(struct pct *pct, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned other = hde_rng_below(&pct->draw.rng, i + 1);

        pct->changes[i].priority = pct->changes[other].priority;
        pct->changes[other].priority = (int64_t)i + 1;
    }
}

static void sort_by_moment(struct pct *pct, unsigned count)
{
    for (unsigned i = 1; i < count; i++) {
        struct change change = pct->changes[i];
        unsigned at = i;

        for (; at > 0 && pct->changes[at - 1].moment > change.moment; at--) {
            pct->changes[at] = pct->changes[at - 1];
        }
        pct->changes[at] = change;
    }
}

static void begin_counting(struct pct *pct)
{
    pct->counts =
        pct->measures && (pct->executions < LEARN_FIRST || pct->executions % LEARN_FIRST == 0);
    pct->executions++;
    if (pct->counts) {
        hde_sites_begin(&pct->sites);
    }
}

static void begin(void *state, uint64_t seed)
{
    static const struct hde_set nobody;
    struct pct *pct = state;

    hde_draw_begin(&pct->draw, seed);
    unsigned depth = pct->depth != 0 ? pct->depth : draw_depth(&pct->draw.rng);
    unsigned count = depth - 1 < pct->length ? depth - 1 : (unsigned)pct->length;

    pct->by_site =
        pct->measures && pct->sites.count > 0 && (hde_rng_next(&pct->draw.rng) >> 63) != 0;
    if (pct->by_site) {
        draw_sites(pct, count);
        draw_priorities(pct, count);
    } else {
        draw_moments(pct, count);
        draw_priorities(pct, count);
        sort_by_moment(pct, count);
    }
    begin_counting(pct);
    pct->changes_count = count;
    pct->changed = 0;
    pct->moment = 0;
    pct->lowest = 0;
    pct->has_priority = nobody;
    pct->has_timeout_priority = nobody;
}

/* Where the priority of an alternative is kept, drawn now if it has none yet. */
static int64_t *priority_of(struct pct *pct, const struct hde_choice *choice, unsigned thread)
{
    bool is_timeout =
        hde_set_has(choice->timed, thread) && choice->pending[thread].kind != HDE_EVENT_SLEEP;
    struct hde_set *has = is_timeout ? &pct->has_timeout_priority : &pct->has_priority;
    int64_t *priority = is_timeout ? &pct->timeout_priorities[thread] : &pct->priorities[thread];

    if (!hde_set_has(has, thread)) {
        hde_set_add(has, thread);
        *priority = FIRST_PRIORITY | (int64_t)(hde_rng_next(&pct->draw.rng) >> 2);
    }
    return priority;
}

static unsigned highest(struct pct *pct, const struct hde_choice *choice)
{
    unsigned best = hde_set_first(choice->threads);
    int64_t best_priority = *priority_of(pct, choice, best);

    for (unsigned thread = hde_set_next(choice->threads, best + 1); thread < HDE_THREADS_MAX;
         thread = hde_set_next(choice->threads, thread + 1)) {
        int64_t priority = *priority_of(pct, choice, thread);

        if (priority > best_priority) {
            best = thread;
            best_priority = priority;
        }
    }
    return best;
}

/* What the arrival of a thread changes. */
static void note_arrival(struct pct *pct, const struct hde_choice *choice)
{
    unsigned thread = choice->thread;

    hde_set_remove(&pct->has_timeout_priority, thread);
    if (choice->is_yield || choice->pending[thread].kind == HDE_EVENT_SLEEP ||
        hde_draw_defers(&pct->draw, &choice->pending[thread])) {
        hde_set_add(&pct->has_priority, thread);
        pct->priorities[thread] = --pct->lowest;
    }
}

/* Waiting in vain has gone on for too long. */
static bool is_fair(const struct pct *pct)
{
    return pct->length == 0 ||
           (pct->moment > FAIR_AFTER * pct->length && pct->moment > pct->patience);
}

/* Whether who is about to step at `pc' falls before it does; *priority becomes to what. */
static bool falls(struct pct *pct, uint32_t pc, int64_t *priority)
{
    if (!pct->by_site) {
        bool is_now =
            pct->changed < pct->changes_count && pct->changes[pct->changed].moment == pct->moment;

        *priority = is_now ? pct->changes[pct->changed++].priority : 0;
        return is_now;
    }
    bool is_now = false;

    for (unsigned i = 0; i < pct->changes_count; i++) {
        struct change *change = &pct->changes[i];

        if (change->pc != pc || change->moment == 0) {
            continue;
        }
        change->moment--;
        if (change->moment == 0) {
            *priority = change->priority;
            is_now = true;
        }
    }
    return is_now;
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct pct *pct = state;
    bool is_thread = choice->kind == HDE_CHOICE_THREAD;

    pct->moment += is_thread;
    if (!is_thread || is_fair(pct)) {
        uint32_t answer = hde_draw_answer(&pct->draw, choice);

        if (is_thread && pct->counts && pct->length == 0) {
            hde_sites_count(&pct->sites, choice->pending[answer].pc);
        }
        return answer;
    }
    note_arrival(pct, choice);
    unsigned thread = highest(pct, choice);
    int64_t priority = 0;

    if (pct->counts) {
        hde_sites_count(&pct->sites, choice->pending[thread].pc);
    }
    if (falls(pct, choice->pending[thread].pc, &priority)) {
        *priority_of(pct, choice, thread) = priority;
        thread = highest(pct, choice);
    }
    return thread;
}

/*
 * The length of an execution that had a fair end is that of waiting in vain, except for the first.
 * Or it is one that makes a choice at each step if a thread comes last that is soon over in a
 * random walk: the next one has more time, up to a bound.
 */
static bool end(void *state)
{
    struct pct *pct = state;

    if (pct->length != 0 && is_fair(pct)) {
        pct->patience = pct->patience < PATIENCE_MAX ? 2 * pct->patience : PATIENCE_MAX;
        return true;
    }
    if (pct->measures && pct->moment > pct->length) {
        pct->length = pct->moment;
    }
    return true;
}

const struct hde_strategy hde_strategy_pct = {
    .name = "pct",
    .summary = "random priorities that change at d - 1 random moments",
    .state_size = sizeof(struct pct),
    .start = start,
    .begin = begin,
    .choose = choose,
    .end = end,
};
