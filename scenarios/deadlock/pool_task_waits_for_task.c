/*
 * Pool task waits for a task of the same pool: all workers wait for tasks that none is left to do.
 *
 * Bug      A task puts its part into the pool and waits for it, which takes two workers. When each
 *          worker has begun such a task, nobody does the parts.
 * Needs    3 threads, 1 preemption: after a worker has taken a task and before it has put the part.
 *          The third thread waits for the tasks and closes the pool.
 * Fix      The task does its part itself; or it does tasks of the pool while it waits.
 * Source   Textbook: thread starvation deadlock; Goetz, "Java Concurrency in Practice", 8.1.1.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include <heddle/check.h>
#include <heddle/event.h>
#include <heddle/lifo_queue.h>

#define TASKS 2

struct pool {
    struct hd_lifo_queue tasks; /* what is newest is done first */
};

/* A task, and the part that it needs. */
struct task {
    struct pool *pool;              /* constant after setup */
    void (*run)(struct task *task); /* constant once it is in the pool */
    struct task *part;              /* constant after setup; NULL: it is one itself */
    struct hd_event is_done;
};

struct shared {
    struct pool pool;
    struct task tasks[TASKS];
    struct task parts[TASKS];
};

static void run_part(struct task *task) { hd_event_set(&task->is_done); }

static void run_and_wait(struct task *task)
{
    HD_EXPECT(hd_lifo_queue_put(&task->pool->tasks, task->part) == HD_OK);
    hd_event_wait(&task->part->is_done); /* finding */
    hd_event_set(&task->is_done);
}

static void run_with_part(struct task *task)
{
    task->part->run(task->part);
    hd_event_set(&task->is_done);
}

static void prepare(struct shared *shared, void (*run)(struct task *task))
{
    hd_lifo_queue_init(&shared->pool.tasks, 0);
    for (int i = 0; i < TASKS; i++) {
        shared->parts[i] = (struct task){.pool = &shared->pool, .run = run_part};
        hd_event_init(&shared->parts[i].is_done);
        shared->tasks[i] = (struct task){&shared->pool, run, &shared->parts[i], {0}};
        hd_event_init(&shared->tasks[i].is_done);
        HD_EXPECT(hd_lifo_queue_put(&shared->pool.tasks, &shared->tasks[i]) == HD_OK);
    }
}

static void setup(void *state) { prepare(state, run_and_wait); }

static void setup_fixed(void *state) { prepare(state, run_with_part); }

/* Until the pool is closed. */
static void work(void *state)
{
    struct shared *shared = state;
    void *item = NULL;

    while (hd_lifo_queue_get(&shared->pool.tasks, &item) == HD_OK) {
        struct task *task = item;

        task->run(task);
    }
}

static void wait_and_close(void *state)
{
    struct shared *shared = state;

    for (int i = 0; i < TASKS; i++) {
        hd_event_wait(&shared->tasks[i].is_done); /* finding */
    }
    hd_lifo_queue_shutdown(&shared->pool.tasks, false);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    for (int i = 0; i < TASKS; i++) {
        HD_EXPECT(hd_event_is_set(&shared->tasks[i].is_done));
    }
}

const struct hd_scenario hd_scenario_pool_task_waits_for_task = {
    .summary = "every worker of a pool waits for a task that is still in the pool",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {work, work, wait_and_close},
    .fixed_setup = setup_fixed,
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
