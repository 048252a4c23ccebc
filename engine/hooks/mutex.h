/*
 * Mutexes, as condition variables use them (given up before a wait and taken again after it), and
 * C11's, which are the same by other names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_MUTEX_H
#define HEDDLE_ENGINE_HOOKS_MUTEX_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "engine/object.h"

/* What the engine knows of a mutex. */
struct hde_object *hde_mutex_at(const pthread_mutex_t *mutex);

/*
 * Give it up once: one of several holds of a recursive one leaves it held. No event by itself.
 * Returns 0, or EPERM if its type lets only its owner do so and this is another thread.
 */
int hde_mutex_give_up(struct hde_object *object);

/*
 * Take it, waiting for ever; `pc` is the place that wants it. The result of pthread_mutex_lock().
 */
int hde_mutex_take(const pthread_mutex_t *mutex, uint32_t pc);

/* What the pthread_mutex_ calls of these names do in an execution, called at `pc`. */
int hde_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes, uint32_t pc);
int hde_mutex_destroy(pthread_mutex_t *mutex, uint32_t pc);
int hde_mutex_try(pthread_mutex_t *mutex, uint32_t pc);
int hde_mutex_unlock(pthread_mutex_t *mutex, uint32_t pc);

/* What pthread_mutex_clocklock() does; the clock is one to wait by. */
int hde_mutex_take_until(const pthread_mutex_t *mutex,
                         clockid_t clock,
                         const struct timespec *until,
                         uint32_t pc);

#endif
