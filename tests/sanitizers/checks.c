/*
 * Each check of UndefinedBehaviorSanitizer that C programs have: what leads to its report, and the
 * same with values that are fit. Which one it is, is a choice; the test `sanitizers.each_check'
 * counts that each is found.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/check.h>

static volatile int result;

/* What no compiler and no analyzer knows. */
static volatile int zero;
static const int *volatile nothing;

static int one_or(bool is_wrong, int wrong) { return is_wrong ? wrong + zero : 1; }

static void add(bool is_wrong) { result = one_or(is_wrong, INT_MAX) + 1; /* finding */ }

static void subtract(bool is_wrong) { result = one_or(is_wrong, INT_MIN) - 1; /* finding */ }

static void multiply(bool is_wrong) { result = one_or(is_wrong, INT_MAX) * 2; /* finding */ }

static void negate(bool is_wrong) { result = -one_or(is_wrong, INT_MIN); /* finding */ }

static void divide(bool is_wrong)
{
    volatile int divisor = -1;

    result = one_or(is_wrong, INT_MIN) / divisor; /* finding */
}

static void shift(bool is_wrong) { result = 1 << one_or(is_wrong, 33); /* finding */ }

static void look_beside(bool is_wrong)
{
    volatile int numbers[4] = {0};

    result = numbers[one_or(is_wrong, 4)]; /* finding */
}

static void look_between(bool is_wrong)
{
    static _Alignas(int) char bytes[2 * sizeof(int)];
    const void *volatile at = bytes + (is_wrong ? 1 : 0);

    result = *(const int *)at; /* finding */
}

static void look_at_no_bool(bool is_wrong)
{
    volatile unsigned char byte = (unsigned char)one_or(is_wrong, 2);

    result = *(volatile bool *)&byte; /* finding */
}

static void go_round(bool is_wrong)
{
    static char bytes[4];
    volatile size_t distance = is_wrong ? SIZE_MAX : 1;
    const char *at = bytes + 1;

    result = (uintptr_t)(at + distance) % 2 == 0; /* finding */
}

__attribute__((nonnull, noinline)) static void take(const int *number)
{
    result = (uintptr_t)number % 2 == 0;
}

static void give_nothing(bool is_wrong)
{
    int number = 0;

    take(is_wrong ? nothing : &number); /* finding */
}

__attribute__((returns_nonnull, noinline)) static const int *none(bool is_wrong)
{
    static int number;

    return is_wrong ? nothing : &number; /* finding */
}

static void get_nothing(bool is_wrong) { result = (uintptr_t)none(is_wrong) % 2 == 0; }

static void count_zeros(bool is_wrong)
{
    result = __builtin_clz((unsigned)one_or(is_wrong, 0)); /* finding */
}

static int twice(int number) { return 2 * number; }

static long twice_as_long(long number) { return 2 * number; }

/* clang checks it in C from 17 on. */
static void call_another(bool is_wrong)
{
    void (*const any)(void) = is_wrong ? (void (*)(void))twice_as_long : (void (*)(void))twice;

    result = ((int (*)(int))any)(1); /* finding */
}

static void (*const checks[])(bool is_wrong) = {
    add,          subtract,        multiply, negate,       divide,      shift,       look_beside,
    look_between, look_at_no_bool, go_round, give_nothing, get_nothing, count_zeros, call_another,
};

#define CHECKS ((uint32_t)(sizeof(checks) / sizeof(checks[0])))

static void do_wrong(void *state)
{
    (void)state;
    checks[hd_choose(CHECKS)](true);
}

static void do_right(void *state)
{
    (void)state;
    checks[hd_choose(CHECKS)](false);
}

const struct hd_scenario hd_scenario_each_check = {
    .summary = "one of all that UndefinedBehaviorSanitizer checks is done",
    .threads = {do_wrong},
    .fixed = {do_right},
    .sc = HD_UNDEFINED,
    .c11 = HD_UNDEFINED,
};
