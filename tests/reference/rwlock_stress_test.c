/*
 * What a reader-writer lock must keep, under real threads: hd_rwlock and each of its references.
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

enum { THREADS = 3, ROUNDS = 150000 };

struct shared {
    const struct hd_rwlock_adapter *adapter; /* constant after create */
    unsigned rounds;                         /* constant after create */
    void *rwlock;                            /* constant after create */
    uint64_t first;                          /* written under exclusive, read under shared */
    uint64_t second;                         /* the same; equal to first */
    uint64_t writes;                         /* under exclusive */
    uint64_t writes_of[THREADS];             /* each that thread only */
};

/* Takes the lock in one of the ways that there are. */
static void acquire(const struct shared *shared, unsigned self, enum hd_hold hold, uint64_t *random)
{
    const struct hd_rwlock_adapter *adapter = shared->adapter;
    unsigned way = hd_suite_draw(random, 3);

    if (way == 0 && (adapter->can & HD_CAN_TRY) != 0) {
        while (adapter->try_acquire(shared->rwlock, self, hold) != HD_OK) {
            hd_workload_yield();
        }
    } else if (way == 1 && (adapter->can & HD_CAN_TIME) != 0) {
        hd_workload_expect_ok(
            adapter->acquire_until(shared->rwlock, self, hold, hd_workload_deadline_ns()),
            "acquire_until");
    } else {
        hd_workload_expect_ok(adapter->acquire(shared->rwlock, self, hold), "acquire");
    }
}

static void read_pair(const struct shared *shared, uint64_t *random)
{
    uint64_t first = shared->first;

    hd_workload_linger(random);
    hd_workload_expect(first == shared->second, "a reader sees a torn pair");
}

static void write_pair(struct shared *shared, unsigned self, uint64_t *random)
{
    hd_workload_expect(shared->first == shared->second, "two writers hold the lock");
    shared->first++;
    hd_workload_linger(random);
    shared->second++;
    shared->writes++;
    shared->writes_of[self]++;
}

static void read_and_write(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < shared->rounds; round++) {
        enum hd_hold hold = hd_suite_draw(&random, 4) == 0 ? HD_EXCLUSIVE : HD_SHARED;

        acquire(shared, self, hold, &random);
        if (hold == HD_SHARED) {
            read_pair(shared, &random);
        } else {
            write_pair(shared, self, &random);
        }
        hd_workload_expect_ok(shared->adapter->release(shared->rwlock, self, hold), "release");
    }
}

static void test_no_torn_pair(void **state)
{
    const struct hd_rwlock_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {
        .adapter = adapter,
        .rounds = hd_workload_rounds(adapter->can, ROUNDS),
        .rwlock = adapter->create(),
    };
    uint64_t writes = 0;

    hd_workload_run(adapter->name, THREADS, read_and_write, &shared);
    for (unsigned thread = 0; thread < THREADS; thread++) {
        writes += shared.writes_of[thread];
    }
    assert_int_equal(shared.writes, writes);
    assert_int_equal(shared.first, writes);
    assert_int_equal(shared.second, writes);
    adapter->destroy(shared.rwlock);
}

/* Two readers meet inside the lock: neither leaves before the other has come. */
struct meeting {
    const struct hd_rwlock_adapter *adapter; /* constant after create */
    void *rwlock;                            /* constant after create */
    uint32_t inside;                         /* atomic */
};

static void meet(void *argument, unsigned self)
{
    struct meeting *meeting = argument;

    hd_workload_expect_ok(meeting->adapter->acquire(meeting->rwlock, self, HD_SHARED), "acquire");
    /* Relaxed: only counts. */
    (void)__atomic_fetch_add(&meeting->inside, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&meeting->inside, __ATOMIC_RELAXED) != THREADS) {
        hd_workload_yield();
    }
    hd_workload_expect_ok(meeting->adapter->release(meeting->rwlock, self, HD_SHARED), "release");
}

static void test_readers_share(void **state)
{
    const struct hd_rwlock_adapter *adapter = hd_suite_subject(state);
    struct meeting meeting = {.adapter = adapter, .rwlock = adapter->create()};

    hd_workload_run(adapter->name, THREADS, meet, &meeting);
    assert_int_equal(meeting.inside, THREADS);
    adapter->destroy(meeting.rwlock);
}

int main(void)
{
    for (size_t i = 0; i < hd_rwlock_adapters_count; i++) {
        const struct hd_rwlock_adapter *adapter = &hd_rwlock_adapters[i];

        hd_suite_add("readers see no torn pair", adapter->name, test_no_torn_pair, adapter);
        hd_suite_add("readers hold it together", adapter->name, test_readers_share, adapter);
    }
    return hd_suite_run("rwlock_stress");
}
