/*
 * pthread_rwlock_*: two gates, one for writers and one for readers.
 *
 * The writers' gate is open while nobody holds the lock, the readers' one while no writer does. Who
 * prefers whom makes no difference to that, since nobody knows whether another thread waits already
 * or is just about to; with one exception: a lock of the kind PREFER_WRITER_NONRECURSIVE lets no
 * reader in, not even one that reads already, while a writer waits. There a writer that cannot
 * enter has an event of its own, by which it begins to wait and closes the readers' gate.
 *
 * The memory of the lock says of which kind it is (glibc keeps that in __flags, for static
 * initializers as well) and is otherwise left alone, but for a mark where it was destroyed. Results
 * are glibc's: who holds it as a writer and wants it again is told EDEADLK.
 *
 * A write unlock happens before all later locks, a read unlock before later write locks: readers do
 * not order each other.
 *
 * Misuse is told of where POSIX leaves open what happens. Zeroes are a rwlock.
 *
 * Modelled   pthread_rwlock_init pthread_rwlock_destroy pthread_rwlock_rdlock pthread_rwlock_wrlock
 *            pthread_rwlock_tryrdlock pthread_rwlock_trywrlock pthread_rwlock_timedrdlock
 *            pthread_rwlock_timedwrlock pthread_rwlock_clockrdlock pthread_rwlock_clockwrlock
 *            pthread_rwlock_unlock
 * Unhooked   pthread_rwlockattr_*: they only read and write the object's memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/life.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"
#include "engine/misuse.h"
#include "engine/round.h"
#include "engine/step.h"

/* In the memory of a destroyed lock, where glibc keeps nothing. */
#define DESTROYED 0x64656164U

/* hde_object.state of the writers' gate: it has been told of that its memory was no lock. */
#define STATE_IS_TOLD 1

struct rwlock {
    pthread_rwlock_t *memory;
    struct hde_object *writers; /* its gate; who holds the lock, and how */
    struct hde_object *readers; /* their gate, and what they released */
};

/* A call at `pc'. Without `waits' it gives up at once. */
struct wish {
    bool waits;
    uint64_t deadline_ns;
    uint32_t pc;
};

static struct rwlock rwlock_at(pthread_rwlock_t *memory)
{
    return (struct rwlock){
        .memory = memory,
        .readers = hde_object_at(HDE_OBJECT_READERS, (uintptr_t)memory),
        .writers = hde_object_at(HDE_OBJECT_RWLOCK, (uintptr_t)memory),
    };
}

static struct hde_event event_at(const struct rwlock *lock, enum hde_event_kind kind, uint32_t pc)
{
    return (struct hde_event){
        .address = lock->writers->address,
        .pc = pc,
        .kind = (uint8_t)kind,
        .size = 1,
        .writes = true,
    };
}

static bool is_nonrecursive(const struct rwlock *lock)
{
    return lock->memory->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

static void set_gate(struct hde_object *gate, bool is_open)
{
    if (is_open && !gate->is_open) {
        hde_gate_open(gate);
    } else if (!is_open && gate->is_open) {
        hde_gate_close(gate);
    }
}

/* Who holds it or waits has changed. */
static void settle(const struct rwlock *lock)
{
    bool is_free_of_writers = lock->writers->owner == HDE_NOBODY;

    hde_spin_write(lock->writers->address, 1);
    set_gate(lock->writers, is_free_of_writers && lock->writers->shared == 0);
    set_gate(lock->readers, is_free_of_writers && hde_set_is_empty(&lock->writers->waiters));
}

/* ---- Misuse --------------------------------------------------------------------------------- */

/* Tell of memory that is no lock, once; it is then taken for one, as libc does. */
static void expect_lock(const struct rwlock *lock, uint32_t pc)
{
    struct hde_object *writers = lock->writers;

    if (lock->memory->__data.__pad4 == DESTROYED) {
        hde_misuse(HDE_CLASS_DESTROYED, writers->address, pc, &writers->destroyed,
                   HDE_EVENT_DESTROY);
        hde_globals_written(writers->address, sizeof(*lock->memory));
        lock->memory->__data.__pad4 = 0;
    }
    if (lock->memory->__data.__flags > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP &&
        writers->state != STATE_IS_TOLD) {
        writers->state = STATE_IS_TOLD;
        hde_misuse(HDE_CLASS_UNINITIALIZED, writers->address, pc, NULL, HDE_EVENT_NONE);
    }
}

static void expect_unused(const struct rwlock *lock, uint32_t pc)
{
    bool is_held = lock->writers->owner != HDE_NOBODY || lock->writers->shared > 0;

    if (is_held) {
        hde_misuse(HDE_CLASS_IN_USE, lock->writers->address, pc, &lock->writers->acquired,
                   HDE_EVENT_LOCK);
    }
}

/* ---- Lock ----------------------------------------------------------------------------------- */

static void hold_shared(const struct rwlock *lock, const struct hde_event *event)
{
    hde_acquire(lock->writers);
    hde_hold(lock->writers, event);
    lock->writers->owner = HDE_NOBODY; /* it is one of several */
    lock->writers->shared++;
    settle(lock);
}

static void hold_alone(const struct rwlock *lock, const struct hde_event *event)
{
    hde_acquire(lock->writers);
    hde_acquire(lock->readers);
    hde_hold(lock->writers, event);
    settle(lock);
}

/* It is somebody's, for who does not wait. */
static int give_up(const struct rwlock *lock, uint32_t pc, int error)
{
    uint64_t seen = (uint64_t)lock->writers->owner << 32 | lock->writers->shared;

    hde_spin_read(lock->writers->address, seen, pc);
    return error;
}

/* The event has been announced: wait at the gate. Returns 0, or ETIMEDOUT. */
static int pass(const struct rwlock *lock, struct hde_object *gate, const struct wish *wish)
{
    if (wish->waits) {
        return hde_step_pass(gate, wish->deadline_ns) ? 0 : ETIMEDOUT;
    }
    hde_step_always(false);
    return gate->is_open ? 0 : give_up(lock, wish->pc, ETIMEDOUT);
}

static int lock_shared(pthread_rwlock_t *memory, const struct wish *wish)
{
    struct rwlock lock = rwlock_at(memory);
    const struct hde_event event = event_at(&lock, HDE_EVENT_SHARED_LOCK, wish->pc);

    if (lock.writers->owner == hde_self->id) {
        hde_step(&event);
        return EDEADLK;
    }
    hde_step_announce(&event);
    int error = pass(&lock, lock.readers, wish);

    if (error == 0) {
        expect_lock(&lock, wish->pc);
        hold_shared(&lock, &event);
    }
    return error;
}

/* The first of a writer's two events where readers stay out of its way: it enters, or waits. */
static bool begins_to_wait(const struct rwlock *lock, const struct wish *wish)
{
    hde_step_always(false);
    if (lock->writers->is_open || !wish->waits) {
        return false;
    }
    hde_set_add(&lock->writers->waiters, hde_self->id);
    settle(lock);
    return true;
}

static int
pass_alone(const struct rwlock *lock, const struct hde_event *event, const struct wish *wish)
{
    hde_step_announce(event);
    if (!is_nonrecursive(lock)) {
        return pass(lock, lock->writers, wish);
    }
    if (!begins_to_wait(lock, wish)) {
        return lock->writers->is_open ? 0 : give_up(lock, wish->pc, ETIMEDOUT);
    }
    hde_step_announce(event);
    int error = pass(lock, lock->writers, wish);

    hde_set_remove(&lock->writers->waiters, hde_self->id);
    settle(lock);
    return error;
}

static int lock_alone(pthread_rwlock_t *memory, const struct wish *wish)
{
    struct rwlock lock = rwlock_at(memory);
    const struct hde_event event = event_at(&lock, HDE_EVENT_LOCK, wish->pc);

    if (lock.writers->owner == hde_self->id) {
        hde_step(&event);
        return EDEADLK;
    }
    int error = pass_alone(&lock, &event, wish);

    if (error == 0) {
        expect_lock(&lock, wish->pc);
        hold_alone(&lock, &event);
    }
    return error;
}

/* glibc looks at the time first of all, and waits only if it is to come. */
static int lock_until(pthread_rwlock_t *memory,
                      int (*how)(pthread_rwlock_t *memory, const struct wish *wish),
                      clockid_t clock,
                      const struct timespec *until,
                      uint32_t pc)
{
    if (!hde_time_can_wait(clock) || !hde_time_is_valid(until)) {
        return EINVAL;
    }
    uint64_t deadline_ns = hde_time_deadline(clock, until);
    const struct wish wish = {
        .waits = deadline_ns > hde_execution.now_ns,
        .deadline_ns = deadline_ns,
        .pc = pc,
    };

    return how(memory, &wish);
}

/* ---- Unlock --------------------------------------------------------------------------------- */

/* Take one hold off a thread that reads; false if no list of locks says who does. */
static bool take_from_reader(struct hde_object *writers)
{
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        if (hde_thread_holds(&hde_execution.threads[id], writers)) {
            writers->owner = (uint16_t)id;
            hde_let_go_any(writers);
            return true;
        }
    }
    return false;
}

static void unlock_shared(const struct rwlock *lock, uint32_t pc)
{
    struct hde_object *writers = lock->writers;
    bool is_mine = hde_thread_holds(hde_self, writers) || hde_self->held_count > HDE_HELD_MAX;

    if (!is_mine) {
        const struct hde_deed *cause =
            writers->owner != HDE_NOBODY || writers->shared > 0 ? &writers->acquired : NULL;

        hde_misuse(HDE_CLASS_NOT_HELD, writers->address, pc, cause, HDE_EVENT_LOCK);
    }
    if (writers->shared == 0) {
        return; /* libc counts it as less than free; what it does then means nothing */
    }
    hde_release(lock->readers);
    writers->shared--;
    if (is_mine) {
        hde_let_go(writers);
    } else {
        (void)take_from_reader(writers); /* as libc lets it */
    }
}

static void unlock_alone(const struct rwlock *lock)
{
    hde_release_held(lock->writers);
    lock->readers->clock.size = 0; /* the writer knows it */
    hde_let_go(lock->writers);
}

static void forget(const struct rwlock *lock)
{
    if (lock->writers->owner != HDE_NOBODY) {
        hde_let_go(lock->writers);
    }
    while (lock->writers->shared > 0 && take_from_reader(lock->writers)) {
        lock->writers->shared--;
    }
    lock->writers->shared = 0;
    lock->writers->clock.size = 0;
    lock->readers->clock.size = 0;
    lock->writers->state = 0;
    settle(lock);
}

/* ---- The calls ------------------------------------------------------------------------------ */

int pthread_rwlock_init(pthread_rwlock_t *restrict memory,
                        const pthread_rwlockattr_t *restrict attributes)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_init)(memory, attributes);
    }
    struct rwlock lock = rwlock_at(memory);
    uint32_t pc = HDE_CALLER();

    hde_life_step((uintptr_t)memory, HDE_EVENT_INITIALIZE, pc);
    expect_unused(&lock, pc);
    hde_access((uintptr_t)memory, sizeof(*memory), true, pc);
    int error = HDE_REAL(pthread_rwlock_init)(memory, attributes);

    if (error == 0) {
        forget(&lock);
    }
    return error;
}

int pthread_rwlock_destroy(pthread_rwlock_t *memory)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_destroy)(memory);
    }
    struct rwlock lock = rwlock_at(memory);
    uint32_t pc = HDE_CALLER();

    hde_life_step((uintptr_t)memory, HDE_EVENT_DESTROY, pc);
    expect_lock(&lock, pc);
    expect_unused(&lock, pc);
    hde_access((uintptr_t)memory, sizeof(*memory), true, pc);
    lock.writers->destroyed = hde_misuse_deed(pc);
    lock.memory->__data.__pad4 = DESTROYED;
    return 0;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *memory)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_rdlock)(memory);
    }
    const struct wish wish = {.waits = true, .deadline_ns = HDE_FOREVER, .pc = HDE_CALLER()};

    return lock_shared(memory, &wish);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *memory)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_wrlock)(memory);
    }
    const struct wish wish = {.waits = true, .deadline_ns = HDE_FOREVER, .pc = HDE_CALLER()};

    return lock_alone(memory, &wish);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *memory)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_tryrdlock)(memory);
    }
    struct rwlock lock = rwlock_at(memory);
    const struct hde_event event = event_at(&lock, HDE_EVENT_SHARED_TRYLOCK, HDE_CALLER());

    hde_step(&event);
    expect_lock(&lock, event.pc);
    if (!lock.readers->is_open) {
        hde_round_try_failed(event.pc);
        return give_up(&lock, event.pc, EBUSY);
    }
    hold_shared(&lock, &event);
    return 0;
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *memory)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_trywrlock)(memory);
    }
    struct rwlock lock = rwlock_at(memory);
    const struct hde_event event = event_at(&lock, HDE_EVENT_TRYLOCK, HDE_CALLER());

    hde_step(&event);
    expect_lock(&lock, event.pc);
    if (!lock.writers->is_open) {
        hde_round_try_failed(event.pc);
        return give_up(&lock, event.pc, EBUSY);
    }
    hold_alone(&lock, &event);
    return 0;
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict memory,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_timedrdlock)(memory, until);
    }
    return lock_until(memory, lock_shared, CLOCK_REALTIME, until, HDE_CALLER());
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict memory,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_timedwrlock)(memory, until);
    }
    return lock_until(memory, lock_alone, CLOCK_REALTIME, until, HDE_CALLER());
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict memory,
                               clockid_t clock,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_clockrdlock)(memory, clock, until);
    }
    return lock_until(memory, lock_shared, clock, until, HDE_CALLER());
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict memory,
                               clockid_t clock,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_clockwrlock)(memory, clock, until);
    }
    return lock_until(memory, lock_alone, clock, until, HDE_CALLER());
}

int pthread_rwlock_unlock(pthread_rwlock_t *memory)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_unlock)(memory);
    }
    struct rwlock lock = rwlock_at(memory);
    bool is_writer = lock.writers->owner == hde_self->id;
    const struct hde_event event =
        event_at(&lock, is_writer ? HDE_EVENT_UNLOCK : HDE_EVENT_SHARED_UNLOCK, HDE_CALLER());

    hde_step(&event);
    expect_lock(&lock, event.pc);
    if (is_writer) {
        unlock_alone(&lock);
    } else {
        unlock_shared(&lock, event.pc);
    }
    settle(&lock);
    return 0;
}
