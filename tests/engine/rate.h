/*
 * Rate: how often something came up in many executions, against how often it should.
 *
 * With fixed seeds a test gives the same numbers each time; what is stated is how unlikely it is
 * that they are out of bounds although the code is right: 5 standard deviations of a binomial
 * distribution, 6e-7 at both ends together.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_RATE_H
#define HEDDLE_TESTS_ENGINE_RATE_H

#include <stdint.h>

/* Fail unless `hits` of `executions` fit a probability, itself known up to a part `tolerance`. */
#define RATE_CHECK(hits, executions, probability, tolerance)                                       \
    hd_rate_check((hits), (executions), (probability), (tolerance), __FILE__, __LINE__)

/* Fail if there were fewer hits than at least that probability allows. */
#define RATE_CHECK_LEAST(hits, executions, probability)                                            \
    hd_rate_check_least((hits), (executions), (probability), __FILE__, __LINE__)

void hd_rate_check(uint64_t hits,
                   uint64_t executions,
                   double probability,
                   double tolerance,
                   const char *file,
                   int line);
void hd_rate_check_least(
    uint64_t hits, uint64_t executions, double probability, const char *file, int line);

#endif
