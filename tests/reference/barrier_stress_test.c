/*
 * What a barrier must keep, under real threads: hd_barrier and each of its references.
 *
 * CK's barriers spin without giving the processor away, so rounds are few where there are more
 * threads than processors: each may cost a time slice.
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

enum { ROUNDS_OF_TWO = 3000, ROUNDS_OF_MANY = 2000, ROUNDS_OF_MANY_SPINNING = 40 };

struct shared {
    const struct hd_barrier_adapter *adapter; /* constant after create */
    void *barrier;                            /* constant after create */
    unsigned parties;                         /* constant after create */
    unsigned rounds;                          /* constant after create */
    /*
     * The round that each thread has come to. By that thread before its wait, read by the others
     * after theirs; a thread writes the same place again two rounds later, when all have read it.
     */
    uint64_t reached[2][HD_THREADS_MAX];
    uint32_t indices[2][HD_THREADS_MAX]; /* as reached, a wait later: the index that each got */
};

static enum hd_result wait(const struct shared *shared, unsigned self, uint32_t *index)
{
    return shared->adapter->wait(shared->barrier, self, index);
}

static void check_indices(const struct shared *shared, const uint32_t *indices)
{
    unsigned seen = 0;

    for (unsigned thread = 0; thread < shared->parties; thread++) {
        hd_workload_expect(indices[thread] < shared->parties, "an index out of range");
        seen |= 1U << indices[thread] % 32;
    }
    hd_workload_expect(seen == (1U << shared->parties) - 1, "an index given twice in a round");
}

static void run_rounds(void *argument, unsigned self)
{
    struct shared *shared = argument;
    bool is_numbered = (shared->adapter->can & HD_CAN_NUMBER) != 0;
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 1; round <= shared->rounds; round++) {
        uint64_t *reached = shared->reached[round % 2];
        uint32_t *indices = shared->indices[round % 2];

        hd_workload_linger(&random);
        reached[self] = round;
        hd_workload_expect_ok(wait(shared, self, &indices[self]), "wait");
        for (unsigned thread = 0; thread < shared->parties; thread++) {
            hd_workload_expect(reached[thread] == round, "a thread runs ahead of another");
        }
        if (is_numbered && round > 1) {
            check_indices(shared, shared->indices[(round - 1) % 2]);
        }
    }
}

static void run(const struct hd_barrier_adapter *adapter, unsigned parties, unsigned rounds)
{
    struct shared shared = {
        .adapter = adapter,
        .barrier = adapter->create(parties),
        .parties = parties,
        .rounds = rounds,
    };

    hd_workload_run(adapter->name, parties, run_rounds, &shared);
    adapter->destroy(shared.barrier);
}

static void test_two_threads(void **state) { run(hd_suite_subject(state), 2, ROUNDS_OF_TWO); }

static void test_more_threads_than_processors(void **state)
{
    const struct hd_barrier_adapter *adapter = hd_suite_subject(state);
    bool is_sleeping = (adapter->can & HD_CAN_BLOCK) != 0;
    unsigned rounds = is_sleeping ? ROUNDS_OF_MANY : ROUNDS_OF_MANY_SPINNING;

    run(adapter, HD_THREADS_MAX - 1, rounds);
    run(adapter, HD_THREADS_MAX, rounds);
}

int main(void)
{
    for (size_t i = 0; i < hd_barrier_adapters_count; i++) {
        const struct hd_barrier_adapter *adapter = &hd_barrier_adapters[i];

        hd_suite_add("no thread runs ahead, of two", adapter->name, test_two_threads, adapter);
        hd_suite_add("no thread runs ahead, of three and four", adapter->name,
                     test_more_threads_than_processors, adapter);
    }
    return hd_suite_run("barrier_stress");
}
