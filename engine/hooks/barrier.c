/*
 * pthread_barrier_*: an arrival is a step; all but the last one to arrive then wait until they are
 * woken by that.
 *
 * Who arrives last is told that it is the one (PTHREAD_BARRIER_SERIAL_THREAD), as glibc does. All
 * arrivals of a round happen before all of its leaves: they are made known to those who wait at
 * once, since the next round may be over before one of them has gone on.
 *
 * How many make a round is written into the barrier's memory, behind what glibc keeps there: the
 * next to last word says that it is a barrier, the last one of how many. There is no static
 * initializer, so memory without that was never initialized; waiting there ends the execution, for
 * libc would divide by anything. pthread_barrier_destroy() waits until all have left, as in glibc:
 * who has been woken has.
 *
 * Modelled   pthread_barrier_init pthread_barrier_destroy pthread_barrier_wait
 * Unhooked   pthread_barrierattr_*: they only read and write the object's memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/life.h"
#include "engine/hooks/real.h"
#include "engine/misuse.h"
#include "engine/sanitizer.h"

#define INITIALIZED 0x62617272U
#define DESTROYED 0x64656164U

/* The end of a barrier's memory; glibc uses 20 bytes of 32. */
struct mark {
    uint32_t state; /* INITIALIZED, DESTROYED, or anything */
    uint32_t parties;
};

_Static_assert(sizeof(pthread_barrier_t) >= 20 + sizeof(struct mark), "no room for the mark");

static char *mark_in(pthread_barrier_t *barrier)
{
    return (char *)(barrier + 1) - sizeof(struct mark);
}

static struct mark read_mark(pthread_barrier_t *barrier)
{
    struct mark mark;

    __builtin_memcpy(&mark, mark_in(barrier), sizeof(mark));
    return mark;
}

static void write_mark(pthread_barrier_t *barrier, uint32_t state, uint32_t parties)
{
    const struct mark mark = {.state = state, .parties = parties};

    __builtin_memcpy(mark_in(barrier), &mark, sizeof(mark));
}

static struct hde_object *object_at(pthread_barrier_t *barrier)
{
    return hde_object_at(HDE_OBJECT_BARRIER, (uintptr_t)barrier);
}

/* Of how many it is. A destroyed one is used as before. */
static uint32_t expect_barrier(pthread_barrier_t *barrier, uint32_t pc)
{
    const struct hde_object *object = object_at(barrier);
    struct mark mark = read_mark(barrier);

    if (mark.state == DESTROYED) {
        hde_misuse(HDE_CLASS_DESTROYED, object->address, pc, &object->destroyed, HDE_EVENT_DESTROY);
        hde_globals_written((uintptr_t)barrier, sizeof(*barrier));
        write_mark(barrier, INITIALIZED, mark.parties);
    } else if (mark.state != INITIALIZED) {
        hde_misuse_end(HDE_CLASS_UNINITIALIZED, object->address, pc);
    }
    return mark.parties;
}

static void expect_unused(const struct hde_object *object, uint32_t pc)
{
    if (object->shared > 0) {
        hde_misuse(HDE_CLASS_IN_USE, object->address, pc, &object->acquired,
                   HDE_EVENT_BARRIER_ARRIVE);
    }
}

/* Nobody waits for those who have not arrived: a round is over. */
static void leave_all(struct hde_object *object)
{
    const struct hde_set *waiters = &object->waiters;

    for (unsigned id = hde_set_first(waiters); id < HDE_THREADS_MAX;
         id = hde_set_next(waiters, id + 1)) {
        hde_clock_join(&hde_execution.threads[id].clock, &object->clock);
        hde_sanitizer_acquire_for(&hde_execution.threads[id], object);
    }
    hde_acquire(object);
    object->clock.size = 0;
    object->shared = 0;
    hde_spin_write(object->address, 1);
    (void)hde_wake(object, UINT_MAX);
}

static void await_round(struct hde_object *object, uint32_t pc)
{
    const struct hde_event leave = hde_object_event(object, HDE_EVENT_BARRIER_LEAVE, pc);

    (void)hde_wait(object, &leave, HDE_FOREVER);
}

static int arrive(struct hde_object *object, uint32_t parties, uint32_t pc)
{
    object->acquired = hde_misuse_deed(pc);
    object->shared++;
    hde_release(object);
    if (object->shared >= parties) {
        leave_all(object);
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    hde_spin_write(object->address, 1);
    await_round(object, pc);
    return 0;
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier,
                         const pthread_barrierattr_t *restrict attributes,
                         unsigned parties)
{
    uint32_t pc = HDE_CALLER();

    if (hde_self != NULL) {
        hde_life_step((uintptr_t)barrier, HDE_EVENT_INITIALIZE, pc);
        expect_unused(object_at(barrier), pc);
        hde_access((uintptr_t)barrier, sizeof(*barrier), true, pc);
    }
    int error = HDE_REAL(pthread_barrier_init)(barrier, attributes, parties);

    if (error != 0) {
        return error;
    }
    write_mark(barrier, INITIALIZED, parties);
    if (hde_self != NULL) {
        struct hde_object *object = object_at(barrier);

        object->shared = 0;
        object->clock.size = 0;
    }
    return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_barrier_destroy)(barrier);
    }
    struct hde_object *object = object_at(barrier);
    uint32_t pc = HDE_CALLER();

    hde_life_step(object->address, HDE_EVENT_DESTROY, pc);
    uint32_t parties = expect_barrier(barrier, pc);

    expect_unused(object, pc);
    if (object->shared > 0) {
        await_round(object, pc);
    }
    hde_access(object->address, sizeof(*barrier), true, pc);
    write_mark(barrier, DESTROYED, parties);
    object->destroyed = hde_misuse_deed(pc);
    return 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_barrier_wait)(barrier);
    }
    struct hde_object *object = object_at(barrier);
    const struct hde_event event = hde_object_event(object, HDE_EVENT_BARRIER_ARRIVE, HDE_CALLER());

    hde_step(&event);
    return arrive(object, expect_barrier(barrier, event.pc), event.pc);
}
