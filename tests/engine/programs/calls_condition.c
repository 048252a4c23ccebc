/*
 * Calls on condition variables, and futex calls.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/engine/programs/calls.h"

static const struct timespec long_ago = {.tv_sec = 1};
static const struct timespec invalid = {.tv_sec = 1, .tv_nsec = -1};

struct pair {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    bool is_set;
    struct call_log *log;
};

static void *try_mutex(void *argument)
{
    struct pair *pair = argument;

    call_note(pair->log, pthread_mutex_trylock(&pair->mutex));
    return NULL;
}

/* A wait that has timed out holds the mutex again. */
static void call_is_held(struct pair *pair)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, try_mutex, pair);

    call_note(pair->log, pthread_join(thread, NULL)); /* the log is ours again */
    call_note(pair->log, error);
}

static void call_timed_waits(struct pair *pair)
{
    struct call_log *log = pair->log;

    call_note(log, pthread_mutex_lock(&pair->mutex));
    call_note(log, pthread_cond_timedwait(&pair->condition, &pair->mutex, &long_ago));
    call_is_held(pair);
    call_note(log, pthread_cond_timedwait(&pair->condition, &pair->mutex, &invalid));
    call_is_held(pair);
    call_note(log,
              pthread_cond_clockwait(&pair->condition, &pair->mutex, CLOCK_MONOTONIC, &long_ago));
    call_note(log,
              pthread_cond_clockwait(&pair->condition, &pair->mutex, CLOCK_BOOTTIME, &long_ago));
    call_note(log, pthread_cond_signal(&pair->condition));
    call_note(log, pthread_cond_broadcast(&pair->condition));
    call_note(log, pthread_mutex_unlock(&pair->mutex));
}

static void call_with_type(int type, struct call_log *log)
{
    struct pair pair = {.condition = PTHREAD_COND_INITIALIZER, .log = log};
    pthread_mutexattr_t attributes;

    call_note(log, pthread_mutexattr_init(&attributes));
    call_note(log, pthread_mutexattr_settype(&attributes, type));
    call_note(log, pthread_mutex_init(&pair.mutex, &attributes));
    call_timed_waits(&pair);
    if (type != PTHREAD_MUTEX_NORMAL) {
        /* Not its owner. */
        call_note(log, pthread_cond_timedwait(&pair.condition, &pair.mutex, &long_ago));
    }
    call_note(log, pthread_cond_destroy(&pair.condition));
    call_note(log, pthread_mutex_destroy(&pair.mutex));
}

static void call_normal(struct call_log *log) { call_with_type(PTHREAD_MUTEX_NORMAL, log); }
static void call_recursive(struct call_log *log) { call_with_type(PTHREAD_MUTEX_RECURSIVE, log); }
static void call_errorcheck(struct call_log *log) { call_with_type(PTHREAD_MUTEX_ERRORCHECK, log); }

/* A condition variable that waits by CLOCK_MONOTONIC takes its deadline for one of that clock. */
static void call_monotonic(struct call_log *log)
{
    struct pair pair = {.mutex = PTHREAD_MUTEX_INITIALIZER, .log = log};
    pthread_condattr_t attributes;
    struct timespec deadline;
    struct timespec after;

    call_note(log, pthread_condattr_init(&attributes));
    call_note(log, pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
    call_note(log, pthread_cond_init(&pair.condition, &attributes));
    call_timed_waits(&pair);
    (void)clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_nsec = deadline.tv_nsec / 2;
    deadline.tv_sec++;
    call_note(log, pthread_mutex_lock(&pair.mutex));
    call_note(log, pthread_cond_timedwait(&pair.condition, &pair.mutex, &deadline));
    call_note(log, pthread_mutex_unlock(&pair.mutex));
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    call_note(log, after.tv_sec - deadline.tv_sec); /* it waited until then, and not for decades */
    call_note(log, pthread_cond_destroy(&pair.condition));
}

static void *set(void *argument)
{
    struct pair *pair = argument;

    (void)pthread_mutex_lock(&pair->mutex);
    pair->is_set = true;
    (void)pthread_cond_broadcast(&pair->condition);
    (void)pthread_mutex_unlock(&pair->mutex);
    return NULL;
}

static void *await(void *argument)
{
    struct pair *pair = argument;

    (void)pthread_mutex_lock(&pair->mutex);
    while (!pair->is_set) {
        (void)pthread_cond_wait(&pair->condition, &pair->mutex);
    }
    call_note(pair->log, 1);
    (void)pthread_mutex_unlock(&pair->mutex);
    return NULL;
}

static void call_handshake(struct call_log *log)
{
    struct pair pair = {
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .condition = PTHREAD_COND_INITIALIZER,
        .log = log,
    };
    pthread_t threads[4];

    for (unsigned i = 0; i < 4; i++) {
        (void)pthread_create(&threads[i], NULL, i == 2 ? set : await, &pair);
    }
    for (unsigned i = 0; i < 4; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

/* ---- Futex ----------------------------------------------------------------------------------- */

static void note_status(struct call_log *log, long status)
{
    call_note(log, status);
    call_note(log, status == -1 ? errno : 0);
    errno = 0;
}

static int64_t now_ns(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void call_futex(struct call_log *log)
{
    static const struct timespec shortly = {.tv_nsec = 1000000};
    uint32_t words[2] = {5, 0};
    int64_t before_ns;
    uint32_t *unaligned = (uint32_t *)((uintptr_t)words + 1);

    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT, 6, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT_PRIVATE, 6, NULL, NULL, 0));
    before_ns = now_ns();
    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT, 5, &shortly, NULL, 0));
    call_note(log, now_ns() - before_ns >= shortly.tv_nsec); /* it counts from now */
    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT, 5, &invalid, NULL, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT_BITSET, 5, &long_ago, NULL, 1));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 5,
                             &long_ago, NULL, 1));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT_BITSET, 5, &long_ago, NULL, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAIT_BITSET, 6, NULL, NULL, 1));
    note_status(log, syscall(SYS_futex, unaligned, FUTEX_WAIT, 5, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, unaligned, FUTEX_WAKE, 1, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAKE, 1, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAKE_BITSET, 1, NULL, NULL, 1));
    note_status(log, syscall(SYS_futex, words, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
    note_status(log, syscall(SYS_futex, NULL, FUTEX_WAIT, 0, NULL, NULL, 0));
    note_status(log, syscall(SYS_close, -1)); /* passes through */
}

struct listener {
    uint32_t *word;
    uint32_t bits; /* that it listens to */
};

static void *listen(void *argument)
{
    const struct listener *listener = argument;

    (void)syscall(SYS_futex, listener->word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL,
                  listener->bits);
    return NULL;
}

/* Wake the listeners to `bits' until one was there. */
static void wake_bits(uint32_t *word, uint32_t bits, struct call_log *log)
{
    long woken;

    do {
        woken = syscall(SYS_futex, word, FUTEX_WAKE_BITSET_PRIVATE, 2, NULL, NULL, bits);
        (void)sched_yield();
    } while (woken == 0);
    call_note(log, woken);
}

/* Of two that sleep on one word, a wake by bits wakes the one that it is for. */
static void call_futex_bits(struct call_log *log)
{
    uint32_t word = 0;
    struct listener listeners[2] = {{&word, 1}, {&word, 2}};
    pthread_t threads[2];

    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_create(&threads[i], NULL, listen, &listeners[i]);
    }
    wake_bits(&word, 2, log);
    call_note(log, pthread_join(threads[1], NULL));
    call_note(log, pthread_tryjoin_np(threads[0], NULL));
    wake_bits(&word, 1, log);
    call_note(log, pthread_join(threads[0], NULL));
}

const struct call_sequence call_condition_sequences[] = {
    {"condition with a normal mutex", call_normal},
    {"condition with a recursive mutex", call_recursive},
    {"condition with an error-checking mutex", call_errorcheck},
    {"condition by CLOCK_MONOTONIC", call_monotonic},
    {"handshake", call_handshake},
    {"futex", call_futex},
    {"futex by bits", call_futex_bits},
    {NULL, NULL},
};
