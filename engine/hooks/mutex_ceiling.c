/*
 * pthread_mutex_setprioceiling(): writes the ceiling into the mutex's memory while it holds it.
 *
 * What a ceiling does to a thread's priority is ignored (mutex.c). libc's own call takes the mutex
 * as well, which for it is free.
 *
 * Modelled   pthread_mutex_setprioceiling
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/mutex.h"
#include "engine/hooks/real.h"

/* Of glibc's __kind: PTHREAD_PRIO_PROTECT. libc refuses all others without taking them. */
#define PROTECT 0x40

int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex,
                                 int ceiling,
                                 int *restrict old_ceiling)
{
    if (hde_self == NULL || (mutex->__data.__kind & PROTECT) == 0) {
        return HDE_REAL(pthread_mutex_setprioceiling)(mutex, ceiling, old_ceiling);
    }
    struct hde_object *object = hde_mutex_at(mutex);
    bool is_mine = object->owner == hde_self->id;
    int error = is_mine ? 0 : hde_mutex_take(mutex, HDE_CALLER());

    if (error != 0) {
        return error;
    }
    hde_globals_written(object->address, sizeof(*mutex));
    error = HDE_REAL(pthread_mutex_setprioceiling)(mutex, ceiling, old_ceiling);
    if (!is_mine) {
        (void)hde_mutex_give_up(object);
    }
    return error;
}
