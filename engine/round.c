/*
 * Round: looks, and which of them are the same.
 *
 * A look is a hash of the state; two that differ may have the same one with probability 2^-64. What
 * engine code has left on a stack is part of the hash: it may make equal states look different,
 * never the other way round.
 *
 * What is not looked at: executions with more than HDE_ROUND_THREADS_MAX threads, with more
 * memory or objects than MEMORY_MAX and OBJECTS_MAX, and more than LOOKS_MAX times in one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/round.h"

#include <setjmp.h>
#include <stddef.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/fiber.h"
#include "engine/globals.h"

/* So many turns it goes round alone; and so many more if it is to, as if to give up soon. */
#define TURNS_MAX 8
#define TURNS_TO_GIVE_UP 128

#define SCRUBBED_BYTES 4096U
#define LOOKS_MAX 512U
#define LOOKS_KEPT 32U
#define MEMORY_MAX (UINT64_C(64) << 10)
#define OBJECTS_MAX 256U

/* What a thread was up to. */
struct standing {
    uint32_t events;
    uint32_t retries; /* tries that failed while it held another lock */
    uint32_t opened;  /* how often the gate that it waits at has been opened */
};

struct look {
    uint64_t hash;
    uint64_t changes;
    struct standing threads[HDE_ROUND_THREADS_MAX];
};

static struct look looks[LOOKS_KEPT];            /* of this execution, that differ: the last ones */
static uint32_t kept_count;                      /* so far; looks[] is filled round and round */
static uint32_t looks_count;                     /* of all */
static uint32_t generation;                      /* of all here */
static uint32_t looking_in;                      /* the generation in which looks are taken */
static bool is_wanted;                           /* in this exploration somebody asked for one */
static bool is_clean[HDE_ROUND_THREADS_MAX];     /* by thread: below it has been scrubbed */
static uint32_t asked_at[HDE_ROUND_THREADS_MAX]; /* by thread: it is to look at its next step; 0 */
static uint32_t retries[HDE_ROUND_THREADS_MAX];
static struct {
    uint64_t others; /* events of all others, when it was here last */
    int32_t turns;   /* since any of them had one */
} alone[HDE_ROUND_THREADS_MAX];
static struct hde_place places[HDE_ROUND_THREADS_MAX]; /* of the last retries */

/* ---- The state ------------------------------------------------------------------------------- */

static uint64_t mix_in(uint64_t hash, uint64_t word)
{
    uint64_t mixed = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);

    return mixed ^ mixed >> 29;
}

static uint64_t hash_words(uint64_t hash, const uint64_t *from, const uint64_t *to)
{
    for (; from < to; from++) {
        hash = mix_in(hash, *from);
    }
    return hash;
}

static const uint64_t *stack_top(unsigned thread)
{
    return (const uint64_t *)hde_fiber_stack_top(thread);
}

/*
 * The running thread: its registers, and its stack from here up. To be called before anything else
 * is hashed: a hash so far would be among the registers, and cancel itself out.
 */
__attribute__((noinline)) uint64_t hde_round_hash_self(void)
{
    uint64_t hash = 0;
    jmp_buf state;

    /* All registers that calls keep are on the stack then, also those that are used here. */
    __builtin_unwind_init();
    (void)_setjmp(state);
    for (size_t i = 0; i < sizeof(state[0].__jmpbuf) / sizeof(state[0].__jmpbuf[0]); i++) {
        hash = mix_in(hash, (uint64_t)state[0].__jmpbuf[i]);
    }
    return hash_words(hash, __builtin_frame_address(0), stack_top(hde_self->id));
}

/* But for the stack of the running thread. */
static uint64_t hash_thread(uint64_t hash, const struct hde_thread *thread)
{
    const struct hde_event *pending = &hde_execution.pending[thread->id];

    if (thread->has_ended) {
        return mix_in(hash, 1);
    }
    /* What stands on a stack from before depends on the engine, e.g. on whether it replays. */
    hash = mix_in(hash, is_clean[thread->id]);
    hash = mix_in(hash, pending->address);
    hash = mix_in(hash, (uint64_t)pending->pc << 16 | pending->kind);
    hash = mix_in(hash, (uint64_t)(uintptr_t)thread->waits_for);
    hash = mix_in(hash, thread->deadline_ns);
    return thread == hde_self ? hash : hash_words(hash, thread->fiber, stack_top(thread->id));
}

static uint64_t hash_object(uint64_t hash, const struct hde_object *object)
{
    hash = mix_in(hash, (uint64_t)object->owner << 48 ^ (uint64_t)object->depth << 24 ^
                            (uint64_t)object->shared << 9 ^ (uint64_t)object->state << 1 ^
                            object->is_open);
    for (unsigned i = 0; i < HDE_SET_WORDS; i++) {
        hash = mix_in(hash, object->waiters.word[i]);
    }
    return hash;
}

static bool is_too_large(void)
{
    uint64_t words = 0;

    if (hde_execution.threads_count > HDE_ROUND_THREADS_MAX || hde_object_count() > OBJECTS_MAX) {
        return true;
    }
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        const uint64_t *begin;
        const uint64_t *end;

        hde_arena_extent(id, &begin, &end);
        words += (uint64_t)(end - begin);
    }
    return words > MEMORY_MAX / sizeof(uint64_t);
}

static uint64_t hash_state(uint32_t pc)
{
    uint64_t hash = mix_in(hde_round_hash_self(), (uint64_t)pc << 16 | hde_self->id);

    hash = mix_in(hash, hde_execution.draws);
    hash = mix_in(hash, hde_globals_hash());
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        const uint64_t *begin;
        const uint64_t *end;

        hde_arena_extent(id, &begin, &end);
        hash = hash_thread(hash, &hde_execution.threads[id]);
        hash = hash_words(hash, begin, end);
    }
    for (uint32_t number = 1; number < hde_object_count(); number++) {
        hash = hash_object(hash, hde_object_number(number));
    }
    return hash;
}

/* ---- Looks ----------------------------------------------------------------------------------- */

void hde_round_forget(void) { is_wanted = false; }

bool hde_round_is_wanted(void) { return is_wanted; }

/*
 * An execution with looks is run as its replay will be, from its beginning, every plain access a
 * step: what the engine leaves on a stack is then the same in both.
 */
bool hde_round_begin(void)
{
    const struct hde_settings *settings = hde_execution.settings;
    bool begins =
        !settings->skips_rounds &&
        (hde_execution.sees_all || (is_wanted && settings->visibility == HDE_VISIBLE_RACY));

    if (begins) {
        looking_in = hde_execution.generation;
        hde_execution.is_observed = true;
        hde_execution.sees_all = true;
        hde_execution.fast_mask = 0;
    }
    return begins;
}

static void renew(void)
{
    if (generation == hde_execution.generation) {
        return;
    }
    generation = hde_execution.generation;
    looks_count = 0;
    kept_count = 0;
    for (unsigned id = 0; id < HDE_ROUND_THREADS_MAX; id++) {
        retries[id] = 0;
        asked_at[id] = 0;
        is_clean[id] = false;
        alone[id].turns = 0;
    }
}

static struct standing standing_of(unsigned id)
{
    const struct hde_object *object = hde_execution.threads[id].waits_for;

    return (struct standing){
        .events = hde_execution.threads[id].events,
        .retries = retries[id],
        .opened = object == NULL ? 0 : object->opened,
    };
}

/* Whether it waits without a deadline, and nobody has let it go on yet. */
static bool is_blocked(const struct hde_thread *thread)
{
    const struct hde_object *object = thread->waits_for;

    return object != NULL && thread->deadline_ns == HDE_FOREVER &&
           (hde_set_has(&object->waiters, thread->id) ||
            (!object->is_open && hde_set_has(&object->at_gate, thread->id)));
}

/* What an equal look says. */
enum likeness {
    LIKENESS_FAIR,
    LIKENESS_UNFAIR, /* somebody could step, and has not: it may do so yet */
    LIKENESS_STALE,  /* who is blocked now could step in between: a later look will do better */
};

static enum likeness compare_thread(unsigned id, const struct look *then, struct hde_round *round)
{
    const struct hde_thread *thread = &hde_execution.threads[id];
    struct standing now = standing_of(id);

    if (thread->has_ended || (id == 0 && hde_execution.is_awaiting)) {
        return LIKENESS_FAIR;
    }
    if (now.events != then->threads[id].events) {
        hde_set_add(&round->stepped, id);
        if (now.retries != then->threads[id].retries) {
            hde_set_add(&round->retried, id);
        }
        return LIKENESS_FAIR;
    }
    if (!is_blocked(thread)) {
        return LIKENESS_UNFAIR;
    }
    hde_set_add(&round->blocked, id);
    return now.opened == then->threads[id].opened ? LIKENESS_FAIR : LIKENESS_STALE;
}

/* What was done since an equal look. */
static enum likeness take_round(struct hde_round *round, const struct look *then)
{
    enum likeness all = LIKENESS_FAIR;

    *round = (struct hde_round){.has_changes = then->changes != hde_execution.changes};
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        enum likeness one = compare_thread(id, then, round);

        if (one > all) {
            all = one;
        }
    }
    return all;
}

static void tell(const struct hde_round *round)
{
    for (unsigned i = 0; hde_watchers.round[i] != NULL; i++) {
        hde_watchers.round[i](round);
    }
}

static void keep(struct look *look, uint64_t hash)
{
    look->hash = hash;
    look->changes = hde_execution.changes;
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        look->threads[id] = standing_of(id);
    }
}

/* The same look, among those kept; NULL if there is none. */
static struct look *find_look(uint64_t hash)
{
    uint32_t kept = kept_count < LOOKS_KEPT ? kept_count : LOOKS_KEPT;

    for (uint32_t i = 0; i < kept; i++) {
        if (looks[i].hash == hash) {
            return &looks[i];
        }
    }
    return NULL;
}

static void look_around(uint32_t pc)
{
    uint64_t hash = hash_state(pc);
    struct look *look = find_look(hash);
    struct hde_round round;

    if (look == NULL) {
        keep(&looks[kept_count++ % LOOKS_KEPT], hash);
        return;
    }
    enum likeness likeness = take_round(&round, look);

    if (likeness == LIKENESS_FAIR) {
        tell(&round);
    }
    if (likeness != LIKENESS_UNFAIR) {
        keep(look, hash);
    }
}

/* Not at once: what the thread has in hand here is partly the engine's, and that counts. */
static void ask_for_look(uint32_t pc)
{
    renew();
    if (looking_in == hde_execution.generation) {
        asked_at[hde_self->id] = pc;
    } else {
        is_wanted = true; /* from the next execution on */
    }
}

/*
 * Clear what calls of the engine have left below: it would be in the frames of the next ones, where
 * nothing is written over it, and make a state that comes back look different.
 */
__attribute__((noinline)) void hde_round_scrub(void)
{
    char below[SCRUBBED_BYTES];

    memset(below, 0, sizeof(below));
    __asm__ volatile("" : : "r"(below) : "memory"); /* what is cleared is looked at */
}

void hde_round_step(void)
{
    unsigned self = hde_self->id;

    if (self >= HDE_ROUND_THREADS_MAX) {
        return;
    }
    renew();
    if (asked_at[self] != 0 && looks_count < LOOKS_MAX && !is_too_large()) {
        looks_count++;
        look_around(asked_at[self]);
    }
    asked_at[self] = 0;
    is_clean[self] = true;
    hde_execution.is_scrubbed = looks_count < LOOKS_MAX;
}

/*
 * Whether it has gone round for long while nobody else did anything. A function of its own, lest
 * what it counts be on the stack while the thread waits: no two looks would be the same.
 */
__attribute__((noinline)) static bool is_alone(void)
{
    unsigned self = hde_self->id;
    uint64_t others = 0;

    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        others += id == self ? 0 : hde_execution.threads[id].events;
    }
    if (others != alone[self].others) {
        alone[self].others = others;
        alone[self].turns = 0;
    }
    return ++alone[self].turns > TURNS_MAX;
}

/* Who does so does it for ever, unless it is about to give up: the others go first. */
static void be_fair(uint32_t pc)
{
    if (is_alone()) {
        alone[hde_self->id].turns = hde_spin_pass_over(pc) ? 0 : -TURNS_TO_GIVE_UP;
    }
}

void hde_round_read_again(uint32_t pc)
{
    if (!hde_execution.is_priming && hde_execution.threads_count <= HDE_ROUND_THREADS_MAX) {
        ask_for_look(pc);
        be_fair(pc);
    }
}

void hde_round_try_failed(uint32_t pc)
{
    struct hde_thread *self = hde_self;

    if (self->held_count == 0 || hde_execution.threads_count > HDE_ROUND_THREADS_MAX ||
        hde_execution.is_priming) {
        return;
    }
    renew();
    retries[self->id]++;
    places[self->id] = hde_thread_place(self);
    places[self->id].pc = pc;
    if (retries[self->id] > 1) {
        ask_for_look(pc);
        be_fair(pc);
    }
}

struct hde_place hde_round_retry(unsigned thread) { return places[thread]; }
