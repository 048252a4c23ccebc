/*
 * Speculative copy of the MPMC ring: a consumer copies an item that may not be its own.
 *
 * A consumer reads c_head, copies the item in that slot, and then tries to advance c_head. While it
 * copies, another consumer may take the item and a producer may write the next one into the slot:
 * the copy and that write race. The consumer throws the copy away when its swap fails.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include "tests/reference/known_races/stage.h"

enum { COPIED = 1, OVERWRITTEN = 2, SIZE = 4 };

static _Thread_local bool is_slow_consumer;

/* CK calls it after the copy, before the swap. */
static void stop_after_copy(void)
{
    if (is_slow_consumer) {
        is_slow_consumer = false;
        hd_stage_reach(COPIED);
        hd_stage_await(OVERWRITTEN);
    }
    ck_pr_fence_store_atomic();
}

#define ck_pr_fence_store_atomic stop_after_copy
#include <ck_ring.h>

static struct ck_ring ring;
static struct ck_ring_buffer slots[SIZE];
static void *slow_item; /* global, or the compiler drops the copy that nobody looks at */

static void consume_slowly(void)
{
    is_slow_consumer = true;
    (void)ck_ring_dequeue_mpmc(&ring, slots, (void *)&slow_item);
}

/* Once around the ring: the slot of the copied item is written again. */
static void take_and_overwrite(void)
{
    hd_stage_await(COPIED);
    for (unsigned turn = 0; turn < SIZE; turn++) {
        void *item;

        (void)ck_ring_dequeue_mpmc(&ring, slots, (void *)&item);
        (void)ck_ring_enqueue_mpmc(&ring, slots, item);
    }
    hd_stage_reach(OVERWRITTEN);
}

int main(void)
{
    ck_ring_init(&ring, SIZE);
    (void)ck_ring_enqueue_mpmc(&ring, slots, &ring);
    return hd_stage_run("_ck_ring_dequeue_mc _ck_ring_enqueue_mp", consume_slowly,
                        take_and_overwrite);
}
