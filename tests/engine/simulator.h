/*
 * Simulator: programs that are lists of events, run under a strategy without fibers, hooks or
 * memory. It puts the same choices to it as an execution does.
 *
 *     hd_sim_program_begin(&program, 2);                       threads 1 and 2
 *     hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, X, set_one);
 *     hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_LOAD, X, get);
 *     hd_sim_run(&sim, &program, &hde_strategy_random, state, seed);
 *
 * Thread 0 is main: it carries out its own list, as others do, and waits. Unless a HDE_EVENT_CREATE
 * of main creates them, all threads are there from the start.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_SIMULATOR_H
#define HEDDLE_TESTS_ENGINE_SIMULATOR_H

#include "engine/strategy.h"

#define SIM_THREADS_MAX 128U
#define SIM_EVENTS_MAX 128U /* of a thread */
#define SIM_OBJECTS_MAX 64U /* variables, locks, conditions */

struct sim;

struct sim_event {
    struct hde_event event;
    unsigned object;
    unsigned object2; /* WAIT: the lock */
    uint32_t count;   /* CHOOSE: of alternatives */

    /*
     * Carries it out; may be NULL. The thread has gone on to its next event, and may go elsewhere.
     */
    void (*act)(struct sim *sim, unsigned thread, unsigned object);
};

struct sim_program {
    unsigned threads_count; /* with main */
    bool creates;           /* main creates the others */
    struct sim_event events[SIM_THREADS_MAX][SIM_EVENTS_MAX];
    unsigned events_count[SIM_THREADS_MAX];
};

struct sim_thread {
    unsigned at;     /* index of the pending event */
    uint32_t number; /* of the pending event */
    int saw;         /* the program's own */
    bool is_there;
    bool is_waiting;  /* joined the waiters */
    bool is_notified; /* and was woken */
    uint64_t wait_began;
};

struct sim {
    const struct sim_program *program;
    const struct hde_strategy *strategy;
    void *strategy_state;
    struct sim_thread threads[SIM_THREADS_MAX];
    int values[SIM_OBJECTS_MAX];
    bool is_locked[SIM_OBJECTS_MAX];
    struct hde_event pending[SIM_THREADS_MAX];
    struct hde_set alternatives; /* of the choice that is being made, if they are threads */

    /* What came of it. */
    bool has_failed; /* set by the program */
    bool is_deadlocked;
    uint32_t chosen; /* the value of the last CHOOSE */
    uint64_t steps;
    uint64_t choices;
    unsigned preemptions;
    uint64_t order;     /* hash of who stepped, in order, and of the values chosen */
    double probability; /* of this execution in a random walk */
    struct hde_schedule schedule;
};

/* Start a program with threads 1 .. count, and main. */
void hd_sim_program_begin(struct sim_program *program, unsigned count);

/* Append an event to a thread's list. */
void hd_sim_add(struct sim_program *program,
                unsigned thread,
                enum hde_event_kind kind,
                unsigned object,
                void (*act)(struct sim *sim, unsigned thread, unsigned object));

/* A condition wait: gives up `lock`, is woken, takes `lock` again. */
void hd_sim_add_wait(struct sim_program *program,
                     unsigned thread,
                     unsigned condition,
                     unsigned lock);

/* A data choice among `count` alternatives. */
void hd_sim_add_choose(struct sim_program *program, unsigned thread, uint32_t count);

/* Let main create all threads, in order, before it waits. */
void hd_sim_create_threads(struct sim_program *program);

/* Run it once. `sim` is zero at first, and can be used again. */
void hd_sim_run(struct sim *sim,
                const struct sim_program *program,
                const struct hde_strategy *strategy,
                void *strategy_state,
                uint64_t seed);

/* What many executions came to. */
struct sim_tally {
    uint64_t executions;
    uint64_t failures;
    uint64_t deadlocks;
    uint64_t with_preemptions[SIM_EVENTS_MAX]; /* executions that have so many, at most */
    double probability;                        /* of all of them, in a random walk */
    double failing_probability;
    bool has_ended; /* the strategy says that there are no more */
};

/*
 * Run it `executions_max` times, or until the strategy says that there are no more; the seeds are
 * 1, 2, ... `look` sees each execution; NULL: nobody.
 */
struct sim_tally hd_sim_explore(const struct sim_program *program,
                                const struct hde_strategy *strategy,
                                const struct hde_strategy_options *options,
                                uint64_t executions_max,
                                void (*look)(const struct sim *sim, void *argument),
                                void *argument);

#endif
