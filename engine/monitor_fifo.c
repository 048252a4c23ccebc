/*
 * Monitor of FIFO queues: nothing leaves before what was put in before it.
 *
 * Wrong is: a was put before b's put was called, and b was taken before a's get was called. Values
 * are swept by the calls of their puts, with the latest call of a get of those that were put
 * before. O(n log n).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "engine/monitor_values.h"

static struct hde_value by_call[HD_HISTORY_OPERATIONS_MAX];

static int compare_calls(const void *a, const void *b)
{
    const struct hde_value *left = a;
    const struct hde_value *right = b;

    return (left->put_called > right->put_called) - (left->put_called < right->put_called);
}

bool hde_monitor_fifo(struct hde_values *values)
{
    uint32_t before = 0; /* values of `values->at' whose put returned before the call */
    uint32_t latest = 0; /* call of a get of theirs */

    for (uint32_t i = 0; i < values->count; i++) {
        by_call[i] = values->at[i];
    }
    qsort(by_call, values->count, sizeof(by_call[0]), compare_calls);
    for (uint32_t i = 0; i < values->count; i++) {
        for (; before < values->count && values->at[before].put_returned < by_call[i].put_called;
             before++) {
            uint32_t call = values->at[before].get_called;

            latest = call > latest ? call : latest;
        }
        if (by_call[i].get_returned < latest) {
            return false;
        }
    }
    return true;
}
