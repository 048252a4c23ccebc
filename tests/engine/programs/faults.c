/*
 * Waits that nobody ends, and what must hold all the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/faults.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <heddle/check.h>

static const struct timespec hour = {.tv_sec = 3600};
static const struct timespec year_2030 = {.tv_sec = 1893456000};

struct flag {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    bool is_set; /* under mutex */
};

static void *set(void *argument)
{
    struct flag *flag = argument;

    (void)pthread_mutex_lock(&flag->mutex);
    flag->is_set = true;
    (void)pthread_cond_signal(&flag->condition);
    (void)pthread_mutex_unlock(&flag->mutex);
    return NULL;
}

/* `if' and not `while'. */
static void wait_once(struct flag *flag, const struct timespec *until)
{
    (void)pthread_mutex_lock(&flag->mutex);
    if (!flag->is_set) {
        int error = until == NULL ? pthread_cond_wait(&flag->condition, &flag->mutex)
                                  : pthread_cond_timedwait(&flag->condition, &flag->mutex, until);

        HD_EXPECT(flag->is_set || error == ETIMEDOUT);
    }
    (void)pthread_mutex_unlock(&flag->mutex);
}

static void wait_while_set(const struct timespec *until)
{
    struct flag flag = {
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .condition = PTHREAD_COND_INITIALIZER,
    };
    pthread_t thread;

    (void)pthread_create(&thread, NULL, set, &flag);
    wait_once(&flag, until);
    (void)pthread_join(thread, NULL);
}

static void wait_for_ever(void) { wait_while_set(NULL); }
static void wait_until_2030(void) { wait_while_set(&year_2030); }

struct c11_flag {
    mtx_t mutex;
    cnd_t condition;
    int is_set; /* under mutex */
};

static int set_c11(void *argument)
{
    struct c11_flag *flag = argument;

    (void)mtx_lock(&flag->mutex);
    flag->is_set = 1;
    (void)cnd_signal(&flag->condition);
    (void)mtx_unlock(&flag->mutex);
    return 0;
}

static void wait_c11(void)
{
    struct c11_flag flag = {.is_set = 0};
    thrd_t thread;

    (void)mtx_init(&flag.mutex, mtx_plain);
    (void)cnd_init(&flag.condition);
    (void)thrd_create(&thread, set_c11, &flag);
    (void)mtx_lock(&flag.mutex);
    if (flag.is_set == 0) {
        /* NOLINTNEXTLINE(bugprone-spuriously-wake-up-functions): it is what is tested. */
        (void)cnd_wait(&flag.condition, &flag.mutex);
        HD_EXPECT(flag.is_set == 1);
    }
    (void)mtx_unlock(&flag.mutex);
    (void)thrd_join(thread, NULL);
}

/* ---- Futexes and sleeps ---------------------------------------------------------------------- */

static void *set_word(void *word)
{
    __atomic_store_n((uint32_t *)word, 1, __ATOMIC_RELEASE);
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    return NULL;
}

static void await_word(bool may_be_spurious)
{
    uint32_t word = 0;
    pthread_t thread;

    (void)pthread_create(&thread, NULL, set_word, &word);
    long status = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);

    HD_EXPECT(status == 0 || errno == EAGAIN);
    HD_EXPECT(may_be_spurious || __atomic_load_n(&word, __ATOMIC_ACQUIRE) == 1);
    (void)pthread_join(thread, NULL);
}

static void await_futex(void) { await_word(false); }
static void await_uninterrupted(void) { await_word(true); }

static void await_any(void)
{
    uint32_t word = 0;
    struct futex_waitv wait = {.uaddr = (uintptr_t)&word, .flags = FUTEX_32 | FUTEX_PRIVATE_FLAG};

    HD_EXPECT(syscall(SYS_futex_waitv, &wait, 1, 0, &year_2030, CLOCK_REALTIME) == -1);
    HD_EXPECT(errno == ETIMEDOUT);
}

static void sleep_an_hour(void)
{
    struct timespec rest = {0};
    int status = nanosleep(&hour, &rest);

    /* Fails only if what is left is said as well. */
    HD_EXPECT(status == 0 || errno != EINTR || rest.tv_sec != hour.tv_sec);
}

static void sleep_by_clock(void)
{
    HD_EXPECT(clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL) == 0);
}

static void sleep_c11(void)
{
    struct timespec rest = {0};
    int status = thrd_sleep(&hour, &rest);

    HD_EXPECT(status != -1 || rest.tv_sec != hour.tv_sec);
}

const struct fault_program fault_programs[] = {
    {"a wait without a loop", HDE_CHOICE_SPURIOUS, wait_for_ever},
    {"a wait with a deadline, without a loop", HDE_CHOICE_SPURIOUS, wait_until_2030},
    {"a wait of C11, without a loop", HDE_CHOICE_SPURIOUS, wait_c11},
    {"a futex wait without a loop", HDE_CHOICE_FUTEX, await_futex},
    {"a futex wait that is not begun again", HDE_CHOICE_INTERRUPT, await_uninterrupted},
    {"a wait for any futex", HDE_CHOICE_INTERRUPT, await_any},
    {"a sleep", HDE_CHOICE_INTERRUPT, sleep_an_hour},
    {"a sleep by a clock", HDE_CHOICE_INTERRUPT, sleep_by_clock},
    {"a sleep of C11", HDE_CHOICE_INTERRUPT, sleep_c11},
    {NULL, HDE_CHOICE_KINDS, NULL},
};

/* ---- How often ------------------------------------------------------------------------------- */

/* Nobody signals: each wait times out, or ends spuriously. */
static bool is_spurious(struct flag *flag)
{
    (void)pthread_mutex_lock(&flag->mutex);
    int error = pthread_cond_timedwait(&flag->condition, &flag->mutex, &year_2030);

    (void)pthread_mutex_unlock(&flag->mutex);
    return error == 0;
}

void hd_fault_third_of_six(void)
{
    struct flag flag = {
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .condition = PTHREAD_COND_INITIALIZER,
    };

    for (unsigned i = 0; i < 6; i++) {
        bool was_spurious = is_spurious(&flag);

        HD_EXPECT(i != 2 || !was_spurious);
    }
}

void hd_fault_count(unsigned *spurious)
{
    struct flag flag = {
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .condition = PTHREAD_COND_INITIALIZER,
    };

    *spurious = 0;
    for (unsigned i = 0; i < 6; i++) {
        *spurious += is_spurious(&flag) ? 1 : 0;
    }
}

/* ---- Sent elsewhere -------------------------------------------------------------------------- */

static void *sleep_until_2030(void *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, 0, &year_2030, NULL,
                  FUTEX_BITSET_MATCH_ANY);
    return NULL;
}

void hd_fault_times_out_elsewhere(void)
{
    uint32_t words[2] = {0, 0};
    pthread_t thread;

    (void)pthread_create(&thread, NULL, sleep_until_2030, &words[0]);
    for (unsigned i = 0; i < 3; i++) {
        (void)syscall(SYS_futex, &words[0], FUTEX_REQUEUE_PRIVATE, 0, 1, &words[1], 0);
    }
    (void)pthread_join(thread, NULL);
    HD_EXPECT(syscall(SYS_futex, &words[0], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0);
    HD_EXPECT(syscall(SYS_futex, &words[1], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0);
}

/* ---- Who is woken ---------------------------------------------------------------------------- */

struct seats {
    struct flag flag;
    unsigned items; /* under flag.mutex */
};

static void *take_item(void *argument)
{
    struct seats *seats = argument;

    (void)pthread_mutex_lock(&seats->flag.mutex);
    while (seats->items == 0) {
        (void)pthread_cond_wait(&seats->flag.condition, &seats->flag.mutex);
    }
    seats->items--;
    (void)pthread_mutex_unlock(&seats->flag.mutex);
    return NULL;
}

void hd_fault_signal_goes_on(void)
{
    struct seats seats = {
        .flag = {.mutex = PTHREAD_MUTEX_INITIALIZER, .condition = PTHREAD_COND_INITIALIZER},
    };
    pthread_t threads[2];

    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_create(&threads[i], NULL, take_item, &seats);
    }
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_mutex_lock(&seats.flag.mutex);
        seats.items++;
        (void)pthread_cond_signal(&seats.flag.condition);
        (void)pthread_mutex_unlock(&seats.flag.mutex);
    }
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}
