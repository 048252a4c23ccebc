/*
 * What hd_ring and each of its references must keep under real threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/queue_workload.h"

int main(void)
{
    return hd_queue_workload_run("ring_stress", hd_ring_adapters, hd_ring_adapters_count,
                                 HD_OLDEST_FIRST, 2, 2);
}
