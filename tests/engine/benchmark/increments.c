/*
 * Increments: the program, instrumented.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/benchmark/increments.h"

void hd_increments_run(void *increments)
{
    struct increments *shared = increments;

    for (int i = 0; i < INCREMENTS_EACH; i++) {
        (void)pthread_mutex_lock(&shared->lock);
        shared->counter++;
        (void)pthread_mutex_unlock(&shared->lock);
    }
}
