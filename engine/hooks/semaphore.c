/*
 * sem_*: a semaphore is a gate that is open while there is a unit.
 *
 * How many units there are stands in the semaphore's memory, where glibc keeps it: libc's own try
 * and post are what is done to it; they never wait. Results are glibc's: a time is looked at before
 * the semaphore, and only who has to wait is timed out.
 *
 * A post happens before every wait that comes after it and takes a unit; a wait happens before
 * nothing.
 *
 * A wait that may be interrupted (HDE_CHOICE_INTERRUPT, which asks as the wait begins) is a step
 * that is always enabled: if there is no unit then, it ends with EINTR.
 *
 * The last word of the memory, which glibc does not use, says that it is a semaphore or was one.
 * There is no static initializer; but only memory that is all zeroes, or fresh from the heap, is
 * told of as never initialized, since others than these hooks may have made it. It is then taken
 * for one without units.
 *
 * Modelled   sem_init sem_destroy sem_wait sem_trywait sem_timedwait sem_clockwait sem_post
 *            sem_getvalue
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/semaphore.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/cancel.h"
#include "engine/hooks/life.h"
#include "engine/hooks/real.h"
#include "engine/hooks/time.h"
#include "engine/misuse.h"
#include "engine/step.h"

#define INITIALIZED UINT64_C(0x73656d6170686f72)
#define DESTROYED UINT64_C(0x64656164)
#define FRESH UINT64_C(0xa5a5a5a5a5a5a5a5) /* as hooks/heap.c fills it */

#define WORDS (sizeof(sem_t) / sizeof(uint64_t))

_Static_assert(WORDS >= 3, "no room for the mark");

/* A call at `pc'. Without `waits' it gives up at once. */
struct wish {
    bool waits;
    uint64_t deadline_ns;
    uint32_t pc;
};

int hde_semaphore_status(int error)
{
    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

static struct hde_object *object_at(const sem_t *semaphore)
{
    return hde_object_at(HDE_OBJECT_SEMAPHORE, (uintptr_t)semaphore);
}

static struct hde_event
event_at(const struct hde_object *object, enum hde_event_kind kind, uint32_t pc)
{
    struct hde_event event = hde_object_event(object, kind, pc);

    event.writes = kind != HDE_EVENT_SEMAPHORE_VALUE;
    return event;
}

/* ---- The mark ------------------------------------------------------------------------------- */

static uint64_t word_of(const sem_t *semaphore, size_t rank)
{
    uint64_t word;

    __builtin_memcpy(&word, (const char *)semaphore + rank * sizeof(word), sizeof(word));
    return word;
}

static void set_mark(sem_t *semaphore, uint64_t mark)
{
    __builtin_memcpy((char *)semaphore + (WORDS - 1) * sizeof(mark), &mark, sizeof(mark));
}

void hde_semaphore_begins(sem_t *semaphore) { set_mark(semaphore, INITIALIZED); }

void hde_semaphore_ends(sem_t *semaphore, uint32_t pc)
{
    object_at(semaphore)->destroyed = hde_misuse_deed(pc);
    set_mark(semaphore, DESTROYED);
}

static bool is_all(const sem_t *semaphore, uint64_t word)
{
    size_t rank = 0;

    while (rank < WORDS && word_of(semaphore, rank) == word) {
        rank++;
    }
    return rank == WORDS;
}

/* Tell of memory that is no semaphore; it is then taken for one. */
__attribute__((noinline, cold)) static void accuse(sem_t *semaphore, uint32_t pc)
{
    const struct hde_object *object = object_at(semaphore);

    hde_globals_written(object->address, sizeof(*semaphore));
    if (word_of(semaphore, WORDS - 1) == DESTROYED) {
        hde_misuse(HDE_CLASS_DESTROYED, object->address, pc, &object->destroyed, HDE_EVENT_DESTROY);
        set_mark(semaphore, INITIALIZED);
    } else if (is_all(semaphore, 0) || is_all(semaphore, FRESH)) {
        hde_misuse(HDE_CLASS_UNINITIALIZED, object->address, pc, NULL, HDE_EVENT_NONE);
        (void)HDE_REAL(sem_init)(semaphore, 0, 0);
        set_mark(semaphore, INITIALIZED);
    }
}

static void expect_semaphore(sem_t *semaphore, uint32_t pc)
{
    if (__builtin_expect(word_of(semaphore, WORDS - 1) != INITIALIZED, 0)) {
        accuse(semaphore, pc);
    }
}

/* ---- Units ---------------------------------------------------------------------------------- */

static bool has_unit(sem_t *semaphore)
{
    int value = 0;

    (void)HDE_REAL(sem_getvalue)(semaphore, &value);
    return value > 0;
}

/* The gate is as the memory says. */
static void settle(struct hde_object *object, sem_t *semaphore)
{
    bool is_open = has_unit(semaphore);

    if (is_open && !object->is_open) {
        hde_gate_open(object);
    } else if (!is_open && object->is_open) {
        hde_gate_close(object);
    }
}

/* Take a unit if there is one. Returns 0, or `error'. */
static int take(struct hde_object *object, sem_t *semaphore, uint32_t pc, int error)
{
    hde_globals_written(object->address, sizeof(*semaphore));
    if (HDE_REAL(sem_trywait)(semaphore) != 0) {
        hde_spin_read(object->address, 0, pc);
        return error;
    }
    hde_acquire(object);
    hde_spin_write(object->address, 1);
    settle(object, semaphore);
    return 0;
}

/*
 * The event has been announced. The error, if it is not our turn at an open gate; does not return
 * if the thread is cancelled.
 */
static int await_turn(struct hde_object *object, const struct wish *wish)
{
    bool is_interrupted = hde_choose_fault(HDE_CHOICE_INTERRUPT);

    hde_self->events++; /* whose turn it is is a choice of its own, and needs a number of its own */
    if (is_interrupted) {
        hde_step_always(false);
        return EINTR;
    }
    if (!wish->waits) {
        hde_step_always(false);
        return ETIMEDOUT;
    }
    hde_cancel_begin_wait();
    bool has_passed = hde_step_pass(object, wish->deadline_ns);

    if (hde_cancel_end_wait()) {
        hde_cancel_act(wish->pc);
    }
    return has_passed ? EAGAIN : ETIMEDOUT;
}

static int wait_for_unit(sem_t *semaphore, const struct wish *wish)
{
    struct hde_object *object = object_at(semaphore);
    const struct hde_event event = event_at(object, HDE_EVENT_SEMAPHORE_WAIT, wish->pc);

    hde_cancel_point(wish->pc); /* as libc does, even if there is a unit */
    hde_step_announce(&event);
    expect_semaphore(semaphore, wish->pc);
    settle(object, semaphore);
    int error = await_turn(object, wish);

    expect_semaphore(semaphore, wish->pc); /* it may have been destroyed meanwhile */
    return take(object, semaphore, wish->pc, error);
}

static int wait_until(sem_t *semaphore, clockid_t clock, const struct timespec *until, uint32_t pc)
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

    return wait_for_unit(semaphore, &wish);
}

/* ---- The calls ------------------------------------------------------------------------------ */

int sem_init(sem_t *semaphore, int is_shared, unsigned value)
{
    uint32_t pc = HDE_CALLER();

    if (hde_self != NULL) {
        hde_life_step((uintptr_t)semaphore, HDE_EVENT_INITIALIZE, pc);
        hde_access((uintptr_t)semaphore, sizeof(*semaphore), true, pc);
    }
    int status = HDE_REAL(sem_init)(semaphore, is_shared, value);

    if (status != 0) {
        return status;
    }
    hde_semaphore_begins(semaphore);
    if (hde_self != NULL) {
        struct hde_object *object = object_at(semaphore);

        object->clock.size = 0;
        settle(object, semaphore);
    }
    return 0;
}

/* Whether somebody waits there, or will when it comes to its turn. */
static bool is_awaited(const struct hde_object *object)
{
    return !object->is_open && !hde_set_is_empty(&object->at_gate);
}

int sem_destroy(sem_t *semaphore)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_destroy)(semaphore);
    }
    struct hde_object *object = object_at(semaphore);
    uint32_t pc = HDE_CALLER();

    hde_life_step(object->address, HDE_EVENT_DESTROY, pc);
    expect_semaphore(semaphore, pc);
    if (is_awaited(object)) {
        hde_misuse(HDE_CLASS_IN_USE, object->address, pc, NULL, HDE_EVENT_NONE);
    }
    hde_access(object->address, sizeof(*semaphore), true, pc);
    hde_semaphore_ends(semaphore, pc);
    return HDE_REAL(sem_destroy)(semaphore);
}

int sem_wait(sem_t *semaphore)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_wait)(semaphore);
    }
    const struct wish wish = {.waits = true, .deadline_ns = HDE_FOREVER, .pc = HDE_CALLER()};

    return hde_semaphore_status(wait_for_unit(semaphore, &wish));
}

int sem_trywait(sem_t *semaphore)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_trywait)(semaphore);
    }
    struct hde_object *object = object_at(semaphore);
    const struct hde_event event = event_at(object, HDE_EVENT_SEMAPHORE_TRYWAIT, HDE_CALLER());

    hde_step(&event);
    expect_semaphore(semaphore, event.pc);
    return hde_semaphore_status(take(object, semaphore, event.pc, EAGAIN));
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_timedwait)(semaphore, until);
    }
    return hde_semaphore_status(wait_until(semaphore, CLOCK_REALTIME, until, HDE_CALLER()));
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_clockwait)(semaphore, clock, until);
    }
    return hde_semaphore_status(wait_until(semaphore, clock, until, HDE_CALLER()));
}

int sem_post(sem_t *semaphore)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_post)(semaphore);
    }
    struct hde_object *object = object_at(semaphore);
    const struct hde_event event = event_at(object, HDE_EVENT_SEMAPHORE_POST, HDE_CALLER());

    hde_step(&event);
    expect_semaphore(semaphore, event.pc);
    hde_globals_written(object->address, sizeof(*semaphore));
    int status = HDE_REAL(sem_post)(semaphore);

    if (status == 0) {
        hde_release(object);
        hde_spin_write(object->address, 1);
        settle(object, semaphore);
    }
    return status;
}

int sem_getvalue(sem_t *restrict semaphore, int *restrict value)
{
    if (hde_self == NULL) {
        return HDE_REAL(sem_getvalue)(semaphore, value);
    }
    const struct hde_object *object = object_at(semaphore);
    const struct hde_event event = event_at(object, HDE_EVENT_SEMAPHORE_VALUE, HDE_CALLER());

    hde_step(&event);
    expect_semaphore(semaphore, event.pc);
    int units = 0;
    int status = HDE_REAL(sem_getvalue)(semaphore, &units);

    hde_spin_read(object->address, (uint64_t)units, event.pc);
    hde_access((uintptr_t)value, sizeof(*value), true, event.pc);
    *value = units;
    return status;
}
