/*
 * Programs for the simulator.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/simulator_programs.h"

#define LOAD HDE_EVENT_ATOMIC_LOAD
#define STORE HDE_EVENT_ATOMIC_STORE
#define LOCK HDE_EVENT_LOCK
#define UNLOCK HDE_EVENT_UNLOCK

void hd_sim_independent(struct sim_program *program, unsigned threads, unsigned events)
{
    hd_sim_program_begin(program, threads);
    for (unsigned thread = 1; thread <= threads; thread++) {
        for (unsigned i = 0; i < events; i++) {
            hd_sim_add(program, thread, STORE, thread % SIM_OBJECTS_MAX, NULL);
        }
    }
}

void hd_sim_store_buffering(struct sim_program *program, unsigned threads)
{
    hd_sim_program_begin(program, threads);
    for (unsigned i = 0; i < threads; i++) {
        hd_sim_add(program, i + 1, STORE, i, NULL);
        hd_sim_add(program, i + 1, LOAD, (i + 1) % threads, NULL);
    }
}

void hd_sim_iriw(struct sim_program *program)
{
    hd_sim_program_begin(program, 4);
    for (unsigned i = 0; i < 2; i++) {
        hd_sim_add(program, i + 1, STORE, i, NULL);
        hd_sim_add(program, i + 3, LOAD, i, NULL);
        hd_sim_add(program, i + 3, LOAD, 1 - i, NULL);
    }
}

static void leave_name(struct sim *sim, unsigned thread, unsigned object)
{
    sim->values[object] = (int)thread;
}

void hd_sim_writers(struct sim_program *program, unsigned threads)
{
    hd_sim_program_begin(program, threads);
    for (unsigned thread = 1; thread <= threads; thread++) {
        hd_sim_add(program, thread, STORE, 0, leave_name);
    }
}

void hd_sim_readers(struct sim_program *program, unsigned readers)
{
    hd_sim_program_begin(program, readers + 1);
    hd_sim_add(program, 1, STORE, 0, NULL);
    for (unsigned thread = 2; thread <= readers + 1; thread++) {
        hd_sim_add(program, thread, LOAD, 0, NULL);
    }
}

void hd_sim_updates(struct sim_program *program, unsigned threads, unsigned variables)
{
    hd_sim_program_begin(program, threads);
    for (unsigned i = 0; i < threads * variables; i++) {
        hd_sim_add(program, i % threads + 1, HDE_EVENT_ATOMIC_UPDATE, i / threads, NULL);
    }
}

void hd_sim_racy_counter(struct sim_program *program, unsigned threads)
{
    hd_sim_program_begin(program, threads);
    for (unsigned thread = 1; thread <= threads; thread++) {
        hd_sim_add(program, thread, LOAD, 0, NULL);
        hd_sim_add(program, thread, STORE, 0, NULL);
    }
}

void hd_sim_race_chain(struct sim_program *program, unsigned variables)
{
    hd_sim_program_begin(program, 2);
    for (unsigned i = 0; i < variables; i++) {
        hd_sim_add(program, 1, STORE, i, NULL);
        hd_sim_add(program, 2, LOAD, i, NULL);
    }
}

void hd_sim_message_passing(struct sim_program *program)
{
    hd_sim_program_begin(program, 2);
    hd_sim_add(program, 1, STORE, 0, NULL);
    hd_sim_add(program, 1, STORE, 1, NULL);
    hd_sim_add(program, 2, LOAD, 1, NULL);
    hd_sim_add(program, 2, LOAD, 0, NULL);
}

void hd_sim_two_stores(struct sim_program *program)
{
    hd_sim_program_begin(program, 2);
    for (unsigned i = 0; i < 2; i++) {
        hd_sim_add(program, i + 1, STORE, i, NULL);
        hd_sim_add(program, i + 1, STORE, 1 - i, NULL);
    }
}

void hd_sim_coherence(struct sim_program *program)
{
    hd_sim_program_begin(program, 4);
    for (unsigned i = 0; i < 2; i++) {
        hd_sim_add(program, i + 1, STORE, 0, NULL);
        hd_sim_add(program, i + 3, LOAD, 0, NULL);
        hd_sim_add(program, i + 3, LOAD, 0, NULL);
    }
}

void hd_sim_mutex_counter(struct sim_program *program, unsigned threads, unsigned sections)
{
    hd_sim_program_begin(program, threads);
    for (unsigned i = 0; i < threads * sections; i++) {
        hd_sim_add(program, i % threads + 1, LOCK, 0, NULL);
        hd_sim_add(program, i % threads + 1, UNLOCK, 0, NULL);
    }
}

void hd_sim_philosophers(struct sim_program *program, unsigned threads)
{
    hd_sim_program_begin(program, threads);
    for (unsigned i = 0; i < threads; i++) {
        unsigned right = (i + 1) % threads;

        hd_sim_add(program, i + 1, LOCK, i, NULL);
        hd_sim_add(program, i + 1, LOCK, right, NULL);
        hd_sim_add(program, i + 1, UNLOCK, right, NULL);
        hd_sim_add(program, i + 1, UNLOCK, i, NULL);
    }
}

/* ---- lastzero -------------------------------------------------------------------------------- */

static void look_before(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] == 0) {
        sim->threads[thread].at = sim->program->events_count[thread];
    }
}

static void get(struct sim *sim, unsigned thread, unsigned object)
{
    sim->threads[thread].saw = sim->values[object];
}

static void set_next(struct sim *sim, unsigned thread, unsigned object)
{
    sim->values[object] = sim->threads[thread].saw + 1;
}

void hd_sim_last_zero(struct sim_program *program, unsigned n)
{
    hd_sim_program_begin(program, n + 1);
    for (unsigned i = n + 1; i > 0; i--) {
        hd_sim_add(program, 1, LOAD, i - 1, look_before);
    }
    for (unsigned i = 1; i <= n; i++) {
        hd_sim_add(program, i + 1, LOAD, i - 1, get);
        hd_sim_add(program, i + 1, STORE, i, set_next);
    }
}

/* ---- Lost wake-up ---------------------------------------------------------------------------- */

static void set_one(struct sim *sim, unsigned thread, unsigned object)
{
    (void)thread;
    sim->values[object] = 1;
}

static void end_if_set(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] != 0) {
        sim->threads[thread].at = sim->program->events_count[thread];
    }
}

void hd_sim_lost_wake_up(struct sim_program *program, unsigned waiters)
{
    enum { FLAG, MUTEX, CONDITION };

    hd_sim_program_begin(program, waiters + 1);
    hd_sim_add(program, 1, STORE, FLAG, set_one);
    hd_sim_add(program, 1, LOCK, MUTEX, NULL);
    hd_sim_add(program, 1, HDE_EVENT_NOTIFY, CONDITION, NULL);
    hd_sim_add(program, 1, UNLOCK, MUTEX, NULL);
    for (unsigned thread = 2; thread <= waiters + 1; thread++) {
        hd_sim_add(program, thread, LOAD, FLAG, end_if_set);
        hd_sim_add(program, thread, LOCK, MUTEX, NULL);
        hd_sim_add_wait(program, thread, CONDITION, MUTEX);
        hd_sim_add(program, thread, UNLOCK, MUTEX, NULL);
    }
}

/* Behind the way of those who wait lies the unlock of those who need not. */
static void unlock_if_set(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] != 0) {
        sim->threads[thread].at = sim->program->events_count[thread] - 1;
    }
}

static void look_again(struct sim *sim, unsigned thread, unsigned object)
{
    (void)object;
    sim->threads[thread].at = 1;
}

void hd_sim_broadcast(struct sim_program *program, unsigned waiters)
{
    enum { FLAG, MUTEX, CONDITION };

    hd_sim_program_begin(program, waiters + 1);
    hd_sim_add(program, 1, LOCK, MUTEX, NULL);
    hd_sim_add(program, 1, STORE, FLAG, set_one);
    hd_sim_add(program, 1, HDE_EVENT_NOTIFY_ALL, CONDITION, NULL);
    hd_sim_add(program, 1, UNLOCK, MUTEX, NULL);
    for (unsigned thread = 2; thread <= waiters + 1; thread++) {
        hd_sim_add(program, thread, LOCK, MUTEX, NULL);
        hd_sim_add(program, thread, LOAD, FLAG, unlock_if_set);
        hd_sim_add_wait(program, thread, CONDITION, MUTEX);
        program->events[thread][program->events_count[thread] - 1].act = look_again;
        hd_sim_add(program, thread, UNLOCK, MUTEX, NULL);
    }
}

/* ---- SCTBench -------------------------------------------------------------------------------- */

static void set_minus_one(struct sim *sim, unsigned thread, unsigned object)
{
    (void)thread;
    sim->values[object] = -1;
}

/* The checker: !((a == 0 && b == 0) || (a == 1 && b == -1)), read from left to right. */
static void skip_unless_zero(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] != 0) {
        sim->threads[thread].at++;
    }
}

static void end_if_zero(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] == 0) {
        sim->threads[thread].at = sim->program->events_count[thread];
    }
}

static void fail_unless_one(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] != 1) {
        sim->has_failed = true;
        sim->threads[thread].at = sim->program->events_count[thread];
    }
}

static void fail_unless_minus_one(struct sim *sim, unsigned thread, unsigned object)
{
    (void)thread;
    sim->has_failed = sim->has_failed || sim->values[object] != -1;
}

void hd_sim_reorder(struct sim_program *program, unsigned n)
{
    enum { A, B };

    hd_sim_program_begin(program, n);
    for (unsigned thread = 1; thread < n; thread++) {
        hd_sim_add(program, thread, STORE, A, set_one);
        hd_sim_add(program, thread, STORE, B, set_minus_one);
    }
    hd_sim_add(program, n, LOAD, A, skip_unless_zero);
    hd_sim_add(program, n, LOAD, B, end_if_zero);
    hd_sim_add(program, n, LOAD, A, fail_unless_one);
    hd_sim_add(program, n, LOAD, B, fail_unless_minus_one);
    hd_sim_create_threads(program);
}

/* Reads on as long as it finds the number after the one before. */
static void follow(struct sim *sim, unsigned thread, unsigned object)
{
    struct sim_thread *self = &sim->threads[thread];

    if (sim->values[object] != self->saw + 1) {
        self->at = sim->program->events_count[thread];
        return;
    }
    self->saw++;
    sim->has_failed = self->at == sim->program->events_count[thread];
}

void hd_sim_in_order(struct sim_program *program, unsigned n)
{
    hd_sim_program_begin(program, n + 1);
    for (unsigned thread = 1; thread <= n; thread++) {
        hd_sim_add(program, thread, STORE, 0, leave_name);
        hd_sim_add(program, n + 1, LOAD, 0, follow);
    }
}

/* The early way out: unlock, and no more. */
static void leave_if_zero(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] == 0) {
        sim->threads[thread].at = sim->program->events_count[thread] - 1;
    }
}

static void fail_unless_next(struct sim *sim, unsigned thread, unsigned object)
{
    sim->has_failed = sim->values[object] != sim->threads[thread].saw + 1;
}

/* Behind the way of those who stay lies the unlock of those who do not. */
static void end_here(struct sim *sim, unsigned thread, unsigned object)
{
    (void)object;
    sim->threads[thread].at = sim->program->events_count[thread];
}

void hd_sim_two_stage(struct sim_program *program)
{
    enum { DATA_1, DATA_2, LOCK_1, LOCK_2 };

    hd_sim_program_begin(program, 2);
    hd_sim_add(program, 1, LOCK, LOCK_1, NULL);
    hd_sim_add(program, 1, STORE, DATA_1, set_one);
    hd_sim_add(program, 1, UNLOCK, LOCK_1, NULL);
    hd_sim_add(program, 1, LOCK, LOCK_2, NULL);
    hd_sim_add(program, 1, LOAD, DATA_1, get);
    hd_sim_add(program, 1, STORE, DATA_2, set_next);
    hd_sim_add(program, 1, UNLOCK, LOCK_2, NULL);

    hd_sim_add(program, 2, LOCK, LOCK_1, NULL);
    hd_sim_add(program, 2, LOAD, DATA_1, leave_if_zero);
    hd_sim_add(program, 2, LOAD, DATA_1, get);
    hd_sim_add(program, 2, UNLOCK, LOCK_1, NULL);
    hd_sim_add(program, 2, LOCK, LOCK_2, NULL);
    hd_sim_add(program, 2, LOAD, DATA_2, fail_unless_next);
    hd_sim_add(program, 2, UNLOCK, LOCK_2, end_here);
    hd_sim_add(program, 2, UNLOCK, LOCK_1, NULL);
    hd_sim_create_threads(program);
}

/* ---- Spinning -------------------------------------------------------------------------------- */

static void go_back_unless_set(struct sim *sim, unsigned thread, unsigned object)
{
    if (sim->values[object] == 0) {
        sim->threads[thread].at = 0;
    }
}

void hd_sim_spin(struct sim_program *program, bool yields)
{
    hd_sim_program_begin(program, 2);
    if (yields) {
        hd_sim_add(program, 1, HDE_EVENT_YIELD, 0, NULL);
    }
    hd_sim_add(program, 1, LOAD, 0, go_back_unless_set);
    hd_sim_add(program, 2, LOAD, 1, NULL);
    hd_sim_add(program, 2, STORE, 0, set_one);
}
