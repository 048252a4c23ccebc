/*
 * Condition variables, called at `pc`: C11's are the same by other names. The results are those of
 * the pthread_cond_ calls.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_CONDITION_H
#define HEDDLE_ENGINE_HOOKS_CONDITION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

int hde_condition_init(pthread_cond_t *condition,
                       const pthread_condattr_t *attributes,
                       uint32_t pc);
int hde_condition_destroy(pthread_cond_t *condition, uint32_t pc);

/* Wait for ever; with pthread_cond_timedwait()'s clock until a time. */
int hde_condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, uint32_t pc);
int hde_condition_wait_until(pthread_cond_t *condition,
                             pthread_mutex_t *mutex,
                             const struct timespec *until,
                             uint32_t pc);

int hde_condition_notify(pthread_cond_t *condition, bool is_all, uint32_t pc);

#endif
