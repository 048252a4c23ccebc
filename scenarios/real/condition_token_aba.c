/*
 * Condition token ABA: a waiter that has not fallen asleep yet does not notice that it was
 * signalled.
 *
 * Bug      A waiter sets `token` to 1, unlocks, and sleeps while it is 1; a broadcast sets it to 0
 *          and wakes. If another thread begins to wait after the broadcast and before the sleep of
 *          the first one, the token is 1 again: the first one sleeps, and its wake-up has been.
 * Needs    3 threads, 1 preemption: a waiter stops between its unlock and its sleep.
 * Fix      The token counts broadcasts and never comes back to an old value. (musl's fix was the
 *          waiter's thread id as the token.)
 * Source   musl 97c5b5a; the same in SBCL before 1.0.37.34.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <heddle/check.h>

struct shared {
    pthread_mutex_t lock;
    uint32_t token; /* atomic; the word on which waiters sleep */
    int stage;      /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
}

/* ---- The condition variable ------------------------------------------------------------------ */

/* Relaxed, all of them: the lock orders what is waited for, and the token only says who sleeps. */
static void sleep_while(uint32_t *token, uint32_t value)
{
    (void)syscall(SYS_futex, token, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); /* finding */
}

static void wake_all(uint32_t *token)
{
    (void)syscall(SYS_futex, token, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void wait(struct shared *shared)
{
    __atomic_store_n(&shared->token, 1, __ATOMIC_RELAXED);
    (void)pthread_mutex_unlock(&shared->lock);
    sleep_while(&shared->token, 1);
    (void)pthread_mutex_lock(&shared->lock);
}

static void broadcast(struct shared *shared)
{
    __atomic_store_n(&shared->token, 0, __ATOMIC_RELAXED);
    wake_all(&shared->token);
}

static void wait_counted(struct shared *shared)
{
    uint32_t token = __atomic_load_n(&shared->token, __ATOMIC_RELAXED);

    (void)pthread_mutex_unlock(&shared->lock);
    sleep_while(&shared->token, token);
    (void)pthread_mutex_lock(&shared->lock);
}

static void broadcast_counted(struct shared *shared)
{
    (void)__atomic_fetch_add(&shared->token, 1, __ATOMIC_RELAXED);
    wake_all(&shared->token);
}

/* ---- Its users ------------------------------------------------------------------------------- */

struct condition {
    void (*wait)(struct shared *shared);
    void (*broadcast)(struct shared *shared);
};

static const struct condition with_flag = {wait, broadcast};
static const struct condition with_count = {wait_counted, broadcast_counted};

/* Wait until the stage before this one is reached, and go to it. */
static void reach(struct shared *shared, int stage, const struct condition *condition)
{
    (void)pthread_mutex_lock(&shared->lock);
    while (shared->stage < stage - 1) {
        condition->wait(shared);
    }
    shared->stage = stage;
    condition->broadcast(shared);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void first(void *state) { reach(state, 1, &with_flag); }

static void second(void *state) { reach(state, 2, &with_flag); }

static void third(void *state) { reach(state, 3, &with_flag); }

static void first_counted(void *state) { reach(state, 1, &with_count); }

static void second_counted(void *state) { reach(state, 2, &with_count); }

static void third_counted(void *state) { reach(state, 3, &with_count); }

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->stage == 3);
}

const struct hd_scenario hd_scenario_condition_token_aba = {
    .summary = "a condition variable whose flag is set again before a waiter sleeps on it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {first, second, third},
    .fixed = {first_counted, second_counted, third_counted},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
