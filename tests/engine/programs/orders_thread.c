/*
 * Two accesses to `data', and calls of C11's threads or a cancellation between them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include "tests/engine/programs/orders.h"

static int data;

static void write_data(void) { data = 1; }

/* Only `data' may race. */
static void read_data(void) { __atomic_store_n(&order_sink, data, __ATOMIC_RELAXED); }

/* ---- C11 ------------------------------------------------------------------------------------- */

static int write_c11(void *unused)
{
    (void)unused;
    write_data();
    return 0;
}

static void join_c11(void *unused)
{
    thrd_t thread;

    (void)unused;
    (void)thrd_create(&thread, write_c11, NULL);
    (void)thrd_join(thread, NULL);
    read_data();
}

static void read_before_join_c11(void *unused)
{
    thrd_t thread;

    (void)unused;
    (void)thrd_create(&thread, write_c11, NULL);
    read_data();
    (void)thrd_join(thread, NULL);
}

static mtx_t mutex; /* zero is a plain one in glibc */

static void write_locked(void *unused)
{
    (void)unused;
    (void)mtx_lock(&mutex);
    write_data();
    (void)mtx_unlock(&mutex);
}

static void read_if_free(void *unused)
{
    (void)unused;
    if (mtx_trylock(&mutex) == thrd_success) {
        read_data();
        (void)mtx_unlock(&mutex);
    }
}

static void read_if_busy(void *unused)
{
    (void)unused;
    if (mtx_trylock(&mutex) == thrd_success) {
        (void)mtx_unlock(&mutex);
    } else {
        read_data();
    }
}

static once_flag flag = ONCE_FLAG_INIT;

static void call_and_read(void *unused)
{
    (void)unused;
    call_once(&flag, write_data);
    read_data();
}

/* ---- Cancellation ---------------------------------------------------------------------------- */

static void read_in_handler(void *unused)
{
    (void)unused;
    read_data();
}

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
static void *await_cancellation(void *unused)
{
    pthread_cleanup_push(read_in_handler, NULL);
    for (;;) {
        pthread_testcancel();
    }
    pthread_cleanup_pop(0);
    return unused;
}

static void write_then_cancel(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, await_cancellation, NULL);
    write_data();
    (void)pthread_cancel(thread);
    (void)pthread_join(thread, NULL);
}

static void cancel_then_write(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, await_cancellation, NULL);
    (void)pthread_cancel(thread);
    write_data();
    (void)pthread_join(thread, NULL);
}

/* ---- Once ------------------------------------------------------------------------------------ */

static pthread_once_t control = PTHREAD_ONCE_INIT;

static void write_and_leave(void)
{
    write_data();
    pthread_exit(NULL);
}

static void leave_once(void *unused)
{
    (void)unused;
    (void)pthread_once(&control, write_and_leave);
}

/* ---- Futexes --------------------------------------------------------------------------------- */

static uint32_t words[2];

static void change_then_read(void *unused)
{
    (void)unused;
    (void)syscall(SYS_futex, &words[0], FUTEX_WAKE_OP_PRIVATE, 1, 1, &words[1],
                  FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0));
    (void)__atomic_load_n(&words[1], __ATOMIC_RELAXED);
}

static void write_then_change(void *unused)
{
    (void)unused;
    write_data();
    change_then_read(NULL);
}

static void read_if_changed(void *unused)
{
    (void)unused;
    if (__atomic_load_n(&words[1], __ATOMIC_ACQUIRE) == 1) {
        read_data();
    }
}

const struct race_program order_thread_programs[] = {
    {"C11 join", false, {join_c11}},
    {"C11, read before join", true, {read_before_join_c11}},
    {"C11 mutex, try that succeeds", false, {write_locked, read_if_free}},
    {"C11 mutex, try that fails", true, {write_locked, read_if_busy}},
    {"call_once", false, {call_and_read, call_and_read, call_and_read}},
    {"write before cancel", false, {write_then_cancel}},
    {"write after cancel", true, {cancel_then_write}},
    {"once, left each time", false, {leave_once, leave_once, leave_once}},
    {"changes by futex alone", false, {change_then_read, change_then_read}},
    {"change by futex, which orders nothing", true, {write_then_change, read_if_changed}},
    {NULL, false, {NULL}},
};
