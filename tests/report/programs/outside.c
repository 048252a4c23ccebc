/*
 * A spinlock that is correct, compiled without -fsanitize: what it orders ThreadSanitizer misses.
 * With IDLE it is none, and touches nothing but local variables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "outside.h"

#ifdef IDLE

void outside_acquire(void)
{
    volatile int local = 1;

    local++;
}

void outside_release(void) {}

#else

#include <stdatomic.h>

static atomic_int is_taken;

void outside_acquire(void)
{
    /* Acquire: pairs with the release store in outside_release(). */
    while (atomic_exchange_explicit(&is_taken, 1, memory_order_acquire) != 0) {
    }
}

void outside_release(void)
{
    /* Release: pairs with the acquire exchange in outside_acquire(). */
    atomic_store_explicit(&is_taken, 0, memory_order_release);
}

#endif
