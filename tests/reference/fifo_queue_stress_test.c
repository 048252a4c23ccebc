/*
 * What hd_fifo_queue and each of its references must keep under real threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/queue_workload.h"

int main(void)
{
    return hd_queue_workload_run("fifo_queue_stress", hd_fifo_queue_adapters,
                                 hd_fifo_queue_adapters_count, HD_OLDEST_FIRST, 2, 2);
}
