/*
 * Set of threads: one bit per thread id.
 *
 * A step changes who is ready for many threads at once (all that contend for one lock), so sets are
 * words, not lists.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SET_H
#define HEDDLE_ENGINE_SET_H

#include <stdbool.h>
#include <stdint.h>

#define HDE_THREADS_MAX 256U
#define HDE_SET_WORDS (HDE_THREADS_MAX / 64U)

struct hde_set {
    uint64_t word[HDE_SET_WORDS];
};

static inline void hde_set_add(struct hde_set *set, unsigned thread)
{
    set->word[thread / 64] |= UINT64_C(1) << (thread % 64);
}

static inline void hde_set_remove(struct hde_set *set, unsigned thread)
{
    set->word[thread / 64] &= ~(UINT64_C(1) << (thread % 64));
}

static inline bool hde_set_has(const struct hde_set *set, unsigned thread)
{
    return (set->word[thread / 64] >> (thread % 64) & 1) != 0;
}

static inline struct hde_set hde_set_union(const struct hde_set *a, const struct hde_set *b)
{
    struct hde_set both;

    for (unsigned i = 0; i < HDE_SET_WORDS; i++) {
        both.word[i] = a->word[i] | b->word[i];
    }
    return both;
}

static inline struct hde_set hde_set_minus(const struct hde_set *a, const struct hde_set *b)
{
    struct hde_set rest;

    for (unsigned i = 0; i < HDE_SET_WORDS; i++) {
        rest.word[i] = a->word[i] & ~b->word[i];
    }
    return rest;
}

/*
 * In the next three all members are below `threads_count`, and most programs have few threads: one
 * word is enough for these.
 */
static inline void
hde_set_add_all(struct hde_set *set, const struct hde_set *others, unsigned threads_count)
{
    set->word[0] |= others->word[0];
    if (__builtin_expect(threads_count > 64, 0)) {
        for (unsigned i = 1; i < HDE_SET_WORDS; i++) {
            set->word[i] |= others->word[i];
        }
    }
}

static inline void
hde_set_remove_all(struct hde_set *set, const struct hde_set *others, unsigned threads_count)
{
    set->word[0] &= ~others->word[0];
    if (__builtin_expect(threads_count > 64, 0)) {
        for (unsigned i = 1; i < HDE_SET_WORDS; i++) {
            set->word[i] &= ~others->word[i];
        }
    }
}

static inline unsigned hde_set_count_below(const struct hde_set *set, unsigned threads_count)
{
    unsigned count = (unsigned)__builtin_popcountll(set->word[0]);

    if (__builtin_expect(threads_count > 64, 0)) {
        for (unsigned i = 1; i < HDE_SET_WORDS; i++) {
            count += (unsigned)__builtin_popcountll(set->word[i]);
        }
    }
    return count;
}

static inline bool hde_set_is_empty(const struct hde_set *set)
{
    uint64_t any = 0;

    for (unsigned i = 0; i < HDE_SET_WORDS; i++) {
        any |= set->word[i];
    }
    return any == 0;
}

static inline unsigned hde_set_count(const struct hde_set *set)
{
    unsigned count = 0;

    for (unsigned i = 0; i < HDE_SET_WORDS; i++) {
        count += (unsigned)__builtin_popcountll(set->word[i]);
    }
    return count;
}

/* The least member that is >= `from`; HDE_THREADS_MAX if there is none. */
static inline unsigned hde_set_next(const struct hde_set *set, unsigned from)
{
    for (unsigned i = from / 64; i < HDE_SET_WORDS; i++) {
        uint64_t left = set->word[i];

        if (i == from / 64) {
            left &= ~UINT64_C(0) << (from % 64);
        }
        if (left != 0) {
            return i * 64 + (unsigned)__builtin_ctzll(left);
        }
    }
    return HDE_THREADS_MAX;
}

static inline unsigned hde_set_first(const struct hde_set *set)
{
    return __builtin_expect(set->word[0] != 0, 1) ? (unsigned)__builtin_ctzll(set->word[0])
                                                  : hde_set_next(set, 64);
}

/*
 * The set bit that has `rank` lesser ones. There are few, as a rule: these are found without a loop
 * or branch, because nobody can guess how often it would be taken.
 */
static inline unsigned hde_set_select_in_word(uint64_t word, unsigned rank)
{
    unsigned base = 0;

    if (__builtin_expect(rank > 3, 0)) {
        for (unsigned half = 32; half >= 8; half /= 2) {
            unsigned low = (unsigned)__builtin_popcountll(word & ((UINT64_C(1) << half) - 1));
            unsigned skipped = rank >= low ? half : 0;

            rank -= rank >= low ? low : 0;
            word >>= skipped;
            base += skipped;
        }
        for (; rank > 3; rank--) {
            word &= word - 1;
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        word = i < rank ? word & (word - 1) : word;
    }
    return base + (unsigned)__builtin_ctzll(word);
}

/* The member that has `rank` lesser ones. Requires rank < hde_set_count(set). */
static inline unsigned hde_set_select(const struct hde_set *set, unsigned rank)
{
    unsigned i = 0;
    unsigned here = (unsigned)__builtin_popcountll(set->word[0]);

    while (rank >= here) {
        rank -= here;
        here = (unsigned)__builtin_popcountll(set->word[++i]);
    }
    return i * 64 + hde_set_select_in_word(set->word[i], rank);
}

#endif
