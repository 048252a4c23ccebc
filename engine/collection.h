/*
 * Collection: the findings of an exploration, each once, shrunk.
 *
 * What comes in are schedules, maybe of another process; each is replayed here, which shows at once
 * whether it can be.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COLLECTION_H
#define HEDDLE_ENGINE_COLLECTION_H

#include "engine/execution.h"
#include "engine/replay.h"
#include "engine/shrink.h"
#include "engine/trace.h"

/* One finding. */
struct hde_caught {
    struct hde_finding finding;   /* as the last replay noted it */
    struct hde_schedule schedule; /* shrunk */
    struct hde_shrunk shrunk;
    uint64_t execution; /* number of the execution that showed it first */
};

struct hde_collection {
    /* Set by the owner, the rest zero. */
    const struct hde_program *program;
    const struct hde_settings *settings;
    /* Called for each new one, right after its shrunk schedule was replayed. May be NULL. */
    void (*caught)(void *listener, const struct hde_caught *caught, const struct hde_trace *trace);
    void *listener;
    size_t count_max; /* further findings are not taken; 0: all are */

    struct hde_caught *items;
    size_t count;
    size_t capacity;

    unsigned unreplayable;            /* schedules that did not show what they had shown */
    struct hde_divergence divergence; /* of the first of them, if it could not be followed */
    struct hde_trace trace;
};

/* Add the findings of an execution, known by its schedule, that are not there yet. */
void hde_collection_add(struct hde_collection *collection,
                        uint64_t execution,
                        const struct hde_schedule *schedule);

void hde_collection_release(struct hde_collection *collection);

#endif
