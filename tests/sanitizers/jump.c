/*
 * Functions that longjmp() leaves: ThreadSanitizer sees that by itself. If it were told once more,
 * its stack of functions would run out after some executions, and the process end.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#include <heddle/check.h>

#define ROUNDS 5
#define DEPTH 50

struct tally {
    int plain;
    _Atomic int exact;
    jmp_buf way_out[2]; /* by thread */
};

/* NOLINTNEXTLINE(misc-no-recursion): how deep it is, is what it is for. */
static void go_down(jmp_buf way_out, int depth, volatile int *entered)
{
    (*entered)++;
    if (depth > 0) {
        go_down(way_out, depth - 1, entered);
    } else if (*entered > 0) { /* always: for gcc, which sees no other end of this */
        longjmp(way_out, 1);
    }
    (*entered)--;
}

static void go_down_and_out(struct tally *tally, int self)
{
    volatile int entered = 0;

    for (volatile int round = 0; round < ROUNDS; round++) {
        if (setjmp(tally->way_out[self]) == 0) {
            go_down(tally->way_out[self], DEPTH, &entered);
        }
    }
    HD_EXPECT(entered == ROUNDS * (DEPTH + 1));
}

static void count(struct tally *tally, int self)
{
    go_down_and_out(tally, self);
    tally->plain++; /* finding */
}

static void count_exactly(struct tally *tally, int self)
{
    go_down_and_out(tally, self);
    atomic_fetch_add_explicit(&tally->exact, 1, memory_order_relaxed);
}

static void count_0(void *state) { count(state, 0); }
static void count_1(void *state) { count(state, 1); }
static void count_exactly_0(void *state) { count_exactly(state, 0); }
static void count_exactly_1(void *state) { count_exactly(state, 1); }

const struct hd_scenario hd_scenario_count_after_jump = {
    .summary = "two threads leave many functions at once, and then count",
    .state_size = sizeof(struct tally),
    .threads = {count_0, count_1},
    .fixed = {count_exactly_0, count_exactly_1},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

/* ---- A thread that has jumped, and ends within functions ------------------------------------- */

static void note_end(void *ended)
{
    atomic_store_explicit((_Atomic int *)ended, 1, memory_order_relaxed);
}

__attribute__((noinline)) static void end_within(void) { pthread_exit(NULL); }

/* NOLINTNEXTLINE(readability-function-size): the nesting is that of two macros. */
static void *jump_and_end(void *state)
{
    struct tally *tally = state;

    pthread_cleanup_push(note_end, &tally->exact);
    go_down_and_out(tally, 0);
    end_within();
    pthread_cleanup_pop(0);
    return NULL;
}

static void await_end(void *state)
{
    struct tally *tally = state;
    pthread_t thread;

    HD_EXPECT(pthread_create(&thread, NULL, jump_and_end, tally) == 0);
    HD_EXPECT(pthread_join(thread, NULL) == 0);
    HD_EXPECT(atomic_load_explicit(&tally->exact, memory_order_relaxed) == 1);
}

const struct hd_scenario hd_scenario_end_after_jump = {
    .summary = "a thread leaves many functions at once, and then all of them by its end",
    .state_size = sizeof(struct tally),
    .threads = {await_end},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
