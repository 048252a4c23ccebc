/*
 * Programs for the tests of what stands above executions: explorations, jobs, the watchdog.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_HUNTED_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_HUNTED_H

#include <heddle/check.h>

/* Two threads that increment a counter under a lock: clean. */
extern const struct hd_scenario hunted_clean;

/* Two threads that add up atomics in two steps: fails when one comes between the other's steps. */
extern const struct hd_scenario hunted_lost;

/* Races on two variables, in every execution. */
extern const struct hd_scenario hunted_two_races;

/* Fails when hd_choose(HUNTED_CHOICES) gives 1; ends its process when it gives 2. */
#define HUNTED_CHOICES 64
extern const struct hd_scenario hunted_deadly;

/* A thread that loops for ever and touches nothing, beside one that waits for its lock. */
extern const struct hd_scenario hunted_endless;

#endif
