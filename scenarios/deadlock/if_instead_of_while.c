/*
 * `if` instead of `while` around a wait: what was signalled is gone when the waiter has the lock.
 *
 * Bug      Between the signal and the waiter's return a third thread takes the item. The waiter
 *          does not look again, and takes an item that is not there: no deadlock, a failed
 *          expectation.
 * Needs    3 threads, 0 preemptions: the wait ends although nobody signalled. Where that does not
 *          happen, 1: the producer stops after its first item; the waiter came first, and the third
 *          thread takes the item before the waiter has the lock.
 * Fix      `while`.
 * Source   Textbook; shape of Apache bug 45605, idle workers.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    int items; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->not_empty, NULL) == 0);
}

static void produce_two(void *state)
{
    struct shared *shared = state;

    for (int item = 0; item < 2; item++) {
        (void)pthread_mutex_lock(&shared->lock);
        shared->items++;
        (void)pthread_cond_signal(&shared->not_empty);
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

static void consume(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    if (shared->items == 0) {
        (void)pthread_cond_wait(&shared->not_empty, &shared->lock);
    }
    HD_EXPECT(shared->items > 0); /* finding */
    shared->items--;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void consume_when_there(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    while (shared->items == 0) {
        (void)pthread_cond_wait(&shared->not_empty, &shared->lock);
    }
    HD_EXPECT(shared->items > 0);
    shared->items--;
    (void)pthread_mutex_unlock(&shared->lock);
}

/* Never waits: so two items are enough for the one who does. */
static void consume_if_there(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    if (shared->items > 0) {
        shared->items--;
    }
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->items == 0 || shared->items == 1);
}

const struct hd_scenario hd_scenario_if_instead_of_while = {
    .summary = "a waiter does not look again after it was signalled",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {consume, produce_two, consume_if_there},
    .fixed = {consume_when_there, produce_two, consume_if_there},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
