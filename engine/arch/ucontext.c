/*
 * Fiber switch for any machine whose libc has ucontext: a hundred times slower than one written by
 * hand, since each switch saves the signal mask with a system call.
 *
 * A suspended fiber is a ucontext_t: that of the stack it began on, or that of the host, which is
 * whoever switched first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/fiber.h"

#include <ucontext.h>

#include "engine/fatal.h"
#include "engine/fault.h"

static ucontext_t host;
static ucontext_t fibers[HDE_THREADS_MAX]; /* by stack */
static ucontext_t *running = &host;

void hde_fiber_switch(void **from, void *to)
{
    ucontext_t *self = running;

    *from = self;
    running = to;
    if (swapcontext(self, to) != 0) {
        hde_fatal_errno("swapcontext");
    }
}

void *hde_fiber_prepare(unsigned stack, void (*entry)(void))
{
    ucontext_t *fiber = &fibers[stack];

    if (getcontext(fiber) != 0) {
        hde_fatal_errno("getcontext");
    }
    fiber->uc_stack.ss_sp = (char *)hde_fiber_stack_top(stack) - HDE_STACK_SIZE;
    fiber->uc_stack.ss_size = HDE_STACK_SIZE;
    fiber->uc_link = NULL;
    makecontext(fiber, entry, 0);
    return fiber;
}

/* Where registers are in a context differs from machine to machine. */
uintptr_t hde_fault_pc(const void *context)
{
    (void)context;
    return 0;
}

uintptr_t hde_fault_return_address(const void *context)
{
    (void)context;
    return 0;
}
