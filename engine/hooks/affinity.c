/*
 * Cores: in an execution there is one, number 0.
 *
 * Threads run one at a time, so code that spins only where there are several cores need not spin.
 *
 * Modelled   sched_getaffinity pthread_getaffinity_np sched_getcpu get_nprocs get_nprocs_conf:
 *            there is one core.
 * Modelled   sysconf: of its names the numbers of cores; all others are libc's.
 * Accepted   sched_setaffinity pthread_setaffinity_np
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/hooks/thread.h"

/* The kernel takes whole words only. */
static bool is_size_valid(size_t size)
{
    return size >= sizeof(unsigned long) && size % sizeof(unsigned long) == 0;
}

static int get_cores(size_t size, cpu_set_t *cores, uint32_t pc)
{
    if (!is_size_valid(size)) {
        return EINVAL;
    }
    hde_access((uintptr_t)cores, size, true, pc);
    CPU_ZERO_S(size, cores);
    CPU_SET_S(0, size, cores);
    return 0;
}

static int set_cores(size_t size, const cpu_set_t *cores)
{
    return size > 0 && CPU_ISSET_S(0, size, cores) ? 0 : EINVAL;
}

static int to_status(int error)
{
    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

int sched_getaffinity(pid_t process, size_t size, cpu_set_t *cores)
{
    if (hde_self == NULL) {
        return HDE_REAL(sched_getaffinity)(process, size, cores);
    }
    return to_status(get_cores(size, cores, HDE_CALLER()));
}

int sched_setaffinity(pid_t process, size_t size, const cpu_set_t *cores)
{
    if (hde_self == NULL) {
        return HDE_REAL(sched_setaffinity)(process, size, cores);
    }
    return to_status(set_cores(size, cores));
}

int pthread_getaffinity_np(pthread_t name, size_t size, cpu_set_t *cores)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_getaffinity_np)(name, size, cores);
    }
    return hde_thread_named(name) == NULL ? ESRCH : get_cores(size, cores, HDE_CALLER());
}

int pthread_setaffinity_np(pthread_t name, size_t size, const cpu_set_t *cores)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_setaffinity_np)(name, size, cores);
    }
    return hde_thread_named(name) == NULL ? ESRCH : set_cores(size, cores);
}

int sched_getcpu(void) { return hde_self == NULL ? HDE_REAL(sched_getcpu)() : 0; }

int get_nprocs(void) { return hde_self == NULL ? HDE_REAL(get_nprocs)() : 1; }

int get_nprocs_conf(void) { return hde_self == NULL ? HDE_REAL(get_nprocs_conf)() : 1; }

long sysconf(int name)
{
    if (hde_self != NULL && (name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF)) {
        return 1;
    }
    return HDE_REAL(sysconf)(name);
}
