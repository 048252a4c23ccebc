/*
 * Suite: see suite.h. Random numbers are splitmix64's: Steele, Lea, Flood, 2014.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/reference/suite.h"

enum { TESTS_MAX = 64, NAME_SIZE = 96 };

static struct CMUnitTest tests[TESTS_MAX];
static char names[TESTS_MAX][NAME_SIZE];
static const void *subjects[TESTS_MAX];
static size_t tests_count;

static uint64_t seed(void)
{
    const char *text = secure_getenv("HEDDLE_SEED");
    uint64_t number = 1;
    char *end;

    if (text != NULL) {
        number = strtoull(text, &end, 0);
        if (end == text || *end != '\0') {
            (void)fprintf(stderr, "HEDDLE_SEED is no number: %s\n", text);
            _Exit(2);
        }
    }
    return number;
}

void hd_suite_add(const char *property,
                  const char *implementation,
                  hd_suite_test *test,
                  const void *subject)
{
    if (tests_count == TESTS_MAX) {
        abort();
    }
    (void)snprintf(names[tests_count], NAME_SIZE, "%s: %s", property, implementation);
    subjects[tests_count] = subject;
    tests[tests_count] = (struct CMUnitTest){
        .name = names[tests_count],
        .test_func = test,
        .initial_state = (void *)&subjects[tests_count],
    };
    tests_count++;
}

const void *hd_suite_subject(void *const *state) { return *(const void *const *)*state; }

int hd_suite_run(const char *group)
{
    (void)printf("%s: seed %llu\n", group, (unsigned long long)seed());
    (void)fflush(stdout);
    return _cmocka_run_group_tests(group, tests, tests_count, NULL, NULL);
}

void hd_suite_expect_same_result(const struct hd_suite_step *step,
                                 enum hd_result ours,
                                 enum hd_result theirs)
{
    if (ours != theirs) {
        fail_msg("step %u, %s: %s %s, %s %s; reproduce: %s", step->number, step->operation,
                 step->ours, hd_result_name(ours), step->theirs, hd_result_name(theirs),
                 hd_suite_reproduce());
    }
}

void hd_suite_expect_same_answer(const struct hd_suite_step *step, size_t ours, size_t theirs)
{
    if (ours != theirs) {
        fail_msg("step %u, %s: %s %zu, %s %zu; reproduce: %s", step->number, step->operation,
                 step->ours, ours, step->theirs, theirs, hd_suite_reproduce());
    }
}

const char *hd_suite_reproduce(void)
{
    static char command[512];

    (void)snprintf(command, sizeof(command), "HEDDLE_SEED=%llu %s", (unsigned long long)seed(),
                   program_invocation_name);
    return command;
}

static uint64_t step(uint64_t *random)
{
    uint64_t mixed = *random += UINT64_C(0x9e3779b97f4a7c15);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

uint64_t hd_suite_random(uint64_t stream)
{
    uint64_t random = seed();

    random = step(&random) + stream;
    return step(&random);
}

unsigned hd_suite_draw(uint64_t *random, unsigned below)
{
    return (unsigned)((step(random) >> 32) * below >> 32);
}
