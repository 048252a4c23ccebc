/*
 * Points: one execution, looked at.
 *
 * Of each location the last access that changed it and the last one that did not are kept, in a
 * hash table whose entries are void in the next execution; one for which there is no room has no
 * conflicts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/points.h"

#include <stddef.h>
#include <string.h>

#include "engine/fatal.h"
#include "engine/input_run.h"
#include "engine/rng.h"
#include "engine/round.h"

extern const struct hde_strategy hde_strategy_input;

#define LOCATIONS 4096U /* a power of 2 */
#define PROBES_MAX 8U
#define READS 0U
#define WRITES 1U

/* Who touched a location last. */
struct touch {
    struct hde_moment at; /* event 0: nobody */
    bool is_choice;       /* another thread could have stepped instead, or could if it is plain */
};

struct location {
    uint64_t address;
    uint32_t execution; /* of another one: void */
    struct touch last[2];
};

static struct {
    struct hde_points *points;
    uint32_t execution;
    struct hde_rng rng; /* which points are kept: the same of the same execution */
    struct hde_input_follower follower;
    uint32_t choices[HDE_THREADS_MAX]; /* by thread: the event of its last choice of who steps */
    struct location locations[LOCATIONS];
} collector;

/* ---- Samples --------------------------------------------------------------------------------- */

/*
 * Where number `count' of a sample of at most `max' goes, so that each is as likely to be kept;
 * `max' if nowhere. Source: Vitter, Random sampling with a reservoir, TOMS 11(1), 1985.
 */
static uint32_t place_in_sample(uint32_t count, uint32_t max)
{
    if (count < max) {
        return count;
    }
    uint32_t place = hde_rng_below(&collector.rng, count + 1);

    return place < max ? place : max;
}

static bool is_same(const struct hde_moment *a, const struct hde_moment *b)
{
    return a->event == b->event && a->thread == b->thread;
}

static void note_point(const struct hde_moment *at, uint8_t other)
{
    struct hde_points *points = collector.points;
    uint32_t kept = points->points_count < HDE_POINTS_MAX ? points->points_count : HDE_POINTS_MAX;

    for (uint32_t i = 0; i < kept; i++) {
        if (is_same(&points->points[i].at, at) && points->points[i].other == other) {
            return;
        }
    }
    uint32_t place = place_in_sample(points->points_count++, HDE_POINTS_MAX);

    if (place < HDE_POINTS_MAX) {
        points->points[place] = (struct hde_point){.at = *at, .other = other};
    }
}

static void note_pair(const struct touch *before, const struct touch *after)
{
    struct hde_points *points = collector.points;

    if (after->is_choice) {
        note_point(&after->at, before->at.thread);
    }
    if (!before->is_choice) {
        return;
    }
    note_point(&before->at, after->at.thread);
    uint32_t place = place_in_sample(points->pairs_count++, HDE_PAIRS_MAX);

    if (place < HDE_PAIRS_MAX) {
        points->pairs[place] = (struct hde_pair){.before = before->at, .after = after->at};
    }
}

static void note_answer(const struct hde_choice *choice, uint32_t count)
{
    struct hde_points *points = collector.points;
    uint32_t place = place_in_sample(points->answers_count++, HDE_ANSWERS_MAX);

    if (place < HDE_ANSWERS_MAX) {
        points->answers[place] = (struct hde_answer){
            .at = {.event = choice->event, .thread = choice->thread},
            .count = count,
            .choice = (uint8_t)choice->kind,
        };
    }
}

/* ---- Looking --------------------------------------------------------------------------------- */

/* NULL: there is no room. */
static struct location *find(uint64_t address)
{
    uint32_t slot = (uint32_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 40);

    for (uint32_t i = 0; i < PROBES_MAX; i++) {
        struct location *location = &collector.locations[(slot + i) % LOCATIONS];

        if (location->execution != collector.execution) {
            *location = (struct location){.address = address, .execution = collector.execution};
        }
        if (location->address == address) {
            return location;
        }
    }
    return NULL;
}

static void touch(const struct touch *now, uint64_t address, bool writes)
{
    struct location *location = find(address);

    if (location == NULL) {
        return;
    }
    for (unsigned way = writes ? READS : WRITES; way <= WRITES; way++) {
        const struct touch *last = &location->last[way];

        if (last->at.event != 0 && last->at.thread != now->at.thread) {
            note_pair(last, now);
        }
    }
    location->last[writes ? WRITES : READS] = *now;
}

static bool is_plain(const struct hde_event *event)
{
    return event->kind == HDE_EVENT_READ || event->kind == HDE_EVENT_WRITE ||
           event->kind == HDE_EVENT_FREE;
}

/* Sees each event, just before it is carried out. */
static void observe(const struct hde_thread *thread, const struct hde_event *event)
{
    struct touch now = {
        .at = {.event = thread->events, .thread = thread->id, .is_plain = is_plain(event)}};

    if (!hde_execution.is_concurrent ||
        (now.at.is_plain && !hde_shadow_at(event->address)->is_visible)) {
        return;
    }
    now.is_choice = now.at.is_plain || collector.choices[thread->id] == thread->events;
    if (now.is_choice && (event->kind == HDE_EVENT_CREATE || event->kind == HDE_EVENT_START)) {
        note_point(&now.at, thread->id);
    }
    if (event->address != 0) {
        touch(&now, event->address, event->writes);
    }
    if (event->address2 != 0) {
        touch(&now, event->address2, event->writes);
    }
}

static void note_choice(const struct hde_choice *choice)
{
    struct hde_set untimed = hde_set_minus(choice->threads, choice->timed);
    uint32_t timed_count = hde_set_count(choice->threads) - hde_set_count(&untimed);

    if (choice->kind == HDE_CHOICE_VALUE) {
        hde_set_add(&collector.points->choosing, choice->thread);
    } else if (choice->kind != HDE_CHOICE_THREAD) {
        note_answer(choice, choice->count);
    } else {
        collector.choices[choice->thread] = choice->event;
        if (timed_count > 0) {
            note_answer(choice, timed_count);
        }
    }
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    note_choice(choice);
    return hde_strategy_input.choose(state, choice);
}

static const struct hde_strategy watching = {.name = "watching", .choose = choose};

static void begin(struct hde_points *points)
{
    collector.points = points;
    collector.execution++;
    hde_rng_seed(&collector.rng, 1);
    memset(collector.choices, 0, sizeof(collector.choices));
    points->points_count = 0;
    points->answers_count = 0;
    points->pairs_count = 0;
    points->threads_count = 0;
    points->choosing = (struct hde_set){{0}};
}

void hde_points_collect(struct hde_points *points,
                        const struct hde_program *program,
                        const struct hde_settings *settings,
                        const struct hde_input *input)
{
    static struct hde_settings own; /* what came of it may still be asked for them */

    own = hde_input_settings(settings, input);
    begin(points);
    own.observe = observe;
    own.observe_steps = NULL; /* it is no execution of the fuzzer's */
    hde_round_forget();
    hde_input_follow(&collector.follower, input);
    hde_execution_run(program, &own, &watching, collector.follower.state);
    points->threads_count = hde_execution.threads_count;
    points->goes_round = input->seeks_rounds || hde_round_is_wanted();
}
