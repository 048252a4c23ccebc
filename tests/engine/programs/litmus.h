/*
 * Litmus programs: small ones of which it is known how many executions they have, or what the
 * simplest execution is that shows their bug.
 *
 * All threads run one function, and tell themselves apart by their number.
 *
 * Source: litmus tests and benchmarks of stateless model checkers (Source-DPOR, GenMC); SCTBench.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_LITMUS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_LITMUS_H

struct litmus {
    const char *name;
    unsigned threads_count;
    void (*thread)(void *unused);
};

/* The number of the calling thread, from 1. For programs; it is no event. */
unsigned hd_litmus_self(void);

/* Atomics only. */
extern const struct litmus litmus_store_buffering_2;
extern const struct litmus litmus_store_buffering_3;
extern const struct litmus litmus_iriw;
extern const struct litmus litmus_corr2;
extern const struct litmus litmus_racy_counter_2;
extern const struct litmus litmus_racy_counter_3;
extern const struct litmus litmus_race_chain_5;
extern const struct litmus litmus_last_zero_4;
extern const struct litmus litmus_compare_exchange_4;

/* With mutexes and a condition. */
extern const struct litmus litmus_mutex_counter;
extern const struct litmus litmus_philosophers_3;
extern const struct litmus litmus_philosophers_6;
extern const struct litmus litmus_lost_wake_up;

/* With waits of every kind. */
extern const struct litmus litmus_choice_of_waiter;
extern const struct litmus litmus_timed_wait;
extern const struct litmus litmus_poll;
extern const struct litmus litmus_create;
extern const struct litmus litmus_create_and_join;
extern const struct litmus litmus_create_one_each;
extern const struct litmus litmus_give_up;

/* That fail, but rarely. */
extern const struct litmus litmus_reorder_10;
extern const struct litmus litmus_two_stage_10;
extern const struct litmus litmus_wrong_lock_8;
extern const struct litmus litmus_plain_counter;
extern const struct litmus litmus_long_way;
extern const struct litmus litmus_chosen_value;
extern const struct litmus litmus_plain_first;

#endif
