/*
 * The table of the generated programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/generated.h"

#include <stddef.h>

/* Name, template, {threads, rounds, depth, seed}, what it owes, preemptions. */
const struct generated generated_programs[] = {
    {"cache_large", hd_generated_cache, {20, 30, 4000, 1, false}, HD_FAILURE, 1},
    {"cache_small", hd_generated_cache, {3, 4, 12, 2, false}, HD_FAILURE, 1},
    {"connections_2", hd_generated_connections, {2, 10, 4, 1, false}, HD_FAILURE, 2},
    {"connections_3", hd_generated_connections, {2, 4, 5, 1, false}, HD_FAILURE, 3},
    {"connections_5", hd_generated_connections, {2, 2, 7, 1, false}, HD_FAILURE, 5},
    {"connections_6", hd_generated_connections, {2, 1, 8, 1, false}, HD_FAILURE, 6},
    {"detached_30", hd_generated_detached, {30, 200, 0, 1, false}, HD_FAILURE, 1},
    {"logger_100", hd_generated_logger, {100, 10, 600, 1, false}, HD_FAILURE, 1},
    {"order_100", hd_generated_order, {100, 1, 8, 1, false}, HD_FAILURE, 1},
    {"pipeline_large", hd_generated_pipeline, {3, 30, 4, 1, false}, HD_FAILURE, 1},
    {"pipeline_small", hd_generated_pipeline, {2, 2, 1, 1, false}, HD_FAILURE, 1},
    {"pool_16", hd_generated_pool, {16, 100, 0, 1, false}, HD_DEADLOCK, 1},
    /* A reader that finds nothing new for long lets others go: that costs no preemption. */
    {"refcount_large", hd_generated_refcount, {12, 50, 10, 1, false}, HD_FAILURE, 0},
    {"refcount_small", hd_generated_refcount, {1, 2, 1, 1, false}, HD_FAILURE, 1},
    {"spin_20", hd_generated_spin, {2, 20, 0, 1, false}, HD_FAILURE, 2},
    {"stack_large", hd_generated_stack, {8, 30, 0, 1, false}, HD_FAILURE, 1},
    {"stack_small", hd_generated_stack, {2, 2, 0, 3, false}, HD_FAILURE, 1},
    {"steal_large", hd_generated_steal, {6, 200, 20, 1, false}, HD_FAILURE, 1},
    {"steal_small", hd_generated_steal, {1, 3, 2, 1, false}, HD_FAILURE, 1},
    {"transfers_12", hd_generated_transfers, {12, 30, 4, 1, false}, HD_DEADLOCK, 1},
    {"transfers_6", hd_generated_transfers, {6, 1, 6, 1, false}, HD_DEADLOCK, 1},
    {"window_10000", hd_generated_window, {2, 10000, 0, 1, false}, HD_FAILURE, 1},
    {"window_1000000", hd_generated_window, {2, 1000000, 0, 1, false}, HD_FAILURE, 1},
    {NULL, NULL, {0, 0, 0, 0, false}, HD_CLEAN, 0},
};
