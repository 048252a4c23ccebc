/*
 * Queue join without task_done: an item that is skipped is never said to be done.
 *
 * Bug      The worker goes on with the next item without a task_done for the one it skips; the join
 *          waits for it for ever.
 * Needs    2 threads, 0 preemptions: every execution hangs.
 * Fix      Call task_done for each item that was taken, whatever became of it.
 * Source   Python's queue.Queue documents join() and task_done(); a common mistake with them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/fifo_queue.h>

#define ITEMS 2

struct shared {
    struct hd_fifo_queue queue;
    int items[ITEMS]; /* constant after setup; a negative one is to be skipped */
    int sum;          /* written by the worker only */
    int joined_sum;   /* written by the producer only: the sum after its join */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_fifo_queue_init(&shared->queue, 0);
    shared->items[0] = -1;
    shared->items[1] = 5;
}

static void produce_and_join(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        HD_EXPECT(hd_fifo_queue_put(&shared->queue, &shared->items[item]) == HD_OK);
    }
    hd_fifo_queue_join(&shared->queue); /* finding */
    shared->joined_sum = shared->sum;
}

static void work(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        void *value = NULL;

        HD_EXPECT(hd_fifo_queue_get(&shared->queue, &value) == HD_OK);
        if (*(const int *)value < 0) {
            continue;
        }
        shared->sum += *(const int *)value;
        HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK);
    }
}

static void work_and_tell(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < ITEMS; item++) {
        void *value = NULL;

        HD_EXPECT(hd_fifo_queue_get(&shared->queue, &value) == HD_OK);
        if (*(const int *)value >= 0) {
            shared->sum += *(const int *)value;
        }
        HD_EXPECT(hd_fifo_queue_task_done(&shared->queue) == HD_OK);
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->joined_sum == 5);
}

const struct hd_scenario hd_scenario_queue_join_without_task_done = {
    .summary = "a worker skips an item without saying that it is done",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {produce_and_join, work},
    .fixed = {produce_and_join, work_and_tell},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
