/*
 * What hd_spsc_ring and each of its references must keep with one producer and one consumer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/queue_workload.h"

int main(void)
{
    return hd_queue_workload_run("spsc_ring_stress", hd_spsc_ring_adapters,
                                 hd_spsc_ring_adapters_count, HD_OLDEST_FIRST, 1, 1);
}
