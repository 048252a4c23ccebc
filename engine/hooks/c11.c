/*
 * C11's threads: thrd_, mtx_, cnd_, tss_ and call_once().
 *
 * glibc makes them of its pthreads, in the same memory; so does the engine, with results of their
 * own. libc's own would call functions that no hook sees. thrd_sleep() is in time.c.
 *
 * Modelled   thrd_create thrd_current thrd_join thrd_detach thrd_exit thrd_yield mtx_init
 *            mtx_destroy mtx_lock mtx_trylock mtx_timedlock mtx_unlock cnd_init cnd_destroy
 *            cnd_wait cnd_timedwait cnd_signal cnd_broadcast tss_create tss_delete tss_set tss_get
 *            call_once
 * Unhooked   thrd_equal
 *
 * Source: C11 7.26; glibc 2.36.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <threads.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/cancel.h"
#include "engine/hooks/condition.h"
#include "engine/hooks/mutex.h"
#include "engine/hooks/once.h"
#include "engine/hooks/real.h"
#include "engine/hooks/thread.h"
#include "engine/hooks/thread_key.h"

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "mtx_t is no pthread_mutex_t");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "cnd_t is no pthread_cond_t");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "once_flag is no pthread_once_t");

/* By thread: what it runs; valid from before it begins. */
static thrd_start_t functions[HDE_THREADS_MAX];

static int to_result(int error)
{
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ENOMEM:
        return thrd_nomem;
    case ETIMEDOUT:
        return thrd_timedout;
    default:
        return thrd_error;
    }
}

/* ---- Threads --------------------------------------------------------------------------------- */

static void *to_pointer(int result) { return (void *)(uintptr_t)(unsigned)result; }

static void *run(void *argument) { return to_pointer(functions[hde_self->id](argument)); }

int thrd_create(thrd_t *name, thrd_start_t function, void *argument)
{
    struct hde_thread *child;

    if (hde_self == NULL) {
        return HDE_REAL(thrd_create)(name, function, argument);
    }
    int error = hde_thread_start(name, NULL, run, argument, HDE_CALLER(), &child);

    if (error == 0) {
        functions[child->id] = function;
    }
    return to_result(error);
}

thrd_t thrd_current(void) { return hde_self == NULL ? HDE_REAL(thrd_current)() : pthread_self(); }

int thrd_join(thrd_t name, int *result)
{
    uint32_t pc = HDE_CALLER();
    void *pointer = NULL;

    if (hde_self == NULL) {
        return HDE_REAL(thrd_join)(name, result);
    }
    int error = hde_thread_join(name, &pointer, pc);

    if (error == 0 && result != NULL) {
        hde_access((uintptr_t)result, sizeof(*result), true, pc);
        *result = (int)(uintptr_t)pointer;
    }
    return to_result(error);
}

int thrd_detach(thrd_t name)
{
    return hde_self == NULL ? HDE_REAL(thrd_detach)(name)
                            : to_result(hde_thread_detach(name, HDE_CALLER()));
}

void thrd_exit(int result)
{
    if (hde_self == NULL) {
        HDE_REAL(thrd_exit)(result);
    }
    hde_cancel_exit(to_pointer(result));
}

void thrd_yield(void)
{
    if (hde_self == NULL) {
        HDE_REAL(thrd_yield)();
        return;
    }
    hde_thread_yield(HDE_CALLER());
}

/* ---- Mutexes --------------------------------------------------------------------------------- */

static pthread_mutex_t *mutex_of(mtx_t *mutex) { return (pthread_mutex_t *)mutex; }

static int init_mutex(pthread_mutex_t *mutex, int type, uint32_t pc)
{
    pthread_mutexattr_t attributes;
    int error = pthread_mutexattr_init(&attributes);

    /* A type that does not exist is a plain one to glibc. */
    if (error == 0 && (type == mtx_recursive || type == (mtx_timed | mtx_recursive))) {
        error = pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    }
    if (error == 0) {
        error = hde_mutex_init(mutex, &attributes, pc);
        (void)pthread_mutexattr_destroy(&attributes); /* does nothing in glibc */
    }
    return error;
}

int mtx_init(mtx_t *mutex, int type)
{
    if (hde_self == NULL) {
        return HDE_REAL(mtx_init)(mutex, type);
    }
    return to_result(init_mutex(mutex_of(mutex), type, HDE_CALLER()));
}

void mtx_destroy(mtx_t *mutex)
{
    if (hde_self == NULL) {
        HDE_REAL(mtx_destroy)(mutex);
        return;
    }
    (void)hde_mutex_destroy(mutex_of(mutex), HDE_CALLER()); /* C11 has no result for it */
}

int mtx_lock(mtx_t *mutex)
{
    return hde_self == NULL ? HDE_REAL(mtx_lock)(mutex)
                            : to_result(hde_mutex_take(mutex_of(mutex), HDE_CALLER()));
}

int mtx_trylock(mtx_t *mutex)
{
    return hde_self == NULL ? HDE_REAL(mtx_trylock)(mutex)
                            : to_result(hde_mutex_try(mutex_of(mutex), HDE_CALLER()));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(mtx_timedlock)(mutex, until);
    }
    return to_result(hde_mutex_take_until(mutex_of(mutex), CLOCK_REALTIME, until, HDE_CALLER()));
}

int mtx_unlock(mtx_t *mutex)
{
    return hde_self == NULL ? HDE_REAL(mtx_unlock)(mutex)
                            : to_result(hde_mutex_unlock(mutex_of(mutex), HDE_CALLER()));
}

/* ---- Condition variables --------------------------------------------------------------------- */

static pthread_cond_t *condition_of(cnd_t *condition) { return (pthread_cond_t *)condition; }

int cnd_init(cnd_t *condition)
{
    return hde_self == NULL
               ? HDE_REAL(cnd_init)(condition)
               : to_result(hde_condition_init(condition_of(condition), NULL, HDE_CALLER()));
}

void cnd_destroy(cnd_t *condition)
{
    if (hde_self == NULL) {
        HDE_REAL(cnd_destroy)(condition);
        return;
    }
    (void)hde_condition_destroy(condition_of(condition), HDE_CALLER()); /* always 0 */
}

int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    if (hde_self == NULL) {
        return HDE_REAL(cnd_wait)(condition, mutex);
    }
    return to_result(hde_condition_wait(condition_of(condition), mutex_of(mutex), HDE_CALLER()));
}

int cnd_timedwait(cnd_t *restrict condition,
                  mtx_t *restrict mutex,
                  const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(cnd_timedwait)(condition, mutex, until);
    }
    return to_result(
        hde_condition_wait_until(condition_of(condition), mutex_of(mutex), until, HDE_CALLER()));
}

int cnd_signal(cnd_t *condition)
{
    return hde_self == NULL
               ? HDE_REAL(cnd_signal)(condition)
               : to_result(hde_condition_notify(condition_of(condition), false, HDE_CALLER()));
}

int cnd_broadcast(cnd_t *condition)
{
    return hde_self == NULL
               ? HDE_REAL(cnd_broadcast)(condition)
               : to_result(hde_condition_notify(condition_of(condition), true, HDE_CALLER()));
}

/* ---- The rest -------------------------------------------------------------------------------- */

int tss_create(tss_t *key, tss_dtor_t destructor)
{
    /* Outside an execution as well: one that is made there may be used in one. */
    return to_result(hde_self == NULL ? pthread_key_create(key, destructor)
                                      : hde_key_create(key, destructor, HDE_CALLER()));
}

void tss_delete(tss_t key)
{
    if (hde_self == NULL) {
        (void)pthread_key_delete(key);
        return;
    }
    (void)hde_key_delete(key, HDE_CALLER()); /* C11 has no result for it */
}

int tss_set(tss_t key, void *value)
{
    return hde_self == NULL ? HDE_REAL(tss_set)(key, value)
                            : to_result(hde_key_set(key, value, HDE_CALLER()));
}

void *tss_get(tss_t key)
{
    return hde_self == NULL ? HDE_REAL(tss_get)(key) : hde_key_get(key, HDE_CALLER());
}

void call_once(once_flag *flag, void (*function)(void))
{
    if (hde_self == NULL) {
        HDE_REAL(call_once)(flag, function);
        return;
    }
    hde_once((pthread_once_t *)flag, function, HDE_CALLER());
}
