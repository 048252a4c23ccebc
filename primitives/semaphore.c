/*
 * Semaphore: free units and sleepers in one 64-bit word, so that a release learns in the very step
 * that frees its units whether somebody must be woken, and need not touch the word again.
 *
 * A thread counts itself as a sleeper before it looks for the last time, and un-counts itself in
 * the step in which it takes a unit or gives up. A release wakes as many threads as it frees units;
 * each looks for a unit before it looks at its deadline, so no wake-up is lost to one that timed
 * out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/semaphore.h"

#include <stdbool.h>

#include "primitives/annotate.h"
#include "primitives/futex.h"
#include "primitives/spin.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the units must be the first 4 bytes");

#define UNITS_MASK UINT64_C(0xffffffff)
#define ONE_SLEEPER (UINT64_C(1) << 32)

/* How acquires and releases of a semaphore are announced. */
#define WAITING (HD_ANNOTATE_EXCLUSIVE | HD_ANNOTATE_UNOWNED)
#define TRYING (HD_ANNOTATE_TRY | HD_ANNOTATE_UNOWNED)

/* The half of the state that the kernel compares: a thread sleeps only while it is 0. */
static const uint32_t *units_word(const struct hd_semaphore *semaphore)
{
    return (const uint32_t *)&semaphore->state;
}

/* Take a unit if there is one, and `sleepers` off the count of sleepers with it. */
static bool take_unit(struct hd_semaphore *semaphore, uint64_t sleepers)
{
    uint64_t state = __atomic_load_n(&semaphore->state, __ATOMIC_RELAXED);

    while ((state & UNITS_MASK) != 0) {
        /* Acquire: pairs with the release in hd_semaphore_release_within(). */
        if (__atomic_compare_exchange_n(&semaphore->state, &state, state - 1 - sleepers, true,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

static bool take_unit_by_looking(struct hd_semaphore *semaphore)
{
    struct hd_spin spin = HD_SPIN_INITIALIZER;

    do {
        if (take_unit(semaphore, 0)) {
            return true;
        }
    } while (hd_spin_again(&spin));
    return false;
}

static bool take_unit_until(struct hd_semaphore *semaphore, uint64_t deadline_ns)
{
    bool is_in_time = true;

    if (take_unit(semaphore, 0) || take_unit_by_looking(semaphore)) {
        return true;
    }
    (void)__atomic_fetch_add(&semaphore->state, ONE_SLEEPER, __ATOMIC_RELAXED);
    while (!take_unit(semaphore, ONE_SLEEPER)) {
        if (!is_in_time) {
            (void)__atomic_fetch_sub(&semaphore->state, ONE_SLEEPER, __ATOMIC_RELAXED);
            return false;
        }
        is_in_time = hd_futex_wait(units_word(semaphore), 0, deadline_ns);
    }
    return true;
}

static enum hd_result
acquire_until(struct hd_semaphore *semaphore, uint64_t deadline_ns, unsigned how)
{
    hd_annotate_acquire_begin(semaphore, how);
    bool is_acquired = take_unit_until(semaphore, deadline_ns);

    hd_annotate_acquire_end(semaphore, how, is_acquired);
    return is_acquired ? HD_OK : HD_TIMEOUT;
}

enum hd_result hd_semaphore_init(struct hd_semaphore *semaphore, uint32_t units)
{
    if (units > HD_SEMAPHORE_MAX) {
        return HD_INVALID;
    }
    semaphore->state = units;
    hd_annotate_init(semaphore, WAITING);
    return HD_OK;
}

void hd_semaphore_destroy(struct hd_semaphore *semaphore)
{
    hd_annotate_destroy(semaphore, WAITING);
}

void hd_semaphore_acquire(struct hd_semaphore *semaphore)
{
    (void)acquire_until(semaphore, HD_FOREVER, WAITING);
}

enum hd_result hd_semaphore_try_acquire(struct hd_semaphore *semaphore)
{
    hd_annotate_acquire_begin(semaphore, TRYING);
    bool is_acquired = take_unit(semaphore, 0);

    hd_annotate_acquire_end(semaphore, TRYING, is_acquired);
    return is_acquired ? HD_OK : HD_BUSY;
}

enum hd_result hd_semaphore_acquire_until(struct hd_semaphore *semaphore, uint64_t deadline_ns)
{
    unsigned how = deadline_ns == HD_FOREVER ? WAITING : TRYING;

    return acquire_until(semaphore, deadline_ns, how);
}

static bool exceeds(uint64_t state, uint32_t units, uint32_t bound)
{
    return units > bound || (state & UNITS_MASK) > bound - units;
}

/* Free `units` units unless more than `bound` would be free; the state before, in *before. */
static bool
free_units(struct hd_semaphore *semaphore, uint32_t units, uint32_t bound, uint64_t *before)
{
    uint64_t state = *before;

    do {
        if (exceeds(state, units, bound)) {
            return false;
        }
        /* Release: pairs with the acquire in take_unit(). */
    } while (!__atomic_compare_exchange_n(&semaphore->state, &state, state + units, true,
                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    *before = state;
    return true;
}

enum hd_result
hd_semaphore_release_within(struct hd_semaphore *semaphore, uint32_t units, uint32_t bound)
{
    uint64_t before = __atomic_load_n(&semaphore->state, __ATOMIC_RELAXED);

    if (units == 0) {
        return HD_OK;
    }
    if (exceeds(before, units, bound)) {
        return HD_OVERFLOW;
    }
    hd_annotate_release_begin(semaphore, WAITING);
    bool is_released = free_units(semaphore, units, bound, &before);

    hd_annotate_release_end(semaphore, WAITING);
    if (!is_released) {
        return HD_OVERFLOW;
    }
    if (before >= ONE_SLEEPER) {
        /* Only the address: whoever took the units may have freed the semaphore. */
        hd_futex_wake(units_word(semaphore), units);
    }
    return HD_OK;
}

enum hd_result hd_semaphore_release(struct hd_semaphore *semaphore, uint32_t units)
{
    return hd_semaphore_release_within(semaphore, units, HD_SEMAPHORE_MAX);
}

uint32_t hd_semaphore_value(const struct hd_semaphore *semaphore)
{
    return (uint32_t)(__atomic_load_n(&semaphore->state, __ATOMIC_RELAXED) & UNITS_MASK);
}
