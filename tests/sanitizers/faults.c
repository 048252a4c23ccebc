/*
 * Faults that happen in the sanitizer's own code: it is told of an access before the program makes
 * it. They are the program's all the same, at its line, and the next execution goes on.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdatomic.h>
#include <stdint.h>

#include <heddle/check.h>

static void stand_by(void *state) { (void)state; }

/* ---- Memory that cannot be written ----------------------------------------------------------- */

static const _Atomic int limits[] = {1, 2};
static _Atomic int counters[] = {1, 2};

static void add_to(const _Atomic int *numbers)
{
    _Atomic int *at = (_Atomic int *)(uintptr_t)&numbers[hd_choose(2)];

    /* Acquire and release: has no partner; ThreadSanitizer takes locks of its own for it. */
    (void)atomic_fetch_add_explicit(at, 1, memory_order_acq_rel); /* finding */
}

static void add_to_limit(void *state)
{
    (void)state;
    add_to(limits);
}

static void add_to_counter(void *state)
{
    (void)state;
    add_to(counters);
}

const struct hd_scenario hd_scenario_add_to_constant = {
    .summary = "an atomic is added to that lies in memory for constants",
    .threads = {add_to_limit, stand_by},
    .fixed = {add_to_counter, stand_by},
    .sc = HD_CRASH,
    .c11 = HD_CRASH,
};

/* ---- Memory that no sanitizer knows ---------------------------------------------------------- */

/* AddressSanitizer looks first, and says that it is none of its. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WILD HD_OUT_OF_BOUNDS
#endif
#endif
#ifndef WILD
#define WILD HD_CRASH
#endif

static int number;
static int *volatile wild = (int *)(uintptr_t)0xdeadbeefdeadbee0;
static int *volatile tame = &number;

static void follow_wild(void *state)
{
    (void)state;
    (void)*(volatile int *)wild; /* finding */
}

static void follow_tame(void *state)
{
    (void)state;
    (void)*(volatile int *)tame;
}

const struct hd_scenario hd_scenario_pointer_is_wild = {
    .summary = "a pointer is followed that is no address at all",
    .threads = {follow_wild, stand_by},
    .fixed = {follow_tame, stand_by},
    .sc = WILD,
    .c11 = WILD,
};
