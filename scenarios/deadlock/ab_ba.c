/*
 * AB-BA: two threads take two locks in opposite order.
 *
 * Bug      Each holds the lock that the other one waits for.
 * Needs    2 threads, 1 preemption: after one thread's first lock.
 * Fix      Both take `a` first.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t a;
    pthread_mutex_t b;
    int balance_a; /* under a */
    int balance_b; /* under b */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->a, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->b, NULL) == 0);
}

static void transfer_a_to_b(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->a);
    (void)pthread_mutex_lock(&shared->b); /* finding */
    shared->balance_a -= 1;
    shared->balance_b += 1;
    (void)pthread_mutex_unlock(&shared->b);
    (void)pthread_mutex_unlock(&shared->a);
}

static void transfer_b_to_a(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->b);
    (void)pthread_mutex_lock(&shared->a); /* finding */
    shared->balance_b -= 2;
    shared->balance_a += 2;
    (void)pthread_mutex_unlock(&shared->a);
    (void)pthread_mutex_unlock(&shared->b);
}

static void transfer_b_to_a_in_order(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->a);
    (void)pthread_mutex_lock(&shared->b);
    shared->balance_b -= 2;
    shared->balance_a += 2;
    (void)pthread_mutex_unlock(&shared->b);
    (void)pthread_mutex_unlock(&shared->a);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->balance_a == 1 && shared->balance_b == -1);
}

const struct hd_scenario hd_scenario_ab_ba = {
    .summary = "two locks taken in opposite order",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {transfer_a_to_b, transfer_b_to_a},
    .fixed = {transfer_a_to_b, transfer_b_to_a_in_order},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
