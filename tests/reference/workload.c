/*
 * Workload: see workload.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <heddle/clock.h>

#include "tests/reference/adapters.h"
#include "tests/reference/posix.h"
#include "tests/reference/suite.h"
#include "tests/reference/workload.h"

/* A workload takes a second or two, some ten under ThreadSanitizer on a busy machine. */
#define HANG_NS (90 * HD_SECOND_NS)
#define DEADLINE_NS (60 * HD_SECOND_NS)

/*
 * One call in LINGER_RARITY yields, one runs a loop, two sleep: what is held is then held while
 * others try to get it, also where all threads have but one processor.
 */
enum { LINGER_RARITY = 256, LINGER_TURNS = 10000, LINGER_NS = 1000 };

struct worker {
    hd_workload_function *function; /* constant after the spawn */
    void *argument;                 /* constant after the spawn */
    const uint32_t *is_started;     /* atomic */
    unsigned self;                  /* constant after the spawn */
};

/* Those that spin take part in one round of so many. */
enum { SPINNING_SHARE = 5 };

static const char *failure;       /* atomic: what the first failed check says; NULL for none */
static enum hd_result unexpected; /* by whoever set `failure`; the result that it is about */

static void fail_first(const char *what_is_wrong, enum hd_result result)
{
    const char *none = NULL;

    /* Relaxed: only decides who is first; the joins order the rest. */
    if (__atomic_compare_exchange_n(&failure, &none, what_is_wrong, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED)) {
        unexpected = result;
    }
}

void hd_workload_expect(bool holds, const char *what_is_wrong)
{
    if (!holds) {
        fail_first(what_is_wrong, HD_OK);
    }
}

void hd_workload_expect_ok(enum hd_result result, const char *call)
{
    if (result != HD_OK) {
        fail_first(call, result);
    }
}

unsigned hd_workload_rounds(unsigned can, unsigned rounds)
{
    return (can & HD_CAN_BLOCK) != 0 ? rounds : rounds / SPINNING_SHARE;
}

uint64_t hd_workload_deadline_ns(void) { return hd_clock_after_ns(DEADLINE_NS); }

void hd_workload_yield(void) { (void)sched_yield(); }

void hd_workload_linger(uint64_t *random)
{
    const struct timespec moment = {.tv_nsec = LINGER_NS};
    /* Volatile keeps the loop in the program. */
    volatile unsigned turns = LINGER_TURNS;

    switch (hd_suite_draw(random, LINGER_RARITY)) {
    case 0:
        hd_workload_yield();
        break;
    case 1:
        while (turns != 0) {
            turns--;
        }
        break;
    case 2:
    case 3:
        (void)nanosleep(&moment, NULL); /* a signal may end it early */
        break;
    default:
        break;
    }
}

static void *run(void *argument)
{
    struct worker *worker = argument;

    /* Relaxed: only brings the threads together; what they share was there before the spawn. */
    while (__atomic_load_n(worker->is_started, __ATOMIC_RELAXED) == 0) {
        hd_workload_yield();
    }
    worker->function(worker->argument, worker->self);
    return NULL;
}

static void join(const char *implementation, pthread_t thread, uint64_t deadline_ns)
{
    const struct timespec deadline = hd_posix_realtime(deadline_ns);

    if (pthread_timedjoin_np(thread, NULL, &deadline) != 0) {
        const char *first = __atomic_load_n(&failure, __ATOMIC_RELAXED);

        (void)fprintf(stderr, "%s: a thread hangs; first failed check: %s; reproduce: %s\n",
                      implementation, first == NULL ? "none" : first, hd_suite_reproduce());
        _exit(1);
    }
}

void hd_workload_run(const char *implementation,
                     unsigned threads,
                     hd_workload_function *function,
                     void *argument)
{
    struct worker workers[HD_THREADS_MAX];
    pthread_t handles[HD_THREADS_MAX];
    uint32_t is_started = 0;
    uint64_t deadline_ns;

    assert_in_range(threads, 1, HD_THREADS_MAX);
    failure = NULL;
    unexpected = HD_OK;
    for (unsigned thread = 0; thread < threads; thread++) {
        workers[thread] = (struct worker){function, argument, &is_started, thread};
        assert_int_equal(pthread_create(&handles[thread], NULL, run, &workers[thread]), 0);
    }
    __atomic_store_n(&is_started, 1, __ATOMIC_RELAXED);
    deadline_ns = hd_clock_after_ns(HANG_NS);
    for (unsigned thread = 0; thread < threads; thread++) {
        join(implementation, handles[thread], deadline_ns);
    }
    if (failure != NULL) {
        fail_msg("%s: %s%s%s; reproduce: %s", implementation, failure,
                 unexpected == HD_OK ? "" : " returned ",
                 unexpected == HD_OK ? "" : hd_result_name(unexpected), hd_suite_reproduce());
    }
}
