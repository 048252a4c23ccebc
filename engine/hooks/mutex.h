/*
 * Mutexes, as condition variables use them: given up before a wait and taken again after it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_MUTEX_H
#define HEDDLE_ENGINE_HOOKS_MUTEX_H

#include <pthread.h>
#include <stdint.h>

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

#endif
