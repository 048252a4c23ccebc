/*
 * What lies beside a global variable: only AddressSanitizer knows.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdatomic.h>

#include <heddle/check.h>

#define SLOTS 4U

struct table {
    _Atomic unsigned used;
};

static _Atomic int slots[SLOTS];

static void leave_one(void *state)
{
    struct table *table = state;

    atomic_store_explicit(&table->used, SLOTS - 1, memory_order_relaxed);
}

static void take(void *state)
{
    struct table *table = state;

    if (atomic_load_explicit(&table->used, memory_order_relaxed) < SLOTS) {
        unsigned slot = atomic_fetch_add_explicit(&table->used, 1, memory_order_relaxed);

        atomic_store_explicit(&slots[slot], 1, memory_order_relaxed); /* finding */
    }
}

static void take_if_there(void *state)
{
    struct table *table = state;
    unsigned slot = atomic_fetch_add_explicit(&table->used, 1, memory_order_relaxed);

    if (slot < SLOTS) {
        atomic_store_explicit(&slots[slot], 1, memory_order_relaxed);
    }
}

const struct hd_scenario hd_scenario_slot_beyond_table = {
    .summary = "two threads see that one slot is left, and both take one",
    .state_size = sizeof(struct table),
    .setup = leave_one,
    .threads = {take, take},
    .fixed = {take_if_there, take_if_there},
    .sc = HD_OUT_OF_BOUNDS,
    .c11 = HD_OUT_OF_BOUNDS,
};
