/*
 * Drive: a strategy that leads threads into a circle of locks (lock_order.h).
 *
 * A thread that holds one lock of the circle and is about to acquire the next one is held back
 * until each lock of the circle is held so; the rest is random. When only threads can step that are
 * held back, one of them goes on after all.
 *
 * Guarantee  None: what keeps the threads apart may do so always.
 * Misses     Threads that get there only after one was there and went on more than once.
 * Source     Joshi, Park, Sen, Naik, A randomized dynamic program analysis technique for detecting
 *            real deadlocks (DeadlockFuzzer), PLDI 2009.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_DRIVE_H
#define HEDDLE_ENGINE_DRIVE_H

#include "engine/draw.h"
#include "engine/lock_order.h"
#include "engine/strategy.h"

/* So many executions are driven into a circle before it counts as one that cannot be reached. */
#define HDE_DRIVE_TRIES 200U

struct hde_drive {
    const struct hde_lock_cycle *cycle;
    struct hde_draw draw;
};

/*
 * Not one of hde_strategies: it looks at the locks that threads hold, and only explore.c knows
 * where to. Its state is a struct hde_drive with `cycle' set.
 */
extern const struct hde_strategy hde_strategy_drive;

#endif
