/*
 * Remainder: sums over roles, in which children come after their parents.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/remainder.h"

static void take(uint64_t *left, uint64_t part) { *left -= *left < part ? *left : part; }

/* Whoever has created a thread no longer has to make what it will. */
static void meet_children(struct hde_remainder *remainder, const struct hde_census *census)
{
    for (; remainder->known < census->threads_count; remainder->known++) {
        uint32_t role = census->role_of[remainder->known];

        remainder->left[remainder->known] = remainder->expected[role];
        if (census->roles[role].parent != HDE_CENSUS_NONE && census->creator != HDE_CENSUS_NONE) {
            take(&remainder->left[census->creator], remainder->expected[role]);
        }
    }
}

void hde_remainder_begin(struct hde_remainder *remainder, struct hde_census *census)
{
    for (uint32_t i = census->roles_count; i-- > 0;) {
        uint32_t parent = census->roles[i].parent;

        if (parent != HDE_CENSUS_NONE) {
            remainder->expected[parent] += remainder->expected[i];
        }
    }
    remainder->known = 0;
    meet_children(remainder, census);
}

void hde_remainder_meet(struct hde_remainder *remainder,
                        struct hde_census *census,
                        const struct hde_set *threads)
{
    for (unsigned id = hde_set_next(threads, remainder->known); id < HDE_THREADS_MAX;
         id = hde_set_next(threads, id + 1)) {
        hde_census_meet(census, id);
        meet_children(remainder, census);
    }
}

void hde_remainder_note(struct hde_remainder *remainder,
                        struct hde_census *census,
                        unsigned thread,
                        const struct hde_event *event,
                        bool is_one)
{
    hde_census_note(census, thread, event);
    if (remainder->known < census->threads_count) {
        meet_children(remainder, census);
    }
    if (is_one) {
        take(&remainder->left[thread], HDE_CENSUS_UNIT);
    }
}

static uint64_t weight_of(const struct hde_remainder *remainder, unsigned thread)
{
    return remainder->left[thread] > remainder->least ? remainder->left[thread] : remainder->least;
}

unsigned hde_remainder_draw(const struct hde_remainder *remainder,
                            struct hde_rng *rng,
                            const struct hde_set *threads)
{
    unsigned thread = hde_set_first(threads);
    uint64_t sum = weight_of(remainder, thread);

    for (unsigned id = hde_set_next(threads, thread + 1); id < HDE_THREADS_MAX;
         id = hde_set_next(threads, id + 1)) {
        sum += weight_of(remainder, id);
    }
    uint64_t rank = hde_rng_next(rng) % sum;

    while (rank >= weight_of(remainder, thread)) {
        rank -= weight_of(remainder, thread);
        thread = hde_set_next(threads, thread + 1);
    }
    return thread;
}
