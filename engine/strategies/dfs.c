/*
 * DFS: every execution with at most a given number of preemptions, each exactly once; or all there
 * are, one of each class of equivalent ones.
 *
 * A preemption is a choice of another thread at an event that the arriving thread could have
 * carried out at once. What costs nothing: who goes on where the thread cannot, or asks that
 * others go first, or has ended; which wait times out where the thread cannot go on (the execution
 * bounds how often); which waiter wakes; data values. A wait that times out in the place of a
 * thread that could go on is a preemption like any other, and so is a fault: what the system does
 * at will is as rare as another thread that comes between.
 *
 * Executions come in the order of their preemptions: all that have none, all that have one, ..., so
 * that what is found first is simple. Below each preemption the search is depth-first over what
 * costs nothing, and beyond it choices are the normal ones. Where else one more preemption was
 * possible is kept for the next round: a record of 16 bytes for each execution of a round but the
 * last.
 *
 * The executions that branch off from one of record r do so at its own choices, those after the one
 * in which it differs from its parent; each is thus reached in one way only.
 *
 * Without a bound the search is depth-first and nothing else, and threads sleep (sleep_set.h) whose
 * next step would lead to what is equivalent to an execution that has been. If all that could step
 * sleep, the execution is given up. Under a bound nobody sleeps: of a class of equivalent
 * executions the one that is left out may be the only one within the bound. A wait that times out,
 * a fault and a look at a clock wake all: what they change, the others share. Who has timed out
 * never sleeps.
 *
 * Guarantee   When it has come to its end, all executions within the bound have been, once each; a
 *             program without a finding is correct within that bound. Without a bound, one of each
 *             class of equivalent executions, exactly one if steps say all that they touch.
 * Misses      What needs more preemptions; most bugs need two at most. It does not switch between
 *             accesses that are no scheduling points (execution.h, visibility); which ones are must
 *             not change meanwhile, so HDE_VISIBLE_RACY is not for it. What spin.c leaves out:
 *             loops that give up while others could step; how long threads are passed over that
 *             spin is counted in steps, of which equivalent executions may have had others.
 * Source      Musuvathi, Qadeer, Iterative context bounding for systematic testing of multithreaded
 *             programs, PLDI 2007; that pruning and bounds do not go together: Coons, Musuvathi,
 *             McKinley, Bounded partial-order reduction, OOPSLA 2013.
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>

#include "engine/array.h"
#include "engine/fatal.h"
#include "engine/sleep_set.h"
#include "engine/strategy.h"

#define NOWHERE UINT32_MAX

static const struct hde_set nobody;

/* An execution that has been: its parent's up to `position', where it takes `alternative'. */
struct record {
    uint32_t parent;
    uint32_t position; /* NOWHERE: the first of all, which takes none */
    uint32_t alternative;
    uint32_t last; /* its last own choice that a preemption could answer; NOWHERE: none */
};

/* One choice of the execution that runs, and what is left to do there. */
struct frame {
    struct hde_set left;  /* THREAD, WAKE: alternatives to be taken in this round; a fault: 1 */
    uint32_t values_left; /* VALUE: how many, from the chosen one up */
    uint32_t count;       /* of alternatives */
    uint32_t chosen;
    uint32_t record; /* of the path up to here */
    uint32_t event;  /* who arrived, and at what */
    uint8_t thread;
    uint8_t choice;
    uint8_t event_kind;
    struct hde_set asleep; /* without a bound: who need not be taken any more */
    struct hde_set timed;  /* and who would time out */
};

/* A choice on the path of the record that is being expanded, which was not the normal one. */
struct turn {
    uint32_t position;
    uint32_t alternative;
};

struct dfs {
    uint32_t bound; /* HDE_PREEMPTIONS_ALL: none */
    uint32_t round; /* preemptions of the executions that run now */
    uint64_t executions;
    bool counts_answers; /* constant after start */

    struct frame *frames; /* the choices so far; at begin, those that are to be repeated */
    size_t frames_count;
    size_t frames_capacity;
    size_t position; /* of the next choice */

    struct record *records; /* of all rounds but the last, in the order of the executions */
    size_t records_count;
    size_t records_capacity;
    size_t expanded;  /* the one of the round before whose executions run now */
    size_t next;      /* the one to be expanded after it */
    size_t round_end; /* where those of the round before end */
    uint32_t record;  /* of the execution that runs */
    uint32_t last;    /* what becomes its `last' */

    bool enters;        /* its path up to records[expanded].last is being laid for the first time */
    struct turn *turns; /* of that path, the last one first; [0, turns_count) are still to come */
    size_t turns_count;
    size_t turns_capacity;

    struct hde_sleep_set sleep; /* without a bound: at the step that is next */
    bool is_pointless;          /* all who could step sleep: nothing new is to come */

    bool has_diverged;
    char divergence[512];
};

static bool is_bounded(const struct dfs *dfs) { return dfs->bound != HDE_PREEMPTIONS_ALL; }

static void start(void *state, const struct hde_strategy_options *options)
{
    struct dfs *dfs = state;

    dfs->bound = options->preemptions;
    dfs->round = is_bounded(dfs) ? 0 : dfs->bound;
    dfs->last = NOWHERE;
    dfs->counts_answers = options->counts_answers;
}

/* Append the record of the execution that begins; in the last round there is none. */
static uint32_t
add_record(struct dfs *dfs, uint32_t parent, uint32_t position, uint32_t alternative)
{
    if (dfs->round == dfs->bound) {
        return 0;
    }
    if (dfs->records_count == NOWHERE) {
        hde_fatal("dfs: more executions than it can keep: lower the bound of preemptions");
    }
    dfs->records = hde_array_grow(dfs->records, &dfs->records_capacity, dfs->records_count + 1,
                                  sizeof(*dfs->records));
    dfs->records[dfs->records_count] = (struct record){
        .parent = parent, .position = position, .alternative = alternative, .last = NOWHERE};
    return (uint32_t)dfs->records_count++;
}

static void begin(void *state, uint64_t seed)
{
    struct dfs *dfs = state;

    (void)seed;
    dfs->position = 0;
    dfs->last = NOWHERE;
    dfs->is_pointless = false;
    hde_sleep_set_wake_all(&dfs->sleep);
    if (dfs->executions == 0) {
        dfs->record = add_record(dfs, 0, NOWHERE, 0);
    }
}

/* The alternatives that preempt, or are as rare. */
static struct hde_set preempting(const struct dfs *dfs, const struct hde_choice *choice)
{
    struct hde_set others = nobody;

    if (!is_bounded(dfs)) {
        return nobody;
    }
    if (choice->kind >= HDE_CHOICE_FIRST_FAULT) {
        hde_set_add(&others, 1);
        return others;
    }
    if (choice->kind != HDE_CHOICE_THREAD || choice->is_yield ||
        !hde_set_has(choice->threads, choice->thread) ||
        hde_set_has(choice->timed, choice->thread)) {
        return nobody;
    }
    others = *choice->threads;
    hde_set_remove(&others, choice->thread);
    return others;
}

static bool is_alternative(const struct hde_choice *choice, uint32_t alternative)
{
    return !hde_choice_is_thread(choice->kind)
               ? alternative < choice->count
               : alternative < HDE_THREADS_MAX && hde_set_has(choice->threads, alternative);
}

static void diverge(struct dfs *dfs, const struct hde_choice *choice, const char *wanted)
{
    if (dfs->has_diverged) {
        return;
    }
    dfs->has_diverged = true;
    (void)snprintf(dfs->divergence, sizeof(dfs->divergence),
                   "dfs: execution %" PRIu64 " does not repeat the one that it branches off: at "
                   "choice %zu there is %s wanted, but thread %u came to its event %" PRIu32
                   " (%s): the program is not deterministic",
                   dfs->executions + 1, dfs->position, wanted, choice->thread, choice->event,
                   hde_event_name(choice->pending[choice->thread].kind));
}

/* The frame of the next choice, and its own number, which is new. */
static struct frame *add_frame(struct dfs *dfs, const struct hde_choice *choice)
{
    dfs->frames = hde_array_grow(dfs->frames, &dfs->frames_capacity, dfs->frames_count + 1,
                                 sizeof(*dfs->frames));
    struct frame *frame = &dfs->frames[dfs->frames_count++];

    frame->left = nobody;
    frame->asleep = nobody;
    frame->timed = nobody;
    frame->values_left = 0;
    frame->count = choice->count;
    frame->chosen = choice->normal;
    frame->record = dfs->frames_count > 1 ? frame[-1].record : 0;
    frame->event = choice->event;
    frame->thread = choice->thread;
    frame->choice = (uint8_t)choice->kind;
    frame->event_kind = choice->pending[choice->thread].kind;
    return frame;
}

/* A choice of the path to the record that is expanded, up to the last that may preempt. */
static uint32_t enter(struct dfs *dfs, const struct hde_choice *choice, struct frame *frame)
{
    const struct record *expanded = &dfs->records[dfs->expanded];
    uint32_t position = (uint32_t)dfs->position;

    if (dfs->turns_count > 0 && dfs->turns[dfs->turns_count - 1].position == position) {
        frame->chosen = dfs->turns[--dfs->turns_count].alternative;
        if (!is_alternative(choice, frame->chosen)) {
            diverge(dfs, choice, "another alternative");
            frame->chosen = choice->normal;
        }
    }
    if (expanded->position == NOWHERE || position > expanded->position) {
        frame->left = preempting(dfs, choice);
    }
    if (expanded->position == NOWHERE || position >= expanded->position) {
        frame->record = (uint32_t)dfs->expanded;
    }
    if (position == expanded->last) {
        dfs->enters = false;
        if (hde_set_is_empty(&frame->left)) {
            diverge(dfs, choice, "a preemption");
            return frame->chosen;
        }
        frame->chosen = hde_set_first(&frame->left);
        hde_set_remove(&frame->left, frame->chosen);
        frame->record = add_record(dfs, (uint32_t)dfs->expanded, position, frame->chosen);
        dfs->record = frame->record;
    }
    return frame->chosen;
}

/* Without a bound: any thread that does not sleep, and the others later. */
static void lay_out(struct dfs *dfs, const struct hde_choice *choice, struct frame *frame)
{
    frame->asleep = dfs->sleep.threads;
    frame->timed = *choice->timed;
    frame->left = hde_set_minus(choice->threads, &frame->asleep);
    dfs->is_pointless = hde_set_is_empty(&frame->left);
    if (!dfs->is_pointless && !hde_set_has(&frame->left, frame->chosen)) {
        frame->chosen = hde_set_first(&frame->left);
    }
    hde_set_remove(&frame->left, frame->chosen);
}

static uint32_t choose_new(struct dfs *dfs, const struct hde_choice *choice)
{
    struct frame *frame = add_frame(dfs, choice);
    struct hde_set others = preempting(dfs, choice);

    if (dfs->enters) {
        return enter(dfs, choice, frame);
    }
    if (!hde_set_is_empty(&others)) {
        dfs->last = (uint32_t)dfs->position; /* all others preempt: left to the next round */
    } else if (!hde_choice_is_thread(choice->kind)) {
        frame->values_left = choice->count - 1;
    } else if (!is_bounded(dfs) && choice->kind == HDE_CHOICE_THREAD) {
        lay_out(dfs, choice, frame);
    } else {
        frame->left = *choice->threads;
        hde_set_remove(&frame->left, frame->chosen);
    }
    return frame->chosen;
}

static uint32_t repeat(struct dfs *dfs, const struct hde_choice *choice)
{
    const struct frame *frame = &dfs->frames[dfs->position];

    if (frame->thread != choice->thread || frame->event != choice->event ||
        frame->choice != choice->kind || frame->count != choice->count ||
        frame->event_kind != choice->pending[choice->thread].kind ||
        !is_alternative(choice, frame->chosen)) {
        char wanted[96];

        (void)snprintf(wanted, sizeof(wanted),
                       "thread %u at its event %" PRIu32 " (%s) with %" PRIu32 " alternatives",
                       frame->thread, frame->event,
                       hde_event_name((enum hde_event_kind)frame->event_kind), frame->count);
        diverge(dfs, choice, wanted);
    }
    return frame->chosen;
}

/* Who sleeps once this choice is made. */
static void fall_asleep(struct dfs *dfs, const struct hde_choice *choice, const struct frame *frame)
{
    if (choice->kind != HDE_CHOICE_THREAD) {
        bool has_budget = choice->kind >= HDE_CHOICE_FIRST_FAULT || dfs->counts_answers;

        if (has_budget && frame->chosen != choice->normal) {
            hde_sleep_set_wake_all(&dfs->sleep);
        }
    } else {
        hde_sleep_set_begin(&dfs->sleep, &frame->asleep, choice->pending);
        if (hde_set_has(choice->timed, frame->chosen)) {
            hde_sleep_set_wake_all(&dfs->sleep);
        }
    }
}

static void observe(void *state, unsigned thread, const struct hde_event *event)
{
    struct dfs *dfs = state;

    if (is_bounded(dfs)) {
        return;
    }
    dfs->is_pointless = dfs->is_pointless || hde_set_has(&dfs->sleep.threads, thread);
    hde_sleep_set_step(&dfs->sleep, event);
}

static bool gives_up(const void *state)
{
    const struct dfs *dfs = state;

    return dfs->is_pointless && !dfs->has_diverged;
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct dfs *dfs = state;
    uint32_t chosen = choice->normal;

    if (!dfs->has_diverged) {
        chosen = dfs->position < dfs->frames_count ? repeat(dfs, choice) : choose_new(dfs, choice);
    }
    if (!dfs->has_diverged && !is_bounded(dfs)) {
        fall_asleep(dfs, choice, &dfs->frames[dfs->position]);
    }
    dfs->position++;
    return dfs->has_diverged ? choice->normal : chosen;
}

/* Turn to what is left at the last frame; false if nothing is. */
static bool turn(struct dfs *dfs)
{
    struct frame *frame = &dfs->frames[dfs->frames_count - 1];

    if (frame->choice == HDE_CHOICE_THREAD && !hde_set_has(&frame->timed, frame->chosen)) {
        hde_set_add(&frame->asleep, frame->chosen);
    }
    if (frame->values_left > 0) {
        frame->values_left--;
        frame->chosen++;
    } else if (!hde_set_is_empty(&frame->left)) {
        frame->chosen = hde_set_first(&frame->left);
        hde_set_remove(&frame->left, frame->chosen);
    } else {
        return false;
    }
    frame->record = add_record(dfs, dfs->frames_count > 1 ? frame[-1].record : 0,
                               (uint32_t)dfs->frames_count - 1, frame->chosen);
    dfs->record = frame->record;
    return true;
}

/* The turns that lead from the first execution to this one. */
static void collect_turns(struct dfs *dfs, const struct record *record)
{
    dfs->turns_count = 0;
    for (; record->position != NOWHERE; record = &dfs->records[record->parent]) {
        dfs->turns = hde_array_grow(dfs->turns, &dfs->turns_capacity, dfs->turns_count + 1,
                                    sizeof(*dfs->turns));
        dfs->turns[dfs->turns_count++] =
            (struct turn){.position = record->position, .alternative = record->alternative};
    }
}

/* Expand the next record of the round before that leads anywhere; false if there is none. */
static bool expand_of_round(struct dfs *dfs)
{
    while (dfs->next < dfs->round_end) {
        const struct record *record = &dfs->records[dfs->next++];

        if (record->last != NOWHERE) {
            collect_turns(dfs, record);
            dfs->expanded = dfs->next - 1;
            dfs->enters = true;
            return true;
        }
    }
    return false;
}

/* The same in this round, or else the next; false if none is left within the bound. */
static bool expand_next(struct dfs *dfs)
{
    while (!expand_of_round(dfs)) {
        if (dfs->round == dfs->bound || dfs->round_end == dfs->records_count) {
            return false;
        }
        dfs->round++;
        dfs->round_end = dfs->records_count;
    }
    return true;
}

static bool end(void *state)
{
    struct dfs *dfs = state;

    if (!dfs->has_diverged && (dfs->enters || dfs->position < dfs->frames_count)) {
        hde_fatal("dfs: an execution ended before the one that it branches off did: the program is "
                  "not deterministic");
    }
    if (dfs->has_diverged) {
        hde_fatal(dfs->divergence);
    }
    dfs->executions++;
    if (dfs->round < dfs->bound) {
        dfs->records[dfs->record].last = dfs->last;
    }
    while (dfs->frames_count > 0) {
        if (turn(dfs)) {
            return true;
        }
        dfs->frames_count--;
    }
    return expand_next(dfs);
}

static void stop(void *state)
{
    struct dfs *dfs = state;

    hde_array_release(dfs->frames, dfs->frames_capacity, sizeof(*dfs->frames));
    hde_array_release(dfs->records, dfs->records_capacity, sizeof(*dfs->records));
    hde_array_release(dfs->turns, dfs->turns_capacity, sizeof(*dfs->turns));
    *dfs = (struct dfs){.frames = NULL};
}

const struct hde_strategy hde_strategy_dfs = {
    .name = "dfs",
    .summary = "all executions with at most so many preemptions, or all that differ",
    .is_exhaustive = true,
    .state_size = sizeof(struct dfs),
    .start = start,
    .begin = begin,
    .choose = choose,
    .observe = observe,
    .gives_up = gives_up,
    .end = end,
    .stop = stop,
};
