/*
 * pthread_mutex_*: a mutex is a gate that its owner has closed.
 *
 * The memory of the mutex says of which type it is (glibc keeps that in __kind, for static
 * initializers as well) and is otherwise left alone: who holds it is in the engine's object.
 * Results are glibc's. An unlock happens before the next lock.
 *
 * Of a robust mutex whose owner ended, who locks it next is told so, and makes it consistent or, by
 * unlocking it as it is, of no more use. A priority that a mutex gives its owner is ignored: any
 * thread may be arbitrarily slow.
 *
 * Misuse is told of where POSIX leaves open what happens: an unlock by who does not hold it; of an
 * error-checking mutex, which is made to be asked, it is none. A destroyed mutex has the kind -1,
 * memory that was never initialized often one that no mutex has; zeroes are a mutex.
 *
 * Not modelled: that a lock of a mutex with PTHREAD_PRIO_PROTECT fails for want of a privilege.
 *
 * Modelled   pthread_mutex_init pthread_mutex_destroy pthread_mutex_lock pthread_mutex_trylock
 *            pthread_mutex_timedlock pthread_mutex_clocklock pthread_mutex_unlock
 *            pthread_mutex_consistent
 * Unhooked   pthread_mutexattr_* pthread_mutex_getprioceiling: they only read and write the
 *            object's memory.
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
#include "engine/hooks/life.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"
#include "engine/misuse.h"
#include "engine/round.h"
#include "engine/step.h"

/* Of glibc's __kind. */
#define KIND_TYPE 0x03
#define KIND_ROBUST 0x10
#define KIND_INHERIT 0x20
#define KIND_KNOWN 0x03f803f3U /* all that a mutex may have: also shared, elision, its ceiling */
#define KIND_NEVER 0x0c        /* with these libc knows no such type */
#define KIND_DESTROYED (-1)

/* Of hde_object.type, which is PTHREAD_MUTEX_TIMED_NP for most: its memory is no mutex. */
#define TYPE_UNKNOWN 0x80

/* hde_object.state of a robust mutex. */
enum state {
    STATE_CONSISTENT,
    STATE_OWNER_DIED,   /* and nobody has locked it since */
    STATE_INCONSISTENT, /* its holder was told */
    STATE_NOT_RECOVERABLE,
};

static uint8_t type_of_kind(int kind)
{
    bool is_known = ((unsigned)kind & ~KIND_KNOWN) == 0;

    return (uint8_t)((kind & (KIND_TYPE | KIND_ROBUST | KIND_INHERIT)) |
                     (is_known ? 0 : TYPE_UNKNOWN));
}

struct hde_object *hde_mutex_at(const pthread_mutex_t *mutex)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_MUTEX, (uintptr_t)mutex);
    int kind = mutex->__data.__kind;

    object->type = __builtin_expect(kind == 0, 1) ? PTHREAD_MUTEX_TIMED_NP : type_of_kind(kind);
    return object;
}

static bool is_recursive(const struct hde_object *object)
{
    return (object->type & KIND_TYPE) == PTHREAD_MUTEX_RECURSIVE_NP;
}

static bool is_errorcheck(const struct hde_object *object)
{
    return (object->type & KIND_TYPE) == PTHREAD_MUTEX_ERRORCHECK_NP;
}

/* Whether only its owner can unlock it; of priority inheritance the kernel checks that. */
static bool knows_owner(const struct hde_object *object)
{
    int type = object->type & ~TYPE_UNKNOWN;

    return type != PTHREAD_MUTEX_TIMED_NP && type != PTHREAD_MUTEX_ADAPTIVE_NP;
}

/* ---- No mutex ------------------------------------------------------------------------------- */

static bool is_mutex(const struct hde_object *object) { return (object->type & TYPE_UNKNOWN) == 0; }

/* Its memory is no mutex, or none any more. What libc says then: EINVAL, or 0 if it takes it. */
__attribute__((noinline, cold)) static int refuse(const struct hde_object *object, uint32_t pc)
{
    int kind = ((const pthread_mutex_t *)(uintptr_t)object->address)->__data.__kind;

    if (kind == KIND_DESTROYED) {
        hde_misuse(HDE_CLASS_DESTROYED, object->address, pc, &object->destroyed, HDE_EVENT_DESTROY);
    } else {
        hde_misuse(HDE_CLASS_UNINITIALIZED, object->address, pc, NULL, HDE_EVENT_NONE);
    }
    return (kind & KIND_NEVER) != 0 ? EINVAL : 0;
}

/* ---- Robust mutexes ------------------------------------------------------------------------- */

/* The last one that the running thread holds; NULL if there is none. */
static struct hde_object *find_robust(void)
{
    const struct hde_thread *self = hde_self;
    uint32_t rank = self->held_count < HDE_HELD_MAX ? self->held_count : HDE_HELD_MAX;

    while (rank > 0) {
        struct hde_object *object = self->held[--rank];

        if (object->kind == HDE_OBJECT_MUTEX && (object->type & KIND_ROBUST) != 0 &&
            object->owner == self->id) {
            return object;
        }
    }
    return NULL;
}

/* The running thread is over and holds locks. The kernel gives the robust ones up, one by one. */
static void abandon(void)
{
    for (struct hde_object *object = find_robust(); object != NULL; object = find_robust()) {
        const struct hde_event event = hde_object_event(object, HDE_EVENT_UNLOCK, 0);

        hde_step(&event);
        if (object->owner == hde_self->id) {
            object->state = STATE_OWNER_DIED;
            hde_release_held(object);
            hde_let_go(object);
            hde_gate_open(object);
        }
    }
}

__attribute__((always_inline)) static inline void take(struct hde_object *object,
                                                       const struct hde_event *event)
{
    hde_gate_close(object);
    hde_acquire(object);
    hde_hold(object, event);
    object->depth = 1;
}

__attribute__((noinline)) static int hold_robust(struct hde_object *object,
                                                 const struct hde_event *event)
{
    hde_thread_abandoning = abandon;
    if (object->state == STATE_NOT_RECOVERABLE) {
        hde_spin_read(object->address, object->state, event->pc);
        return ENOTRECOVERABLE;
    }
    take(object, event);
    if (object->state == STATE_OWNER_DIED) {
        object->state = STATE_INCONSISTENT;
        return EOWNERDEAD;
    }
    return 0;
}

/* ---- Lock and unlock ------------------------------------------------------------------------ */

__attribute__((noinline)) static int hold_special(struct hde_object *object,
                                                  const struct hde_event *event)
{
    if (!is_mutex(object) && refuse(object, event->pc) != 0) {
        return EINVAL;
    }
    if ((object->type & KIND_ROBUST) != 0) {
        return hold_robust(object, event);
    }
    take(object, event);
    return 0;
}

/*
 * The gate is open and it is our turn. Whether it is a mutex is asked now: it may have been
 * destroyed while we waited.
 */
__attribute__((always_inline)) static inline int hold(struct hde_object *object,
                                                      const struct hde_event *event)
{
    if (__builtin_expect(object->type != PTHREAD_MUTEX_TIMED_NP, 0)) {
        return hold_special(object, event);
    }
    take(object, event);
    return 0;
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
    const struct hde_event event = hde_object_event(object, HDE_EVENT_LOCK, pc);

    if (object->owner == hde_self->id && (is_recursive(object) || is_errorcheck(object))) {
        hde_step(&event);
        return is_recursive(object) ? deepen(object) : EDEADLK;
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
    return hold(object, &event);
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

int hde_mutex_take(const pthread_mutex_t *mutex, uint32_t pc)
{
    return lock(mutex, true, HDE_FOREVER, pc);
}

/* By a thread that does not hold it. */
__attribute__((noinline)) static int give_up_of_others(struct hde_object *object)
{
    const struct hde_deed *cause = object->owner == HDE_NOBODY ? NULL : &object->acquired;
    uint32_t pc = hde_execution.pending[hde_self->id].pc;

    if (!is_errorcheck(object)) {
        hde_misuse(HDE_CLASS_NOT_HELD, object->address, pc, cause, HDE_EVENT_LOCK);
    }
    if (knows_owner(object)) {
        return EPERM;
    }
    hde_release(object);
    hde_let_go(object);
    hde_gate_open(object);
    return 0;
}

__attribute__((always_inline)) static inline int release(struct hde_object *object)
{
    hde_release_held(object);
    hde_let_go(object);
    hde_gate_open(object);
    return 0;
}

/* By its owner, of a mutex that is not of the plain type. */
__attribute__((noinline)) static int give_up_special(struct hde_object *object)
{
    if (is_recursive(object) && --object->depth > 0) {
        return object->state == STATE_INCONSISTENT ? ENOTRECOVERABLE : 0;
    }
    if (object->state == STATE_INCONSISTENT) {
        object->state = STATE_NOT_RECOVERABLE;
    }
    return release(object);
}

int hde_mutex_give_up(struct hde_object *object)
{
    if (__builtin_expect(object->owner != hde_self->id, 0)) {
        return give_up_of_others(object);
    }
    if (__builtin_expect(object->type != PTHREAD_MUTEX_TIMED_NP, 0)) {
        return give_up_special(object);
    }
    return release(object);
}

int hde_mutex_try(pthread_mutex_t *mutex, uint32_t pc)
{
    struct hde_object *object = hde_mutex_at(mutex);
    const struct hde_event event = hde_object_event(object, HDE_EVENT_TRYLOCK, pc);

    hde_step(&event);
    if (object->is_open) {
        return hold(object, &event);
    }
    if (!is_mutex(object) && refuse(object, pc) != 0) {
        return EINVAL;
    }
    if (object->owner == hde_self->id && is_recursive(object)) {
        return deepen(object);
    }
    hde_spin_read(object->address, object->owner, pc);
    hde_round_try_failed(pc);

    /* glibc looks more closely at those that are not plain. */
    bool is_plain = (object->type & (KIND_ROBUST | KIND_INHERIT)) == 0;

    return object->owner == hde_self->id && is_errorcheck(object) && !is_plain ? EDEADLK : EBUSY;
}

int hde_mutex_unlock(pthread_mutex_t *mutex, uint32_t pc)
{
    struct hde_object *object = hde_mutex_at(mutex);
    const struct hde_event event = hde_object_event(object, HDE_EVENT_UNLOCK, pc);

    hde_step_announce(&event);
    hde_step_always(false);
    if (__builtin_expect(!is_mutex(object), 0) && refuse(object, pc) != 0) {
        return EINVAL;
    }
    return hde_mutex_give_up(object);
}

/* ---- Beginning and end ---------------------------------------------------------------------- */

/* The memory becomes another mutex, or none. */
static void forget(struct hde_object *object)
{
    if (!object->is_open) {
        hde_let_go(object);
        hde_gate_open(object);
    }
    object->clock.size = 0;
    object->acquired.pc = 0;
    object->destroyed.pc = 0;
    object->state = STATE_CONSISTENT;
}

static void expect_unused(const struct hde_object *object, uint32_t pc)
{
    if (!object->is_open) {
        hde_misuse(HDE_CLASS_IN_USE, object->address, pc, &object->acquired, HDE_EVENT_LOCK);
    }
}

int hde_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes, uint32_t pc)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_MUTEX, (uintptr_t)mutex);

    hde_life_step(object->address, HDE_EVENT_INITIALIZE, pc);
    expect_unused(object, pc);
    hde_access(object->address, sizeof(*mutex), true, pc);
    int error = HDE_REAL(pthread_mutex_init)(mutex, attributes);

    if (error == 0) {
        forget(object);
    }
    return error;
}

int hde_mutex_destroy(pthread_mutex_t *mutex, uint32_t pc)
{
    struct hde_object *object = hde_mutex_at(mutex);

    hde_life_step(object->address, HDE_EVENT_DESTROY, pc);
    if (!is_mutex(object)) {
        (void)refuse(object, pc);
    }
    expect_unused(object, pc);
    if (!object->is_open && (object->type & KIND_ROBUST) == 0) {
        return EBUSY;
    }
    hde_access(object->address, sizeof(*mutex), true, pc);
    int error = HDE_REAL(pthread_mutex_destroy)(mutex);

    if (error == 0) {
        forget(object);
        object->type |= TYPE_UNKNOWN; /* for those who wait for it */
        object->destroyed = hde_misuse_deed(pc);
    }
    return error;
}

/* ---- The calls ------------------------------------------------------------------------------ */

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

int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_mutex_consistent)(mutex);
    }
    struct hde_object *object = hde_mutex_at(mutex);

    if ((object->type & KIND_ROBUST) == 0 || object->state != STATE_INCONSISTENT) {
        return EINVAL;
    }
    object->state = STATE_CONSISTENT;
    return 0;
}
