/*
 * Locks that are not modelled yet: sem_*, pthread_rwlock_* and pthread_spin_*.
 *
 * A call that would block is made of libc's own try, again and again, each time an event: so other
 * threads run in between, and the engine passes the thread over until one of them changes the
 * object. Each successful call happens before the next one on the same object, which is more order
 * than there is: no race is reported that is none, but one may be missed. Who would wait for ever
 * is reported as spinning, not as a deadlock. A wait with a deadline sleeps, then tries once more.
 *
 * Noted      pthread_rwlock_*lock sem_wait sem_trywait sem_timedwait sem_clockwait sem_post
 *            pthread_spin_lock pthread_spin_trylock pthread_spin_unlock: a wait is tried again and
 *            again.
 * Unhooked   pthread_rwlock_init pthread_rwlock_destroy pthread_rwlockattr_* pthread_spin_init
 *            pthread_spin_destroy sem_init sem_destroy sem_open sem_close sem_unlink sem_getvalue
 *            pthread_barrier_init pthread_barrier_destroy pthread_barrierattr_*
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"
#include "engine/unmodelled.h"

/* One attempt: 0, EBUSY if it would block, or another error. */
struct lock_call {
    const char *name;
    int (*attempt)(void *lock);
    void *lock;
    size_t size;
    enum hde_event_kind kind;
    uint32_t pc;
};

static int attempt(const struct lock_call *call)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_MUTEX, (uintptr_t)call->lock);
    const struct hde_event event = {
        .address = object->address,
        .pc = call->pc,
        .kind = (uint8_t)call->kind,
        .size = 1,
        .writes = true,
    };

    hde_step(&event);
    hde_globals_written(object->address, call->size);
    int error = call->attempt(call->lock);

    if (error == 0) {
        hde_acquire(object);
        hde_release(object);
        hde_spin_write(object->address, 1);
    } else {
        hde_spin_read(object->address, 0, call->pc);
    }
    return error;
}

static int attempt_until_done(const struct lock_call *call)
{
    int error;

    hde_unmodelled_note_instead(call->name, "is tried again and again", call->pc);
    do {
        error = attempt(call);
    } while (error == EBUSY);
    return error;
}

static int
attempt_twice(const struct lock_call *call, clockid_t clock, const struct timespec *until)
{
    const struct hde_event event = {.kind = HDE_EVENT_SLEEP, .pc = call->pc};

    hde_unmodelled_note_instead(call->name, "sleeps and tries once more", call->pc);
    int error = attempt(call);

    if (error != EBUSY) {
        return error;
    }
    if (!hde_time_can_wait(clock) || !hde_time_is_valid(until)) {
        return EINVAL;
    }
    hde_sleep(&event, hde_time_deadline(clock, until));
    error = attempt(call);
    return error == EBUSY ? ETIMEDOUT : error;
}

/* ---- Semaphores ------------------------------------------------------------------------------ */

static int attempt_sem(void *lock)
{
    if (HDE_REAL(sem_trywait)(lock) == 0) {
        return 0;
    }
    return errno == EAGAIN ? EBUSY : errno;
}

static int post_sem(void *lock) { return HDE_REAL(sem_post)(lock) == 0 ? 0 : errno; }

static struct lock_call sem_call(const char *name, sem_t *semaphore, uint32_t pc)
{
    return (struct lock_call){
        .name = name,
        .attempt = attempt_sem,
        .lock = semaphore,
        .size = sizeof(*semaphore),
        .kind = HDE_EVENT_TRYLOCK,
        .pc = pc,
    };
}

static int to_status(int error)
{
    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

int sem_wait(sem_t *semaphore)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_wait)(semaphore);
    }
    const struct lock_call call = sem_call("sem_wait", semaphore, HDE_CALLER());

    return to_status(attempt_until_done(&call));
}

int sem_trywait(sem_t *semaphore)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_trywait)(semaphore);
    }
    const struct lock_call call = sem_call("sem_trywait", semaphore, HDE_CALLER());
    int error = attempt(&call);

    return to_status(error == EBUSY ? EAGAIN : error);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_timedwait)(semaphore, until);
    }
    const struct lock_call call = sem_call("sem_timedwait", semaphore, HDE_CALLER());

    return to_status(attempt_twice(&call, CLOCK_REALTIME, until));
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_clockwait)(semaphore, clock, until);
    }
    const struct lock_call call = sem_call("sem_clockwait", semaphore, HDE_CALLER());

    return to_status(attempt_twice(&call, clock, until));
}

int sem_post(sem_t *semaphore)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_post)(semaphore);
    }
    struct lock_call call = sem_call("sem_post", semaphore, HDE_CALLER());

    call.attempt = post_sem;
    call.kind = HDE_EVENT_UNLOCK;
    return to_status(attempt(&call));
}

/* ---- Readers and writers --------------------------------------------------------------------- */

static int attempt_read(void *lock) { return HDE_REAL(pthread_rwlock_tryrdlock)(lock); }

static int attempt_write(void *lock) { return HDE_REAL(pthread_rwlock_trywrlock)(lock); }

static int unlock_rwlock(void *lock) { return HDE_REAL(pthread_rwlock_unlock)(lock); }

static struct lock_call
rwlock_call(const char *name, int (*how)(void *lock), pthread_rwlock_t *lock, uint32_t pc)
{
    return (struct lock_call){
        .name = name,
        .attempt = how,
        .lock = lock,
        .size = sizeof(*lock),
        .kind = how == unlock_rwlock ? HDE_EVENT_UNLOCK : HDE_EVENT_TRYLOCK,
        .pc = pc,
    };
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_rdlock)(lock);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_rdlock", attempt_read, lock, HDE_CALLER());

    return attempt_until_done(&call);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_wrlock)(lock);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_wrlock", attempt_write, lock, HDE_CALLER());

    return attempt_until_done(&call);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_tryrdlock)(lock);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_tryrdlock", attempt_read, lock, HDE_CALLER());

    return attempt(&call);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_trywrlock)(lock);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_trywrlock", attempt_write, lock, HDE_CALLER());

    return attempt(&call);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_timedrdlock)(lock, until);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_timedrdlock", attempt_read, lock, HDE_CALLER());

    return attempt_twice(&call, CLOCK_REALTIME, until);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_timedwrlock)(lock, until);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_timedwrlock", attempt_write, lock, HDE_CALLER());

    return attempt_twice(&call, CLOCK_REALTIME, until);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock,
                               clockid_t clock,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_clockrdlock)(lock, clock, until);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_clockrdlock", attempt_read, lock, HDE_CALLER());

    return attempt_twice(&call, clock, until);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock,
                               clockid_t clock,
                               const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_clockwrlock)(lock, clock, until);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_clockwrlock", attempt_write, lock, HDE_CALLER());

    return attempt_twice(&call, clock, until);
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_rwlock_unlock)(lock);
    }
    const struct lock_call call =
        rwlock_call("pthread_rwlock_unlock", unlock_rwlock, lock, HDE_CALLER());

    return attempt(&call);
}

/* ---- Spin locks ------------------------------------------------------------------------------ */

static int attempt_spin(void *lock) { return HDE_REAL(pthread_spin_trylock)(lock); }

static int unlock_spin(void *lock) { return HDE_REAL(pthread_spin_unlock)(lock); }

static struct lock_call
spin_call(const char *name, int (*how)(void *lock), pthread_spinlock_t *lock, uint32_t pc)
{
    return (struct lock_call){
        .name = name,
        .attempt = how,
        .lock = (void *)(uintptr_t)lock, /* it is volatile: libc's functions, not ours, touch it */
        .size = sizeof(*lock),
        .kind = how == unlock_spin ? HDE_EVENT_UNLOCK : HDE_EVENT_TRYLOCK,
        .pc = pc,
    };
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_lock)(lock);
    }
    const struct lock_call call = spin_call("pthread_spin_lock", attempt_spin, lock, HDE_CALLER());

    return attempt_until_done(&call);
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_trylock)(lock);
    }
    const struct lock_call call =
        spin_call("pthread_spin_trylock", attempt_spin, lock, HDE_CALLER());

    return attempt(&call);
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_spin_unlock)(lock);
    }
    const struct lock_call call = spin_call("pthread_spin_unlock", unlock_spin, lock, HDE_CALLER());

    return attempt(&call);
}
