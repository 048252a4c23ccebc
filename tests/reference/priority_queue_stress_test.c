/*
 * What hd_priority_queue and each of its references must keep under real threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/queue_workload.h"

int main(void)
{
    return hd_queue_workload_run("priority_queue_stress", hd_priority_queue_adapters,
                                 hd_priority_queue_adapters_count, HD_LEAST_FIRST, 2, 2);
}
