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

#include "engine/fault.h" /* what its handlers, and others on the same stack, look at */

/*
 * Handle crash signals, on a stack of their own, since the thread's may be what overflowed. To be
 * called by the OS thread that will run executions.
 */
void hde_process_install_handlers(void);

#endif
