/*
 * Vector clocks: what a thread knows of the others' progress.
 *
 * Component t counts the releases of thread t. An event of thread t at time c happens before what a
 * thread does next if c <= that thread's component t. Components at and above `size` are 0.
 *
 * Sizes are multiples of HDE_CLOCK_STEP: most clocks are one step of that many components. The
 * first step is taken one by one, for the reason given at hde_event_copy(), the rest by vectors.
 *
 * Times are those of one execution and begin at 1; records that outlive it add the execution's base
 * (race.c), so that nothing need be cleared.
 *
 * Source: Mattern 1989; Flanagan and Freund, FastTrack, PLDI 2009.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CLOCK_H
#define HEDDLE_ENGINE_CLOCK_H

#include <stdint.h>

#include "engine/set.h"

#define HDE_CLOCK_STEP 4U

/* One step of components. */
typedef uint32_t hde_clock_step __attribute__((vector_size(HDE_CLOCK_STEP * sizeof(uint32_t))));

struct hde_clock {
    uint32_t size; /* components in use */
    union {
        uint32_t at[HDE_THREADS_MAX];
        hde_clock_step steps[HDE_THREADS_MAX / HDE_CLOCK_STEP];
    };
};

static inline uint32_t hde_clock_at(const struct hde_clock *clock, unsigned thread)
{
    return thread < clock->size ? clock->at[thread] : 0;
}

/* Make `size', a multiple of HDE_CLOCK_STEP, components usable. */
static inline void hde_clock_extend(struct hde_clock *clock, uint32_t size)
{
    for (; clock->size < size; clock->size += HDE_CLOCK_STEP) {
        for (uint32_t i = 0; i < HDE_CLOCK_STEP; i++) {
            clock->at[clock->size + i] = 0;
        }
    }
}

static inline void hde_clock_copy(struct hde_clock *to, const struct hde_clock *from)
{
    uint32_t steps = from->size / HDE_CLOCK_STEP;

    to->size = from->size;
    for (uint32_t i = 0; i < HDE_CLOCK_STEP; i++) {
        to->at[i] = from->at[i];
    }
    for (uint32_t i = 1; i < steps; i++) {
        to->steps[i] = from->steps[i];
    }
}

/* Each component becomes the greater of the two. */
static inline void hde_clock_join(struct hde_clock *to, const struct hde_clock *from)
{
    uint32_t steps = from->size / HDE_CLOCK_STEP;

    if (steps == 0) {
        return;
    }
    if (__builtin_expect(to->size < from->size, 0)) {
        hde_clock_extend(to, from->size);
    }
    for (uint32_t i = 0; i < HDE_CLOCK_STEP; i++) {
        to->at[i] = to->at[i] < from->at[i] ? from->at[i] : to->at[i];
    }
    for (uint32_t i = 1; i < steps; i++) {
        hde_clock_step is_less = (hde_clock_step)(to->steps[i] < from->steps[i]);

        to->steps[i] = (from->steps[i] & is_less) | (to->steps[i] & ~is_less);
    }
}

static inline void hde_clock_set(struct hde_clock *clock, unsigned thread, uint32_t time)
{
    hde_clock_extend(clock, (thread / HDE_CLOCK_STEP + 1) * HDE_CLOCK_STEP);
    clock->at[thread] = time;
}

#endif
