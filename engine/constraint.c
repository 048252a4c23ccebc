/*
 * Constraint: hash tables of places, and the states of a constraint.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/constraint.h"

#include <stddef.h>

static uint32_t slot_of(uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

/* ---- The pool -------------------------------------------------------------------------------- */

/* 1 + its index; 0: there is no room. */
static uint16_t add_location(struct hde_pool *pool, uint64_t address)
{
    if (pool->locations_count == HDE_POOL_LOCATIONS_MAX) {
        return 0;
    }
    pool->locations[pool->locations_count].address = address;
    return (uint16_t)++pool->locations_count;
}

/* 1 + its index, made if it is new; 0: there is no room. */
static uint32_t find_location(struct hde_pool *pool, uint64_t address)
{
    for (uint32_t slot = slot_of(address);; slot++) {
        uint16_t *index = &pool->location_slots[slot % (2 * HDE_POOL_LOCATIONS_MAX)];

        if (*index == 0) {
            *index = add_location(pool, address);
            return *index;
        }
        if (pool->locations[*index - 1].address == address) {
            return *index;
        }
    }
}

/* The slot of the place, which is free if it is new. */
static uint16_t *find_place(struct hde_pool *pool, uint32_t location, uint32_t pc, unsigned thread)
{
    uint64_t key = ((uint64_t)pc << 32 | location) * 251 + thread;

    for (uint32_t slot = slot_of(key);; slot++) {
        uint16_t *index = &pool->place_slots[slot % (2 * HDE_POOL_PLACES_MAX)];
        const struct hde_pool_place *place = &pool->places[*index == 0 ? 0 : *index - 1];

        if (*index == 0 ||
            (place->location == location && place->pc == pc && place->thread == thread)) {
            return index;
        }
    }
}

/* Whether a thread writes the location that another one reads. */
static bool is_contended(const struct hde_pool *pool, const struct hde_pool_location *location)
{
    unsigned reader = HDE_ANYBODY;
    unsigned writer = HDE_ANYBODY;
    bool is_by_two = false;

    for (uint32_t at = location->first; at != 0; at = pool->places[at - 1].next) {
        const struct hde_pool_place *place = &pool->places[at - 1];

        is_by_two = is_by_two ||
                    (place->reads && writer != HDE_ANYBODY && writer != place->thread) ||
                    (place->writes && reader != HDE_ANYBODY && reader != place->thread);
        reader = place->reads ? place->thread : reader;
        writer = place->writes ? place->thread : writer;
    }
    return is_by_two;
}

void hde_pool_note(struct hde_pool *pool,
                   unsigned thread,
                   const struct hde_event *event,
                   uint64_t address)
{
    uint32_t at = find_location(pool, address);

    if (at == 0) {
        return;
    }
    struct hde_pool_location *location = &pool->locations[at - 1];
    uint16_t *slot = find_place(pool, at - 1, event->pc, thread);

    if (*slot != 0 || pool->places_count == HDE_POOL_PLACES_MAX) {
        return;
    }
    bool reads = hde_event_reads(event);

    pool->places[pool->places_count] = (struct hde_pool_place){
        .location = at - 1,
        .next = location->first,
        .pc = event->pc,
        .thread = (uint16_t)thread,
        .reads = reads,
        .writes = event->writes,
    };
    *slot = (uint16_t)++pool->places_count;
    location->first = pool->places_count;
    location->reads += reads;
    location->writes += event->writes;
    if (!location->is_contended && is_contended(pool, location)) {
        location->is_contended = true;
        pool->contended[pool->contended_count++] = (uint16_t)(at - 1);
    }
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* The place of `rank' among those that read, or those that write. */
static const struct hde_pool_place *select_place(const struct hde_pool *pool,
                                                 const struct hde_pool_location *location,
                                                 uint32_t rank,
                                                 bool writes)
{
    const struct hde_pool_place *place = &pool->places[location->first - 1];

    for (;; place = &pool->places[place->next - 1]) {
        if ((writes ? place->writes : place->reads) && rank-- == 0) {
            return place;
        }
    }
}

static bool toss(struct hde_rng *rng) { return hde_rng_below(rng, 2) == 0; }

static void begin_one(struct hde_constraint *constraint)
{
    constraint->is_active = true;
    constraint->is_last = constraint->write_pc == 0;
}

static bool
draw_one(struct hde_constraint *constraint, const struct hde_pool *pool, struct hde_rng *rng)
{
    if (pool->contended_count == 0) {
        return false;
    }
    const struct hde_pool_location *location =
        &pool->locations[pool->contended[hde_rng_below(rng, pool->contended_count)]];
    const struct hde_pool_place *reader =
        select_place(pool, location, hde_rng_below(rng, location->reads), false);

    /* One more: what was there before any write. */
    uint32_t rank = hde_rng_below(rng, location->writes + 1);
    const struct hde_pool_place *writer =
        rank == location->writes ? NULL : select_place(pool, location, rank, true);

    *constraint = (struct hde_constraint){
        .address = location->address,
        .write_pc = writer == NULL ? 0 : writer->pc,
        .read_pc = reader->pc,
        .writer = writer == NULL || hde_rng_below(rng, 4) == 0 ? HDE_ANYBODY : writer->thread,
        .reader = toss(rng) ? HDE_ANYBODY : reader->thread,
        .is_positive = hde_rng_below(rng, 4) != 0,
        .is_eager = toss(rng),
    };
    begin_one(constraint);
    return true;
}

/* ---- Its life -------------------------------------------------------------------------------- */

static bool touches(const struct hde_constraint *constraint, const struct hde_event *event)
{
    return event->address == constraint->address || event->address2 == constraint->address;
}

static bool
is_reader(const struct hde_constraint *constraint, unsigned thread, const struct hde_event *event)
{
    return event->pc == constraint->read_pc &&
           (constraint->reader == HDE_ANYBODY || constraint->reader == thread) &&
           hde_event_reads(event);
}

static bool
delays(const struct hde_constraint *constraint, unsigned thread, const struct hde_event *event)
{
    if (!constraint->is_active || !touches(constraint, event)) {
        return false;
    }
    if (is_reader(constraint, thread, event)) {
        return constraint->is_last != constraint->is_positive;
    }
    return event->writes && constraint->is_last && constraint->is_positive;
}

static bool
is_writer(const struct hde_constraint *constraint, unsigned thread, const struct hde_event *event)
{
    return event->writes && event->pc == constraint->write_pc &&
           (constraint->writer == HDE_ANYBODY || constraint->writer == thread);
}

static bool
wants(const struct hde_constraint *constraint, unsigned thread, const struct hde_event *event)
{
    return constraint->is_active && constraint->is_eager && constraint->is_positive &&
           !constraint->is_last && touches(constraint, event) &&
           is_writer(constraint, thread, event);
}

static void
note_one(struct hde_constraint *constraint, unsigned thread, const struct hde_event *event)
{
    if (!constraint->is_active || !touches(constraint, event)) {
        return;
    }
    if (is_reader(constraint, thread, event) && constraint->is_last == constraint->is_positive) {
        constraint->is_active = false;
        return;
    }
    if (event->writes) {
        constraint->is_last = is_writer(constraint, thread, event);
    }
}

/* ---- All of an execution --------------------------------------------------------------------- */

void hde_constraints_add(struct hde_constraints *constraints,
                         const struct hde_pool *pool,
                         struct hde_rng *rng)
{
    if (constraints->count < HDE_CONSTRAINTS_MAX) {
        constraints->count += draw_one(&constraints->items[constraints->count], pool, rng);
    }
}

void hde_constraints_begin(struct hde_constraints *constraints)
{
    for (uint32_t i = 0; i < constraints->count; i++) {
        begin_one(&constraints->items[i]);
    }
}

void hde_constraints_activate(struct hde_constraints *constraints)
{
    for (uint32_t i = 0; i < constraints->count; i++) {
        constraints->items[i].is_active = true;
    }
}

void hde_constraints_note(struct hde_constraints *constraints,
                          unsigned thread,
                          const struct hde_event *event)
{
    for (uint32_t i = 0; i < constraints->count; i++) {
        note_one(&constraints->items[i], thread, event);
    }
}

static bool is_any(const struct hde_constraints *constraints,
                   bool (*says)(const struct hde_constraint *constraint,
                                unsigned thread,
                                const struct hde_event *event),
                   const struct hde_choice *choice,
                   unsigned thread)
{
    for (uint32_t i = 0; i < constraints->count; i++) {
        if (says(&constraints->items[i], thread, &choice->pending[thread])) {
            return true;
        }
    }
    return false;
}

/* Those whom nothing delays, and those of them who are wanted; a timeout is just let pass. */
static void sort_out(const struct hde_constraints *constraints,
                     const struct hde_choice *choice,
                     const struct hde_set *open,
                     struct hde_set *free,
                     struct hde_set *wanted)
{
    for (unsigned thread = hde_set_first(open); thread < HDE_THREADS_MAX;
         thread = hde_set_next(open, thread + 1)) {
        bool times_out = hde_set_has(choice->timed, thread);

        if (!times_out && is_any(constraints, delays, choice, thread)) {
            continue;
        }
        hde_set_add(free, thread);
        if (!times_out && is_any(constraints, wants, choice, thread)) {
            hde_set_add(wanted, thread);
        }
    }
}

struct hde_set hde_constraints_heed(struct hde_constraints *constraints,
                                    const struct hde_choice *choice,
                                    const struct hde_set *open)
{
    static const struct hde_set nobody;

    for (;; constraints->count--) {
        struct hde_set free = nobody;
        struct hde_set wanted = nobody;

        sort_out(constraints, choice, open, &free, &wanted);
        if (!hde_set_is_empty(&free)) {
            return hde_set_is_empty(&wanted) ? free : wanted;
        }
    }
}
