/*
 * Watchdog: ends a process whose execution is stuck outside the engine's sight.
 *
 * Blocking calls are modelled, and spinning is seen by the engine; what remains is code that never
 * announces an event again: an endless loop without shared memory, a system call that is not
 * modelled.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_WATCHDOG_H
#define HEDDLE_ENGINE_WATCHDOG_H

#define HDE_WATCHDOG_LIMIT_S 10U
#define HDE_WATCHDOG_EXIT 3

/*
 * Watch the executions of the calling thread of the process: when one has made no step for
 * `limit_s` seconds of real time, print where each of its threads is and what it waits for, then
 * `reproduce`, and end the process with HDE_WATCHDOG_EXIT. It also sets hde_explore_ticks ten times
 * a second. A child made by fork() must start its own. `reproduce` must live as long;
 * NULL: what was last said.
 */
void hde_watchdog_start(unsigned limit_s, const char *reproduce);

/* The command to print, from now on. */
void hde_watchdog_set_reproduce(const char *reproduce);

void hde_watchdog_stop(void);

#endif
