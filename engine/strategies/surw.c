/*
 * SURW, selectively uniform random walk: uniform over the orders of a few events that matter.
 *
 * Few of the events of an execution decide what becomes of it: say, those on one object. For these
 * the order of the threads is drawn uniformly, as by urw; in between threads go on freely. Which
 * thread is to carry out the next one of these events is drawn beforehand, by how many each has
 * left; another that is about to carry out one stops before it until then. If nobody else is left
 * to step, because the one that was drawn is blocked, another is drawn from those that can.
 *
 * Which events matter is drawn for each execution: mostly those on one object that two threads
 * touch and at least one changes, a lock or a location; else all such locations, all such locks, or
 * both. That locks are among them is needed: events on data inside critical sections cannot be
 * ordered by stopping who holds the lock. The first execution is a random walk that counts
 * (census.h).
 *
 * Guarantee   Where no thread blocks and each makes as many of the events that matter in every
 *             execution, all orders of these are equally likely, however many other events there
 *             are; a bug that depends on the order of n events of two threads on one of m objects
 *             comes up with probability >= 1 / (4 m 2^n), about.
 * Misses      What depends on the orders of several objects in ways that neither one of them nor
 *             all together make likely. Executions in which counts vary much.
 * Source      Zhao, Wolff, Mathur, Roychoudhury, Selectively uniform concurrency testing, ASPLOS
 *             2025.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/draw.h"
#include "engine/remainder.h"
#include "engine/strategy.h"

#define LEARN_FIRST 16U /* executions that are counted; then one in LEARN_LATER */
#define LEARN_LATER 8U
#define FAIR_AFTER 8U          /* times as many choices as an execution usually has */
#define FAIR_AFTER_LEAST 2000U /* choices */
#define LENGTH_MEMORY 16U      /* executions that say how many that is, about */

struct surw {
    struct hde_draw draw;
    struct hde_census census;
    struct hde_remainder remainder;
    enum hde_focus focus; /* as the user wants it */
    uint64_t executions;
    uint64_t length; /* choices of threads that an execution usually has, in 1 / LENGTH_MEMORY */

    /* Of this execution. */
    enum hde_focus drawn; /* not DRAWN, unless nothing is known yet */
    uint64_t address;     /* OBJECT */
    struct hde_set alive;
    struct hde_set stopped; /* those that wait until `intended' has stepped */
    unsigned intended;      /* HDE_THREADS_MAX: nobody yet */
    uint64_t choices;       /* of threads, so far */
};

static void start(void *state, const struct hde_strategy_options *options)
{
    struct surw *surw = state;

    surw->focus = options->focus;
}

static bool is_of_focus(const struct surw *surw, const struct hde_census_object *object)
{
    switch (surw->drawn) {
    case HDE_FOCUS_OBJECT:
        return object->address == surw->address;
    case HDE_FOCUS_DATA:
        return object->is_contended && !object->is_sync;
    case HDE_FOCUS_SYNC:
        return object->is_contended && object->is_sync;
    default:
        return object->is_contended;
    }
}

static bool is_in_focus(const struct surw *surw, uint64_t address)
{
    if (address == 0) {
        return false;
    }
    if (surw->drawn == HDE_FOCUS_OBJECT) {
        return address == surw->address;
    }
    uint32_t object = hde_census_object(&surw->census, address);

    return object != HDE_CENSUS_NONE && is_of_focus(surw, &surw->census.objects[object]);
}

static bool matters(const struct surw *surw, const struct hde_event *event)
{
    return surw->drawn != HDE_FOCUS_DRAWN &&
           (is_in_focus(surw, event->address) || is_in_focus(surw, event->address2));
}

static enum hde_focus draw_focus(struct surw *surw)
{
    static const uint8_t focuses[] = {HDE_FOCUS_OBJECT, HDE_FOCUS_OBJECT, HDE_FOCUS_OBJECT,
                                      HDE_FOCUS_OBJECT, HDE_FOCUS_OBJECT, HDE_FOCUS_DATA,
                                      HDE_FOCUS_SYNC,   HDE_FOCUS_ALL};

    if (surw->census.contended_count == 0) {
        return HDE_FOCUS_DRAWN;
    }
    return surw->focus != HDE_FOCUS_DRAWN
               ? surw->focus
               : (enum hde_focus)focuses[hde_rng_below(&surw->draw.rng, sizeof(focuses))];
}

static uint64_t draw_address(struct surw *surw)
{
    const struct hde_census *census = &surw->census;
    uint32_t rank = hde_rng_below(&surw->draw.rng, census->contended_count);

    return census->objects[census->contended[rank]].address;
}

static void expect(struct surw *surw)
{
    const struct hde_census *census = &surw->census;

    for (uint32_t i = 0; i < census->roles_count; i++) {
        surw->remainder.expected[i] = 0;
    }
    for (uint32_t i = 0; i < census->counts_count; i++) {
        const struct hde_census_count *count = &census->counts[i];

        if (is_of_focus(surw, &census->objects[count->object])) {
            surw->remainder.expected[count->role] += count->expected;
        }
    }
}

static void begin(void *state, uint64_t seed)
{
    static const struct hde_set nobody;
    struct surw *surw = state;

    hde_draw_begin(&surw->draw, seed);
    hde_census_begin(&surw->census,
                     surw->executions < LEARN_FIRST || surw->executions % LEARN_LATER == 0);
    surw->executions++;
    surw->drawn = draw_focus(surw);
    surw->address = surw->drawn == HDE_FOCUS_OBJECT ? draw_address(surw) : 0;
    expect(surw);
    /* Who has none left may have one all the same, but not as soon as others. */
    surw->remainder.least = 1;
    hde_remainder_begin(&surw->remainder, &surw->census);
    surw->alive = nobody;
    surw->stopped = nobody;
    surw->intended = HDE_THREADS_MAX;
    surw->choices = 0;
}

static void resume_all(struct surw *surw)
{
    static const struct hde_set nobody;

    surw->stopped = nobody;
    surw->intended = HDE_THREADS_MAX;
}

/* Who of them would go on with an event that matters, and is not the one to do so, stops. */
static unsigned draw_free(struct surw *surw, const struct hde_choice *choice, struct hde_set open)
{
    for (;;) {
        struct hde_set going = hde_set_minus(&open, &surw->stopped);

        if (hde_set_is_empty(&going)) {
            resume_all(surw);
            surw->intended = hde_remainder_draw(&surw->remainder, &surw->draw.rng, &open);
            going = open;
        }
        unsigned thread = hde_draw_thread(&surw->draw, &going);

        if (hde_set_has(choice->timed, thread) || !matters(surw, &choice->pending[thread])) {
            return thread;
        }
        if (surw->intended == HDE_THREADS_MAX) {
            surw->intended = hde_remainder_draw(&surw->remainder, &surw->draw.rng, &surw->alive);
        }
        if (thread == surw->intended) {
            return thread;
        }
        hde_set_add(&surw->stopped, thread);
    }
}

static uint64_t fair_after(const struct surw *surw)
{
    return FAIR_AFTER * surw->length / LENGTH_MEMORY + FAIR_AFTER_LEAST;
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct surw *surw = state;

    if (choice->kind != HDE_CHOICE_THREAD) {
        return hde_draw_answer(&surw->draw, choice);
    }
    struct hde_set open = hde_draw_open(&surw->draw, choice);

    if (choice->is_yield && hde_set_count(&open) > 1) {
        hde_set_remove(&open, choice->thread);
    }
    hde_remainder_meet(&surw->remainder, &surw->census, choice->threads);
    hde_set_add_all(&surw->alive, choice->threads, HDE_THREADS_MAX);
    if (++surw->choices > fair_after(surw)) {
        resume_all(surw); /* who polls may wait for one that is never drawn */
        return hde_draw_thread(&surw->draw, &open);
    }
    return draw_free(surw, choice, open);
}

static void observe(void *state, unsigned thread, const struct hde_event *event)
{
    struct surw *surw = state;
    bool is_one = matters(surw, event);

    hde_remainder_note(&surw->remainder, &surw->census, thread, event, is_one);
    if (is_one && thread == surw->intended) {
        resume_all(surw);
    }
    if (event->kind == HDE_EVENT_END) {
        hde_set_remove(&surw->alive, thread);
        if (thread == surw->intended) {
            resume_all(surw);
        }
    }
}

static bool end(void *state)
{
    struct surw *surw = state;

    if (surw->executions == 1) {
        surw->length = surw->choices * LENGTH_MEMORY;
    } else if (surw->choices <= fair_after(surw)) {
        surw->length += surw->choices - surw->length / LENGTH_MEMORY;
    }
    return true;
}

const struct hde_strategy hde_strategy_surw = {
    .name = "surw",
    .summary = "uniform over the orders of events on one object, or a few",
    .state_size = sizeof(struct surw),
    .start = start,
    .begin = begin,
    .choose = choose,
    .observe = observe,
    .end = end,
};
