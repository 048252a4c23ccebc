/*
 * Interleaving: coverage of how threads meet, as counters that libFuzzer reads.
 *
 * A fuzzer keeps an input that reached something new. What is new in an interleaving is seldom a
 * new line of code: it is that a place was reached after another thread had been at another place.
 * So pairs of places of different threads are counted, in four kinds of ways to meet:
 *
 *     reads-from   a place reads what the other place wrote last
 *     conflict     a place overwrites what the other place wrote, or read, last
 *     hand-over    a place does something to an object (a lock, a condition, a semaphore ...) to
 *                  which the other place did something last: unlock and lock, notify and wait
 *     blocked-at   a thread has to wait at a place, for another is at the other place
 *
 * A place is a code address and the call that led there: in a library of locks all addresses are
 * the same few. Plain accesses are seen where they are scheduling points, and so an execution that
 * is repeated shows the same pairs only if the same memory is visible (execution.h). An input says
 * that itself (input.h); in an exploration a data race that is seen for the first time makes its
 * memory visible from the next execution on.
 *
 * The counters are for libFuzzer to find (the section's name is what it looks for, on Linux); it
 * makes a feature of each counter that is not 0, and of how large it is in eight steps. Nothing is
 * counted, and nothing costs anything, but in executions with these settings:
 *
 *     hde_interleaving_start(HDE_INTERLEAVING_ALL);
 *     settings.observe_steps = hde_interleaving_observe;
 *     for each input: hde_interleaving_begin(); hde_execution_run(...); hde_interleaving_end();
 *
 * How likely is it that more time shows more? Of hde_interleaving_tally(): `singletons', pairs that
 * came up for one input only, by `inputs'. That is the probability that the next input shows a new
 * pair, if inputs are drawn alike; a fuzzer that follows what is new does so more
 * often than it would then, and so the estimate is high rather than low.
 *
 * Source: reads-from pairs: Wolff et al., Greybox fuzzing for concurrency testing, ASPLOS 2024; all
 *         aliasing pairs: Xu et al., Krace, S&P 2020. The estimate: Good, Biometrika 1953; for
 *         fuzzers: Boehme, STADS, TOSEM 2018.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_INTERLEAVING_H
#define HEDDLE_ENGINE_INTERLEAVING_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/event.h"
#include "engine/thread.h"

enum hde_interleaving_kind {
    HDE_INTERLEAVING_READS_FROM,
    HDE_INTERLEAVING_CONFLICT,
    HDE_INTERLEAVING_HAND_OVER,
    HDE_INTERLEAVING_BLOCKED_AT,
    HDE_INTERLEAVING_KINDS
};

#define HDE_INTERLEAVING_ALL ((1U << HDE_INTERLEAVING_KINDS) - 1)

/*
 * For all kinds together. libFuzzer clears and reads all of them for each input, which takes as
 * long as some ten steps: so they are no more than that few pairs share one (`collisions').
 */
#define HDE_INTERLEAVING_BITS 10U
#define HDE_INTERLEAVING_COUNTERS (1U << HDE_INTERLEAVING_BITS)

extern uint8_t hde_interleaving_counters[HDE_INTERLEAVING_COUNTERS];

/* Since hde_interleaving_start(). */
struct hde_interleaving_tally {
    uint64_t inputs;
    uint32_t pairs;      /* counters that were not 0 for any input */
    uint32_t singletons; /* of them: for one input only */

    /* Only if measured: pairs, told apart by more than a counter. */
    uint32_t exact[HDE_INTERLEAVING_KINDS];
    uint32_t collisions; /* of all of them: whose counter was another pair's */
    bool is_exact;       /* there was room to tell all of them apart */
};

/* The name of a kind as users know it; NULL beyond the last one. */
const char *hde_interleaving_kind_name(enum hde_interleaving_kind kind);

/* Count from here on, `which' kinds by bit; 0: none. Requires hde_execution_start(). */
void hde_interleaving_start(uint32_t which);

/* Also keep all pairs exactly, to know how many share a counter. Requires start. */
void hde_interleaving_measure(void);

/* What follows is another input: the counters are 0. Pairs are of one execution in any case. */
void hde_interleaving_begin(void);

/* That was its last step: the counters are complete. */
void hde_interleaving_end(void);

/* For struct hde_settings. */
void hde_interleaving_observe(const struct hde_thread *thread, const struct hde_event *event);

/* The same: `thread' carries out `event', in a function that was called at `call_pc'. */
void hde_interleaving_note(unsigned thread, const struct hde_event *event, uint32_t call_pc);

/* What has come up so far. */
struct hde_interleaving_tally hde_interleaving_tally(void);

#endif
