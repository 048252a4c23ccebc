/*
 * List changed while iterated: a reader stands on the very node that is taken out.
 *
 * Bug      Data races on the links: the node that is removed goes to the free list, and the reader
 *          that stands on it follows its link there and misses the rest of the list.
 * Needs    2 threads besides main; 0 preemptions for the race, 1 for check to fail: the reader
 *          stops between the middle node's value and its link.
 * Fix      Hold `lock` through the whole iteration, and through the removal.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include <heddle/check.h>

struct node {
    struct node *next; /* under lock, in the repaired twin */
    int value;         /* constant after setup */
};

struct shared {
    pthread_mutex_t lock;
    struct node nodes[3];
    struct node *first; /* constant after setup: the middle node is the one that goes */
    struct node *free;  /* written by the remover only */
    int sum;            /* written by the reader only */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    shared->nodes[0] = (struct node){&shared->nodes[1], 1};
    shared->nodes[1] = (struct node){&shared->nodes[2], 2};
    shared->nodes[2] = (struct node){NULL, 4};
    shared->first = &shared->nodes[0];
}

static void *sum_up(void *state)
{
    struct shared *shared = state;
    int sum = 0;

    for (const struct node *node = shared->first; node != NULL; node = node->next) { /* finding */
        sum += node->value;
    }
    shared->sum = sum;
    return NULL;
}

static void *remove_second(void *state)
{
    struct shared *shared = state;
    struct node *second = shared->first->next;

    shared->first->next = second->next; /* finding */
    second->next = shared->free;        /* finding */
    shared->free = second;
    return NULL;
}

static void *sum_up_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    (void)sum_up(shared);
    (void)pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void *remove_second_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    (void)remove_second(shared);
    (void)pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void run(struct shared *shared, void *(*reader)(void *), void *(*remover)(void *))
{
    pthread_t threads[2];

    HD_EXPECT(pthread_create(&threads[0], NULL, reader, shared) == 0);
    HD_EXPECT(pthread_create(&threads[1], NULL, remover, shared) == 0);
    HD_EXPECT(pthread_join(threads[0], NULL) == 0);
    HD_EXPECT(pthread_join(threads[1], NULL) == 0);
}

static void run_unlocked(void *state) { run(state, sum_up, remove_second); }

static void run_locked(void *state) { run(state, sum_up_locked, remove_second_locked); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->sum == 1 + 2 + 4 || shared->sum == 1 + 4);
}

const struct hd_scenario hd_scenario_list_changed_while_iterated = {
    .summary = "a node is removed while a reader stands on it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = run_unlocked,
    .fixed_main = run_locked,
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
