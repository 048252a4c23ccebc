/*
 * pthread_once(), called at `pc`: C11's call_once() is the same by another name.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_ONCE_H
#define HEDDLE_ENGINE_HOOKS_ONCE_H

#include <pthread.h>
#include <stdint.h>

void hde_once(pthread_once_t *control, void (*function)(void), uint32_t pc);

#endif
