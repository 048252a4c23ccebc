/*
 * Rate: five standard deviations.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DEVIATIONS 5.0

/* Without the mathematical library: Newton's method from above. */
static double root_of(double square)
{
    double root = square > 1 ? square : 1;

    for (unsigned i = 0; i < 100; i++) {
        root = (root + square / root) / 2;
    }
    return root;
}

static double deviation(uint64_t executions, double probability)
{
    return root_of((double)executions * probability * (1 - probability));
}

static void fail_at(uint64_t hits, double least, double most, const char *file, int line)
{
    print_error("%s:%d: %llu hits; expected are %.1f to %.1f\n", file, line,
                (unsigned long long)hits, least, most);
    fail();
}

void hd_rate_check(uint64_t hits,
                   uint64_t executions,
                   double probability,
                   double tolerance,
                   const char *file,
                   int line)
{
    double expected = (double)executions * probability;
    double slack = DEVIATIONS * deviation(executions, probability) + expected * tolerance;

    if ((double)hits < expected - slack || (double)hits > expected + slack) {
        fail_at(hits, expected - slack, expected + slack, file, line);
    }
}

void hd_rate_check_least(
    uint64_t hits, uint64_t executions, double probability, const char *file, int line)
{
    double least =
        (double)executions * probability - DEVIATIONS * deviation(executions, probability);

    if ((double)hits < least) {
        fail_at(hits, least, (double)executions, file, line);
    }
}
