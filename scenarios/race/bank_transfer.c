/*
 * Bank transfer: an audit counts the money while some of it is in no account.
 *
 * Bug      Each balance is under its account's lock, so there is no data race; but a transfer takes
 *          from one account and gives to the other in two critical sections, and the audit between
 *          them, or one that has passed the second account already, misses the amount.
 * Needs    2 threads, 1 preemption: between taking and giving, or between counting the accounts.
 * Fix      Transfer and audit hold both locks, taken in the same order.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

#define AMOUNT 30
#define TOTAL 200

struct account {
    pthread_mutex_t lock;
    int balance; /* under lock */
};

struct shared {
    struct account from;
    struct account to;
    int audited; /* written by the auditor only */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->from.lock, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->to.lock, NULL) == 0);
    shared->from.balance = TOTAL / 2;
    shared->to.balance = TOTAL / 2;
}

static void change(struct account *account, int amount)
{
    (void)pthread_mutex_lock(&account->lock);
    account->balance += amount;
    (void)pthread_mutex_unlock(&account->lock);
}

static int balance_of(struct account *account)
{
    (void)pthread_mutex_lock(&account->lock);
    int balance = account->balance;

    (void)pthread_mutex_unlock(&account->lock);
    return balance;
}

static void lock_both(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->from.lock);
    (void)pthread_mutex_lock(&shared->to.lock);
}

static void unlock_both(struct shared *shared)
{
    (void)pthread_mutex_unlock(&shared->to.lock);
    (void)pthread_mutex_unlock(&shared->from.lock);
}

static void transfer(void *state)
{
    struct shared *shared = state;

    change(&shared->from, -AMOUNT);
    change(&shared->to, AMOUNT);
}

static void audit(void *state)
{
    struct shared *shared = state;

    shared->audited = balance_of(&shared->from);
    shared->audited += balance_of(&shared->to);
}

static void transfer_locked(void *state)
{
    struct shared *shared = state;

    lock_both(shared);
    shared->from.balance -= AMOUNT;
    shared->to.balance += AMOUNT;
    unlock_both(shared);
}

static void audit_locked(void *state)
{
    struct shared *shared = state;

    lock_both(shared);
    shared->audited = shared->from.balance + shared->to.balance;
    unlock_both(shared);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->audited == TOTAL); /* finding */
}

const struct hd_scenario hd_scenario_bank_transfer = {
    .summary = "an audit while a transfer has taken, but not yet given",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {transfer, audit},
    .fixed = {transfer_locked, audit_locked},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
