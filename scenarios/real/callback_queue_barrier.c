/*
 * Callback-queue barrier: it queues a callback where nobody will call it any more.
 *
 * Bug      The teardown of a worker calls what is in its queue, and takes the queue off the list
 *          after that. A barrier that comes in between still finds the queue in the list, puts its
 *          callback there, and waits for it for ever.
 * Needs    2 threads, 1 preemption: between emptying the queue and taking it off the list.
 * Fix      Do both under the lock of the list.
 * Source   userspace-rcu 51b98c3: rcu_barrier() against call_rcu_data_free().
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>

#include <heddle/check.h>
#include <heddle/event.h>
#include <heddle/lock.h>

struct shared {
    struct hd_lock list_lock;
    struct hd_lock queue_lock;
    struct hd_event is_called; /* what the barrier's callback sets */
    bool is_listed;            /* under list_lock: the queue */
    bool has_callback;         /* under queue_lock: in the queue, the barrier's */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->list_lock);
    hd_lock_init(&shared->queue_lock);
    hd_event_init(&shared->is_called);
    shared->is_listed = true;
}

static void release(struct hd_lock *lock) { HD_EXPECT(hd_lock_release(lock) == HD_OK); }

/* ---- The queue ------------------------------------------------------------------------------- */

static void queue_put(struct shared *shared)
{
    hd_lock_acquire(&shared->queue_lock);
    shared->has_callback = true;
    release(&shared->queue_lock);
}

static void queue_call_all(struct shared *shared)
{
    hd_lock_acquire(&shared->queue_lock);
    if (shared->has_callback) {
        shared->has_callback = false;
        hd_event_set(&shared->is_called);
    }
    release(&shared->queue_lock);
}

/* ---- Its users ------------------------------------------------------------------------------- */

/* Until all callbacks that were queued before have been called. */
static void barrier(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->list_lock);
    bool is_listed = shared->is_listed;

    if (is_listed) {
        queue_put(shared);
    }
    release(&shared->list_lock);
    if (is_listed) {
        hd_event_wait(&shared->is_called); /* finding */
    }
}

static void tear_down(void *state)
{
    struct shared *shared = state;

    queue_call_all(shared);
    hd_lock_acquire(&shared->list_lock);
    shared->is_listed = false;
    release(&shared->list_lock);
}

static void tear_down_at_once(void *state)
{
    struct shared *shared = state;

    hd_lock_acquire(&shared->list_lock);
    queue_call_all(shared);
    shared->is_listed = false;
    release(&shared->list_lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(!shared->is_listed && !shared->has_callback);
}

const struct hd_scenario hd_scenario_callback_queue_barrier = {
    .summary = "a callback is put into a queue that was emptied, and is still in the list",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {barrier, tear_down},
    .fixed = {barrier, tear_down_at_once},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
