/*
 * task_done too often: both a worker and its clean-up count a job as done.
 *
 * Bug      The second task_done has no job left to count.
 * Needs    2 threads, 0 preemptions.
 * Fix      Who got the job counts it, once.
 * Source   Python's queue.Queue raises a ValueError for it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/fifo_queue.h>

struct shared {
    struct hd_fifo_queue queue;
    int job;
};

static void setup(void *state) { hd_fifo_queue_init(&((struct shared *)state)->queue, 0); }

static void give(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_fifo_queue_put(&shared->queue, &shared->job) == HD_OK);
}

static void work(struct shared *shared)
{
    void *job = NULL;

    HD_EXPECT(hd_fifo_queue_get(&shared->queue, &job) == HD_OK);
    HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK);
}

static void work_and_clean_up(void *state)
{
    struct shared *shared = state;

    work(shared);
    HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK); /* finding */
}

static void work_once(void *state) { work(state); }

const struct hd_scenario hd_scenario_task_done_too_often = {
    .summary = "a job that is counted as done twice",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {give, work_and_clean_up},
    .fixed = {give, work_once},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
