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

#include "engine/arena.h"
#include "engine/fiber.h"
#include "engine/globals.h"

#define LOOKS_MAX 128U
#define LOOKS_KEPT 16U
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

static struct look looks[LOOKS_KEPT]; /* of this execution: the last ones, round and round */
static uint32_t looks_count;
static uint32_t generation; /* of all here */
static uint32_t retries[HDE_ROUND_THREADS_MAX];
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

/* The running thread: its registers, and its stack from here up. */
__attribute__((noinline)) static uint64_t hash_self(uint64_t hash)
{
    jmp_buf state;

    (void)_setjmp(state);
    for (size_t i = 0; i < sizeof(state[0].__jmpbuf) / sizeof(state[0].__jmpbuf[0]); i++) {
        hash = mix_in(hash, (uint64_t)state[0].__jmpbuf[i]);
    }
    return hash_words(hash, __builtin_frame_address(0), stack_top(hde_self->id));
}

static uint64_t hash_thread(uint64_t hash, const struct hde_thread *thread)
{
    const struct hde_event *pending = &hde_execution.pending[thread->id];

    if (thread->has_ended) {
        return mix_in(hash, 1);
    }
    hash = mix_in(hash, pending->address ^ (uint64_t)pending->pc << 16 ^ pending->kind);
    hash = mix_in(hash, (uint64_t)(uintptr_t)thread->waits_for ^ thread->deadline_ns);
    return thread == hde_self ? hash_self(hash)
                              : hash_words(hash, thread->fiber, stack_top(thread->id));
}

static uint64_t hash_object(uint64_t hash, const struct hde_object *object)
{
    hash = mix_in(hash, (uint64_t)object->owner << 48 ^ (uint64_t)object->depth << 24 ^
                            (uint64_t)object->shared << 4 ^ object->is_open);
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
    uint64_t hash = mix_in(pc, hde_self->id);

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

static void renew(void)
{
    if (generation == hde_execution.generation) {
        return;
    }
    generation = hde_execution.generation;
    looks_count = 0;
    hde_execution.is_scrubbed = true;
    hde_execution.is_observed = true;
    for (unsigned id = 0; id < HDE_ROUND_THREADS_MAX; id++) {
        retries[id] = 0;
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

/* What was done since an equal look; returns whether it was fair. */
static bool take_round(struct hde_round *round, const struct look *then)
{
    *round = (struct hde_round){.has_changes = then->changes != hde_execution.changes};
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        const struct hde_thread *thread = &hde_execution.threads[id];
        struct standing now = standing_of(id);

        if (thread->has_ended || (id == 0 && hde_execution.is_awaiting)) {
            continue;
        }
        if (now.events != then->threads[id].events) {
            hde_set_add(&round->stepped, id);
            if (now.retries != then->threads[id].retries) {
                hde_set_add(&round->retried, id);
            }
        } else if (is_blocked(thread) && now.opened == then->threads[id].opened) {
            hde_set_add(&round->blocked, id);
        } else {
            return false;
        }
    }
    return true;
}

static void tell(const struct hde_round *round)
{
    for (unsigned i = 0; hde_watchers.round[i] != NULL; i++) {
        hde_watchers.round[i](round);
    }
}

static void compare(uint64_t hash)
{
    uint32_t kept = looks_count < LOOKS_KEPT ? looks_count : LOOKS_KEPT;

    for (uint32_t i = 0; i < kept; i++) {
        struct hde_round round;

        if (looks[i].hash == hash && take_round(&round, &looks[i])) {
            tell(&round);
        }
    }
}

static void keep(uint64_t hash)
{
    struct look *look = &looks[looks_count++ % LOOKS_KEPT];

    look->hash = hash;
    look->changes = hde_execution.changes;
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        look->threads[id] = standing_of(id);
    }
}

static void look_around(uint32_t pc)
{
    renew();
    if (looks_count < LOOKS_MAX && !is_too_large()) {
        uint64_t hash = hash_state(pc);

        compare(hash);
        keep(hash);
    }
}

void hde_round_read_again(uint32_t pc)
{
    if (!hde_execution.is_priming) {
        look_around(pc);
    }
}

void hde_round_try_failed(uint32_t pc)
{
    struct hde_thread *self = hde_self;

    if (self->held_count == 0 || self->id >= HDE_ROUND_THREADS_MAX || hde_execution.is_priming) {
        return;
    }
    renew();
    retries[self->id]++;
    places[self->id] = hde_thread_place(self);
    places[self->id].pc = pc;
    if (retries[self->id] > 1) {
        look_around(pc);
    }
}

struct hde_place hde_round_retry(unsigned thread) { return places[thread]; }
