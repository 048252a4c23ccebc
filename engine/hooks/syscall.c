/*
 * syscall(): system calls that the program makes itself.
 *
 * Those that have a hook of their own as functions of libc go the same way; so do those on futexes,
 * which libc has no function for. All others pass through.
 *
 * Modelled   syscall: of its numbers futex, futex_waitv, gettid, sched_yield, clock_gettime,
 *            nanosleep, clock_nanosleep, exit_group. Those of fork, vfork, clone and clone3 end the
 *            execution. All others pass through.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/futex.h"
#include "engine/hooks/real.h"
#include "engine/hooks/thread.h"
#include "engine/unmodelled.h"

/* Newer machines have neither of these; the numbers are then none. */
#ifdef SYS_fork
#define FORK_NUMBER SYS_fork
#define VFORK_NUMBER SYS_vfork
#else
#define FORK_NUMBER (-1)
#define VFORK_NUMBER (-2)
#endif

#define CHILD "nobody would control the new thread or process"

/* The arguments of a system call. */
struct call {
    long number;
    long arguments[6];
    uint32_t pc;
};

static long pass_through(const struct call *call)
{
    const long *with = call->arguments;

    return HDE_REAL(syscall)(call->number, with[0], with[1], with[2], with[3], with[4], with[5]);
}

static long sleep_by_clock(const long *with)
{
    int error = clock_nanosleep((clockid_t)with[0], (int)with[1], (const struct timespec *)with[2],
                                (struct timespec *)with[3]);

    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

/* What starts a thread or a process, or ends this one. */
static long call_process(const struct call *call)
{
    switch (call->number) {
    case SYS_exit_group:
        _exit((int)call->arguments[0]);
    case SYS_clone:
    case FORK_NUMBER:
    case VFORK_NUMBER:
    case SYS_clone3:
        hde_unmodelled_fail("syscall", CHILD, call->pc);
    default:
        return pass_through(call);
    }
}

/* A system call of the code under test. */
static long call_modelled(const struct call *call)
{
    const long *with = call->arguments;

    switch (call->number) {
    case SYS_futex:
        return hde_futex_call(with, call->pc);
    case SYS_futex_waitv:
        return hde_futex_wait_any(with, call->pc);
    case SYS_gettid:
        return hde_thread_tid(hde_self);
    case SYS_sched_yield:
        hde_thread_yield(call->pc);
        return 0;
    case SYS_clock_gettime:
        return clock_gettime((clockid_t)with[0], (struct timespec *)with[1]);
    case SYS_nanosleep:
        return nanosleep((const struct timespec *)with[0], (struct timespec *)with[1]);
    case SYS_clock_nanosleep:
        return sleep_by_clock(with);
    default:
        return call_process(call);
    }
}

long syscall(long number, ...)
{
    struct call call = {.number = number, .pc = HDE_CALLER()};
    va_list arguments;

    /* As libc does it: there may be fewer, but reading six does no harm. */
    va_start(arguments, number);
    for (unsigned i = 0; i < sizeof(call.arguments) / sizeof(call.arguments[0]); i++) {
        call.arguments[i] = va_arg(arguments, long);
    }
    va_end(arguments);
    return hde_self == NULL ? pass_through(&call) : call_modelled(&call);
}
