/*
 * Wakes: programs whose outcome depends on whom a notify wakes, and on what a deadline does.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_WAKES_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_WAKES_H

#include <stdint.h>

struct wake_program {
    const char *name;
    unsigned outcomes; /* the set of those that can be: bits */
    void (*run)(unsigned *outcome);
};

/* The last of each has no name. */
extern const struct wake_program wake_programs[];
extern const struct wake_program wake_lock_programs[];
extern const struct wake_program wake_countable_programs[];   /* all executions can be run */
extern const struct wake_program wake_interrupted_programs[]; /* a wait may end with EINTR */

/* Sleep for an hour, and say what the monotonic and the real clock show before and after, in ns. */
void hd_wake_sleep_an_hour(uint64_t clocks_ns[4]);

#endif
