/*
 * A node of the MPMC FIFO that is in use again: a slow dequeue still reads its link.
 *
 * A dequeue reads head and then the link of that node. In between another thread may dequeue, get
 * the node as garbage and enqueue it again, which writes the link plainly: the read and that write
 * race. The generation in the head makes the swap of the slow dequeue fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include "tests/reference/known_races/stage.h"

enum { HEAD_READ = 1, ENQUEUED_AGAIN = 2 };

static _Thread_local unsigned fences_to_stop; /* the slow dequeue stops at the last of them */

/* CK calls it in the dequeue after the generations of head, of tail, and of the link. */
static void stop_before_link(void)
{
    if (fences_to_stop == 1) {
        hd_stage_reach(HEAD_READ);
        hd_stage_await(ENQUEUED_AGAIN);
    }
    fences_to_stop -= fences_to_stop != 0 ? 1U : 0U;
    ck_pr_fence_load();
}

#define ck_pr_fence_load stop_before_link
#include <ck_fifo.h>

static struct ck_fifo_mpmc fifo;
static struct ck_fifo_mpmc_entry nodes[3];

static void dequeue_slowly(void)
{
    struct ck_fifo_mpmc_entry *garbage;
    void *value;

    fences_to_stop = 3;
    (void)ck_fifo_mpmc_dequeue(&fifo, (void *)&value, &garbage);
}

static void dequeue_and_recycle(void)
{
    struct ck_fifo_mpmc_entry *garbage = &nodes[2];
    void *value = NULL;

    hd_stage_await(HEAD_READ);
    (void)ck_fifo_mpmc_dequeue(&fifo, (void *)&value, &garbage);
    ck_fifo_mpmc_enqueue(&fifo, garbage, value);
    hd_stage_reach(ENQUEUED_AGAIN);
}

int main(void)
{
    ck_fifo_mpmc_init(&fifo, &nodes[0]);
    ck_fifo_mpmc_enqueue(&fifo, &nodes[1], &fifo);
    return hd_stage_run("ck_fifo_mpmc_dequeue ck_fifo_mpmc_enqueue", dequeue_slowly,
                        dequeue_and_recycle);
}
