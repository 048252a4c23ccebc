/*
 * Mutate: operators on inputs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/mutate.h"

#include <string.h>

#include "engine/rng.h"

#define MOVE_MAX 8U
#define VALUES_MAX 4096U   /* bytes of one thread that are mutated; more are left as they are */
#define VALUES_GROW 64U    /* at most by so many bytes at once */
#define GUESSED_EVENTS 64U /* where nothing is known, events are guessed below this ... */
#define GUESSED_THREADS 4U /* ... and threads below this */
#define DELAY_MAX 8U
#define ROUNDS_ODDS 4U /* looks for rounds stay in one of so many mutants */
#define ANSWER_ODDS 4U /* an entry that is added is in one of so many cases about an answer */

static const uint8_t shares[HDE_MUTATE_OPERATORS] = {
    [HDE_MUTATE_ADD] = 30,     [HDE_MUTATE_MOVE] = 20, [HDE_MUTATE_RETARGET] = 15,
    [HDE_MUTATE_REVERSE] = 10, [HDE_MUTATE_DROP] = 10, [HDE_MUTATE_RESEED] = 5,
    [HDE_MUTATE_VALUES] = 10,
};

struct mutating {
    struct hde_input *input;
    const struct hde_mutation *mutation;
    struct hde_rng rng;
    size_t size_max;
};

/* Kept out of the stack, which under a sanitizer is short. */
static struct hde_input mutated;
static uint8_t changed_values[VALUES_MAX + VALUES_GROW];
static uint8_t original[HDE_INPUT_SIZE_MAX];

static uint32_t below(struct mutating *mutating, uint32_t bound)
{
    return hde_rng_below(&mutating->rng, bound);
}

static uint32_t kept(uint32_t count, uint32_t max) { return count < max ? count : max; }

static uint32_t threads_of(const struct mutating *mutating)
{
    const struct hde_points *points = mutating->mutation->points;

    return points == NULL ? GUESSED_THREADS : points->threads_count;
}

static void add(struct mutating *mutating, struct hde_moment at, uint8_t action, uint32_t argument)
{
    const struct hde_input_entry entry = {
        .event = at.event, .argument = argument, .thread = at.thread, .action = action};

    mutating->input->sees_all = mutating->input->sees_all || at.is_plain;
    (void)hde_input_add(mutating->input, &entry); /* a full one has enough of them */
}

/* ---- Operators: each returns whether there was something to do ------------------------------- */

/* An action that makes the thread wait, or `to' go. */
static void draw_action(struct mutating *mutating, uint32_t to, uint8_t *action, uint32_t *argument)
{
    static const uint8_t actions[] = {HDE_INPUT_ANSWER, HDE_INPUT_ANSWER, HDE_INPUT_ANSWER,
                                      HDE_INPUT_DELAY_CONFLICT, HDE_INPUT_DELAY};

    *action = actions[below(mutating, sizeof(actions))];
    *argument = *action == HDE_INPUT_ANSWER ? to : below(mutating, DELAY_MAX);
}

/* Where no access was seen in a data race, it makes no difference that all are choices. */
static bool may_see_all(const struct mutating *mutating)
{
    const struct hde_points *points = mutating->mutation->points;
    bool may = points == NULL;

    for (uint32_t i = 0; !may && i < kept(points->points_count, HDE_POINTS_MAX); i++) {
        may = points->points[i].at.is_plain;
    }
    return may;
}

static void add_guessed(struct mutating *mutating)
{
    const struct hde_moment at = {
        .event = below(mutating, GUESSED_EVENTS),
        .thread = (uint8_t)below(mutating, GUESSED_THREADS),
        .is_plain = may_see_all(mutating) && below(mutating, 2) != 0,
    };

    add(mutating, at, (uint8_t)below(mutating, HDE_INPUT_ACTIONS),
        below(mutating, GUESSED_THREADS));
}

static void add_answer(struct mutating *mutating, const struct hde_points *points)
{
    const struct hde_answer *answer =
        &points->answers[below(mutating, kept(points->answers_count, HDE_ANSWERS_MAX))];
    bool is_time_out = answer->choice == HDE_CHOICE_THREAD;
    bool is_normal_fault = answer->choice >= HDE_CHOICE_FIRST_FAULT &&
                           mutating->input->base == HDE_INPUT_NONPREEMPTIVE;

    add(mutating, answer->at, is_time_out ? HDE_INPUT_TIME_OUT : HDE_INPUT_ANSWER,
        is_normal_fault ? 1 : below(mutating, answer->count));
}

static void add_at_point(struct mutating *mutating, const struct hde_points *points)
{
    const struct hde_point *point =
        &points->points[below(mutating, kept(points->points_count, HDE_POINTS_MAX))];
    uint32_t to = point->other;
    uint8_t action = 0;
    uint32_t argument = 0;

    if (to == point->at.thread || below(mutating, 4) == 0) {
        to = below(mutating, threads_of(mutating));
    }
    draw_action(mutating, to, &action, &argument);
    add(mutating, point->at, action, argument);
}

static bool mutate_add(struct mutating *mutating)
{
    const struct hde_points *points = mutating->mutation->points;

    if (points == NULL || points->points_count + points->answers_count == 0) {
        add_guessed(mutating);
    } else if (points->answers_count > 0 &&
               (points->points_count == 0 || below(mutating, ANSWER_ODDS) == 0)) {
        add_answer(mutating, points);
    } else {
        add_at_point(mutating, points);
    }
    return true;
}

/* The point of the entry's thread that is nearest to it on one side; the entry's own if none is. */
static struct hde_moment
neighbour(const struct hde_points *points, const struct hde_input_entry *entry, bool is_later)
{
    struct hde_moment nearest = {.event = entry->event, .thread = entry->thread};
    uint32_t distance = UINT32_MAX;
    uint32_t count = kept(points->points_count, HDE_POINTS_MAX);

    for (uint32_t i = 0; i < count; i++) {
        const struct hde_moment *at = &points->points[i].at;
        bool is_beyond = is_later ? at->event > entry->event : at->event < entry->event;
        uint32_t away = is_later ? at->event - entry->event : entry->event - at->event;

        if (at->thread == entry->thread && is_beyond && away < distance) {
            nearest = *at;
            distance = away;
        }
    }
    return nearest;
}

static bool mutate_move(struct mutating *mutating)
{
    struct hde_input *input = mutating->input;
    const struct hde_points *points = mutating->mutation->points;

    if (input->entries_count == 0) {
        return false;
    }
    uint32_t index = below(mutating, input->entries_count);
    struct hde_input_entry entry = input->entries[index];
    bool is_later = below(mutating, 2) != 0;
    struct hde_moment to = {.event = entry.event, .thread = entry.thread};

    if (points != NULL && below(mutating, 2) != 0) {
        to = neighbour(points, &entry, is_later);
    }
    if (to.event == entry.event) {
        uint32_t by = 1 + below(mutating, MOVE_MAX);

        to.event = is_later ? entry.event + by : entry.event - kept(by, entry.event);
    }
    hde_input_remove(input, index);
    add(mutating, to, entry.action, entry.argument);
    return true;
}

static bool mutate_retarget(struct mutating *mutating)
{
    struct hde_input *input = mutating->input;

    if (input->entries_count == 0) {
        return false;
    }
    struct hde_input_entry *entry = &input->entries[below(mutating, input->entries_count)];
    uint32_t before = entry->argument;

    if (below(mutating, 4) == 0) {
        entry->action = (uint8_t)((entry->action + 1 + below(mutating, HDE_INPUT_ACTIONS - 1)) %
                                  HDE_INPUT_ACTIONS);
        return true;
    }
    entry->argument = below(mutating, threads_of(mutating));
    entry->argument += entry->argument == before;
    return true;
}

/* Before the first one, another thread runs until it has done the second one. */
static bool mutate_reverse(struct mutating *mutating)
{
    const struct hde_points *points = mutating->mutation->points;

    if (points == NULL || points->pairs_count == 0) {
        return false;
    }
    const struct hde_pair *pair =
        &points->pairs[below(mutating, kept(points->pairs_count, HDE_PAIRS_MAX))];
    struct hde_moment back = pair->after;

    back.event++;
    add(mutating, pair->before, HDE_INPUT_ANSWER, pair->after.thread);
    add(mutating, back, HDE_INPUT_ANSWER, pair->before.thread);
    return true;
}

static bool mutate_drop(struct mutating *mutating)
{
    if (mutating->input->entries_count == 0) {
        return false;
    }
    hde_input_remove(mutating->input, below(mutating, mutating->input->entries_count));
    return true;
}

/* Where no thread goes round, there is nothing to look for. */
static bool may_seek_rounds(const struct mutating *mutating)
{
    return mutating->mutation->points == NULL || mutating->mutation->points->goes_round;
}

/* The base without preemptions has no use for a seed: it gives way to another. */
static bool mutate_reseed(struct mutating *mutating)
{
    struct hde_input *input = mutating->input;
    uint32_t drawn = below(mutating, 8);

    if (drawn == 0 && below(mutating, 2) == 0 && may_seek_rounds(mutating)) {
        input->seeks_rounds = !input->seeks_rounds;
        return true;
    }
    if (drawn == 0 && (input->sees_all || may_see_all(mutating))) {
        input->sees_all = !input->sees_all;
        return true;
    }
    if (drawn < 4 || input->base == HDE_INPUT_NONPREEMPTIVE) {
        input->base =
            (uint8_t)((input->base + 1 + below(mutating, HDE_INPUT_BASES - 1)) % HDE_INPUT_BASES);
    }
    input->seed = (uint32_t)hde_rng_next(&mutating->rng);
    return true;
}

/* A thread that chooses values, as far as that is known. */
static unsigned draw_choosing(struct mutating *mutating)
{
    const struct hde_points *points = mutating->mutation->points;

    if (points == NULL) {
        return below(mutating, GUESSED_THREADS);
    }
    return hde_set_select(&points->choosing, below(mutating, hde_set_count(&points->choosing)));
}

/* A thread's values in an input that may not reach so far yet. */
static struct hde_input_bytes *values_of(struct hde_input *input, unsigned thread)
{
    while (input->threads_count <= thread) {
        input->values[input->threads_count++] = (struct hde_input_bytes){.bytes = original};
    }
    return &input->values[thread];
}

static bool mutate_values(struct mutating *mutating)
{
    struct hde_input *input = mutating->input;
    const struct hde_mutation *mutation = mutating->mutation;

    if (mutation->mutate_bytes == NULL ||
        (mutation->points != NULL && hde_set_is_empty(&mutation->points->choosing))) {
        return false;
    }
    struct hde_input_bytes *values = values_of(input, draw_choosing(mutating));

    if (values->size > VALUES_MAX) {
        return false;
    }
    memcpy(changed_values, values->bytes, values->size);
    size_t most = values->size + VALUES_GROW < mutating->size_max ? values->size + VALUES_GROW
                                                                  : mutating->size_max;

    if (most < values->size || most == 0) {
        return false;
    }
    values->size = (uint32_t)mutation->mutate_bytes(changed_values, values->size, most);
    values->bytes = changed_values;
    return true;
}

/* ---- All ------------------------------------------------------------------------------------- */

static enum hde_operator draw_operator(struct mutating *mutating)
{
    uint32_t drawn = below(mutating, 100);
    unsigned which = 0;

    while (drawn >= shares[which]) {
        drawn -= shares[which++];
    }
    return (enum hde_operator)which;
}

static void operate(struct mutating *mutating)
{
    static bool (*const operators[HDE_MUTATE_OPERATORS])(struct mutating *) = {
        [HDE_MUTATE_ADD] = mutate_add,           [HDE_MUTATE_MOVE] = mutate_move,
        [HDE_MUTATE_RETARGET] = mutate_retarget, [HDE_MUTATE_REVERSE] = mutate_reverse,
        [HDE_MUTATE_DROP] = mutate_drop,         [HDE_MUTATE_RESEED] = mutate_reseed,
        [HDE_MUTATE_VALUES] = mutate_values,
    };
    enum hde_operator which = mutating->mutation->which;

    if (which >= HDE_MUTATE_OPERATORS) {
        which = draw_operator(mutating);
        mutating->input->seeks_rounds =
            mutating->input->seeks_rounds && below(mutating, ROUNDS_ODDS) == 0;
    }
    if (!operators[which](mutating)) {
        (void)mutate_add(mutating);
    }
}

/* What is too long loses entries, then the values of its last threads; then it is cut. */
static size_t write_within(struct mutating *mutating, uint8_t *bytes)
{
    struct hde_input *input = mutating->input;
    size_t size = hde_input_write(input, bytes, mutating->size_max);

    while (size > mutating->size_max && input->entries_count + input->threads_count > 0) {
        if (input->entries_count > 0) {
            hde_input_remove(input, below(mutating, input->entries_count));
        } else {
            input->threads_count--;
        }
        size = hde_input_write(input, bytes, mutating->size_max);
    }
    return size < mutating->size_max ? size : mutating->size_max;
}

size_t hde_mutate(uint8_t *bytes, size_t size, size_t size_max, const struct hde_mutation *mutation)
{
    struct mutating mutating = {.input = &mutated, .mutation = mutation, .size_max = size_max};
    size_t taken = size < HDE_INPUT_SIZE_MAX ? size : HDE_INPUT_SIZE_MAX;

    hde_rng_seed(&mutating.rng, mutation->seed);
    memcpy(original, bytes, taken);
    hde_input_read(&mutated, original, taken);
    operate(&mutating);
    return write_within(&mutating, bytes);
}

/* ---- Crossing -------------------------------------------------------------------------------- */

static void
take_entries(struct hde_input *to, const struct hde_input *from, const struct hde_set *mine)
{
    for (uint32_t i = 0; i < from->entries_count; i++) {
        if (hde_set_has(mine, from->entries[i].thread)) {
            (void)hde_input_add(to, &from->entries[i]);
        }
    }
}

static void
take_values(struct hde_input *to, const struct hde_input *from, const struct hde_set *mine)
{
    for (uint32_t thread = 0; thread < from->threads_count; thread++) {
        if (hde_set_has(mine, thread)) {
            *values_of(to, thread) = from->values[thread];
        }
    }
}

size_t hde_cross(const struct hde_input_bytes *a,
                 const struct hde_input_bytes *b,
                 uint8_t *bytes,
                 size_t size_max,
                 uint64_t seed)
{
    static struct hde_input parents[2];
    struct mutating mutating = {.input = &mutated, .size_max = size_max};
    struct hde_set of_a;
    struct hde_set of_b;

    hde_rng_seed(&mutating.rng, seed);
    hde_input_read(&parents[0], a->bytes, a->size);
    hde_input_read(&parents[1], b->bytes, b->size);
    for (unsigned i = 0; i < HDE_SET_WORDS; i++) {
        of_a.word[i] = hde_rng_next(&mutating.rng);
        of_b.word[i] = ~of_a.word[i];
    }
    const struct hde_input *base = &parents[below(&mutating, 2)];

    mutated.base = base->base;
    mutated.seed = base->seed;
    mutated.sees_all = parents[0].sees_all || parents[1].sees_all;
    mutated.seeks_rounds = base->seeks_rounds;
    mutated.entries_count = 0;
    mutated.threads_count = 0;
    take_entries(&mutated, &parents[0], &of_a);
    take_entries(&mutated, &parents[1], &of_b);
    take_values(&mutated, &parents[0], &of_a);
    take_values(&mutated, &parents[1], &of_b);
    return write_within(&mutating, bytes);
}
