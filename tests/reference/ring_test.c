/*
 * hd_ring and each of its references give the same results, step by step, to one thread.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/queue_sequence.h"

int main(void) { return hd_queue_sequence_run("ring", hd_ring_adapters, hd_ring_adapters_count); }
