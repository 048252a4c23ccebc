/*
 * Reported: the lines of this file are in golden/, numbers included.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/reported.h"

struct reported_account reported_account;

void hd_reported_deposit_noted(void)
{
    hd_reported_note(HDE_EVENT_LOCK, &reported_account.locks[0]);
    hd_reported_note(HDE_EVENT_READ, &reported_account.balance); /* balance += 1 */
    hd_reported_note(HDE_EVENT_WRITE, &reported_account.balance);
    hd_reported_note(HDE_EVENT_UNLOCK, &reported_account.locks[0]);
    hd_reported_note(HDE_EVENT_LOCK, &reported_account.locks[1]);
}

void hd_reported_withdraw_noted(void)
{
    hd_reported_note(HDE_EVENT_LOCK, &reported_account.locks[1]);
    hd_reported_note(HDE_EVENT_READ, &reported_account.limit);
    hd_reported_note(HDE_EVENT_READ, &reported_account.balance);
    hd_reported_note(HDE_EVENT_WRITE, &reported_account.balance);
    hd_reported_note(HDE_EVENT_LOCK, &reported_account.locks[0]);
}

void hd_reported_loop_noted(void)
{
    for (int i = 0; i < 3; i++) {
        hd_reported_note(HDE_EVENT_LOCK, &reported_account.locks[0]);
        hd_reported_note(HDE_EVENT_UNLOCK, &reported_account.locks[0]);
    }
}

/* Not a loop of few lines: each round ends elsewhere. */
void hd_reported_many_noted(void)
{
    for (int i = 0; i < 100; i++) {
        for (int j = 0; j <= i; j++) {
            hd_reported_note(HDE_EVENT_LOCK, &reported_account.locks[1]);
        }
        hd_reported_note(HDE_EVENT_NOTIFY, &reported_account.locks[1]);
        hd_reported_note(i % 3 == 0 ? HDE_EVENT_YIELD : HDE_EVENT_WAIT, &reported_account.locks[0]);
        hd_reported_note(i % 5 == 0 ? HDE_EVENT_YIELD : HDE_EVENT_WAIT, &reported_account.locks[0]);
        hd_reported_note(i % 7 == 0 ? HDE_EVENT_YIELD : HDE_EVENT_WAIT, &reported_account.locks[0]);
    }
}

void hd_reported_check_noted(void) { hd_reported_note(HDE_EVENT_READ, &reported_account.balance); }
