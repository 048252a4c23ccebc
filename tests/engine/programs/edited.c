/*
 * A flag says which version runs: in the edited one each thread does more before what matters. The
 * lines that matter are the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/edited.h"

#include <stdatomic.h>

#include <heddle/check.h>

static atomic_int x;
static atomic_int more;

/* Relaxed: only the order of steps matters here. */
static void step(atomic_int *cell, int value)
{
    atomic_store_explicit(cell, value, memory_order_relaxed);
}

/* The third time fails if thread 1 is stopped in between, and thread 2 runs then. */
static void go_once(int i, bool is_edited)
{
    if (hd_litmus_self() != 1) {
        step(&x, 10 + i);
        return;
    }
    step(&x, i);
    if (is_edited) {
        (void)atomic_fetch_add_explicit(&more, 1, memory_order_relaxed);
    }
    HD_EXPECT(atomic_load_explicit(&x, memory_order_relaxed) == i || i != 2);
}

static void run(bool is_edited)
{
    if (is_edited) {
        step(&more, 1);
        step(&more, 2);
    }
    for (int i = 0; i < 5; i++) {
        go_once(i, is_edited);
    }
}

static void run_unedited(void *unused)
{
    (void)unused;
    run(false);
}

static void run_edited(void *unused)
{
    (void)unused;
    run(true);
}

const struct litmus litmus_unedited = {"unedited", 2, run_unedited};
const struct litmus litmus_edited = {"edited", 2, run_edited};
