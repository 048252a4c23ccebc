/*
 * Programs that record histories: right ones, wrong ones, and those that record wrongly.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_RECORDED_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_RECORDED_H

#define RECORDED_THREADS_MAX 3

struct recorded_program {
    const char *name;
    void (*setup)(void);
    void (*threads[RECORDED_THREADS_MAX])(void *argument);
};

/* A register: one thread writes 1, the other reads. */
extern const struct recorded_program hd_recorded_register;
extern const struct recorded_program hd_recorded_stale;       /* the read is always 0 */
extern const struct recorded_program hd_recorded_stale_racy;  /* and there is a race elsewhere */
extern const struct recorded_program hd_recorded_plain_value; /* the register is plain memory */
extern const struct recorded_program hd_recorded_not_at_all;  /* the same, and nothing recorded */

/* Three registers, one of which is read wrongly. */
extern const struct recorded_program hd_recorded_wrong_key;

/* A semaphore of a mutex and a condition: one thread acquires, the other one releases. */
extern const struct recorded_program hd_recorded_empty;        /* nobody releases */
extern const struct recorded_program hd_recorded_lost_wake_up; /* the release notifies too early */

extern const struct recorded_program hd_recorded_two_wait; /* the same, with two that acquire */

/* What cannot be recorded. */
extern const struct recorded_program hd_recorded_not_begun;
extern const struct recorded_program hd_recorded_not_called;
extern const struct recorded_program hd_recorded_too_many;

#endif
