/*
 * Reported: code whose steps a test writes down by hand.
 *
 * The functions named _noted do nothing but call hd_reported_note(), which the test defines: so
 * each step of a hand-made trace has a real line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_REPORTED_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_REPORTED_H

#include "engine/event.h"

struct reported_account {
    int locks[2]; /* addresses only */
    int balance;
    int limit;
};

extern struct reported_account reported_account;

/* Note a step of `kind` at `address`, made by the caller. */
void hd_reported_note(enum hde_event_kind kind, const void *address);

void hd_reported_deposit_noted(void);
void hd_reported_withdraw_noted(void);
void hd_reported_loop_noted(void);
void hd_reported_many_noted(void);
void hd_reported_check_noted(void);

#endif
