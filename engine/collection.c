/*
 * Collection: replays, compares, shrinks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/collection.h"

#include <stddef.h>

#include "engine/array.h"

#define SHRINK_REPLAYS_MAX 2000U

static const struct hde_finding *
find_same(const struct hde_finding *findings, uint32_t count, const struct hde_finding *wanted)
{
    for (uint32_t i = 0; i < count; i++) {
        if (hde_finding_is_same(&findings[i], wanted)) {
            return &findings[i];
        }
    }
    return NULL;
}

static bool is_caught(const struct hde_collection *collection, const struct hde_finding *finding)
{
    for (size_t i = 0; i < collection->count; i++) {
        if (hde_finding_is_same(&collection->items[i].finding, finding)) {
            return true;
        }
    }
    return false;
}

/* Replay strictly; returns whether the schedule could be followed. */
static bool replay(struct hde_collection *collection,
                   const struct hde_schedule *schedule,
                   struct hde_trace *trace)
{
    struct hde_divergence divergence;

    hde_replay(collection->program, collection->settings, schedule, &divergence, trace);
    if (divergence.has_diverged && !collection->divergence.has_diverged) {
        collection->divergence = divergence;
    }
    return !divergence.has_diverged;
}

static void take_in(struct hde_collection *collection,
                    uint64_t execution,
                    const struct hde_schedule *schedule,
                    const struct hde_finding *finding)
{
    struct hde_caught caught = {.execution = execution};

    hde_schedule_copy(&caught.schedule, schedule);
    caught.shrunk = hde_shrink(collection->program, collection->settings, finding, &caught.schedule,
                               SHRINK_REPLAYS_MAX);

    bool is_followed = replay(collection, &caught.schedule, &collection->trace);
    const struct hde_finding *again =
        find_same(hde_execution.findings, hde_execution.findings_count, finding);

    if (!is_followed || again == NULL) {
        collection->unreplayable++;
        hde_schedule_release(&caught.schedule);
        return;
    }
    caught.finding = *again;
    collection->items = hde_array_grow(collection->items, &collection->capacity,
                                       collection->count + 1, sizeof(*collection->items));
    collection->items[collection->count++] = caught;
    if (collection->caught != NULL) {
        collection->caught(collection->listener, &caught, &collection->trace);
    }
}

static bool is_full(const struct hde_collection *collection)
{
    return collection->count_max != 0 && collection->count >= collection->count_max;
}

void hde_collection_add(struct hde_collection *collection,
                        uint64_t execution,
                        const struct hde_schedule *schedule)
{
    static struct hde_finding found[HDE_FINDINGS_MAX]; /* the next replay overwrites those there */
    bool is_followed = replay(collection, schedule, NULL);
    uint32_t count = hde_execution.findings_count;

    if (!is_followed || count == 0) {
        collection->unreplayable++;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        found[i] = hde_execution.findings[i];
    }
    for (uint32_t i = 0; i < count && !is_full(collection); i++) {
        if (!is_caught(collection, &found[i])) {
            take_in(collection, execution, schedule, &found[i]);
        }
    }
}

void hde_collection_release(struct hde_collection *collection)
{
    for (size_t i = 0; i < collection->count; i++) {
        hde_schedule_release(&collection->items[i].schedule);
    }
    hde_array_release(collection->items, collection->capacity, sizeof(*collection->items));
    hde_trace_release(&collection->trace);
    collection->items = NULL;
    collection->count = 0;
    collection->capacity = 0;
}
