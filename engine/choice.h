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
    HDE_CHOICE_KINDS
};

const char *hde_choice_name(enum hde_choice_kind kind);

/*
 * There are always two alternatives or more. The answer is a member of `threads`, or, for a VALUE,
 * a number below `count`.
 */
struct hde_choice {
    enum hde_choice_kind kind;
    uint32_t count;                /* of alternatives */
    const struct hde_set *threads; /* the alternatives; of a VALUE none */
    const struct hde_set *timed; /* THREAD: those of them that would time out or wake from sleep */

    /*
     * The alternative that is taken where nothing asks for another. THREAD: the running thread goes
     * on if it can (the next one, round and round, if it yields), else the least ready thread
     * steps, else the least that can time out. WAKE: who waits longest. VALUE: 0.
     */
    uint32_t normal;

    uint8_t thread; /* that arrives here; it need not be an alternative */
    bool is_yield;  /* THREAD: `thread` asks that others go first */
    uint32_t event; /* its event number */

    /* By thread: what each is about to do. Valid for the alternatives and for `thread`. */
    const struct hde_event *pending;
};

#endif
