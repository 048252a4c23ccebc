/*
 * Semaphore operations: programs of acquires, tries, deadlines and releases.
 *
 * Supplied programs: units are taken for good; the first thread releases, never waits without a
 * deadline, and at its end releases as many as the others may still need. If there is none at
 * first, all come from it: what it wrote before is then visible to all who have one.
 *
 * Balanced programs: who has a unit gives it back by its end, and waits only while it has none. A
 * semaphore of one unit is a lock, and guards a plain counter. A bounded one of two refuses units
 * that nobody took; or takes them, while somebody has one, whose own release is refused then.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_SEMAPHORE_OPERATIONS_H
#define HEDDLE_FUZZ_OPERATIONS_SEMAPHORE_OPERATIONS_H

#include <stdbool.h>

#include "fuzz/operations/program.h"

struct hd_semaphore_operations {
    struct hd_program program;
    const struct hd_semaphore_adapter *adapter; /* constant after setup */
    void *semaphore;
    uint32_t units;     /* constant after setup: at first */
    uint32_t lacking;   /* constant after setup: what the first thread releases at its end */
    bool is_one_by_one; /* constant after setup: each release is of one unit */
    bool is_bounded;    /* constant after setup */
    int published;      /* written by the first thread before its first release */
    int counter;        /* balanced, one unit: under the semaphore */
    struct {
        unsigned owned; /* units that it has taken and not released */
        int counted;
    } threads[HD_THREADS_MAX]; /* each that thread only */
};

/*
 * In setup: draw a supplied program for a semaphore without a bound. `releases_many': a release of
 * several units is one operation, and not one for each.
 */
void hd_semaphore_operations_begin_supplied(void *state,
                                            const struct hd_semaphore_adapter *adapter,
                                            bool releases_many);

/* In setup: draw a balanced program. */
void hd_semaphore_operations_begin_balanced(void *state,
                                            const struct hd_semaphore_adapter *adapter,
                                            bool is_bounded);

void hd_semaphore_operations_check(const void *state);

#endif
