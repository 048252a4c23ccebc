/*
 * Scenarios that note what runs of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_STAGES_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_STAGES_H

#include <heddle/check.h>

/* Calls hd_stages_note() with a letter at each stage: s, t for each thread, c; twin: S, T, c. */
extern const struct hd_scenario stages_noted;

/* `main' creates a thread that notes t and does not wait for it. */
extern const struct hd_scenario stages_main_joins;  /* .join_at_exit */
extern const struct hd_scenario stages_main_leaves; /* not */

/* main creates a thread and ends by pthread_exit(). */
extern const struct hd_scenario stages_main_exits;

/* The same as stages_main_leaves; thread and check use one mutex. */
extern const struct hd_scenario stages_main_leaves_lock;

/* A thread joins another of .threads, which has more to do. */
extern const struct hd_scenario stages_joined;

/* Defined by the test, which is not instrumented: what it writes is not undone. */
void hd_stages_note(char stage);

#endif
