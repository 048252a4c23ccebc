/*
 * pthread_spin_*: a lock like a mutex without types: who wants it when it is held does not spin but
 * waits at its gate.
 *
 * The memory says whether it is held as well, for libc's own try and unlock are what is done to it;
 * they never wait. So memory that says it is held when nobody holds it was never initialized, or
 * destroyed: then it has a mark. POSIX knows no static initializer for it.
 *
 * An unlock happens before the next lock. Misuse is told of, and the memory is then taken for a
 * free lock. Whether zeroes are one differs from machine to machine: where they are (aarch64), it
 * is not told that they were never initialized.
 *
 * Modelled   pthread_spin_init pthread_spin_destroy pthread_spin_lock pthread_spin_trylock
 *            pthread_spin_unlock
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/life.h"
#include "engine/hooks/real.h"
#include "engine/misuse.h"
#include "engine/round.h"

/* In the memory of a destroyed lock: as held, for libc. */
#define DESTROYED 0x64656164

static struct hde_object *object_at(pthread_spinlock_t *lock)
{
    return hde_object_at(HDE_OBJECT_SPINLOCK, (uintptr_t)lock);
}

/* The memory is no lock: tell of it, and make it one that is held. */
static void expect_lock(pthread_spinlock_t *lock, const struct hde_object *object, uint32_t pc)
{
    if (*lock == DESTROYED) {
        hde_misuse(HDE_CLASS_DESTROYED, object->address, pc, &object->destroyed, HDE_EVENT_DESTROY);
    } else {
        hde_misuse(HDE_CLASS_UNINITIALIZED, object->address, pc, NULL, HDE_EVENT_NONE);
    }
    (void)HDE_REAL(pthread_spin_init)(lock, PTHREAD_PROCESS_PRIVATE);
    (void)HDE_REAL(pthread_spin_trylock)(lock);
}

/* The gate is open and it is our turn. */
static void hold(pthread_spinlock_t *lock, struct hde_object *object, const struct hde_event *event)
{
    hde_globals_written(object->address, sizeof(*lock));
    if (HDE_REAL(pthread_spin_trylock)(lock) != 0) {
        expect_lock(lock, object, event->pc);
    }
    hde_gate_close(object);
    hde_acquire(object);
    hde_hold(object, event);
}

static void let_go(struct hde_object *object)
{
    hde_let_go(object);
    hde_gate_open(object);
}

static void expect_unused(const struct hde_object *object, uint32_t pc)
{
    if (!object->is_open) {
        hde_misuse(HDE_CLASS_IN_USE, object->address, pc, &object->acquired, HDE_EVENT_LOCK);
    }
}

static void expect_held(pthread_spinlock_t *lock, const struct hde_object *object, uint32_t pc)
{
    if (object->owner == hde_self->id) {
        return;
    }
    if (*lock == DESTROYED) {
        expect_lock(lock, object, pc);
        return;
    }
    const struct hde_deed *cause = object->owner == HDE_NOBODY ? NULL : &object->acquired;

    hde_misuse(HDE_CLASS_NOT_HELD, object->address, pc, cause, HDE_EVENT_LOCK);
}

int pthread_spin_init(pthread_spinlock_t *lock, int is_shared)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_init)(lock, is_shared);
    }
    struct hde_object *object = object_at(lock);
    uint32_t pc = HDE_CALLER();

    hde_life_step(object->address, HDE_EVENT_INITIALIZE, pc);
    expect_unused(object, pc);
    hde_access(object->address, sizeof(*lock), true, pc);
    if (!object->is_open) {
        let_go(object);
    }
    object->clock.size = 0;
    return HDE_REAL(pthread_spin_init)(lock, is_shared);
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_destroy)(lock);
    }
    struct hde_object *object = object_at(lock);
    uint32_t pc = HDE_CALLER();

    hde_life_step(object->address, HDE_EVENT_DESTROY, pc);
    expect_unused(object, pc);
    if (*lock == DESTROYED) {
        expect_lock(lock, object, pc);
    }
    hde_access(object->address, sizeof(*lock), true, pc);
    int error = HDE_REAL(pthread_spin_destroy)(lock);

    if (object->is_open) {
        *lock = DESTROYED;
    }
    object->destroyed = hde_misuse_deed(pc);
    return error;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_lock)(lock);
    }
    struct hde_object *object = object_at(lock);
    const struct hde_event event = hde_object_event(object, HDE_EVENT_LOCK, HDE_CALLER());

    (void)hde_pass(object, &event, HDE_FOREVER);
    hold(lock, object, &event);
    return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_trylock)(lock);
    }
    struct hde_object *object = object_at(lock);
    const struct hde_event event = hde_object_event(object, HDE_EVENT_TRYLOCK, HDE_CALLER());

    hde_step(&event);
    if (!object->is_open) {
        hde_spin_read(object->address, object->owner, event.pc);
        hde_round_try_failed(event.pc);
        return EBUSY;
    }
    hold(lock, object, &event);
    return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_unlock)(lock);
    }
    struct hde_object *object = object_at(lock);
    const struct hde_event event = hde_object_event(object, HDE_EVENT_UNLOCK, HDE_CALLER());

    hde_step(&event);
    hde_globals_written(object->address, sizeof(*lock));
    expect_held(lock, object, event.pc);
    hde_release(object);
    let_go(object);
    return HDE_REAL(pthread_spin_unlock)(lock);
}
