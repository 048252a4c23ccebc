/*
 * Process: signals that a crash raises.
 *
 * In an execution a crash is a finding, which ends the execution and not the process; outside one
 * it is as if there were no handler. hooks/process.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_PROCESS_H
#define HEDDLE_ENGINE_PROCESS_H

#include <signal.h>

#include "engine/fault.h" /* what its handlers, and others on the same stack, look at */

/*
 * Handle crash signals, on a stack of their own, since the thread's may be what overflowed. To be
 * called by the OS thread that will run executions.
 */
void hde_process_install_handlers(void);

/*
 * sigaction() as libc has it: that of a sanitizer would keep signals back until the program makes a
 * call that the sanitizer sees. Returns 0, or -1 with errno set.
 */
int hde_process_handle(int number, const struct sigaction *action, struct sigaction *before);

#endif
