/*
 * Check: scenarios, small concurrent programs that Heddle runs under every interleaving it can
 * think of.
 *
 *     struct shared { int counter; };
 *
 *     static void increment(void *state)
 *     {
 *         ((struct shared *)state)->counter++;
 *     }
 *     static void check(const void *state)
 *     {
 *         HD_EXPECT(((const struct shared *)state)->counter == 2);
 *     }
 *     const struct hd_scenario hd_scenario_lost_update = {
 *         .summary = "two unlocked increments of one plain counter",
 *         .state_size = sizeof(struct shared),
 *         .threads = {increment, increment},
 *         .check = check,
 *         .sc = HD_DATA_RACE,
 *     };
 *
 * A file of scenarios becomes a command with heddle_add_scenarios() of the CMake package; the build
 * finds each by its name, hd_scenario_<name>.
 *
 * An execution runs setup, then the threads together, then, when all have ended, check; exit(0)
 * ends it at once, without check, any other exit status is a failure. Memory that it allocates, and
 * globals that instrumented code changes, are as before in the next one.
 *
 * A comment that is just the word finding, at the end of a line, marks that a report may name it:
 * the command verify, which is what ctest runs, accepts a finding at no other line.
 *
 * Concurrency   HD_EXPECT() and hd_choose() may be called by any thread of an execution.
 *               Descriptors are constant.
 * Ordering      What setup does happens before all threads; what they do, before check.
 * Fairness      None: which thread steps next is what is explored.
 * Source        Descriptors in the manner of the kernel's litmus tests: a program and its verdict.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CHECK_H
#define HEDDLE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Threads that a scenario can list; they may create more themselves, 255 of them in all. */
#define HD_SCENARIO_THREADS_MAX 16

/* What an exploration owes: nothing found, or one kind of finding. */
enum hd_verdict {
    HD_CLEAN,
    HD_DATA_RACE,        /* two accesses that nothing orders, one of them a write */
    HD_DEADLOCK,         /* threads that wait for ever */
    HD_LOCK_ORDER,       /* locks taken in orders that could deadlock, though none was reached */
    HD_LIVELOCK,         /* threads that only spin */
    HD_STARVATION,       /* a thread that never comes to its turn although all others do */
    HD_STALL,            /* a wait that nothing but its time-out ends */
    HD_MISUSE,           /* an object used in a way that its interface forbids */
    HD_USE_AFTER_FREE,   /* memory touched after it was freed */
    HD_DOUBLE_FREE,      /* memory freed twice */
    HD_INVALID_FREE,     /* something freed that was never allocated */
    HD_OUT_OF_BOUNDS,    /* memory touched beside a block */
    HD_LEAK,             /* memory that nothing points to when all is over */
    HD_NOT_LINEARIZABLE, /* results that no order of the operations explains */
    HD_FAILURE,          /* HD_EXPECT, assert or abort */
    HD_CRASH,            /* a fault: a bad pointer, a division by zero */
    HD_STACK_OVERFLOW,   /* of a thread's stack */
    HD_UNDEFINED,        /* what the language leaves undefined; built with a sanitizer for it */
    HD_VERDICTS          /* how many there are */
};

/* A program, what it owes, and its repair. What is NULL is not there. */
struct hd_scenario {
    const char *summary; /* one line */
    size_t state_size;   /* bytes of `state`, zero as each execution begins; 0: `state` is NULL */

    void (*setup)(void *state);
    void (*threads[HD_SCENARIO_THREADS_MAX])(void *state); /* run together; joined before check */
    void (*main)(void *state);                             /* instead of threads: creates its own */
    void (*check)(const void *state);

    /* The repaired twin: what it has instead. `fixed` NULL: as above. */
    void (*fixed_setup)(void *state);
    void (*fixed[HD_SCENARIO_THREADS_MAX])(void *state);
    void (*fixed_main)(void *state);

    /* With `main`: threads that it leaves behind run to their end before check. Otherwise they stop
     * where they are when it returns, as in a process. */
    bool join_at_exit;

    enum hd_verdict sc;  /* under sequential consistency */
    enum hd_verdict c11; /* under C11's memory model */
};

/*
 * A condition that must hold: if not, the execution ends there with the finding HD_FAILURE. Outside
 * an execution the process is stopped.
 *
 * Requires    Nothing.
 * Blocks      No.
 * Returns     Nothing.
 * Ordering    None.
 */
#define HD_EXPECT(condition)                                                                       \
    ((condition) ? (void)0 : hd_expect_failed(#condition, __FILE__, __LINE__))

/*
 * What HD_EXPECT() calls.
 *
 * Requires    Strings that stay valid.
 * Blocks      No.
 * Returns     Never.
 * Ownership   The strings stay the caller's.
 * Ordering    None.
 */
void hd_expect_failed(const char *condition, const char *file, int line)
    __attribute__((__noreturn__));

/*
 * A number that the program does not know beforehand: the exploration tries all of them.
 *
 * Requires    0 < count.
 * Blocks      No.
 * Returns     One of 0 .. count-1; 0 outside an execution.
 * Ordering    None.
 */
uint32_t hd_choose(uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
