/*
 * Growth: how what an exploration has seen grew, in samples that lie closer together at its start,
 * where most is new. When one is taken depends on the number of executions only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_GROWTH_H
#define HEDDLE_ENGINE_GROWTH_H

#include <stdbool.h>
#include <stdint.h>

#define HDE_SAMPLES_MAX 200U
#define HDE_STATES_UNKNOWN UINT64_MAX

struct hde_sample {
    uint64_t executions;
    uint64_t took_ns; /* real time since the exploration began */
    uint64_t states;  /* different ones; HDE_STATES_UNKNOWN */
    uint64_t findings;
};

struct hde_growth {
    uint32_t count;
    struct hde_sample samples[HDE_SAMPLES_MAX]; /* in the order of `executions' */
};

/* After so many executions comes the sample next to the one after `executions`; 0: the first. */
static inline uint64_t hde_growth_next(uint64_t executions)
{
    return executions + executions / 8 + 1;
}

/* Add a sample if its time has come, or if it is the last one; there is room for the last one. */
static inline void
hde_growth_add(struct hde_growth *growth, const struct hde_sample *sample, bool is_last)
{
    uint64_t before = growth->count == 0 ? 0 : growth->samples[growth->count - 1].executions;
    uint32_t room = HDE_SAMPLES_MAX - (is_last ? 0 : 1);

    if (is_last && growth->count > 0 && sample->executions == before) {
        growth->count--;
    }
    if (growth->count < room && (is_last || sample->executions >= hde_growth_next(before))) {
        growth->samples[growth->count++] = *sample;
    }
}

#endif
