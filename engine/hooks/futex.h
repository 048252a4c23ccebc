/*
 * Futex calls, as syscall() has them: the result is the system call's, or -1 with errno set.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_FUTEX_H
#define HEDDLE_ENGINE_HOOKS_FUTEX_H

#include <stdint.h>

/* SYS_futex and SYS_futex_waitv, called at `pc`, with the arguments of the system call. */
long hde_futex_call(const long arguments[6], uint32_t pc);
long hde_futex_wait_any(const long arguments[6], uint32_t pc);

#endif
