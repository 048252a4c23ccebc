/*
 * Round: an execution that comes back to where it was, and so can go round for ever.
 *
 * At moments that come again and again in loops that get nowhere (a try that fails while the thread
 * holds another lock; a read that finds the same value for the third time, whatever the thread has
 * changed in between) the whole state is looked at: registers and stacks of all threads, the
 * memory they have, who holds and waits for what. If it is as it was at an earlier look, what was
 * done in between can be done again, and again: that is a round. It is fair if each thread that
 * could step at any moment of it has stepped. So what ends in every fair execution has none.
 *
 * Only steps of threads make a round: one in which a deadline passed, a waiter was chosen, a fault
 * came or a value was drawn is none, for these need not come so again.
 *
 * Source: fair cycles as in Musuvathi and Qadeer, Fair stateless model checking, PLDI 2008; of
 *         Dijkstra's and Dekker's "after you" dialogues, Dijkstra, EWD 310, 1971.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_ROUND_H
#define HEDDLE_ENGINE_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/execution.h"

/* Threads of an execution in which rounds are looked for. */
#define HDE_ROUND_THREADS_MAX 16U

/* A fair round, from one look to another. */
struct hde_round {
    struct hde_set stepped; /* who goes round */
    struct hde_set
        blocked; /* who waits without a deadline, and could not step at any moment of it */
    struct hde_set retried; /* of `stepped': whose try failed while it held another lock */
    bool has_changes;       /* somebody has changed something */
};

/* Where the thread's last try failed while it held another lock. */
struct hde_place hde_round_retry(unsigned thread);

/* The running thread, at its pending event, has read at `pc' that nothing has changed. */
void hde_round_read_again(uint32_t pc);

/* The same as often as it takes for a loop. */
static inline void hde_round_read(uint64_t address, uint64_t value, uint32_t pc)
{
    struct hde_lap *lap = &hde_self->laps[pc / 4 % HDE_LAPS];

    if (lap->pc != pc || lap->value != value || lap->address != address) {
        *lap = (struct hde_lap){.address = address, .value = value, .pc = pc, .count = 1};
    } else if (lap->changes != hde_execution.changes && ++lap->count > 2) {
        hde_round_read_again(pc);
    }
    lap->changes = hde_execution.changes;
}

/* The running thread steps, and looks if it is to. */
void hde_round_step(void);

/* Clear what calls of the engine have left on the stack below: frames have holes that show it. */
void hde_round_scrub(void);

/* What the running thread has in hand: its registers, and its stack from here up. */
uint64_t hde_round_hash_self(void);

/* A new exploration begins: its first execution takes no looks. */
void hde_round_forget(void);

/* Whether an execution since then would have taken some, and did not. */
bool hde_round_is_wanted(void);

/*
 * An execution begins; whether looks may be taken in it. They are from the one on that follows the
 * first in which one would have been, but not where plain accesses are no scheduling points.
 */
bool hde_round_begin(void);

/* The running thread has tried to acquire a lock at its pending event, or at `pc', in vain. */
void hde_round_try_failed(uint32_t pc);

#endif
