/*
 * Virtual time: what the clocks of the code under test show.
 *
 * Time stands still while threads run. It moves when a wait or a sleep ends by its deadline, to
 * that deadline, and by one tick each time a clock is read, so that a loop that waits for a clock
 * ends. What is shown is a start of its own for each kind of clock plus the execution's time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_TIME_H
#define HEDDLE_ENGINE_HOOKS_TIME_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define HDE_TIME_SECOND_NS UINT64_C(1000000000)

/* By how much reading a clock moves time: 1 s of polling takes 20,000 readings. */
#define HDE_TIME_TICK_NS UINT64_C(50000)

/* What CLOCK_MONOTONIC shows at first: an hour, so that an hour ago is a time as well. */
#define HDE_TIME_MONOTONIC_NS (3600 * HDE_TIME_SECOND_NS)

/* What CLOCK_REALTIME shows at first: 2000-01-01 00:00:00 UTC. */
#define HDE_TIME_REALTIME_NS (946684800 * HDE_TIME_SECOND_NS)

/* Whether threads may wait by this clock: CLOCK_REALTIME and CLOCK_MONOTONIC. */
bool hde_time_can_wait(clockid_t clock);

/* Whether tv_nsec is below a second. */
bool hde_time_is_valid(const struct timespec *time);

/*
 * The execution's time at which `clock` shows `time`: 0 if that was before its start, HDE_FOREVER
 * if it is generations away. Requires that both are valid.
 */
uint64_t hde_time_deadline(clockid_t clock, const struct timespec *time);

/* The same, for a time from now on. */
uint64_t hde_time_after(const struct timespec *duration);

#endif
