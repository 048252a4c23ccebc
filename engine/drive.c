/*
 * Drive: who is held back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drive.h"

#include <stddef.h>

#include "engine/execution.h"

static bool holds(const struct hde_thread *thread, uint64_t lock)
{
    uint32_t named = thread->held_count < HDE_HELD_MAX ? thread->held_count : HDE_HELD_MAX;

    for (uint32_t i = 0; i < named; i++) {
        if (thread->held[i]->address == lock) {
            return true;
        }
    }
    return false;
}

/* Whether its next event acquires the lock, or is part of that. */
static bool wants(const struct hde_thread *thread, uint64_t lock)
{
    const struct hde_event *event = &hde_execution.pending[thread->id];

    if (thread->wants != NULL) {
        return thread->wants->address == lock;
    }
    return event->address == lock &&
           (event->kind == HDE_EVENT_LOCK || event->kind == HDE_EVENT_SHARED_LOCK);
}

/* A thread that stands at this edge and at none of those before; HDE_NOBODY if there is none. */
static unsigned find_at(const struct hde_lock_edge *edge, const struct hde_set *taken)
{
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        const struct hde_thread *thread = &hde_execution.threads[id];

        if (!thread->has_ended && !hde_set_has(taken, id) && wants(thread, edge->wanted.address) &&
            holds(thread, edge->held.address)) {
            return id;
        }
    }
    return HDE_NOBODY;
}

/* Who stands at an edge of the circle; nobody once there is somebody at each. */
static struct hde_set find_held_back(const struct hde_lock_cycle *cycle)
{
    static const struct hde_set nobody;
    struct hde_set standing = nobody;
    uint32_t count = 0;

    for (uint32_t i = 0; i < cycle->count; i++) {
        unsigned id = find_at(cycle->edges[i], &standing);

        if (id != HDE_NOBODY) {
            hde_set_add(&standing, id);
            count++;
        }
    }
    return count == cycle->count ? nobody : standing;
}

static void begin(void *state, uint64_t seed)
{
    struct hde_drive *drive = state;

    hde_draw_begin(&drive->draw, seed);
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct hde_drive *drive = state;

    if (choice->kind != HDE_CHOICE_THREAD) {
        return hde_draw_answer(&drive->draw, choice);
    }
    struct hde_set held_back = find_held_back(drive->cycle);
    struct hde_set open = hde_draw_open(&drive->draw, choice);
    struct hde_set others = hde_set_minus(&open, &held_back);

    if (hde_set_is_empty(&others)) {
        others = hde_set_minus(choice->threads, &held_back);
    }
    return hde_draw_thread(&drive->draw, hde_set_is_empty(&others) ? choice->threads : &others);
}

static bool end(void *state)
{
    (void)state;
    return true;
}

const struct hde_strategy hde_strategy_drive = {
    .name = "drive",
    .summary = "leads threads into a circle of locks",
    .state_size = sizeof(struct hde_drive),
    .begin = begin,
    .choose = choose,
    .end = end,
};
