/*
 * Futex calls beyond wait and wake.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/engine/programs/calls.h"

static void note_status(struct call_log *log, long status)
{
    call_note(log, status);
    call_note(log, status == -1 ? errno : 0);
    errno = 0;
}

/* ---- Errors ---------------------------------------------------------------------------------- */

static void call_errors(struct call_log *log)
{
    uint32_t words[2] = {0, 0};
    uint32_t *unaligned = (uint32_t *)((uintptr_t)words + 1);

    note_status(log,
                syscall(SYS_futex, words, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0));
    note_status(log,
                syscall(SYS_futex, words, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_REQUEUE, 1, 1, &words[1], 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_REQUEUE, -1, 1, &words[1], 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_REQUEUE, 1, -1, &words[1], 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_REQUEUE, 1, 1, unaligned, 0));
    note_status(log, syscall(SYS_futex, unaligned, FUTEX_REQUEUE, 1, 1, words, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_CMP_REQUEUE, 1, 1, &words[1], 5));
    note_status(log, syscall(SYS_futex, words, FUTEX_CMP_REQUEUE, 1, 1, &words[1], 0));
    note_status(log, syscall(SYS_futex, words, 99, 1, 1, &words[1], 0));
}

static void change(struct call_log *log, uint32_t *words, int packed)
{
    note_status(log, syscall(SYS_futex, words, FUTEX_WAKE_OP, 1, 1, &words[1], packed));
    call_note(log, words[1]);
}

static void call_changes(struct call_log *log)
{
    uint32_t words[2] = {0, 0};

    change(log, words, FUTEX_OP(FUTEX_OP_SET, 12, FUTEX_OP_CMP_EQ, 0));
    change(log, words, FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_NE, 0));
    change(log, words, FUTEX_OP(FUTEX_OP_ADD, 0xfff, FUTEX_OP_CMP_LT, 0xfff)); /* minus 1 */
    change(log, words, FUTEX_OP(FUTEX_OP_OR, 0x101, FUTEX_OP_CMP_LE, 0));
    change(log, words, FUTEX_OP(FUTEX_OP_ANDN, 0x100, FUTEX_OP_CMP_GT, 0));
    change(log, words, FUTEX_OP(FUTEX_OP_XOR, 0x7, FUTEX_OP_CMP_GE, 0));
    change(log, words, FUTEX_OP((FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT), 4, FUTEX_OP_CMP_EQ, 0));
    change(log, words, FUTEX_OP(7, 4, FUTEX_OP_CMP_EQ, 0));
    change(log, words, FUTEX_OP(FUTEX_OP_ADD, 4, 9, 0));
}

/* ---- Sleepers -------------------------------------------------------------------------------- */

#define SLEEPERS 3

static void *sleep_on(void *word)
{
    return (void *)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void create_sleepers(pthread_t *threads, uint32_t *word)
{
    for (unsigned i = 0; i < SLEEPERS; i++) {
        (void)pthread_create(&threads[i], NULL, sleep_on, word);
    }
}

static void join_sleepers(pthread_t *threads, struct call_log *log)
{
    for (unsigned i = 0; i < SLEEPERS; i++) {
        void *result = threads;

        (void)pthread_join(threads[i], &result);
        call_note(log, (long)(uintptr_t)result);
    }
}

/* All sleepers go from one word to another, and are woken there. */
static void call_requeue(struct call_log *log)
{
    uint32_t words[2] = {0, 0};
    pthread_t threads[SLEEPERS];

    create_sleepers(threads, &words[0]);
    for (long sent = 0; sent < SLEEPERS;) {
        sent += syscall(SYS_futex, words, FUTEX_CMP_REQUEUE_PRIVATE, 0, 1, &words[1], 0);
        (void)sched_yield();
    }
    note_status(log, syscall(SYS_futex, words, FUTEX_WAKE_PRIVATE, SLEEPERS, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, &words[1], FUTEX_REQUEUE_PRIVATE, 1, 1, &words[0], 0));
    note_status(log, syscall(SYS_futex, &words[1], FUTEX_WAKE_PRIVATE, SLEEPERS, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, &words[0], FUTEX_WAKE_PRIVATE, SLEEPERS, NULL, NULL, 0));
    join_sleepers(threads, log);
}

/* Wakes at the second word because of what it was. */
static void call_wake_op(struct call_log *log)
{
    uint32_t words[2] = {0, 0};
    pthread_t threads[SLEEPERS];
    long woken = 0;

    create_sleepers(threads, &words[1]);
    while (woken < SLEEPERS) {
        woken += syscall(SYS_futex, words, FUTEX_WAKE_OP_PRIVATE, 1, 1, &words[1],
                         FUTEX_OP(FUTEX_OP_OR, 0, FUTEX_OP_CMP_NE, 1));
        (void)sched_yield();
    }
    call_note(log, syscall(SYS_futex, words, FUTEX_WAKE_OP_PRIVATE, 1, 1, &words[1],
                           FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 0)));
    join_sleepers(threads, log);
}

/* How zero compares: {comparison, operand for which it is true, and for which it is false}. */
static const int comparisons[][3] = {
    {FUTEX_OP_CMP_EQ, 0, 1},     {FUTEX_OP_CMP_NE, 1, 0},
    {FUTEX_OP_CMP_LT, 1, 0},     {FUTEX_OP_CMP_LE, 0, 0xfff}, /* minus 1 */
    {FUTEX_OP_CMP_GT, 0xfff, 0}, {FUTEX_OP_CMP_GE, 0, 1},
};

static long wake_if(uint32_t *words, int comparison, int operand)
{
    return syscall(SYS_futex, words, FUTEX_WAKE_OP_PRIVATE, 1, 1, &words[1],
                   FUTEX_OP(FUTEX_OP_OR, 0, comparison, operand));
}

/* One who sleeps at the second word is woken if the comparison is true, and only then. */
static void call_comparisons(struct call_log *log)
{
    for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        uint32_t words[2] = {0, 0};
        pthread_t thread;

        (void)pthread_create(&thread, NULL, sleep_on, &words[1]);
        long woken = wake_if(words, comparisons[i][0], comparisons[i][2]);

        call_note(log, woken);
        for (woken = 0; woken == 0;) {
            woken = wake_if(words, comparisons[i][0], comparisons[i][1]);
            (void)sched_yield();
        }
        call_note(log, woken);
        call_note(log, pthread_join(thread, NULL));
    }
}

/* ---- Any of several -------------------------------------------------------------------------- */

static struct futex_waitv wait_at(const uint32_t *word, uint32_t value)
{
    return (struct futex_waitv){
        .val = value,
        .uaddr = (uintptr_t)word,
        .flags = FUTEX_32 | FUTEX_PRIVATE_FLAG,
    };
}

static void call_wait_any_errors(struct call_log *log)
{
    static const struct timespec long_ago = {.tv_sec = 1};
    static const struct timespec invalid = {.tv_sec = -1};
    uint32_t words[2] = {0, 0};
    struct futex_waitv waits[2] = {wait_at(&words[0], 0), wait_at(&words[1], 1)};

    note_status(log, syscall(SYS_futex_waitv, NULL, 0, 0, NULL, 0));
    note_status(log, syscall(SYS_futex_waitv, waits, 2, 0, NULL, 0)); /* the second differs */
    note_status(log, syscall(SYS_futex_waitv, waits, 129, 0, NULL, 0));
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 1, NULL, 0));
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 0, &long_ago, CLOCK_MONOTONIC));
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 0, &long_ago, CLOCK_REALTIME));
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 0, &long_ago, CLOCK_BOOTTIME));
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 0, &invalid, CLOCK_MONOTONIC));
    waits[0].__reserved = 1;
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 0, NULL, 0));
    waits[0] = wait_at(&words[0], 0);
    waits[0].flags = 3;
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 0, NULL, 0));
    waits[0] = wait_at((uint32_t *)((uintptr_t)words + 1), 0);
    note_status(log, syscall(SYS_futex_waitv, waits, 1, 0, NULL, 0));
}

static void *sleep_on_any(void *argument)
{
    const uint32_t *words = argument;
    struct futex_waitv waits[3];

    for (unsigned i = 0; i < 3; i++) {
        waits[i] = wait_at(&words[i], 0);
    }
    return (void *)syscall(SYS_futex_waitv, waits, 3, 0, NULL, 0);
}

static void call_wait_any(struct call_log *log)
{
    uint32_t words[3] = {0, 0, 0};

    for (unsigned i = 0; i < 3; i++) {
        pthread_t thread;
        void *result = NULL;

        (void)pthread_create(&thread, NULL, sleep_on_any, words);
        while (syscall(SYS_futex, &words[i], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0) {
            (void)sched_yield();
        }
        (void)pthread_join(thread, &result);
        call_note(log, (long)(uintptr_t)result);
        /* It sleeps nowhere any more. */
        call_note(log, syscall(SYS_futex, &words[0], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
        call_note(log, syscall(SYS_futex, &words[2], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    }
}

const struct call_sequence call_futex_sequences[] = {
    {"futex errors", call_errors},
    {"futex changes", call_changes},
    {"futex requeue", call_requeue},
    {"futex wake_op", call_wake_op},
    {"futex comparisons", call_comparisons},
    {"errors of a wait for any futex", call_wait_any_errors},
    {"wait for any futex", call_wait_any},
    {NULL, NULL},
};
