/*
 * Fibers: threads of control that are switched by hand, each on a stack of its own.
 *
 * A suspended fiber is one pointer: its stack pointer, with its registers saved below it. Stack
 * number n lies at the same address in every run of the program, so that addresses of locals are
 * the same in every replay; a guard page below each turns overflow into a fault that
 * hde_fiber_guard_owner() recognizes.
 *
 * Switching, one file a machine: arch/.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_FIBER_H
#define HEDDLE_ENGINE_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/set.h"

#define HDE_STACK_SIZE ((size_t)256 * 1024)

/* Suspend the running fiber, storing it in *from, and resume `to`. */
void hde_fiber_switch(void **from, void *to);

/*
 * A fiber that begins with entry() on stack number `stack` when it is first resumed. entry() must
 * not return. Whatever ran on that stack is forgotten.
 */
void *hde_fiber_prepare(unsigned stack, void (*entry)(void));

/* Forget what earlier fibers have left on the upper part of a stack, which is all that most use. */
void hde_fiber_clear(unsigned stack);

/* Map all stacks; once a process, before the first fiber. Pages are taken as they are touched. */
void hde_fiber_map_stacks(void);

/* Where stack number `stack` begins; it grows down from there. A multiple of 16. For arch/. */
uintptr_t hde_fiber_stack_top(unsigned stack);

/* Whose stack an address lies in; HDE_THREADS_MAX if in none. */
unsigned hde_fiber_stack_owner(uintptr_t address);

/* Whose guard page an address lies in; HDE_THREADS_MAX if in none. */
unsigned hde_fiber_guard_owner(uintptr_t address);

#endif
