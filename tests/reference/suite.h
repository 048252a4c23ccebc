/*
 * Suite: the tests of one executable, each for one implementation.
 *
 *     int main(void)
 *     {
 *         for (size_t i = 1; i < hd_lock_adapters_count; i++) {
 *             hd_suite_add("same results", hd_lock_adapters[i].name, test, &hd_lock_adapters[i]);
 *         }
 *         return hd_suite_run("lock");
 *     }
 *
 * Randomness comes from one seed: 1, or what the environment says in HEDDLE_SEED. The run prints
 * it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_SUITE_H
#define HEDDLE_TESTS_REFERENCE_SUITE_H

#include <stddef.h>
#include <stdint.h>

#include <heddle/result.h>

/* Operations on each pair of implementations that must agree step by step. */
enum { HD_SUITE_STEPS = 100000 };

/* A cmocka test; hd_suite_subject(state) is what it is about. */
typedef void hd_suite_test(void **state);

/* Add the test `property: implementation`. `subject` must live as long as the suite. */
void hd_suite_add(const char *property,
                  const char *implementation,
                  hd_suite_test *test,
                  const void *subject);

/* What the running test is about. */
const void *hd_suite_subject(void *const *state);

/* Run what was added; the exit code for main. */
int hd_suite_run(const char *group);

/* One operation that two implementations have carried out. */
struct hd_suite_step {
    unsigned number;
    const char *operation;
    const char *ours;   /* name of an implementation */
    const char *theirs; /* name of the other */
};

/* In a test: fail it, saying what both gave, unless they gave the same. */
void hd_suite_expect_same_result(const struct hd_suite_step *step,
                                 enum hd_result ours,
                                 enum hd_result theirs);
void hd_suite_expect_same_answer(const struct hd_suite_step *step, size_t ours, size_t theirs);

/* The command that repeats this run, for the end of a failure message. */
const char *hd_suite_reproduce(void);

/* A generator of random numbers: the same for the same seed and stream. */
uint64_t hd_suite_random(uint64_t stream);

/* The next number of *random, from 0 to below - 1. */
unsigned hd_suite_draw(uint64_t *random, unsigned below);

#endif
