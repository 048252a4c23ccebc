/*
 * What a condition must keep, under real threads: hd_condition and each of its references.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/reference/adapters.h"
#include "tests/reference/suite.h"
#include "tests/reference/workload.h"

enum { THREADS = 4, PRODUCERS = 2, CONSUMERS = THREADS - PRODUCERS, ROUNDS = 10000 };

struct shared {
    const struct hd_condition_adapter *adapter; /* constant after create */
    void *condition;                            /* constant after create */
    unsigned room;                              /* constant after create: most tokens at a time */
    uint32_t tokens;                            /* under the condition's lock */
    uint64_t made;                              /* under the condition's lock */
    uint64_t used;                              /* under the condition's lock */
};

/* Under the lock: waits in one of the two ways. A wait may end for nothing. */
static void wait(const struct shared *shared, uint64_t *random)
{
    if (hd_suite_draw(random, 2) == 0) {
        hd_workload_expect_ok(shared->adapter->wait(shared->condition), "wait");
    } else {
        hd_workload_expect_ok(
            shared->adapter->wait_until(shared->condition, hd_workload_deadline_ns()),
            "wait_until");
    }
}

static void make_token(struct shared *shared, uint64_t *random)
{
    while (shared->tokens == shared->room) {
        wait(shared, random);
    }
    shared->tokens++;
    shared->made++;
}

static void use_token(struct shared *shared, uint64_t *random)
{
    while (shared->tokens == 0) {
        wait(shared, random);
    }
    shared->tokens--;
    shared->used++;
}

/* Room for one token: producers and consumers wait for each other on one condition. */
static void exchange(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < ROUNDS; round++) {
        shared->adapter->acquire(shared->condition);
        if (self < PRODUCERS) {
            make_token(shared, &random);
        } else {
            use_token(shared, &random);
        }
        hd_workload_expect(shared->made - shared->used == shared->tokens, "a token is lost");
        hd_workload_expect(shared->tokens <= shared->room, "a token too many");
        hd_workload_expect_ok(shared->adapter->notify_all(shared->condition), "notify_all");
        hd_workload_expect_ok(shared->adapter->release(shared->condition), "release");
    }
}

static void test_no_lost_wake_up(void **state)
{
    const struct hd_condition_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {.adapter = adapter, .condition = adapter->create(), .room = 1};

    hd_workload_run(adapter->name, THREADS, exchange, &shared);
    assert_int_equal(shared.made, PRODUCERS * ROUNDS);
    assert_int_equal(shared.used, CONSUMERS * ROUNDS);
    adapter->destroy(shared.condition);
}

/* Room for all tokens: only consumers wait, so that one notify for each token is enough. */
static void hand_out(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < ROUNDS; round++) {
        shared->adapter->acquire(shared->condition);
        if (self < PRODUCERS) {
            make_token(shared, &random);
            hd_workload_expect_ok(shared->adapter->notify(shared->condition, 1), "notify");
        } else {
            use_token(shared, &random);
        }
        hd_workload_expect_ok(shared->adapter->release(shared->condition), "release");
    }
}

static void test_one_notify_for_one_token(void **state)
{
    const struct hd_condition_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {
        .adapter = adapter, .condition = adapter->create(), .room = PRODUCERS * ROUNDS};

    hd_workload_run(adapter->name, THREADS, hand_out, &shared);
    assert_int_equal(shared.tokens, 0);
    adapter->destroy(shared.condition);
}

/*
 * Waits count how often they end: with one notify for each wait that has begun they end exactly as
 * often, whatever the order.
 */
struct count {
    const struct hd_condition_adapter *adapter; /* constant after create */
    void *condition;                            /* constant after create */
    uint32_t waiting;                           /* under the lock: waits not yet notified */
    uint32_t ended;                             /* under the lock */
    uint32_t notified;                          /* under the lock */
};

static void count_waits(void *argument, unsigned self)
{
    struct count *count = argument;
    uint32_t left = (THREADS - 1) * ROUNDS;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; self != 0 && round < ROUNDS; round++) {
        count->adapter->acquire(count->condition);
        count->waiting++;
        hd_workload_expect_ok(count->adapter->wait(count->condition), "wait");
        count->ended++;
        hd_workload_expect(count->ended <= count->notified, "a wait ends that was not notified");
        hd_workload_expect_ok(count->adapter->release(count->condition), "release");
    }
    while (self == 0 && left != 0) {
        uint32_t notify = 1 + hd_suite_draw(&random, THREADS - 1);

        count->adapter->acquire(count->condition);
        notify = notify < count->waiting ? notify : count->waiting;
        count->waiting -= notify;
        count->notified += notify;
        hd_workload_expect_ok(count->adapter->notify(count->condition, notify), "notify");
        hd_workload_expect_ok(count->adapter->release(count->condition), "release");
        left -= notify;
        if (notify == 0) {
            hd_workload_yield();
        }
    }
}

static void test_as_many_waits_end_as_are_notified(void **state)
{
    const struct hd_condition_adapter *adapter = hd_suite_subject(state);
    struct count count = {.adapter = adapter, .condition = adapter->create()};

    hd_workload_run(adapter->name, THREADS, count_waits, &count);
    assert_int_equal(count.ended, (THREADS - 1) * ROUNDS);
    assert_int_equal(count.waiting, 0);
    adapter->destroy(count.condition);
}

int main(void)
{
    for (size_t i = 0; i < hd_condition_adapters_count; i++) {
        const struct hd_condition_adapter *adapter = &hd_condition_adapters[i];

        hd_suite_add("no lost wake-up", adapter->name, test_no_lost_wake_up, adapter);
        hd_suite_add("one notify for one token", adapter->name, test_one_notify_for_one_token,
                     adapter);
        if ((adapter->can & HD_CAN_COUNT) != 0) {
            hd_suite_add("as many waits end as are notified", adapter->name,
                         test_as_many_waits_end_as_are_notified, adapter);
        }
    }
    return hd_suite_run("condition_stress");
}
