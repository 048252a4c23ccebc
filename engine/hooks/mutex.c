/*
 * pthread_mutex_*: a mutex is a gate that its owner has closed.
 *
 * The memory of the mutex says of which type it is (glibc keeps that in __kind, for static
 * initializers as well) and is otherwise left alone: who holds it is in the engine's object.
 * Results are glibc's. An unlock happens before the next lock.
 *
 * Initialization and destruction are writes to the mutex's memory, so that a race of two of them is
 * seen.
 *
 * Not modelled: that the owner of a robust mutex died; priorities.
 *
 * Modelled   pthread_mutex_init pthread_mutex_destroy pthread_mutex_lock pthread_mutex_trylock
 *            pthread_mutex_timedlock pthread_mutex_clocklock pthread_mutex_unlock
 * Unhooked   pthread_mutexattr_* pthread_mutex_consistent pthread_mutex_getprioceiling
 *            pthread_mutex_setprioceiling
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/mutex.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"
#include "engine/round.h"
#include "engine/step.h"

/* Of glibc's __kind: the type; the rest says robust, shared and the like. */
#define TYPE_MASK 3

struct hde_object *hde_mutex_at(const pthread_mutex_t *mutex)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_MUTEX, (uintptr_t)mutex);

    object->type = (uint8_t)(mutex->__data.__kind & TYPE_MASK);
    return object;
}

/* glibc's pthread_mutex_destroy() makes the kind negative. */
static bool is_destroyed(const pthread_mutex_t *mutex) { return mutex->__data.__kind < 0; }

static bool knows_owner(const struct hde_object *object)
{
    return object->type == PTHREAD_MUTEX_RECURSIVE_NP ||
           object->type == PTHREAD_MUTEX_ERRORCHECK_NP;
}

static struct hde_event
event_at(const struct hde_object *object, enum hde_event_kind kind, uint32_t pc)
{
    return (struct hde_event){
        .address = object->address,
        .pc = pc,
        .kind = (uint8_t)kind,
        .size = 1,
        .writes = true,
    };
}

/* The gate is open and it is our turn. */
static void hold(struct hde_object *object, const struct hde_event *event)
{
    hde_gate_close(object);
    hde_acquire(object);
    hde_hold(object, event);
    object->depth = 1;
}

static int deepen(struct hde_object *object)
{
    if (object->depth == UINT32_MAX) {
        return EAGAIN;
    }
    object->depth++;
    return 0;
}

/*
 * Lock; if not `waits', give up at once with ETIMEDOUT when it is not free. Inlined into each call:
 * the fewer returns there are after a switch, the fewer does the processor guess wrong.
 */
__attribute__((always_inline)) static inline int
lock(const pthread_mutex_t *mutex, bool waits, uint64_t deadline_ns, uint32_t pc)
{
    struct hde_object *object = hde_mutex_at(mutex);
    const struct hde_event event = event_at(object, HDE_EVENT_LOCK, pc);

    if (is_destroyed(mutex)) {
        return EINVAL;
    }
    if (object->owner == hde_self->id && knows_owner(object)) {
        hde_step(&event);
        return object->type == PTHREAD_MUTEX_RECURSIVE_NP ? deepen(object) : EDEADLK;
    }
    hde_step_announce(&event);
    if (waits) {
        if (!hde_step_pass(object, deadline_ns)) {
            return ETIMEDOUT;
        }
    } else {
        hde_step_always(false);
        if (!object->is_open) {
            hde_spin_read(object->address, object->owner, pc);
            return ETIMEDOUT;
        }
    }
    hold(object, &event);
    return 0;
}

int hde_mutex_take(const pthread_mutex_t *mutex, uint32_t pc)
{
    return lock(mutex, true, HDE_FOREVER, pc);
}

int hde_mutex_give_up(struct hde_object *object)
{
    if (knows_owner(object)) {
        if (object->owner != hde_self->id) {
            return EPERM;
        }
        object->depth--;
        if (object->depth > 0) {
            return 0;
        }
    }
    if (__builtin_expect(object->owner == hde_self->id, 1)) {
        hde_release_held(object);
    } else {
        hde_release(object);
    }
    hde_let_go(object);
    hde_gate_open(object);
    return 0;
}

/* The memory becomes another mutex, or none. */
static void forget(const pthread_mutex_t *mutex)
{
    struct hde_object *object = hde_object_find(HDE_OBJECT_MUTEX, (uintptr_t)mutex);

    if (object == NULL) {
        return;
    }
    if (!object->is_open) {
        hde_let_go(object);
        hde_gate_open(object);
    }
    object->clock.size = 0;
    object->acquired.pc = 0;
}

int hde_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes, uint32_t pc)
{
    hde_access((uintptr_t)mutex, sizeof(*mutex), true, pc);
    int error = HDE_REAL(pthread_mutex_init)(mutex, attributes);

    if (error == 0) {
        forget(mutex);
    }
    return error;
}

int hde_mutex_destroy(pthread_mutex_t *mutex, uint32_t pc)
{
    if (!hde_mutex_at(mutex)->is_open) {
        return EBUSY;
    }
    hde_access((uintptr_t)mutex, sizeof(*mutex), true, pc);
    int error = HDE_REAL(pthread_mutex_destroy)(mutex);

    if (error == 0) {
        forget(mutex);
    }
    return error;
}

int hde_mutex_try(pthread_mutex_t *mutex, uint32_t pc)
{
    if (is_destroyed(mutex)) {
        return EINVAL;
    }
    struct hde_object *object = hde_mutex_at(mutex);
    const struct hde_event event = event_at(object, HDE_EVENT_TRYLOCK, pc);

    hde_step(&event);
    if (object->is_open) {
        hold(object, &event);
        return 0;
    }
    if (object->owner == hde_self->id && object->type == PTHREAD_MUTEX_RECURSIVE_NP) {
        return deepen(object);
    }
    hde_round_try_failed(event.pc);
    hde_spin_read(object->address, object->owner, event.pc);
    return EBUSY;
}

/* glibc looks at the deadline only if it has to wait. */
int hde_mutex_take_until(const pthread_mutex_t *mutex,
                         clockid_t clock,
                         const struct timespec *until,
                         uint32_t pc)
{
    bool is_valid = hde_time_is_valid(until);
    uint64_t deadline_ns = is_valid ? hde_time_deadline(clock, until) : 0;
    int error = lock(mutex, deadline_ns > hde_execution.now_ns, deadline_ns, pc);

    return error == ETIMEDOUT && !is_valid ? EINVAL : error;
}

int hde_mutex_unlock(pthread_mutex_t *mutex, uint32_t pc)
{
    if (is_destroyed(mutex)) {
        return EINVAL;
    }
    struct hde_object *object = hde_mutex_at(mutex);
    const struct hde_event event = event_at(object, HDE_EVENT_UNLOCK, pc);

    hde_step_announce(&event);
    hde_step_always(false);
    return hde_mutex_give_up(object);
}

/* ---- The calls ------------------------------------------------------------------------------- */

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_init)(mutex, attributes);
    }
    return hde_mutex_init(mutex, attributes, HDE_CALLER());
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_destroy)(mutex);
    }
    return hde_mutex_destroy(mutex, HDE_CALLER());
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_lock)(mutex);
    }
    return lock(mutex, true, HDE_FOREVER, HDE_CALLER());
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_trylock)(mutex);
    }
    return hde_mutex_try(mutex, HDE_CALLER());
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_timedlock)(mutex, until);
    }
    return hde_mutex_take_until(mutex, CLOCK_REALTIME, until, HDE_CALLER());
}

int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex,
                            clockid_t clock,
                            const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_clocklock)(mutex, clock, until);
    }
    if (!hde_time_can_wait(clock)) {
        return EINVAL;
    }
    return hde_mutex_take_until(mutex, clock, until, HDE_CALLER());
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_unlock)(mutex);
    }
    return hde_mutex_unlock(mutex, HDE_CALLER());
}
