/*
 * Polite philosophers: each takes one fork and tries the other; if that is taken, it puts its own
 * back and begins again.
 *
 * Bug      Both take their first fork, find the second one taken, put the first one back, and are
 *          where they were: in step with each other they do so for ever.
 * Needs    2 threads, 1 preemption: after one thread's first fork.
 * Fix      Both take `left` first, and wait for `right`.
 * Source   The dining philosophers, Dijkstra, EWD 310, 1971; "after you" in Ashcroft, 1975.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t left;
    pthread_mutex_t right;
    int meals; /* under both */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->left, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->right, NULL) == 0);
}

static void eat_from_left(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->left);
    while (pthread_mutex_trylock(&shared->right) != 0) { /* finding */
        (void)pthread_mutex_unlock(&shared->left);
        (void)pthread_mutex_lock(&shared->left);
    }
    shared->meals++;
    (void)pthread_mutex_unlock(&shared->right);
    (void)pthread_mutex_unlock(&shared->left);
}

static void eat_from_right(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->right);
    while (pthread_mutex_trylock(&shared->left) != 0) { /* finding */
        (void)pthread_mutex_unlock(&shared->right);
        (void)pthread_mutex_lock(&shared->right);
    }
    shared->meals++;
    (void)pthread_mutex_unlock(&shared->left);
    (void)pthread_mutex_unlock(&shared->right);
}

static void eat_in_order(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->left);
    (void)pthread_mutex_lock(&shared->right);
    shared->meals++;
    (void)pthread_mutex_unlock(&shared->right);
    (void)pthread_mutex_unlock(&shared->left);
}

static void check(const void *state) { HD_EXPECT(((const struct shared *)state)->meals == 2); }

const struct hd_scenario hd_scenario_polite_philosophers = {
    .summary = "two threads that give way to each other for ever",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {eat_from_left, eat_from_right},
    .fixed = {eat_in_order, eat_in_order},
    .check = check,
    .sc = HD_LIVELOCK,
    .c11 = HD_LIVELOCK,
};
