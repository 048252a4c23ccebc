/*
 * What the language leaves undefined, and a processor does without a word: only
 * UndefinedBehaviorSanitizer says so.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <stdatomic.h>

#include <heddle/check.h>

struct numbers {
    _Atomic int number;
    _Atomic int result;
};

static int read(const struct numbers *numbers)
{
    return atomic_load_explicit(&numbers->number, memory_order_relaxed);
}

/* ---- A sum that has no room ------------------------------------------------------------------ */

static void set_last(void *state)
{
    struct numbers *numbers = state;

    atomic_store_explicit(&numbers->number, INT_MAX - 1, memory_order_relaxed);
}

static void raise_once(void *state)
{
    struct numbers *numbers = state;

    if (read(numbers) < INT_MAX) {
        int sum = read(numbers) + 1; /* finding */

        atomic_store_explicit(&numbers->number, sum, memory_order_relaxed);
    }
}

static void raise_what_was_read(void *state)
{
    struct numbers *numbers = state;
    int number = read(numbers);

    if (number < INT_MAX) {
        atomic_store_explicit(&numbers->number, number + 1, memory_order_relaxed);
    }
}

const struct hd_scenario hd_scenario_sum_overflows = {
    .summary = "there is room for one more when it is tested, and none when it is added",
    .state_size = sizeof(struct numbers),
    .setup = set_last,
    .threads = {raise_once, raise_once},
    .fixed = {raise_what_was_read, raise_what_was_read},
    .sc = HD_UNDEFINED,
    .c11 = HD_UNDEFINED,
};

/* ---- A shift by as many bits as there are ---------------------------------------------------- */

static void set_31(void *state)
{
    struct numbers *numbers = state;

    atomic_store_explicit(&numbers->number, 31, memory_order_relaxed);
}

static void set_32(void *state)
{
    atomic_store_explicit(&((struct numbers *)state)->number, 32, memory_order_relaxed);
}

static void shift(void *state)
{
    struct numbers *numbers = state;

    if (read(numbers) < 32) {
        unsigned bit = 1U << read(numbers); /* finding */

        atomic_store_explicit(&numbers->result, bit != 0, memory_order_relaxed);
    }
}

static void shift_by_what_was_read(void *state)
{
    struct numbers *numbers = state;
    int bits = read(numbers);

    if (bits < 32) {
        atomic_store_explicit(&numbers->result, 1U << bits != 0, memory_order_relaxed);
    }
}

const struct hd_scenario hd_scenario_shift_too_far = {
    .summary = "a number of bits is tested, then read again for the shift",
    .state_size = sizeof(struct numbers),
    .setup = set_31,
    .threads = {set_32, shift},
    .fixed = {set_32, shift_by_what_was_read},
    .sc = HD_UNDEFINED,
    .c11 = HD_UNDEFINED,
};

/* ---- A place that is never reached ----------------------------------------------------------- */

static void set_1(void *state)
{
    struct numbers *numbers = state;

    atomic_store_explicit(&numbers->number, 1, memory_order_relaxed);
}

static void set_2(void *state)
{
    atomic_store_explicit(&((struct numbers *)state)->number, 2, memory_order_relaxed);
}

static int name_of(int number)
{
    switch (number) {
    case 1:
        return 'a';
    case 3:
        return 'c';
    default:
        __builtin_unreachable(); /* finding */
    }
}

static int name_of_any(int number) { return number == 1 ? 'a' : number == 2 ? 'b' : 'c'; }

static void show(void *state)
{
    struct numbers *numbers = state;

    if (read(numbers) == 1) {
        atomic_store_explicit(&numbers->result, name_of(read(numbers)), memory_order_relaxed);
    }
}

static void show_any(void *state)
{
    struct numbers *numbers = state;

    atomic_store_explicit(&numbers->result, name_of_any(read(numbers)), memory_order_relaxed);
}

const struct hd_scenario hd_scenario_unreachable_is_reached = {
    .summary = "a number that another thread has changed leads to where nothing is to be",
    .state_size = sizeof(struct numbers),
    .setup = set_1,
    .threads = {set_2, show},
    .fixed = {set_2, show_any},
    .sc = HD_UNDEFINED,
    .c11 = HD_UNDEFINED,
};
