/*
 * Queue workload: see queue_workload.h.
 *
 * An item says who made it and as which; its maker writes that before the put and never again, its
 * taker counts the takes after the get: both plainly, so that ThreadSanitizer sees whether the
 * queue orders them, and sees two takers of one item.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/reference/object.h"
#include "tests/reference/queue_workload.h"
#include "tests/reference/suite.h"
#include "tests/reference/workload.h"

enum {
    ADAPTERS_MAX = 8,
    BOUNDED_ITEMS = 60000, /* of each producer */
    UNBOUNDED_ITEMS = 3000,
    CAPACITY = 4,
    PRIORITIES = 3
};

/* What a test is about. */
struct subject {
    const struct hd_queue_adapter *adapter;
    enum hd_queue_order order;
    unsigned producers;
    unsigned consumers;
};

struct item {
    unsigned producer; /* by the producer, before the put */
    unsigned sequence; /* by the producer, before the put */
    int64_t priority;  /* by the producer, before the put */
    unsigned takes;    /* by who takes it, after the get */
};

struct shared {
    const struct subject *subject; /* constant after create */
    void *queue;                   /* constant after create */
    struct item *items;            /* constant after create: of one producer after the other */
    unsigned items_each;           /* constant after create */
    uint32_t producers_left;       /* atomic: threads that have not put all */
};

static unsigned total(const struct shared *shared)
{
    return shared->subject->producers * shared->items_each;
}

/* Puts the item in one of the ways that there are. */
static void put(const struct shared *shared, struct item *item, uint64_t *random)
{
    const struct hd_queue_adapter *adapter = shared->subject->adapter;
    unsigned way = hd_suite_draw(random, 3);
    enum hd_result result;

    if (way == 0 && (adapter->can & HD_CAN_BLOCK) != 0) {
        hd_workload_expect_ok(adapter->put(shared->queue, item, item->priority), "put");
        return;
    }
    if (way == 1 && (adapter->can & HD_CAN_TIME) != 0) {
        result = adapter->put_until(shared->queue, item, item->priority, hd_workload_deadline_ns());
        hd_workload_expect_ok(result, "put_until");
        return;
    }
    for (;;) {
        result = adapter->try_put(shared->queue, item, item->priority);
        if (result != HD_FULL && result != HD_BUSY) {
            hd_workload_expect_ok(result, "try_put");
            return;
        }
        hd_workload_yield();
    }
}

/* Takes an item in one of the ways that there are. */
static struct item *get(const struct shared *shared, uint64_t *random)
{
    const struct hd_queue_adapter *adapter = shared->subject->adapter;
    unsigned way = hd_suite_draw(random, 3);
    enum hd_result result;
    void *item = NULL;

    if (way == 0 && (adapter->can & HD_CAN_BLOCK) != 0) {
        hd_workload_expect_ok(adapter->get(shared->queue, &item), "get");
        return item;
    }
    if (way == 1 && (adapter->can & HD_CAN_TIME) != 0) {
        result = adapter->get_until(shared->queue, &item, hd_workload_deadline_ns());
        hd_workload_expect_ok(result, "get_until");
        return item;
    }
    for (;;) {
        result = adapter->try_get(shared->queue, &item);
        if (result != HD_EMPTY && result != HD_BUSY) {
            hd_workload_expect_ok(result, "try_get");
            return item;
        }
        hd_workload_yield();
    }
}

static void produce(const struct shared *shared, unsigned producer)
{
    struct item *items = &shared->items[(size_t)producer * shared->items_each];
    uint64_t random = hd_suite_random(producer);

    for (unsigned sequence = 0; sequence < shared->items_each; sequence++) {
        struct item *item = &items[sequence];

        item->producer = producer;
        item->sequence = sequence;
        item->priority = hd_suite_draw(&random, PRIORITIES);
        put(shared, item, &random);
        hd_workload_linger(&random);
    }
}

/* The items of one producer reach one consumer in the order in which they left. */
static void check_order(const struct shared *shared, const struct item *item, unsigned *next)
{
    if (shared->subject->order == HD_OLDEST_FIRST) {
        hd_workload_expect(item->sequence >= next[item->producer], "an item overtakes another");
        next[item->producer] = item->sequence + 1;
    }
}

static void consume(const struct shared *shared, unsigned self, unsigned count)
{
    unsigned next[HD_THREADS_MAX] = {0};
    uint64_t random = hd_suite_random(self);

    for (unsigned taken = 0; taken < count; taken++) {
        struct item *item = get(shared, &random);

        if (item == NULL) {
            hd_workload_expect(false, "an item that nobody put");
            return;
        }
        item->takes++;
        check_order(shared, item, next);
    }
}

static void produce_or_consume(void *argument, unsigned self)
{
    const struct shared *shared = argument;

    if (self < shared->subject->producers) {
        produce(shared, self);
    } else {
        consume(shared, self, total(shared) / shared->subject->consumers);
    }
}

/* A queue of that capacity, or NULL in `queue`. */
static struct shared create(const struct subject *subject, size_t capacity, unsigned items_each)
{
    struct shared shared = {
        .subject = subject, .items_each = items_each, .producers_left = subject->producers};

    shared.queue = subject->adapter->create(capacity, total(&shared));
    if (shared.queue != NULL) {
        shared.items = hd_object_new(total(&shared), sizeof(*shared.items));
    }
    return shared;
}

/* All items have been taken, each once. */
static void destroy(struct shared *shared)
{
    unsigned item = 0;

    while (item < total(shared) && shared->items[item].takes == 1) {
        item++;
    }
    if (item != total(shared)) {
        fail_msg("%s: item %u was taken %u times; reproduce: %s", shared->subject->adapter->name,
                 item, shared->items[item].takes, hd_suite_reproduce());
    }
    shared->subject->adapter->destroy(shared->queue);
    free(shared->items);
}

static void run_with(const struct subject *subject, size_t capacity, unsigned items_each)
{
    struct shared shared = create(subject, capacity, items_each);

    if (shared.queue == NULL) {
        return; /* there is none of that capacity */
    }
    hd_workload_run(subject->adapter->name, subject->producers + subject->consumers,
                    produce_or_consume, &shared);
    if ((subject->adapter->can & HD_CAN_TELL) != 0) {
        assert_int_equal(subject->adapter->size(shared.queue), 0);
    }
    destroy(&shared);
}

static void test_no_item_is_lost_or_doubled(void **state)
{
    const struct subject *subject = hd_suite_subject(state);

    if ((subject->adapter->can & HD_CAN_REUSE) != 0) {
        run_with(subject, CAPACITY, BOUNDED_ITEMS);
        run_with(subject, 0, UNBOUNDED_ITEMS);
    } else {
        run_with(subject, (size_t)subject->producers * BOUNDED_ITEMS, BOUNDED_ITEMS);
        run_with(subject, 0, BOUNDED_ITEMS);
    }
}

static void produce_only(void *argument, unsigned self) { produce(argument, self); }

/* Whether `later` may leave after `earlier`, which is NULL if it is the first. */
static bool
may_follow(enum hd_queue_order order, const struct item *earlier, const struct item *later)
{
    bool is_same;

    if (earlier == NULL) {
        return true;
    }
    is_same = earlier->producer == later->producer;
    switch (order) {
    case HD_OLDEST_FIRST:
        return !is_same || earlier->sequence < later->sequence;
    case HD_NEWEST_FIRST:
        return !is_same || earlier->sequence > later->sequence;
    case HD_LEAST_FIRST:
        return earlier->priority < later->priority ||
               (earlier->priority == later->priority &&
                (!is_same || earlier->sequence < later->sequence));
    }
    return false;
}

/* Takes all items; how many left in order before the first that did not. */
static unsigned drain(const struct shared *shared)
{
    const struct item *last_of[HD_THREADS_MAX] = {NULL};
    const struct item *last = NULL;

    for (unsigned taken = 0; taken < total(shared); taken++) {
        void *taken_item = NULL;
        struct item *item;

        assert_int_equal(shared->subject->adapter->try_get(shared->queue, &taken_item), HD_OK);
        item = taken_item;
        if (!may_follow(shared->subject->order, last, item) ||
            !may_follow(shared->subject->order, last_of[item->producer], item)) {
            return taken;
        }
        item->takes++;
        last = item;
        last_of[item->producer] = item;
    }
    return total(shared);
}

static void test_order_at_quiescence(void **state)
{
    const struct subject *subject = hd_suite_subject(state);
    struct shared shared = create(subject, 0, UNBOUNDED_ITEMS);

    if (shared.queue == NULL) {
        shared = create(subject, (size_t)subject->producers * UNBOUNDED_ITEMS, UNBOUNDED_ITEMS);
    }
    hd_workload_run(subject->adapter->name, subject->producers, produce_only, &shared);
    assert_int_equal(drain(&shared), total(&shared));
    destroy(&shared);
}

/* The last producer waits for all tasks, then shuts down; consumers go on until they hear of it. */
static void work_until_shutdown(void *argument, unsigned self)
{
    struct shared *shared = argument;
    const struct hd_queue_adapter *adapter = shared->subject->adapter;
    void *taken_item;

    if (self < shared->subject->producers) {
        produce(shared, self);
        /* Relaxed: only counts; the queue orders the rest. */
        if (__atomic_sub_fetch(&shared->producers_left, 1, __ATOMIC_RELAXED) == 0) {
            hd_workload_expect_ok(adapter->join_until(shared->queue, hd_workload_deadline_ns()),
                                  "join_until");
            adapter->shutdown(shared->queue, false);
        }
        return;
    }
    while (adapter->get(shared->queue, &taken_item) == HD_OK) {
        ((struct item *)taken_item)->takes++;
        hd_workload_expect_ok(adapter->task_done(shared->queue), "task_done");
    }
}

static void test_shutdown_lets_all_go(void **state)
{
    const struct subject *subject = hd_suite_subject(state);
    struct shared shared = create(subject, CAPACITY, BOUNDED_ITEMS);

    hd_workload_run(subject->adapter->name, subject->producers + subject->consumers,
                    work_until_shutdown, &shared);
    assert_int_equal(subject->adapter->try_put(shared.queue, &shared, 0), HD_SHUTDOWN);
    assert_int_equal(subject->adapter->task_done(shared.queue), HD_OVERFLOW);
    destroy(&shared);
}

int hd_queue_workload_run(const char *group,
                          const struct hd_queue_adapter *const *adapters,
                          size_t count,
                          enum hd_queue_order order,
                          unsigned producers,
                          unsigned consumers)
{
    static struct subject subjects[ADAPTERS_MAX];

    for (size_t i = 0; i < count && i < ADAPTERS_MAX; i++) {
        const char *name = adapters[i]->name;

        subjects[i] = (struct subject){adapters[i], order, producers, consumers};
        hd_suite_add("no item is lost or doubled", name, test_no_item_is_lost_or_doubled,
                     &subjects[i]);
        hd_suite_add("order at quiescence", name, test_order_at_quiescence, &subjects[i]);
        if ((adapters[i]->can & HD_CAN_SHUT) != 0) {
            hd_suite_add("a shutdown lets all go", name, test_shutdown_lets_all_go, &subjects[i]);
        }
    }
    return hd_suite_run(group);
}
