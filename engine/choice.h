/*
 * Choice: one nondeterministic decision, as the execution puts it to a strategy.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CHOICE_H
#define HEDDLE_ENGINE_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/event.h"
#include "engine/set.h"

enum hde_choice_kind {
    /* who steps next; a thread that waits with a deadline "steps" by timing out */
    HDE_CHOICE_THREAD,
    HDE_CHOICE_WAKE,  /* which waiter a notify or a futex wake wakes */
    HDE_CHOICE_VALUE, /* what hd_choose() returns */

    /* Faults: 0, what was asked for is done; 1, it is not, as the system may do at any time. */
    HDE_CHOICE_SPURIOUS,   /* a condition wait ends though nobody notified */
    HDE_CHOICE_FUTEX,      /* a futex wait returns though nobody woke it */
    HDE_CHOICE_INTERRUPT,  /* a wait ends with EINTR */
    HDE_CHOICE_WEAK_CAS,   /* a weak compare-and-exchange fails though the value is the expected */
    HDE_CHOICE_ALLOCATION, /* malloc() returns NULL */
    HDE_CHOICE_SPIN, /* a loop that looks again and again does so at once, as if to give up soon */
    HDE_CHOICE_KINDS
};

#define HDE_CHOICE_FIRST_FAULT HDE_CHOICE_SPURIOUS

#define HDE_UNLIMITED UINT32_MAX

/*
 * How often in an execution a choice of each kind may be answered other than normally; beyond that
 * it is not put. THREAD: how many waits (not sleeps) may time out while another thread could step.
 */
struct hde_budgets {
    uint32_t of[HDE_CHOICE_KINDS];
};

/* What a budget is called: "time-out", "wake", "spurious" ... */
const char *hde_budget_name(enum hde_choice_kind kind);

/* The kind of that name; HDE_CHOICE_KINDS if there is none. */
enum hde_choice_kind hde_budget_named(const char *name);

extern const struct hde_budgets hde_budgets_default;
extern const struct hde_budgets hde_budgets_without_faults;

/* Whether the answer is a thread, and not a number. */
static inline bool hde_choice_is_thread(enum hde_choice_kind kind)
{
    return kind <= HDE_CHOICE_WAKE;
}

/*
 * There are always two alternatives or more. The answer is a member of `threads`, or, for a VALUE
 * or a fault, a number below `count`.
 */
struct hde_choice {
    enum hde_choice_kind kind;
    uint32_t count;                /* of alternatives; 2 of a fault */
    const struct hde_set *threads; /* the alternatives; of a VALUE and a fault none */
    const struct hde_set *timed; /* THREAD: those of them that would time out or wake from sleep */

    /*
     * The alternative that is taken where nothing asks for another. THREAD: the running thread goes
     * on if it can (the next one, round and round, if it yields), else the least ready thread
     * steps, else the least that can time out. WAKE: who waits longest. VALUE and faults: 0.
     */
    uint32_t normal;

    uint8_t thread; /* that arrives here; it need not be an alternative */
    bool is_yield;  /* THREAD: `thread` asks that others go first */
    uint32_t event; /* its event number */

    /* By thread: what each is about to do. Valid for the alternatives and for `thread`. */
    const struct hde_event *pending;
};

#endif
