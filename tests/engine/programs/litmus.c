/*
 * Litmus programs that are nothing but atomics. What a load finds is left alone: which executions
 * there are is what counts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/litmus.h"

#include <stdatomic.h>

static atomic_int cells[16];

/* All relaxed: orders between threads are what is counted, and none is relied on. */
static void store(unsigned cell, int value)
{
    atomic_store_explicit(&cells[cell], value, memory_order_relaxed);
}

static int load(unsigned cell) { return atomic_load_explicit(&cells[cell], memory_order_relaxed); }

static void store_buffering(unsigned threads)
{
    unsigned self = hd_litmus_self() - 1;

    store(self, 1);
    (void)load((self + 1) % threads);
}

static void store_buffering_2(void *unused)
{
    (void)unused;
    store_buffering(2);
}

const struct litmus litmus_store_buffering_2 = {"sb(2)", 2, store_buffering_2};

static void store_buffering_3(void *unused)
{
    (void)unused;
    store_buffering(3);
}

const struct litmus litmus_store_buffering_3 = {"sb(3)", 3, store_buffering_3};

/* Threads 1 and 2 write, 3 and 4 read in opposite orders. */
static void iriw(void *unused)
{
    unsigned self = hd_litmus_self() - 1;

    (void)unused;
    if (self < 2) {
        store(self, 1);
    } else {
        (void)load(self - 2);
        (void)load(3 - self);
    }
}

const struct litmus litmus_iriw = {"IRIW", 4, iriw};

/* Threads 1 and 2 write one variable, 3 and 4 read it twice. */
static void corr2(void *unused)
{
    unsigned self = hd_litmus_self();

    (void)unused;
    if (self < 3) {
        store(0, (int)self);
    } else {
        (void)load(0);
        (void)load(0);
    }
}

const struct litmus litmus_corr2 = {"CoRR2", 4, corr2};

static void racy_counter(void *unused)
{
    (void)unused;
    store(0, load(0) + 1);
}

const struct litmus litmus_racy_counter_2 = {"racy(2)", 2, racy_counter};
const struct litmus litmus_racy_counter_3 = {"racy(3)", 3, racy_counter};

static void race_chain(void *unused)
{
    unsigned self = hd_litmus_self();

    (void)unused;
    for (unsigned cell = 0; cell < 5; cell++) {
        if (self == 1) {
            store(cell, 1);
        } else {
            (void)load(cell);
        }
    }
}

const struct litmus litmus_race_chain_5 = {"race_chain(5)", 2, race_chain};

/* Thread 1 looks for the last zero, from behind; the others fill cells 1 to 4. */
static void last_zero(void *unused)
{
    unsigned self = hd_litmus_self();
    unsigned cell = 4;

    (void)unused;
    if (self > 1) {
        store(self - 1, load(self - 2) + 1);
        return;
    }
    while (load(cell) != 0) {
        cell--;
    }
}

const struct litmus litmus_last_zero_4 = {"lastzero(4)", 5, last_zero};

static void compare_exchange(void *unused)
{
    int expected = 0;

    (void)unused;
    (void)atomic_compare_exchange_strong_explicit(&cells[0], &expected, (int)hd_litmus_self(),
                                                  memory_order_relaxed, memory_order_relaxed);
}

const struct litmus litmus_compare_exchange_4 = {"cas(4)", 4, compare_exchange};
