/*
 * Input: makes the choices that a fuzzer's input asks for (engine/input.h), and those of its base
 * strategy elsewhere.
 *
 * An entry is found by the thread that makes the choice and by that thread's own event number. The
 * base is asked even where an entry knows better, so that one entry more or less shifts its random
 * numbers as little as possible; at plain accesses it is not asked, for it would switch at most of
 * them. Values come from the thread's own bytes, in order, whatever the others do.
 *
 * A thread that an entry delays is none of the alternatives that the base sees, until others have
 * carried out what the entry waits for, or until nobody else can step; then it has the next turn.
 *
 * Guarantee   The same input makes the same execution, whatever was run before it. Any schedule is
 *             that of some input (hde_input_of_schedule()).
 * Misses      What the fuzzer does not think of.
 * Source      Encoding: engine/input.h. Delays: Emmi, Qadeer, Rakamaric, Delay-bounded scheduling,
 *             POPL 2011.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/input.h"

#include "engine/array.h"
#include "engine/fatal.h"
#include "engine/rng.h"
#include "engine/strategy.h"

extern const struct hde_strategy hde_strategy_random;
extern const struct hde_strategy hde_strategy_sticky;
extern const struct hde_strategy hde_strategy_pct;
extern const struct hde_strategy hde_strategy_pos;

static const struct hde_strategy *const bases[HDE_INPUT_BASES] = {
    [HDE_INPUT_NONPREEMPTIVE] = NULL,          [HDE_INPUT_RANDOM] = &hde_strategy_random,
    [HDE_INPUT_STICKY] = &hde_strategy_sticky, [HDE_INPUT_PCT] = &hde_strategy_pct,
    [HDE_INPUT_POS] = &hde_strategy_pos,
};

/* pct: the length of an execution is taken for one of these powers of 2. */
#define LENGTH_FIRST 2U
#define LENGTHS 10U

struct delay {
    uint32_t left; /* steps of others; at least 1 */
    bool by_conflict;
};

struct consumed {
    uint32_t bytes;
    uint32_t values;
};

struct follower {
    const struct hde_input *input;
    void *base_states[HDE_INPUT_BASES];
    size_t base_capacities[HDE_INPUT_BASES];

    /* Of this execution. */
    const struct hde_strategy *base; /* NULL: the normal alternatives */
    void *base_state;
    struct hde_set has_entries;           /* threads with entries that are still to come ... */
    uint32_t next[HDE_THREADS_MAX];       /* ... the first of them, as an index */
    bool has_delays;                      /* there is somebody in one of the next two */
    struct hde_set delayed;               /* not due, and not among those that the base sees */
    struct hde_set due;                   /* have the next turn in which they can step */
    struct delay delays[HDE_THREADS_MAX]; /* of delayed */
    struct hde_set has_consumed;
    struct consumed consumed[HDE_THREADS_MAX]; /* of has_consumed */
};

static void start(void *state, const struct hde_strategy_options *options)
{
    struct follower *follower = state;

    if (options->input == NULL) {
        hde_fatal("the strategy `input' needs one");
    }
    follower->input = options->input;
    for (unsigned i = 0; i < HDE_INPUT_BASES; i++) {
        if (bases[i] != NULL) {
            follower->base_states[i] =
                hde_array_grow(NULL, &follower->base_capacities[i], bases[i]->state_size, 1);
        }
    }
}

/* As if it had never run: nothing that it learns is to last. */
static void begin_base(struct follower *follower)
{
    const struct hde_input *input = follower->input;
    uint64_t seed = input->seed;
    uint64_t drawn = hde_rng_mix(&seed);
    const struct hde_strategy_options options = {
        .length = UINT64_C(1) << (LENGTH_FIRST + (drawn >> 32) % LENGTHS)};

    follower->base = bases[input->base];
    follower->base_state = follower->base_states[input->base];
    if (follower->base == NULL) {
        return;
    }
    if (follower->base->start != NULL) {
        follower->base->start(follower->base_state, &options);
    }
    follower->base->begin(follower->base_state, drawn);
}

static void begin_entries(struct follower *follower)
{
    const struct hde_input *input = follower->input;

    for (uint32_t i = 0; i < input->entries_count; i++) {
        uint8_t thread = input->entries[i].thread;

        if (!hde_set_has(&follower->has_entries, thread)) {
            hde_set_add(&follower->has_entries, thread);
            follower->next[thread] = i;
        }
    }
}

static void begin(void *state, uint64_t seed)
{
    static const struct hde_set nobody;
    struct follower *follower = state;

    (void)seed; /* the input has its own */
    follower->has_entries = nobody;
    follower->has_delays = false;
    follower->delayed = nobody;
    follower->due = nobody;
    follower->has_consumed = nobody;
    begin_entries(follower);
    begin_base(follower);
}

/* ---- Entries --------------------------------------------------------------------------------- */

/* The last one that is for this choice, NULL if there is none; those before it are over. */
static const struct hde_input_entry *take(struct follower *follower,
                                          const struct hde_choice *choice)
{
    const struct hde_input *input = follower->input;
    const struct hde_input_entry *taken = NULL;
    uint32_t *next = &follower->next[choice->thread];
    uint32_t at = *next;

    for (; at < input->entries_count && input->entries[at].thread == choice->thread; at++) {
        const struct hde_input_entry *entry = &input->entries[at];

        if (entry->event > choice->event) {
            return taken;
        }
        /* An earlier one may still be for a choice of who steps. */
        if (choice->kind == HDE_CHOICE_THREAD || entry->event == choice->event) {
            taken = entry;
            *next = at + 1;
        }
    }
    if (*next == at) {
        hde_set_remove(&follower->has_entries, choice->thread);
    }
    return taken;
}

static struct hde_set both(const struct hde_set *a, const struct hde_set *b)
{
    struct hde_set rest = hde_set_minus(a, b);

    return hde_set_minus(a, &rest);
}

/* The thread `argument', or, if it is none of the alternatives, of the others that of this rank. */
static uint32_t alternative_thread(const struct hde_choice *choice, uint32_t argument)
{
    struct hde_set others = *choice->threads;

    if (argument < HDE_THREADS_MAX && hde_set_has(&others, argument)) {
        return argument;
    }
    hde_set_remove(&others, choice->thread); /* two at least, so one is left */
    return hde_set_select(&others, argument % hde_set_count(&others));
}

static uint32_t alternative(const struct hde_choice *choice, uint32_t argument)
{
    return hde_choice_is_thread(choice->kind) ? alternative_thread(choice, argument)
                                              : argument % choice->count;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static uint32_t next_value(struct follower *follower, const struct hde_choice *choice)
{
    const struct hde_input *input = follower->input;
    unsigned thread = choice->thread;
    struct consumed *consumed = &follower->consumed[thread];
    uint32_t size = hde_input_value_size(choice->count);
    uint32_t value = 0;

    if (!hde_set_has(&follower->has_consumed, thread)) {
        hde_set_add(&follower->has_consumed, thread);
        *consumed = (struct consumed){0};
    }
    uint32_t k = consumed->values++;

    if (thread >= input->threads_count || input->values[thread].size < size + consumed->bytes) {
        return hde_input_value(input, thread, k) % choice->count;
    }
    for (uint32_t i = 0; i < size; i++) {
        value |= (uint32_t)input->values[thread].bytes[consumed->bytes++] << (8 * i);
    }
    return value % choice->count;
}

/* ---- Who steps ------------------------------------------------------------------------------- */

/* What is normal among the alternatives that are left. */
static uint32_t normal_of(const struct hde_choice *choice, const struct hde_set *open)
{
    struct hde_set ready = hde_set_minus(open, choice->timed);

    if (hde_set_has(open, choice->normal)) {
        return choice->normal;
    }
    return hde_set_first(hde_set_is_empty(&ready) ? open : &ready);
}

static bool is_plain_access(const struct hde_choice *choice)
{
    uint8_t kind = choice->pending[choice->thread].kind;

    return kind == HDE_EVENT_READ || kind == HDE_EVENT_WRITE || kind == HDE_EVENT_FREE;
}

/* The base's answer to a choice that is no VALUE. */
static uint32_t ask_base(struct follower *follower, const struct hde_choice *choice)
{
    if (follower->base == NULL || (choice->kind == HDE_CHOICE_THREAD &&
                                   choice->normal == choice->thread && is_plain_access(choice))) {
        return choice->normal;
    }
    return follower->base->choose(follower->base_state, choice);
}

/* The same when threads are delayed. */
static uint32_t ask_base_among(struct follower *follower, const struct hde_choice *choice)
{
    struct hde_set open = hde_set_minus(choice->threads, &follower->delayed);
    struct hde_choice narrowed = *choice;

    if (hde_set_is_empty(&open)) {
        follower->delayed = open;
        open = *choice->threads;
    }
    narrowed.threads = &open;
    narrowed.count = hde_set_count(&open);
    narrowed.normal = normal_of(choice, &open);
    return narrowed.count == 1 ? narrowed.normal : ask_base(follower, &narrowed);
}

static void delay(struct follower *follower,
                  const struct hde_choice *choice,
                  const struct hde_input_entry *entry)
{
    follower->has_delays = true;
    hde_set_add(&follower->delayed, choice->thread);
    hde_set_remove(&follower->due, choice->thread);
    follower->delays[choice->thread] = (struct delay){
        .left = entry->argument == UINT32_MAX ? UINT32_MAX : entry->argument + 1,
        .by_conflict = entry->action == HDE_INPUT_DELAY_CONFLICT,
    };
}

/* `stepping' is about to carry out its event: who has waited long enough? */
static void
count_down(struct follower *follower, const struct hde_choice *choice, uint32_t stepping)
{
    const struct hde_set *delayed = &follower->delayed;

    hde_set_remove(&follower->delayed, stepping);
    hde_set_remove(&follower->due, stepping);
    for (unsigned thread = hde_set_first(delayed); thread < HDE_THREADS_MAX;
         thread = hde_set_next(delayed, thread + 1)) {
        struct delay *delay = &follower->delays[thread];

        if (delay->by_conflict &&
            !hde_event_is_dependent(&choice->pending[stepping], &choice->pending[thread])) {
            continue;
        }
        if (--delay->left == 0) {
            hde_set_remove(&follower->delayed, thread);
            hde_set_add(&follower->due, thread);
        }
    }
    follower->has_delays = !hde_set_is_empty(delayed) || !hde_set_is_empty(&follower->due);
}

/* Who is due and can step; HDE_THREADS_MAX if nobody is. */
static unsigned first_due(const struct follower *follower, const struct hde_choice *choice)
{
    struct hde_set due = both(choice->threads, &follower->due);

    return hde_set_first(&due);
}

/* As delays have it, and else the base. */
static uint32_t choose_among(struct follower *follower, const struct hde_choice *choice)
{
    uint32_t asked = ask_base_among(follower, choice);
    unsigned due = first_due(follower, choice);

    return due < HDE_THREADS_MAX ? due : asked;
}

static uint32_t choose_thread(struct follower *follower,
                              const struct hde_choice *choice,
                              const struct hde_input_entry *entry)
{
    struct hde_set timed = both(choice->threads, choice->timed);
    enum hde_input_action action =
        entry == NULL ? HDE_INPUT_ACTIONS : (enum hde_input_action)entry->action;

    if (action == HDE_INPUT_DELAY || action == HDE_INPUT_DELAY_CONFLICT) {
        delay(follower, choice, entry);
    }
    uint32_t asked = choose_among(follower, choice);

    if (action == HDE_INPUT_ANSWER) {
        asked = alternative_thread(choice, entry->argument);
    } else if (action == HDE_INPUT_TIME_OUT && !hde_set_is_empty(&timed)) {
        asked = hde_set_select(&timed, entry->argument % hde_set_count(&timed));
    }
    count_down(follower, choice, asked);
    return asked;
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct follower *follower = state;
    const struct hde_input_entry *entry = NULL;

    if (__builtin_expect(hde_set_has(&follower->has_entries, choice->thread), 0)) {
        entry = take(follower, choice);
    }
    if (choice->kind == HDE_CHOICE_THREAD) {
        return entry == NULL && !follower->has_delays ? ask_base(follower, choice)
                                                      : choose_thread(follower, choice, entry);
    }
    uint32_t asked = choice->kind == HDE_CHOICE_VALUE ? next_value(follower, choice)
                                                      : ask_base(follower, choice);

    return entry != NULL && entry->action == HDE_INPUT_ANSWER ? alternative(choice, entry->argument)
                                                              : asked;
}

static bool end(void *state)
{
    (void)state;
    return false;
}

static void stop(void *state)
{
    struct follower *follower = state;

    for (unsigned i = 0; i < HDE_INPUT_BASES; i++) {
        hde_array_release(follower->base_states[i], follower->base_capacities[i], 1);
    }
    *follower = (struct follower){.input = NULL};
}

const struct hde_strategy hde_strategy_input = {
    .name = "input",
    .summary = "makes the choices that a fuzzer's input asks for",
    .follows = true,
    .state_size = sizeof(struct follower),
    .start = start,
    .begin = begin,
    .choose = choose,
    .end = end,
    .stop = stop,
};
