/*
 * Thread functions that are not modelled: each ends the execution, since libc's own would take a
 * pthread_t of ours for an address, start a thread or a process that nobody controls, or block.
 *
 * C11's threads are among them: libc makes them of functions of its own that no hook sees.
 *
 * Refused    pthread_cancel pthread_sigqueue pthread_getattr_np pthread_getcpuclockid
 *            pthread_getschedparam thrd_create thrd_join thrd_exit mtx_lock mtx_timedlock cnd_wait
 *            cnd_timedwait call_once fork: ends the execution.
 * Refused    pthread_kill: ends the execution; signal 0 only asks.
 * Accepted   pthread_setschedparam pthread_setschedprio: named in a warning.
 * Unhooked   cnd_init cnd_signal cnd_broadcast cnd_destroy mtx_init mtx_trylock mtx_unlock
 *            mtx_destroy thrd_current thrd_equal thrd_detach thrd_yield tss_*
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <threads.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/hooks/thread.h"
#include "engine/unmodelled.h"

/* ---- By pthread_t ---------------------------------------------------------------------------- */

int pthread_cancel(pthread_t thread)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("pthread_cancel", HDE_CALLER());
    }
    return HDE_REAL(pthread_cancel)(thread);
}

/* Signal 0 only asks whether the thread is there. */
int pthread_kill(pthread_t thread, int signal)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_kill)(thread, signal);
    }
    if (signal != 0) {
        hde_unmodelled_fail("pthread_kill", HDE_CALLER());
    }
    return hde_thread_named(thread) == NULL ? ESRCH : 0;
}

int pthread_sigqueue(pthread_t thread, int signal, const union sigval value)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("pthread_sigqueue", HDE_CALLER());
    }
    return HDE_REAL(pthread_sigqueue)(thread, signal, value);
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("pthread_getattr_np", HDE_CALLER());
    }
    return HDE_REAL(pthread_getattr_np)(thread, attributes);
}

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("pthread_getcpuclockid", HDE_CALLER());
    }
    return HDE_REAL(pthread_getcpuclockid)(thread, clock);
}

int pthread_getschedparam(pthread_t thread,
                          int *restrict policy,
                          struct sched_param *restrict parameter)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("pthread_getschedparam", HDE_CALLER());
    }
    return HDE_REAL(pthread_getschedparam)(thread, policy, parameter);
}

/* Priorities mean nothing where any thread may be arbitrarily slow. */
int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *parameter)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setschedparam)(thread, policy, parameter);
    }
    hde_unmodelled_note_instead("pthread_setschedparam", "does nothing", HDE_CALLER());
    return hde_thread_named(thread) == NULL ? ESRCH : 0;
}

int pthread_setschedprio(pthread_t thread, int priority)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setschedprio)(thread, priority);
    }
    hde_unmodelled_note_instead("pthread_setschedprio", "does nothing", HDE_CALLER());
    return hde_thread_named(thread) == NULL ? ESRCH : 0;
}

/* ---- C11 ------------------------------------------------------------------------------------- */

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("thrd_create", HDE_CALLER());
    }
    return HDE_REAL(thrd_create)(thread, function, argument);
}

int thrd_join(thrd_t thread, int *result)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("thrd_join", HDE_CALLER());
    }
    return HDE_REAL(thrd_join)(thread, result);
}

void thrd_exit(int result)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("thrd_exit", HDE_CALLER());
    }
    HDE_REAL(thrd_exit)(result);
}

int mtx_lock(mtx_t *mutex)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("mtx_lock", HDE_CALLER());
    }
    return HDE_REAL(mtx_lock)(mutex);
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("mtx_timedlock", HDE_CALLER());
    }
    return HDE_REAL(mtx_timedlock)(mutex, until);
}

int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("cnd_wait", HDE_CALLER());
    }
    return HDE_REAL(cnd_wait)(condition, mutex);
}

int cnd_timedwait(cnd_t *restrict condition,
                  mtx_t *restrict mutex,
                  const struct timespec *restrict until)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("cnd_timedwait", HDE_CALLER());
    }
    return HDE_REAL(cnd_timedwait)(condition, mutex, until);
}

void call_once(once_flag *flag, void (*function)(void))
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("call_once", HDE_CALLER());
    }
    HDE_REAL(call_once)(flag, function);
}

/* ---- Processes ------------------------------------------------------------------------------- */

/* The child would go on with the exploration as well. */
pid_t fork(void)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("fork", HDE_CALLER());
    }
    return HDE_REAL(fork)();
}
