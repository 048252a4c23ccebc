/*
 * Notify where notify_all is needed: one condition for producers and consumers of a bounded buffer.
 *
 * Bug      The one who is woken may be of the same role as the one who notifies: it finds nothing
 *          to do and waits again, and the notify is used up. The buffer is empty, and both the
 *          producer and a consumer wait.
 * Needs    3 threads, 0 preemptions: both consumers wait; the producer puts one item and waits for
 *          room; the first consumer takes it and wakes the second one.
 * Fix      Notify all; or one condition for each role.
 * Source   Cargill; TLA+'s BlockingQueue.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/condition.h>
#include <heddle/lock.h>

#define CAPACITY 1

struct shared {
    struct hd_lock lock;
    struct hd_condition changed;
    int items; /* under lock; 0 to CAPACITY */
    int taken; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->lock);
    hd_condition_init(&shared->changed, &shared->lock);
}

static enum hd_result notify_one(struct hd_condition *condition)
{
    return hd_condition_notify(condition, 1);
}

static void put(struct shared *shared, enum hd_result (*notify)(struct hd_condition *))
{
    hd_lock_acquire(&shared->lock);
    while (shared->items == CAPACITY) {
        HD_EXPECT(hd_condition_wait(&shared->changed) == HD_OK); /* finding */
    }
    shared->items++;
    HD_EXPECT(notify(&shared->changed) == HD_OK);
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK);
}

static void take(struct shared *shared, enum hd_result (*notify)(struct hd_condition *))
{
    hd_lock_acquire(&shared->lock);
    while (shared->items == 0) {
        HD_EXPECT(hd_condition_wait(&shared->changed) == HD_OK); /* finding */
    }
    shared->items--;
    shared->taken++;
    HD_EXPECT(notify(&shared->changed) == HD_OK);
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK);
}

static void produce(void *state)
{
    put(state, notify_one);
    put(state, notify_one);
}

static void consume(void *state) { take(state, notify_one); }

static void produce_for_all(void *state)
{
    put(state, hd_condition_notify_all);
    put(state, hd_condition_notify_all);
}

static void consume_for_all(void *state) { take(state, hd_condition_notify_all); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->taken == 2 && shared->items == 0);
}

const struct hd_scenario hd_scenario_notify_where_notify_all_needed = {
    .summary = "a bounded buffer whose one condition wakes a thread of the wrong role",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {consume, consume, produce},
    .fixed = {consume_for_all, consume_for_all, produce_for_all},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
