/*
 * Lives: threads that note when they began and ended, and outlive their parents.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_LIVES_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_LIVES_H

/* What came first, as a bit for each pair; the same for all executions until it is cleared. */
enum lives_order {
    LIVES_CHILD_DONE_FIRST = 1,  /* the child ended before its parent's next step */
    LIVES_PARENT_DONE_FIRST = 2, /* the parent ended before its child began */
    LIVES_INTERLEAVED = 4,
};

/* Of the test: what was seen, enum lives_order. */
void hd_lives_note(unsigned seen);

/* A thread that creates a child, takes a step and ends without waiting for it. */
void hd_lives_parent(void *unused);

/* 254 children at the same time, which count themselves under one mutex. */
void hd_lives_many(void *unused);
void hd_lives_note_count(unsigned counted);

/* Creates children until it is refused; how many there were. */
void hd_lives_too_many(void *unused);
void hd_lives_note_creation(unsigned created, int refusal);

#endif
