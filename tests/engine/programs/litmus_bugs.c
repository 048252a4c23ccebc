/*
 * Litmus programs with a bug that shows rarely, and needs one preemption.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>

#include <heddle/check.h>

#include "tests/engine/programs/litmus.h"

static atomic_int a;
static atomic_int b;
static pthread_mutex_t mutex_a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t mutex_b = PTHREAD_MUTEX_INITIALIZER;
static int plain;

/* Relaxed: what goes wrong here goes wrong under sequential consistency. */
static void set(atomic_int *cell, int value)
{
    atomic_store_explicit(cell, value, memory_order_relaxed);
}

static int get(atomic_int *cell) { return atomic_load_explicit(cell, memory_order_relaxed); }

/* Threads 1 to 9 set a, then b; thread 10 must see neither or both. */
static void reorder(void *unused)
{
    (void)unused;
    if (hd_litmus_self() < 10) {
        set(&a, 1);
        set(&b, -1);
        return;
    }
    HD_EXPECT((get(&a) == 0 && get(&b) == 0) || (get(&a) == 1 && get(&b) == -1));
}

const struct litmus litmus_reorder_10 = {"reorder_10", 10, reorder};

/*
 * Threads 1 to 9 set a, and then b to a + 1, each under its own lock; thread 10 looks in between.
 */
static void two_stage(void *unused)
{
    (void)unused;
    if (hd_litmus_self() < 10) {
        (void)pthread_mutex_lock(&mutex_a);
        set(&a, 1);
        (void)pthread_mutex_unlock(&mutex_a);
        (void)pthread_mutex_lock(&mutex_b);
        set(&b, get(&a) + 1);
        (void)pthread_mutex_unlock(&mutex_b);
        return;
    }
    (void)pthread_mutex_lock(&mutex_a);
    int seen = get(&a);
    (void)pthread_mutex_unlock(&mutex_a);
    if (seen != 0) {
        (void)pthread_mutex_lock(&mutex_b);
        HD_EXPECT(get(&b) == seen + 1);
        (void)pthread_mutex_unlock(&mutex_b);
    }
}

const struct litmus litmus_two_stage_10 = {"twostage(9,1)", 10, two_stage};

/* Threads 2 to 8 change what thread 1 reads twice, under another lock. */
static void wrong_lock(void *unused)
{
    (void)unused;
    if (hd_litmus_self() > 1) {
        (void)pthread_mutex_lock(&mutex_b);
        set(&a, get(&a) + 1);
        (void)pthread_mutex_unlock(&mutex_b);
        return;
    }
    (void)pthread_mutex_lock(&mutex_a);
    int seen = get(&a);

    HD_EXPECT(get(&a) == seen);
    (void)pthread_mutex_unlock(&mutex_a);
}

const struct litmus litmus_wrong_lock_8 = {"wronglock(7)", 8, wrong_lock};

/* A data race, with some way to go before and after it. */
static void plain_counter(void *unused)
{
    (void)unused;
    for (unsigned i = 0; i < 5; i++) {
        (void)pthread_mutex_lock(&mutex_a);
        (void)pthread_mutex_unlock(&mutex_a);
    }
    plain++;
    for (unsigned i = 0; i < 5; i++) {
        (void)pthread_mutex_lock(&mutex_a);
        (void)pthread_mutex_unlock(&mutex_a);
    }
}

const struct litmus litmus_plain_counter = {"plain counter", 2, plain_counter};

/* Own cells of threads 1 and 2: steps on the way to the bug that do not matter. */
static atomic_int ways[2];

static void go_some_way(void)
{
    for (int i = 0; i < 60; i++) {
        (void)atomic_fetch_add_explicit(&ways[hd_litmus_self() - 1], 1, memory_order_relaxed);
    }
}

/* Fails if thread 2 reads a first while it is 1, and again when it is 0: two preemptions. */
static void long_way(void *unused)
{
    (void)unused;
    go_some_way();
    if (hd_litmus_self() == 1) {
        set(&a, 1);
        set(&a, 0);
    } else {
        int first = get(&a);

        HD_EXPECT(get(&a) == 1 || first == 0);
    }
    go_some_way();
}

const struct litmus litmus_long_way = {"long way", 2, long_way};

/* Fails for values from 37 on, and only if thread 2 has stepped before. */
static void chosen_value(void *unused)
{
    (void)unused;
    if (hd_litmus_self() == 2) {
        set(&a, 1);
        return;
    }
    uint32_t value = hd_choose(1000);

    HD_EXPECT(get(&a) == 0 || value < 37);
}

const struct litmus litmus_chosen_value = {"chosen value", 2, chosen_value};

/* A plain write before all else: who is the last depends on where threads begin. */
static void plain_first(void *unused)
{
    (void)unused;
    plain = (int)hd_litmus_self();
    (void)get(&a);
    HD_EXPECT(plain != 1);
}

const struct litmus litmus_plain_first = {"plain first", 2, plain_first};
