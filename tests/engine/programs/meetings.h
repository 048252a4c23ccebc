/*
 * Programs whose threads meet in few ways, which can be counted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_MEETINGS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_MEETINGS_H

#define MEETINGS_THREADS 2

/* Each stores to its own atomic, then loads the other's. */
extern void (*const meetings_flags[MEETINGS_THREADS])(void *);

/* Each has an atomic of its own. */
extern void (*const meetings_none[MEETINGS_THREADS])(void *);

/* Each locks and unlocks one mutex, twice. */
extern void (*const meetings_lock[MEETINGS_THREADS])(void *);

/* Both add to one atomic; then the first waits for the unit that the second one posts. */
extern void (*const meetings_semaphore[MEETINGS_THREADS])(void *);

/* Both increment plain memory: a data race. */
extern void (*const meetings_race[MEETINGS_THREADS])(void *);

/* Each adds to four atomics, once; one in the reverse order of the other. */
extern void (*const meetings_many[MEETINGS_THREADS])(void *);

#endif
