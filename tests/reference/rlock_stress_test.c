/*
 * What a reentrant lock must keep, under real threads: hd_rlock and each of its references.
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

enum { THREADS = 3, ROUNDS = 100000, DEPTH_MAX = 4 };

struct shared {
    const struct hd_lock_adapter *adapter; /* constant after create */
    void *lock;                            /* constant after create */
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

/* Held to the last of its levels. */
static void increment_and_release(struct shared *shared, unsigned self, uint64_t *random)
{
    hd_workload_expect(shared->first == shared->second, "two threads hold the lock");
    shared->first++;
    hd_workload_linger(random);
    shared->second++;
    hd_workload_expect_ok(shared->adapter->release(shared->lock, self), "release");
}

static void increment(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned depth = 1 + hd_suite_draw(&random, DEPTH_MAX);

        for (unsigned level = 0; level < depth; level++) {
            acquire(shared, self, &random);
        }
        if ((shared->adapter->can & HD_CAN_DEPTH) != 0) {
            hd_workload_expect(shared->adapter->depth(shared->lock, self) == depth, "wrong depth");
        }
        for (unsigned level = 0; level < depth; level++) {
            increment_and_release(shared, self, &random);
        }
    }
}

static void test_mutual_exclusion(void **state)
{
    const struct hd_lock_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {.adapter = adapter, .lock = adapter->create()};

    hd_workload_run(adapter->name, THREADS, increment, &shared);
    assert_int_equal(shared.first, shared.second);
    adapter->destroy(shared.lock);
}

int main(void)
{
    for (size_t i = 0; i < hd_rlock_adapters_count; i++) {
        hd_suite_add("one holder at all its levels", hd_rlock_adapters[i].name,
                     test_mutual_exclusion, &hd_rlock_adapters[i]);
    }
    return hd_suite_run("rlock_stress");
}
