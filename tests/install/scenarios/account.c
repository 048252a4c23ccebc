/*
 * Account: a withdrawal that looks at the balance before it takes the lock.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>
#include <heddle/lock.h>

struct account {
    struct hd_lock lock;
    int balance; /* under lock */
};

static void setup(void *state)
{
    struct account *account = state;

    hd_lock_init(&account->lock);
    account->balance = 100;
}

static void look_and_withdraw(void *state)
{
    struct account *account = state;

    if (account->balance >= 60) { /* finding */
        hd_lock_acquire(&account->lock);
        account->balance -= 60; /* finding */
        HD_EXPECT(hd_lock_release(&account->lock) == HD_OK);
    }
}

static void withdraw_if_enough(void *state)
{
    struct account *account = state;

    hd_lock_acquire(&account->lock);
    bool is_enough = account->balance >= 60;

    if (is_enough) {
        account->balance -= 60;
    }
    HD_EXPECT(hd_lock_release(&account->lock) == HD_OK);
}

static void withdraw(void *state)
{
    struct account *account = state;

    hd_lock_acquire(&account->lock);
    account->balance -= 60;
    HD_EXPECT(hd_lock_release(&account->lock) == HD_OK);
}

const struct hd_scenario hd_scenario_account = {
    .summary = "two withdrawals, of which one looks at the balance without the lock",
    .state_size = sizeof(struct account),
    .setup = setup,
    .threads = {look_and_withdraw, look_and_withdraw},
    .fixed = {withdraw_if_enough, withdraw_if_enough},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

const struct hd_scenario hd_scenario_account_locked = {
    .summary = "a withdrawal that always holds the lock, and one that looks first",
    .state_size = sizeof(struct account),
    .setup = setup,
    .threads = {withdraw, withdraw_if_enough},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
