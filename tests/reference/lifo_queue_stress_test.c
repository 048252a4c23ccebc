/*
 * What hd_lifo_queue and each of its references must keep under real threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/queue_workload.h"

int main(void)
{
    return hd_queue_workload_run("lifo_queue_stress", hd_lifo_queue_adapters,
                                 hd_lifo_queue_adapters_count, HD_NEWEST_FIRST, 2, 2);
}
