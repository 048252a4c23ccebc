/*
 * Census: which threads make how many events on which objects, as earlier executions had it.
 *
 * Threads are known across executions by their role: who created them, where, and as the how many
 * from there. What is counted is kept by role and object, an object being an address, and becomes
 * what is expected of the next executions, as a mean in which older ones count for less and less.
 *
 * Tables are of fixed size; what does not fit in is not counted. Entries are never removed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CENSUS_H
#define HEDDLE_ENGINE_CENSUS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/event.h"
#include "engine/set.h"

#define HDE_CENSUS_ROLES_MAX 1024U
#define HDE_CENSUS_OBJECTS_MAX 2048U
#define HDE_CENSUS_COUNTS_MAX 8192U
#define HDE_CENSUS_UNIT 16U /* what is expected is in this part of an event */
#define HDE_CENSUS_NONE UINT32_MAX

struct hde_census_role {
    uint64_t name; /* hash of what it is known by */
    uint32_t
        parent; /* a lesser role; NONE: of main, and of threads that are there from the start */
    uint32_t children; /* created in this execution */
    uint32_t now;      /* events of this execution */
    uint32_t expected; /* of its thread itself, in units */
    bool has_run;      /* in this execution */
    bool is_known;     /* and in one before */
};

struct hde_census_object {
    uint64_t address;
    uint32_t role;     /* who touched it first */
    bool is_contended; /* two threads touch it, and it is written */
    bool is_shared;    /* two threads touch it */
    bool is_written;   /* after it was shared, or by another than who touched it first */
    bool is_sync;      /* it is more than memory that is read and written */
};

struct hde_census_count {
    uint32_t role;
    uint32_t object;
    uint32_t now;
    uint32_t expected; /* in units */
};

struct hde_census {
    uint32_t roles_count;
    uint32_t objects_count;
    uint32_t counts_count;
    uint32_t contended_count;
    struct hde_census_role roles[HDE_CENSUS_ROLES_MAX];
    struct hde_census_object objects[HDE_CENSUS_OBJECTS_MAX];
    struct hde_census_count counts[HDE_CENSUS_COUNTS_MAX];
    uint32_t contended[HDE_CENSUS_OBJECTS_MAX]; /* the objects that are, as they became it */

    /* Of this execution. */
    bool counts_objects;
    uint32_t threads_count;
    uint32_t creator;                  /* the thread that carried out the last CREATE */
    uint32_t creator_pc;               /* there */
    uint32_t role_of[HDE_THREADS_MAX]; /* by thread: [0, threads_count) */

    /* Hash tables: 1 + index; 0 is free. Twice as large as what they hold, a power of 2. */
    uint16_t role_slots[2 * HDE_CENSUS_ROLES_MAX];
    uint16_t object_slots[2 * HDE_CENSUS_OBJECTS_MAX];
    uint16_t count_slots[2 * HDE_CENSUS_COUNTS_MAX];
};

/*
 * An execution begins: what was counted in the one before becomes part of what is expected. Zero is
 * a valid state before the first one. `counts_objects': otherwise only the events of each role are.
 */
void hde_census_begin(struct hde_census *census, bool counts_objects);

/* `thread' is there; and all with lesser ids are. */
void hde_census_meet(struct hde_census *census, unsigned thread);

/* `thread' carries `event' out. */
void hde_census_note(struct hde_census *census, unsigned thread, const struct hde_event *event);

/* The object at `address'; NONE if it is not known. */
uint32_t hde_census_object(const struct hde_census *census, uint64_t address);

#endif
