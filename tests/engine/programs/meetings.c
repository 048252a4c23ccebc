/*
 * Programs whose threads meet in few ways, which can be counted.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/meetings.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int flags[MEETINGS_THREADS];
static atomic_int cells[4];
static int plain;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void raise_first(void *argument)
{
    (void)argument;
    atomic_store_explicit(&flags[0], 1, memory_order_seq_cst);
    (void)atomic_load_explicit(&flags[1], memory_order_seq_cst);
}

static void raise_second(void *argument)
{
    (void)argument;
    atomic_store_explicit(&flags[1], 1, memory_order_seq_cst);
    (void)atomic_load_explicit(&flags[0], memory_order_seq_cst);
}

static void look_at_first(void *argument)
{
    (void)argument;
    atomic_store_explicit(&flags[0], 1, memory_order_seq_cst);
    (void)atomic_load_explicit(&flags[0], memory_order_seq_cst);
}

static void look_at_second(void *argument)
{
    (void)argument;
    atomic_store_explicit(&flags[1], 1, memory_order_seq_cst);
    (void)atomic_load_explicit(&flags[1], memory_order_seq_cst);
}

static void lock_twice(void *argument)
{
    (void)argument;
    for (int i = 0; i < 2; i++) {
        (void)pthread_mutex_lock(&mutex);
        (void)pthread_mutex_unlock(&mutex);
    }
}

static void lock_elsewhere(void *argument)
{
    (void)argument;
    for (int i = 0; i < 2; i++) {
        (void)pthread_mutex_lock(&mutex);
        (void)pthread_mutex_unlock(&mutex);
    }
}

static sem_t semaphore; /* all zero is as sem_init() makes it, with no unit */

static void add_and_wait(void *argument)
{
    (void)argument;
    (void)atomic_fetch_add_explicit(&cells[0], 1, memory_order_seq_cst);
    (void)sem_wait(&semaphore);
}

static void add_and_post(void *argument)
{
    (void)argument;
    (void)atomic_fetch_add_explicit(&cells[0], 1, memory_order_seq_cst);
    (void)sem_post(&semaphore);
}

static void increment(void *argument)
{
    (void)argument;
    plain++;
}

static void add_up(void *argument)
{
    (void)argument;
    (void)atomic_fetch_add_explicit(&cells[0], 1, memory_order_seq_cst);
    (void)atomic_fetch_add_explicit(&cells[1], 1, memory_order_seq_cst);
    (void)atomic_fetch_add_explicit(&cells[2], 1, memory_order_seq_cst);
    (void)atomic_fetch_add_explicit(&cells[3], 1, memory_order_seq_cst);
}

static void add_down(void *argument)
{
    (void)argument;
    (void)atomic_fetch_add_explicit(&cells[3], 1, memory_order_seq_cst);
    (void)atomic_fetch_add_explicit(&cells[2], 1, memory_order_seq_cst);
    (void)atomic_fetch_add_explicit(&cells[1], 1, memory_order_seq_cst);
    (void)atomic_fetch_add_explicit(&cells[0], 1, memory_order_seq_cst);
}

void (*const meetings_flags[MEETINGS_THREADS])(void *) = {raise_first, raise_second};
void (*const meetings_none[MEETINGS_THREADS])(void *) = {look_at_first, look_at_second};
void (*const meetings_lock[MEETINGS_THREADS])(void *) = {lock_twice, lock_elsewhere};
void (*const meetings_semaphore[MEETINGS_THREADS])(void *) = {add_and_wait, add_and_post};
void (*const meetings_race[MEETINGS_THREADS])(void *) = {increment, increment};
void (*const meetings_many[MEETINGS_THREADS])(void *) = {add_up, add_down};
