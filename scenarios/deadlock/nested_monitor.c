/*
 * Nested monitor: a thread waits in an inner monitor and keeps the outer one locked.
 *
 * Bug      The wait releases the lock of the pool, but not that of the server, through which
 *          whoever gives a connection back must come.
 * Needs    2 threads, 0 preemptions: the one who takes comes before the one who gives back.
 * Fix      Do not hold the outer lock across the wait.
 * Source   Lister, "The problem of nested monitor calls", Operating Systems Review 1977.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    int free; /* under lock */
};

struct shared {
    pthread_mutex_t server_lock;
    int calls; /* under server_lock */
    struct pool pool;
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->server_lock, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->pool.lock, NULL) == 0);
    HD_EXPECT(pthread_cond_init(&shared->pool.not_empty, NULL) == 0);
}

static void pool_take(struct pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->free == 0) {
        (void)pthread_cond_wait(&pool->not_empty, &pool->lock); /* finding */
    }
    pool->free--;
    (void)pthread_mutex_unlock(&pool->lock);
}

static void pool_give_back(struct pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->free++;
    (void)pthread_cond_signal(&pool->not_empty);
    (void)pthread_mutex_unlock(&pool->lock);
}

static void take(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->server_lock);
    shared->calls++;
    pool_take(&shared->pool);
    (void)pthread_mutex_unlock(&shared->server_lock);
}

static void give_back(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->server_lock); /* finding */
    shared->calls++;
    pool_give_back(&shared->pool);
    (void)pthread_mutex_unlock(&shared->server_lock);
}

static void take_outside(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->server_lock);
    shared->calls++;
    (void)pthread_mutex_unlock(&shared->server_lock);
    pool_take(&shared->pool);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->calls == 2 && shared->pool.free == 0);
}

const struct hd_scenario hd_scenario_nested_monitor = {
    .summary = "a wait inside one monitor that keeps another one locked",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {take, give_back},
    .fixed = {take_outside, give_back},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
