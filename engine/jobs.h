/*
 * Jobs: an exploration in several processes.
 *
 * Worker number w of n makes the executions w, w+n, w+2n ... and sends what it finds, as schedules,
 * through a pipe; the parent makes them its own by replaying them. So a worker that crashes or gets
 * stuck loses nothing but what it has not yet found, and is counted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_JOBS_H
#define HEDDLE_ENGINE_JOBS_H

#include "engine/explore.h"

#define HDE_JOBS_MAX 64U

/*
 * Explore in `jobs` processes (1 to HDE_JOBS_MAX) besides this one, so that an execution that kills
 * its process or gets stuck ends none but its own; found() and listen() are called in this one,
 * with what all have done so far. An exhaustive strategy walks one tree, in one process. Requires
 * that hde_watchdog_start() was called in this process; `limit_s` is that of the workers.
 */
struct hde_tally
hde_jobs_explore(const struct hde_exploration *exploration, unsigned jobs, unsigned limit_s);

#endif
