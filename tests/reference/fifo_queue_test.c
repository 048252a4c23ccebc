/*
 * hd_fifo_queue and each of its references give the same results, step by step, to one thread.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/queue_sequence.h"

int main(void)
{
    return hd_queue_sequence_run("fifo_queue", hd_fifo_queue_adapters,
                                 hd_fifo_queue_adapters_count);
}
