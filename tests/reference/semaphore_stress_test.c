/*
 * What a semaphore must keep, under real threads: hd_semaphore, hd_bounded_semaphore and each of
 * their references.
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

enum { THREADS = 4, ROUNDS = 40000, UNITS = 2, BATCH_MAX = 3 };

struct shared {
    const struct hd_semaphore_adapter *adapter; /* constant after create */
    void *semaphore;                            /* constant after create */
    uint32_t admitted;                          /* atomic: threads that hold a unit */
    uint64_t first;                             /* with one unit: by who has it */
    uint64_t second;                            /* with one unit: by who has it; equal to first */
};

/* Takes a unit in one of the three ways. */
static void acquire(const struct shared *shared, uint64_t *random)
{
    const struct hd_semaphore_adapter *adapter = shared->adapter;

    switch (hd_suite_draw(random, 3)) {
    case 0:
        while (adapter->try_acquire(shared->semaphore) != HD_OK) {
            hd_workload_yield();
        }
        break;
    case 1:
        hd_workload_expect_ok(adapter->acquire_until(shared->semaphore, hd_workload_deadline_ns()),
                              "acquire_until");
        break;
    default:
        adapter->acquire(shared->semaphore);
        break;
    }
}

static void use_unit(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < ROUNDS; round++) {
        acquire(shared, &random);
        /* Relaxed: only counts. */
        hd_workload_expect(__atomic_add_fetch(&shared->admitted, 1, __ATOMIC_RELAXED) <= UNITS,
                           "more threads admitted than there are units");
        hd_workload_linger(&random);
        (void)__atomic_sub_fetch(&shared->admitted, 1, __ATOMIC_RELAXED);
        hd_workload_expect_ok(shared->adapter->release(shared->semaphore, 1), "release");
    }
}

static void test_never_over_admits(void **state)
{
    const struct hd_semaphore_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {.adapter = adapter, .semaphore = adapter->create(UNITS)};

    hd_workload_run(adapter->name, THREADS, use_unit, &shared);
    assert_int_equal(adapter->value(shared.semaphore), UNITS);
    adapter->destroy(shared.semaphore);
}

static void increment(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < ROUNDS; round++) {
        acquire(shared, &random);
        hd_workload_expect(shared->first == shared->second, "two threads have the only unit");
        shared->first++;
        hd_workload_linger(&random);
        shared->second++;
        hd_workload_expect_ok(shared->adapter->release(shared->semaphore, 1), "release");
    }
}

static void test_one_unit_excludes(void **state)
{
    const struct hd_semaphore_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {.adapter = adapter, .semaphore = adapter->create(1)};

    hd_workload_run(adapter->name, THREADS, increment, &shared);
    assert_int_equal(shared.first, THREADS * ROUNDS);
    assert_int_equal(shared.second, THREADS * ROUNDS);
    adapter->destroy(shared.semaphore);
}

/* Thread 0 releases as many units as the others take, some at a time. */
static void release_in_batches(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);
    uint32_t left = (THREADS - 1) * ROUNDS;

    if (self != 0) {
        for (unsigned round = 0; round < ROUNDS; round++) {
            acquire(shared, &random);
        }
        return;
    }
    while (left != 0) {
        uint32_t batch = 1 + hd_suite_draw(&random, BATCH_MAX);

        batch = batch < left ? batch : left;
        hd_workload_expect_ok(shared->adapter->release(shared->semaphore, batch), "release");
        left -= batch;
        hd_workload_linger(&random);
    }
}

static void test_no_unit_is_lost(void **state)
{
    const struct hd_semaphore_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {.adapter = adapter, .semaphore = adapter->create(0)};

    hd_workload_run(adapter->name, THREADS, release_in_batches, &shared);
    assert_int_equal(adapter->value(shared.semaphore), 0);
    adapter->destroy(shared.semaphore);
}

/*
 * Thread 0 releases a unit for each other thread at once, and goes on when each has said that it
 * has one. They take from two semaphores in turn, so that none can take another's.
 */
struct meeting {
    const struct hd_semaphore_adapter *adapter; /* constant after create */
    void *go[2];                                /* constant after create */
    void *done;                                 /* constant after create */
};

static void meet(void *argument, unsigned self)
{
    struct meeting *meeting = argument;
    const struct hd_semaphore_adapter *adapter = meeting->adapter;

    for (unsigned round = 0; round < ROUNDS; round++) {
        void *go = meeting->go[round % 2];

        if (self != 0) {
            adapter->acquire(go);
            hd_workload_expect_ok(adapter->release(meeting->done, 1), "release");
            continue;
        }
        hd_workload_expect_ok(adapter->release(go, THREADS - 1), "release");
        for (unsigned thread = 1; thread < THREADS; thread++) {
            adapter->acquire(meeting->done);
        }
    }
}

static void test_a_release_wakes_as_many_as_it_frees(void **state)
{
    const struct hd_semaphore_adapter *adapter = hd_suite_subject(state);
    struct meeting meeting = {
        .adapter = adapter,
        .go = {adapter->create(0), adapter->create(0)},
        .done = adapter->create(0),
    };

    hd_workload_run(adapter->name, THREADS, meet, &meeting);
    adapter->destroy(meeting.go[0]);
    adapter->destroy(meeting.go[1]);
    adapter->destroy(meeting.done);
}

/* Each thread releases a unit that it has not taken, in between: all of these are refused. */
static void release_too_many(void *argument, unsigned self)
{
    struct shared *shared = argument;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < ROUNDS; round++) {
        acquire(shared, &random);
        hd_workload_expect(shared->adapter->release(shared->semaphore, UNITS + 1) == HD_OVERFLOW,
                           "a release past the bound is not refused");
        hd_workload_expect_ok(shared->adapter->release(shared->semaphore, 1), "release");
    }
}

static void test_never_exceeds_its_bound(void **state)
{
    const struct hd_semaphore_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {.adapter = adapter, .semaphore = adapter->create(UNITS)};

    hd_workload_run(adapter->name, THREADS, release_too_many, &shared);
    assert_int_equal(adapter->value(shared.semaphore), UNITS);
    adapter->destroy(shared.semaphore);
}

int main(void)
{
    for (size_t i = 0; i < hd_semaphore_adapters_count; i++) {
        const struct hd_semaphore_adapter *adapter = &hd_semaphore_adapters[i];

        hd_suite_add("never over-admits", adapter->name, test_never_over_admits, adapter);
        hd_suite_add("one unit excludes", adapter->name, test_one_unit_excludes, adapter);
        hd_suite_add("no unit is lost", adapter->name, test_no_unit_is_lost, adapter);
        hd_suite_add("a release wakes as many as it frees", adapter->name,
                     test_a_release_wakes_as_many_as_it_frees, adapter);
    }
    for (size_t i = 0; i < hd_bounded_semaphore_adapters_count; i++) {
        const struct hd_semaphore_adapter *adapter = &hd_bounded_semaphore_adapters[i];

        hd_suite_add("never over-admits", adapter->name, test_never_over_admits, adapter);
        hd_suite_add("one unit excludes", adapter->name, test_one_unit_excludes, adapter);
        hd_suite_add("never exceeds its bound", adapter->name, test_never_exceeds_its_bound,
                     adapter);
    }
    return hd_suite_run("semaphore_stress");
}
