/*
 * Gap: what orders threads in glibc 2.36, and is unknown to one of the runtimes of clang 14, clang
 * 19 and gcc 12.
 *
 * Source  The symbols of these runtimes. What each does to a correct program was seen in a run:
 *         a wrong report of a data race; of thrd_create(), a crash.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/gap.h"

#include <stdio.h>

#define NAME_MAX_LENGTH 96

const struct hdr_gap hdr_gaps[] = {
    {"pthread_mutex_clocklock", "pthread_mutex_timedlock(), or the runtime of clang 19"},
    {"pthread_cond_clockwait", "pthread_cond_timedwait()"},
    {"pthread_rwlock_clockrdlock", "pthread_rwlock_timedrdlock()"},
    {"pthread_rwlock_clockwrlock", "pthread_rwlock_timedwrlock()"},
    {"pthread_clockjoin_np", "pthread_timedjoin_np()"},
    {"sem_clockwait", "sem_timedwait()"},
    {"mtx_lock", "pthread_mutex_lock()"},
    {"mtx_trylock", "pthread_mutex_trylock()"},
    {"mtx_timedlock", "pthread_mutex_timedlock()"},
    {"mtx_unlock", "pthread_mutex_unlock()"},
    {"cnd_wait", "pthread_cond_wait()"},
    {"cnd_timedwait", "pthread_cond_timedwait()"},
    {"call_once", "pthread_once()"},
    {"thrd_create", "pthread_create(); the runtime crashes in threads that it does not know"},
    {"thrd_join", "pthread_join()"},
    {NULL, NULL},
};

bool hdr_gap_is_in(const struct hdr_binary *binary, const struct hdr_gap *gap)
{
    char interceptor[NAME_MAX_LENGTH];

    (void)snprintf(interceptor, sizeof(interceptor), "__interceptor_%s", gap->function);
    return binary->runtimes[HDR_TSAN].is_there && !binary->runtimes[HDR_HEDDLE].is_there &&
           hdr_binary_imports(binary, gap->function) &&
           hdr_binary_defines(binary, "__interceptor_pthread_mutex_lock") &&
           !hdr_binary_defines(binary, interceptor);
}
