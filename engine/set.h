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

/*
 * Word by word, kept from becoming vectors: one word has often just been written, and a load of
 * more than was stored at once has to wait for the store.
 */
static inline void hde_set_copy(struct hde_set *to, const struct hde_set *from)
{
    for (unsigned i = 0; i < HDE_SET_WORDS; i++) {
        uint64_t word = from->word[i];

        __asm__("" : "+r"(word));
        to->word[i] = word;
    }
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

/* The member that has `rank` lesser ones. Requires rank < hde_set_count(set). */
static inline unsigned hde_set_select(const struct hde_set *set, unsigned rank)
{
    unsigned i = 0;
    unsigned here = (unsigned)__builtin_popcountll(set->word[0]);

    while (rank >= here) {
        rank -= here;
        here = (unsigned)__builtin_popcountll(set->word[++i]);
    }
    uint64_t left = set->word[i];

    for (; rank > 0; rank--) {
        left &= left - 1;
    }
    return i * 64 + (unsigned)__builtin_ctzll(left);
}

#endif
