/*
 * Random numbers: xoshiro256++, seeded through splitmix64. The engine's only source of them.
 *
 * Source: Blackman and Vigna, Scrambled linear pseudorandom number generators, TOMS 2021;
 *         Lemire, Fast random integer generation in an interval, TOMACS 2019 (without the
 *         rejection: the bias is below 2^-32 x bound).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_RNG_H
#define HEDDLE_ENGINE_RNG_H

#include <stdint.h>

struct hde_rng {
    uint64_t state[4]; /* not all zero */
};

static inline uint64_t hde_rng_mix(uint64_t *seed)
{
    *seed += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = *seed;

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* Hash one value more. */
static inline uint64_t hde_rng_mix_in(uint64_t hash, uint64_t value)
{
    uint64_t seed = hash ^ value;

    return hde_rng_mix(&seed);
}

static inline void hde_rng_seed(struct hde_rng *rng, uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++) {
        rng->state[i] = hde_rng_mix(&seed);
    }
}

static inline uint64_t hde_rng_rotate(uint64_t value, unsigned by)
{
    return value << by | value >> (64 - by);
}

static inline uint64_t hde_rng_next(struct hde_rng *rng)
{
    uint64_t *state = rng->state;
    uint64_t result = hde_rng_rotate(state[0] + state[3], 23) + state[0];
    uint64_t shifted = state[1] << 17;

    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = hde_rng_rotate(state[3], 45);
    return result;
}

/* One of 0 .. bound-1. Requires 0 < bound. */
static inline uint32_t hde_rng_below(struct hde_rng *rng, uint32_t bound)
{
    return (uint32_t)((hde_rng_next(rng) >> 32) * bound >> 32);
}

#endif
