/*
 * Processes, which are not modelled: each call that would start one as a copy ends the execution,
 * since nobody would control it.
 *
 * Refused    fork _Fork vfork: ends the execution. Processes can be started with posix_spawn().
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/unmodelled.h"

#define CHILD "the child would explore as well; posix_spawn() starts another program"

pid_t fork(void)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("fork", CHILD, HDE_CALLER());
    }
    return HDE_REAL(fork)();
}

pid_t _Fork(void)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("_Fork", CHILD, HDE_CALLER());
    }
    return HDE_REAL(_Fork)();
}

/* A function that calls it cannot return before the child has: fork() does what it may do. */
pid_t vfork(void)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("vfork", CHILD, HDE_CALLER());
    }
    return HDE_REAL(fork)();
}
