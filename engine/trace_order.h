/*
 * Trace order: what happens before what in a trace, as edges between steps of different threads.
 *
 * Happens-before of the steps is what these edges and the order within each thread give, and no
 * edge follows from the others: a step comes after at most one step of each other thread, the last
 * that it has learnt of, and not after one that another of these comes after itself. Taken for some
 * steps of a trace, an edge from a step that is not among them begins at the last one before it of
 * its thread, and one to such a step ends at the next one of its thread.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_TRACE_ORDER_H
#define HEDDLE_ENGINE_TRACE_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "engine/trace.h"

/* Step number `step` comes after step number `after`; of the steps it was taken for. */
struct hde_trace_edge {
    uint32_t step;
    uint32_t after;
};

struct hde_trace_order {
    struct hde_trace_edge *edges; /* sorted by `step', then by `after' */
    size_t count;
    size_t capacity;
};

/*
 * Fill *order, which is zero before the first use: of the steps whose indices in the trace are
 * kept[0..count), ascending.
 */
void hde_trace_order_take(struct hde_trace_order *order,
                          const struct hde_trace *trace,
                          const uint32_t *kept,
                          size_t count);

void hde_trace_order_release(struct hde_trace_order *order);

#endif
