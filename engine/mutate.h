/*
 * Mutate: an input made a little different, or of two inputs.
 *
 * What an operator does is done to the input that the bytes mean, and then written in its one form:
 * so no mutant is lost on bytes that mean nothing, and none damages what it does not mean to touch.
 *
 *     30 %  add an entry at a point
 *     20 %  move an entry to another event of its thread: a point nearby, or up to 8 events away
 *     15 %  give an entry another target, or another action
 *     10 %  reverse a pair: two entries, one before each of its events
 *     10 %  drop an entry
 *      5 %  another base, seed, or visibility
 *     10 %  change the values of one thread, by the fuzzer's own mutator
 *
 * Besides, most mutants do not look for rounds, which is slow, even if the input did. An operator
 * for which there is nothing to do gives way to the first. Without points, events are
 * guessed. All is a function of the arguments.
 *
 * Source: mutation at observed conflicts as in Wolff et al., Greybox fuzzing for concurrency
 *         testing, ASPLOS 2024.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_MUTATE_H
#define HEDDLE_ENGINE_MUTATE_H

#include "engine/points.h"

enum hde_operator {
    HDE_MUTATE_ADD,
    HDE_MUTATE_MOVE,
    HDE_MUTATE_RETARGET,
    HDE_MUTATE_REVERSE,
    HDE_MUTATE_DROP,
    HDE_MUTATE_RESEED,
    HDE_MUTATE_VALUES,
    HDE_MUTATE_OPERATORS /* one of them, drawn */
};

struct hde_mutation {
    enum hde_operator which;
    uint64_t seed;
    const struct hde_points *points; /* of the input; NULL: not known */

    /* LLVMFuzzerMutate(): changes `size' bytes in place, returns their new number, <= `size_max' */
    size_t (*mutate_bytes)(uint8_t *bytes, size_t size, size_t size_max);
};

/* The same input in place, mutated, in at most `size_max' bytes, which is not 0. Its size. */
size_t
hde_mutate(uint8_t *bytes, size_t size, size_t size_max, const struct hde_mutation *mutation);

/*
 * Into `bytes': of a drawn set of threads the entries and values of `a', of the others those of
 * `b', on the base of one of them. At most `size_max' bytes. Returns its size.
 */
size_t hde_cross(const struct hde_input_bytes *a,
                 const struct hde_input_bytes *b,
                 uint8_t *bytes,
                 size_t size_max,
                 uint64_t seed);

#endif
