/*
 * The end of the process: one program for each way.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What assert() calls. */
_Noreturn void
__assert_fail(const char *condition, const char *file, unsigned line, const char *function);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int zero;
static char *volatile nowhere = (char *)8;
static atomic_int *volatile no_counter = (atomic_int *)8;
static pthread_mutex_t *volatile no_mutex = (pthread_mutex_t *)8;
static volatile char byte;
static void (*volatile no_function)(void);

/* ---- Exits ----------------------------------------------------------------------------------- */

static void call_exit_well(void *unused)
{
    (void)unused;
    exit(0); /* NOLINT(concurrency-mt-unsafe): it is what is tested */
}

static void call_exit(void *unused)
{
    (void)unused;
    exit(3); /* NOLINT(concurrency-mt-unsafe): it is what is tested */
}

static void call_quick_exit(void *unused)
{
    (void)unused;
    quick_exit(4);
}

static void call_exit_at_once(void *unused)
{
    (void)unused;
    _exit(5);
}

static void call_iso_exit_at_once(void *unused)
{
    (void)unused;
    _Exit(6);
}

/* ---- Failures -------------------------------------------------------------------------------- */

static void call_abort(void *unused)
{
    (void)unused;
    abort();
}

static void raise_abort(void *unused)
{
    (void)unused;
    (void)raise(SIGABRT);
}

static void fail_assertion(void *unused)
{
    (void)unused;
    if (zero == 0) {
        __assert_fail("zero != 0", "file.c", 12, __func__);
    }
}

static void fail_expectation(void *unused)
{
    (void)unused;
    HD_EXPECT(zero == 1);
}

/* What a stack protector calls. */
_Noreturn void __stack_chk_fail(void);

static void fail_protector(void *unused)
{
    (void)unused;
    if (zero == 0) {
        __stack_chk_fail();
    }
}

/* ---- Crashes --------------------------------------------------------------------------------- */

static void read_nowhere(void *unused)
{
    (void)unused;
    byte = *nowhere;
}

static void write_nowhere(void *unused)
{
    (void)unused;
    *nowhere = 1;
}

static void count_nowhere(void *unused)
{
    (void)unused;
    (void)atomic_fetch_add_explicit(no_counter, 1, memory_order_relaxed);
}

static void copy_nowhere(void *unused)
{
    (void)unused;
    memcpy(nowhere, "abcdefgh", (size_t)zero + 8);
}

static void measure_nowhere(void *unused)
{
    (void)unused;
    zero = (int)strlen(nowhere);
}

static void compare_nowhere(void *unused)
{
    (void)unused;
    zero = strcmp(nowhere, nowhere + 1);
}

static void parse_nowhere(void *unused)
{
    (void)unused;
    zero = (int)strtol(nowhere, NULL, 10);
}

/* The engine crashes in its place. */
static void lock_nowhere(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(no_mutex);
}

/* libc calls back, and crashes in the program's own function. */
static int compare_with_nowhere(const void *a, const void *b)
{
    (void)a;
    (void)b;
    return *nowhere;
}

static void sort_nowhere(void *unused)
{
    int numbers[] = {2, 1};

    (void)unused;
    qsort(numbers, 2, sizeof(int), compare_with_nowhere);
}

static void divide(void *unused)
{
    (void)unused;
    zero = (zero + 100) / zero;
}

static void trap(void *unused)
{
    (void)unused;
    __builtin_trap();
}

static void call_nowhere(void *unused)
{
    (void)unused;
    no_function();
}

/* Each call is needed by the one before, so that none replaces another on the stack. */
/* NOLINTNEXTLINE(misc-no-recursion): it is what is tested */
static int deepen(int depth)
{
    volatile char frame[1000];

    frame[0] = (char)depth;
    return zero == 0 ? deepen(depth + 1) + frame[0] : 0;
}

static void overflow(void *unused)
{
    (void)unused;
    (void)deepen(0);
}

#define NOT_THERE "access to memory that is not there"

const struct process_program process_programs[] = {
    {"call_exit_well", call_exit_well, HD_CLEAN, 0, NULL, 0, true},
    {"call_exit", call_exit, HD_FAILURE, 3, "exit(3) was called", 0, true},
    {"call_quick_exit", call_quick_exit, HD_FAILURE, 4, "quick_exit(4) was called", 0, true},
    {"call_exit_at_once", call_exit_at_once, HD_FAILURE, 5, "_exit(5) was called", 0, true},
    {"call_iso_exit_at_once", call_iso_exit_at_once, HD_FAILURE, 6, "_Exit(6) was called", 0, true},
    {"call_abort", call_abort, HD_FAILURE, SIGABRT, "abort() was called", 0, false},
    {"raise_abort", raise_abort, HD_FAILURE, SIGABRT, "aborted", 0, false},
    {"fail_assertion", fail_assertion, HD_FAILURE, SIGABRT, "assertion `zero != 0' failed", 0,
     false},
    {"fail_expectation", fail_expectation, HD_FAILURE, SIGABRT, "expectation `zero == 1' failed", 0,
     false},
    {"fail_protector", fail_protector, HD_FAILURE, SIGABRT, "the stack was overwritten", 0, false},
    {"read_nowhere", read_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"write_nowhere", write_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"count_nowhere", count_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"copy_nowhere", copy_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"measure_nowhere", measure_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"compare_nowhere", compare_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"compare_with_nowhere", sort_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"parse_nowhere", parse_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 8, false},
    {"lock_nowhere", lock_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 24, false},
    {"divide", divide, HD_CRASH, SIGFPE, "arithmetic", 0, false},
    {"trap", trap, HD_CRASH, SIGILL, "illegal instruction", 0, false},
    {"call_nowhere", call_nowhere, HD_CRASH, SIGSEGV, NOT_THERE, 0, false},
    {"deepen", overflow, HD_STACK_OVERFLOW, SIGSEGV, "the stack of thread 2 overflowed", 0, false},
    {NULL, NULL, HD_CLEAN, 0, NULL, 0, false},
};

void hd_test_process_other(void *unused)
{
    (void)unused;
    for (unsigned i = 0; i < 10; i++) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
}

void hd_test_process_choose(void *unused)
{
    (void)unused;
    hd_test_process_note(hd_choose(5));
}
