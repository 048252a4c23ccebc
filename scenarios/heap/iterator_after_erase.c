/*
 * Iterator after erase: a reader lets go of the lock while it stands on a node, which is erased.
 *
 * Bug      Use after free: to go on, the reader follows the link of a node that is freed by then.
 *          Every access is under the lock, so the two are ordered, and no data race tells.
 * Needs    2 threads besides main, 1 preemption: while the reader holds no lock.
 * Fix      Hold the lock through the whole iteration.
 * Source   Textbook: invalidated iterators, as in C++'s std::list::erase.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include <heddle/check.h>

struct node {
    struct node *next; /* under lock */
    int value;         /* constant after setup */
};

struct shared {
    pthread_mutex_t lock;
    struct node *first;          /* under lock */
    const struct node *iterator; /* the reader's own */
    int sum;                     /* so is this */
};

static void push(struct shared *shared, int value)
{
    struct node *node = malloc(sizeof(*node));

    HD_EXPECT(node != NULL);
    node->next = shared->first;
    node->value = value;
    shared->first = node;
}

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    push(shared, 4);
    push(shared, 2);
    push(shared, 1);
}

static void *sum_up(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->iterator = shared->first;
    while (shared->iterator != NULL) {
        int value = shared->iterator->value;

        /* What is done with the value may take long. */
        (void)pthread_mutex_unlock(&shared->lock);
        shared->sum += value;
        (void)pthread_mutex_lock(&shared->lock);
        shared->iterator = shared->iterator->next; /* finding */
    }
    (void)pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void *sum_up_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    for (const struct node *node = shared->first; node != NULL; node = node->next) {
        shared->sum += node->value;
    }
    (void)pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void *erase_second(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    struct node *second = shared->first->next;

    shared->first->next = second->next;
    free(second);
    (void)pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void run(struct shared *shared, void *(*reader)(void *))
{
    pthread_t threads[2];

    HD_EXPECT(pthread_create(&threads[0], NULL, reader, shared) == 0);
    HD_EXPECT(pthread_create(&threads[1], NULL, erase_second, shared) == 0);
    HD_EXPECT(pthread_join(threads[0], NULL) == 0);
    HD_EXPECT(pthread_join(threads[1], NULL) == 0);
}

static void run_with_gaps(void *state) { run(state, sum_up); }

static void run_without(void *state) { run(state, sum_up_locked); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->sum == 1 + 2 + 4 || shared->sum == 1 + 4);
}

const struct hd_scenario hd_scenario_iterator_after_erase = {
    .summary = "a node is erased and freed while an iterator stands on it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = run_with_gaps,
    .fixed_main = run_without,
    .check = check,
    .sc = HD_USE_AFTER_FREE,
    .c11 = HD_USE_AFTER_FREE,
};
