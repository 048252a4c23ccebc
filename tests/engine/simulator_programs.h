/*
 * Programs for the simulator, of which it is known how many executions they have, or how likely
 * their bug is. Each makes *program.
 *
 * Source: the names, and the counts that the tests expect, are those of the literature on stateless
 *         model checking (Source-DPOR's and GenMC's benchmarks) and of SCTBench.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_SIMULATOR_PROGRAMS_H
#define HEDDLE_TESTS_ENGINE_SIMULATOR_PROGRAMS_H

#include "tests/engine/simulator.h"

/* Threads of events that have nothing in common, and never block. */
void hd_sim_independent(struct sim_program *program, unsigned threads, unsigned events);

/* Thread i stores x[i], then loads x[i + 1]. */
void hd_sim_store_buffering(struct sim_program *program, unsigned threads);

/* Independent reads of independent writes. */
void hd_sim_iriw(struct sim_program *program);

/* Each thread stores to one variable. The value of variable 0 at the end is who was last. */
void hd_sim_writers(struct sim_program *program, unsigned threads);

/* One thread stores to a variable that the others load. */
void hd_sim_readers(struct sim_program *program, unsigned readers);

/* Each thread updates each of the variables, in the same order. */
void hd_sim_updates(struct sim_program *program, unsigned threads, unsigned variables);

/* Each thread loads one variable, then stores to it. */
void hd_sim_racy_counter(struct sim_program *program, unsigned threads);

/* Thread 1 stores x[0], x[1], ...; thread 2 loads them in the same order. */
void hd_sim_race_chain(struct sim_program *program, unsigned variables);

/* Message passing: thread 1 stores x, then y; thread 2 loads y, then x. */
void hd_sim_message_passing(struct sim_program *program);

/* 2+2W: each of two threads stores to both variables, in opposite orders. */
void hd_sim_two_stores(struct sim_program *program);

/* CoRR2: two threads store to a variable, two others load it twice. */
void hd_sim_coherence(struct sim_program *program);

/* Thread 1 sets a flag under the lock and notifies all; the others wait for it properly. */
void hd_sim_broadcast(struct sim_program *program, unsigned waiters);

/* Each thread enters the same critical section so many times. */
void hd_sim_mutex_counter(struct sim_program *program, unsigned threads, unsigned sections);

/* Each thread takes its left fork, then its right one. */
void hd_sim_philosophers(struct sim_program *program, unsigned threads);

/* Thread 1 looks for the last zero of an array that threads 2 to n + 1 fill. */
void hd_sim_last_zero(struct sim_program *program, unsigned n);

/* Thread 1 notifies; the others test the flag without the lock and then wait. */
void hd_sim_lost_wake_up(struct sim_program *program, unsigned waiters);

/* n - 1 threads set a = 1, then b = -1; another one fails if it sees that in another order. */
void hd_sim_reorder(struct sim_program *program, unsigned n);

/* n threads store their number; another one fails if its n loads find 1, 2, ... n. */
void hd_sim_in_order(struct sim_program *program, unsigned n);

/* Two fields set apart under two locks; a reader fails if it sees one without the other. */
void hd_sim_two_stage(struct sim_program *program);

/* Thread 1 reads a flag until thread 2 has set it; it yields between two reads, or does not. */
void hd_sim_spin(struct sim_program *program, bool yields);

#endif
