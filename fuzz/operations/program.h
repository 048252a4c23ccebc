/*
 * Program: who does what, drawn with hd_choose() before the threads begin.
 *
 * A kind of program is a table of operations, and what each thread does at its end. How many
 * threads there are, and which operations each calls with which arguments, is chosen in setup; so
 * every answer of hd_choose() is a valid program, and 0 always the least.
 *
 * No program may wait for what nobody does. That is the kinds' business, and they keep one of two
 * rules: who takes gives back by its end, and waits only while it has nothing; or the first thread
 * never waits without a deadline, and supplies at its end what the waits of the others still lack,
 * and no more: a wake-up that is lost before is not made good by it.
 *
 * Source: random programs of calls, judged by a specification: Claessen, Palka, et al., Finding
 * race conditions in Erlang with QuickCheck and PULSE, ICFP 2009.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_OPERATIONS_PROGRAM_H
#define HEDDLE_FUZZ_OPERATIONS_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include <heddle/thread.h>

#include "tests/reference/adapters.h"

/* What a thread does, at most, before its end. */
#define HD_STEPS_MAX 4U

/* How far ahead deadlines are; how long that is makes no difference where time is virtual. */
#define HD_SOON_NS 1000U

/* What a thread is. The first has a role of its own. */
enum hd_role {
    HD_ROLE_FIRST = 1 << 0,
    HD_ROLE_OTHER = 1 << 1,
    HD_ROLE_ANOTHER = 1 << 2, /* of programs with two roles for those that are not the first */
    HD_ROLE_ALL = 7,
};

/* One operation that a thread may call. */
struct hd_program_operation {
    void (*run)(void *state, unsigned self, uint32_t argument);
    uint32_t arguments; /* the argument is less; 0: there is none */
    unsigned roles;     /* of enum hd_role: who may call it */
    unsigned needs;     /* of enum hd_can: what the implementation must be able to do */
};

struct hd_program_kind {
    const struct hd_program_operation *operations;
    size_t operations_count;
    unsigned other_roles;                    /* 1 or 2 */
    unsigned threads_max;                    /* from 2 to HD_THREADS_MAX */
    void (*end)(void *state, unsigned self); /* what each thread does at last */
};

struct hd_program_step {
    uint8_t operation;
    uint8_t argument;
};

/* The first member of the state of a scenario; constant once it is drawn. */
struct hd_program {
    const struct hd_program_kind *kind;
    unsigned threads_count;
    struct {
        unsigned role;
        unsigned steps_count;
        struct hd_program_step steps[HD_STEPS_MAX];
    } threads[HD_THREADS_MAX];
};

/* Draw a program of operations that an implementation can do that `can` so much. */
void hd_program_draw(struct hd_program *program, const struct hd_program_kind *kind, unsigned can);

/* How often threads of these roles call the operation. */
unsigned hd_program_count(const struct hd_program *program, unsigned roles, unsigned operation);

/* What thread `self` does; nothing if there are fewer threads. */
void hd_program_run(void *state, unsigned self);

/* The same as threads of a scenario. */
void hd_program_run_0(void *state);
void hd_program_run_1(void *state);
void hd_program_run_2(void *state);
void hd_program_run_3(void *state);

/* The same as functions of threads that another one creates, with the state as argument. */
extern hd_thread_function *const hd_program_acts[HD_THREADS_MAX];

#define HD_PROGRAM_THREADS {hd_program_run_0, hd_program_run_1, hd_program_run_2, hd_program_run_3}

#endif
