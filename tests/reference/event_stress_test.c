/*
 * What an event must keep, under real threads: hd_event and each of its references.
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

enum { THREADS = 4, ROUNDS = 8000, EVENTS = 10000 };

/*
 * Thread 0 sets an event that all others wait for, and each of them answers with one of its own.
 * Rounds take two sets of these in turn: an event is cleared in a round that nobody waits for it.
 */
struct shared {
    const struct hd_event_adapter *adapter; /* constant after create */
    void *go[2];                            /* constant after create */
    void *done[2][THREADS];                 /* constant after create */
    uint64_t payload[2];                    /* by thread 0, until it sets go */
    uint64_t answer[2][THREADS];            /* by each thread, until it sets done */
};

static void wait(const struct shared *shared, void *event, uint64_t *random)
{
    if (hd_suite_draw(random, 2) == 0) {
        shared->adapter->wait(event);
    } else {
        hd_workload_expect_ok(shared->adapter->wait_until(event, hd_workload_deadline_ns()),
                              "wait_until");
    }
}

static void ask(struct shared *shared, unsigned round, uint64_t *random)
{
    unsigned turn = round % 2;

    shared->adapter->clear(shared->go[1 - turn]);
    shared->payload[turn] = round;
    shared->adapter->set(shared->go[turn]);
    for (unsigned thread = 1; thread < THREADS; thread++) {
        wait(shared, shared->done[turn][thread], random);
        hd_workload_expect(shared->answer[turn][thread] == round, "an answer to another round");
        shared->adapter->clear(shared->done[turn][thread]);
    }
}

static void answer(struct shared *shared, unsigned self, unsigned round, uint64_t *random)
{
    unsigned turn = round % 2;

    wait(shared, shared->go[turn], random);
    hd_workload_expect(shared->payload[turn] == round, "a wait that no set has ended");
    shared->answer[turn][self] = round;
    shared->adapter->set(shared->done[turn][self]);
}

static void ask_and_answer(void *argument, unsigned self)
{
    uint64_t random = hd_suite_random(self);

    for (unsigned round = 0; round < ROUNDS; round++) {
        if (self == 0) {
            ask(argument, round, &random);
        } else {
            answer(argument, self, round, &random);
        }
    }
}

static void test_set_wakes_all(void **state)
{
    const struct hd_event_adapter *adapter = hd_suite_subject(state);
    struct shared shared = {.adapter = adapter};

    for (unsigned turn = 0; turn < 2; turn++) {
        shared.go[turn] = adapter->create();
        for (unsigned thread = 1; thread < THREADS; thread++) {
            shared.done[turn][thread] = adapter->create();
        }
    }
    hd_workload_run(adapter->name, THREADS, ask_and_answer, &shared);
    for (unsigned turn = 0; turn < 2; turn++) {
        adapter->destroy(shared.go[turn]);
        for (unsigned thread = 1; thread < THREADS; thread++) {
            adapter->destroy(shared.done[turn][thread]);
        }
    }
}

/* Thread 0 sets one event after the other; the others look until they see it. */
struct publication {
    const struct hd_event_adapter *adapter; /* constant after create */
    void *events[EVENTS];                   /* constant after create */
    uint64_t written[EVENTS];               /* by thread 0, until it sets the event */
};

static void publish(void *argument, unsigned self)
{
    struct publication *publication = argument;

    for (unsigned round = 0; round < EVENTS; round++) {
        if (self == 0) {
            publication->written[round] = round + 1;
            publication->adapter->set(publication->events[round]);
            continue;
        }
        while (!publication->adapter->is_set(publication->events[round])) {
            hd_workload_yield();
        }
        hd_workload_expect(publication->written[round] == round + 1,
                           "a set is seen without what came before it");
    }
}

static void test_set_publishes(void **state)
{
    static struct publication publication;
    const struct hd_event_adapter *adapter = hd_suite_subject(state);

    publication = (struct publication){.adapter = adapter};
    for (unsigned round = 0; round < EVENTS; round++) {
        publication.events[round] = adapter->create();
    }
    hd_workload_run(adapter->name, THREADS, publish, &publication);
    for (unsigned round = 0; round < EVENTS; round++) {
        adapter->destroy(publication.events[round]);
    }
}

int main(void)
{
    for (size_t i = 0; i < hd_event_adapters_count; i++) {
        const struct hd_event_adapter *adapter = &hd_event_adapters[i];

        hd_suite_add("a set wakes all", adapter->name, test_set_wakes_all, adapter);
        hd_suite_add("a set publishes", adapter->name, test_set_publishes, adapter);
    }
    return hd_suite_run("event_stress");
}
