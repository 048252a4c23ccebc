/*
 * What a lock must keep, under real threads: hd_lock and each of its references.
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

enum { THREADS = 3, ROUNDS = 300000, HAND_OVERS = 20000 };

struct shared {
    const struct hd_lock_adapter *adapter; /* constant after create */
    unsigned rounds;                       /* constant after create */
    void *lock;                            /* constant after create */
    void *other_lock;                      /* constant after create */
    uint64_t first;                        /* under lock */
    uint64_t second;                       /* under lock: equal to first */
};

/* Takes the lock in one of the ways that there are. */
static void acquire(const struct shared *shared, unsigned self, uint64_t *random)
{
    const struct hd_lock_adapter *adapter = shared->adapter;
    unsigned way = hd_suite_draw(random, 3);

    if (way == 0 && (adapter->can & HD_CAN_TRY) != 0) {
        while (adapter->try_acquire(shared->lock, self) != HD_OK) {
            hd_workload_yield();
        }
    } else if (way == 1 && (adapter->can & HD_CAN_TIME) != 0) {
        hd_workload_expect_ok(adapter->acquire_until(shared->lock, self, hd_workload_deadline_ns()),
                              "acquire_until");
    } else {
        hd_workload_expect_ok(adapter->acquire(shared->lock, self), "acquire");
    }
}

static void increment(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < shared->rounds; round++) {
        acquire(shared, self, &random);
        hd_workload_expect(shared->first == shared->second, "two threads hold the lock");
        shared->first++;
        hd_workload_linger(&random);
        shared->second++;
        if ((shared->adapter->can & HD_CAN_TELL_LIVE) != 0) {
            hd_workload_expect(shared->adapter->is_locked(shared->lock), "a held lock looks free");
        }
        hd_workload_expect_ok(shared->adapter->release(shared->lock, self), "release");
    }
}

static void test_mutual_exclusion(void **state)
{
    const struct hd_lock_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {
        .adapter = adapter,
        .rounds = hd_workload_rounds(adapter->can, ROUNDS),
        .lock = adapter->create(),
    };

    hd_workload_run(adapter->name, THREADS, increment, &shared);
    assert_int_equal(shared.first, THREADS * shared.rounds);
    assert_int_equal(shared.second, THREADS * shared.rounds);
    adapter->destroy(shared.lock);
}

/* Thread 0 waits on `lock` and releases `other_lock`, thread 1 the other way round. */
static void hand_over(void *argument, unsigned self)
{
    struct shared *shared = argument;
    void *mine = self == 0 ? shared->lock : shared->other_lock;
    void *theirs = self == 0 ? shared->other_lock : shared->lock;

    for (unsigned round = 0; round < shared->rounds; round++) {
        hd_workload_expect_ok(shared->adapter->acquire(mine, self), "acquire");
        hd_workload_expect(shared->first == 2 * (uint64_t)round + self, "a turn was skipped");
        shared->first++;
        hd_workload_expect_ok(shared->adapter->release(theirs, self), "release by another thread");
    }
}

static void test_release_by_another_thread(void **state)
{
    const struct hd_lock_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {
        .adapter = adapter,
        .rounds = hd_workload_rounds(adapter->can, HAND_OVERS),
        .lock = adapter->create(),
        .other_lock = adapter->create(),
    };

    assert_int_equal(adapter->acquire(shared.other_lock, 0), HD_OK);
    hd_workload_run(adapter->name, 2, hand_over, &shared);
    assert_int_equal(shared.first, 2 * shared.rounds);
    assert_int_equal(adapter->release(shared.other_lock, 0), HD_OK);
    adapter->destroy(shared.lock);
    adapter->destroy(shared.other_lock);
}

int main(void)
{
    for (size_t i = 0; i < hd_lock_adapters_count; i++) {
        const struct hd_lock_adapter *adapter = &hd_lock_adapters[i];

        hd_suite_add("one holder at a time", adapter->name, test_mutual_exclusion, adapter);
        if ((adapter->can & HD_CAN_GIVE) != 0) {
            hd_suite_add("released by another thread", adapter->name,
                         test_release_by_another_thread, adapter);
        }
    }
    return hd_suite_run("lock_stress");
}
