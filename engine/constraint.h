/*
 * Constraint: that one place reads what another has written, or that it does not.
 *
 * A place is where threads touch a location; of one thread, or of any. While a constraint is active
 * it delays steps that would break it: a read before the write has come that it is to find, and
 * other writes between these two. It is over once that read has been.
 *
 * A pool keeps the places that executions have come by, from which constraints are drawn.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CONSTRAINT_H
#define HEDDLE_ENGINE_CONSTRAINT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/choice.h"
#include "engine/rng.h"

#define HDE_ANYBODY HDE_THREADS_MAX
#define HDE_CONSTRAINTS_MAX 4U
#define HDE_POOL_PLACES_MAX 2048U
#define HDE_POOL_LOCATIONS_MAX 512U

struct hde_constraint {
    uint64_t address;
    uint32_t write_pc; /* 0: what was there before any write */
    uint32_t read_pc;
    uint16_t writer; /* a thread, or HDE_ANYBODY */
    uint16_t reader;
    bool is_positive; /* it is to read that write; else another one */
    bool is_eager;    /* positive: that write is to come as soon as it can, before others */
    bool is_active;
    bool is_last; /* that write is the last one now */
};

/* Those of one execution. */
struct hde_constraints {
    uint32_t count;
    struct hde_constraint items[HDE_CONSTRAINTS_MAX];
};

struct hde_pool_place {
    uint32_t location;
    uint32_t next; /* of the same location; 0 ends the list, else 1 + index */
    uint32_t pc;
    uint16_t thread;
    bool reads;
    bool writes;
};

struct hde_pool_location {
    uint64_t address;
    uint32_t first; /* place: 1 + index */
    uint32_t reads; /* how many of its places do */
    uint32_t writes;
    bool is_contended; /* two threads touch it, one of them writes, one reads */
};

struct hde_pool {
    uint32_t places_count;
    uint32_t locations_count;
    uint32_t contended_count;
    struct hde_pool_place places[HDE_POOL_PLACES_MAX];
    struct hde_pool_location locations[HDE_POOL_LOCATIONS_MAX];
    uint16_t contended[HDE_POOL_LOCATIONS_MAX]; /* indices of locations */

    /* Hash tables: 1 + index; 0 is free. Twice as large as what they hold, a power of 2. */
    uint16_t place_slots[2 * HDE_POOL_PLACES_MAX];
    uint16_t location_slots[2 * HDE_POOL_LOCATIONS_MAX];
};

/* `thread' carries out `event', which touches `address': a place, perhaps a new one. */
void hde_pool_note(struct hde_pool *pool,
                   unsigned thread,
                   const struct hde_event *event,
                   uint64_t address);

/* One more, active, unless there is no room or no location is contended yet. */
void hde_constraints_add(struct hde_constraints *constraints,
                         const struct hde_pool *pool,
                         struct hde_rng *rng);

/* An execution begins. */
void hde_constraints_begin(struct hde_constraints *constraints);

/* Those that are over are not, as far as what comes is concerned. */
void hde_constraints_activate(struct hde_constraints *constraints);

/*
 * Which of `open' may step at this choice, for all constraints: those that one of them waits for if
 * there are any, else those that break none. If each would break one, constraints are given up, the
 * last ones first. Never empty.
 */
struct hde_set hde_constraints_heed(struct hde_constraints *constraints,
                                    const struct hde_choice *choice,
                                    const struct hde_set *open);

/* `thread' carries `event' out. */
void hde_constraints_note(struct hde_constraints *constraints,
                          unsigned thread,
                          const struct hde_event *event);

#endif
