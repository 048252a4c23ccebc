/*
 * syscall(SYS_futex, ...): sleeping on a word, and waking.
 *
 * A wait compares the word and joins the sleepers as one event. It is an atomic read, and no more:
 * neither it nor the wake orders anything, as nothing that the kernel promises does. Which sleeper
 * a wake wakes is a choice.
 *
 * System calls that have a hook of their own as functions of libc go the same way; all others pass
 * through. Futex operations other than wait, wake and their bitset forms return ENOSYS and are
 * named in a warning.
 *
 * Modelled   syscall: of its numbers futex (wait, wake, wait_bitset, wake_bitset; other operations
 *            return ENOSYS), gettid, sched_yield, clock_gettime, nanosleep and clock_nanosleep; all
 *            others pass through.
 *
 * Source: futex(2).
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/hooks/thread.h"
#include "engine/hooks/time.h"
#include "engine/unmodelled.h"

/* The arguments of a system call. */
struct call {
    long number;
    long arguments[6];
    uint32_t pc;
};

/* Those of a futex call, as futex(2) names them. */
struct futex {
    const uint32_t *word;
    int operation; /* without the flags below */
    bool is_realtime;
    uint32_t value;
    const struct timespec *timeout;
    uint32_t bits;
    uint32_t pc;
};

/* For which wakes each thread sleeps; valid while it does. */
static uint32_t bits_of[HDE_THREADS_MAX];

static long fail(int error)
{
    errno = error;
    return -1;
}

static struct hde_event event_at(const struct futex *futex, enum hde_event_kind kind)
{
    return (struct hde_event){
        .address = (uintptr_t)futex->word,
        .pc = futex->pc,
        .kind = (uint8_t)kind,
        .size = sizeof(*futex->word),
        .writes = kind == HDE_EVENT_FUTEX_WAKE,
    };
}

/* FUTEX_WAIT counts from now, FUTEX_WAIT_BITSET does not. */
static uint64_t deadline_of(const struct futex *futex)
{
    if (futex->timeout == NULL) {
        return HDE_FOREVER;
    }
    if (futex->operation == FUTEX_WAIT) {
        return hde_time_after(futex->timeout);
    }
    return hde_time_deadline(futex->is_realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC, futex->timeout);
}

static long sleep_on(const struct futex *futex)
{
    struct hde_event event = event_at(futex, HDE_EVENT_FUTEX_WAIT);
    struct hde_object *object = hde_object_at(HDE_OBJECT_FUTEX, event.address);

    if (futex->timeout != NULL &&
        (!hde_time_is_valid(futex->timeout) || futex->timeout->tv_sec < 0)) {
        return fail(EINVAL);
    }
    uint64_t deadline_ns = deadline_of(futex);

    hde_step(&event);
    hde_access_atomic(event.address, sizeof(*futex->word), false, futex->pc);
    /* Nobody else runs: the order between threads is the execution's affair. */
    uint32_t found = __atomic_load_n(futex->word, __ATOMIC_RELAXED);

    if (found != futex->value) {
        hde_spin_read(event.address, found, futex->pc);
        return fail(EAGAIN);
    }
    event.kind = HDE_EVENT_FUTEX_AWAKE;
    bits_of[hde_self->id] = futex->bits;
    return hde_wait(object, &event, deadline_ns) ? 0 : fail(ETIMEDOUT);
}

/* Those sleepers that a wake with these bits is not for. */
static struct hde_set find_deaf(const struct hde_object *object, uint32_t bits)
{
    struct hde_set deaf = {{0}};

    for (unsigned id = hde_set_first(&object->waiters); id < HDE_THREADS_MAX;
         id = hde_set_next(&object->waiters, id + 1)) {
        if ((bits_of[id] & bits) == 0) {
            hde_set_add(&deaf, id);
        }
    }
    return deaf;
}

static long wake_from(const struct futex *futex)
{
    const struct hde_event event = event_at(futex, HDE_EVENT_FUTEX_WAKE);
    struct hde_object *object = hde_object_at(HDE_OBJECT_FUTEX, event.address);
    /* The kernel counts after it has woken one, in an int. */
    unsigned count = (int)futex->value > 0 ? futex->value : 1;

    hde_step(&event);
    struct hde_set deaf = find_deaf(object, futex->bits);

    object->waiters = hde_set_minus(&object->waiters, &deaf);
    unsigned woken = hde_wake(object, count);

    object->waiters = hde_set_union(&object->waiters, &deaf);
    return woken;
}

/* Of an operation that is not modelled. */
static const char *name_of(int operation)
{
    static const char *const names[] = {
        [FUTEX_REQUEUE] = "futex_requeue",     [FUTEX_CMP_REQUEUE] = "futex_cmp_requeue",
        [FUTEX_WAKE_OP] = "futex_wake_op",     [FUTEX_LOCK_PI] = "futex_lock_pi",
        [FUTEX_UNLOCK_PI] = "futex_unlock_pi", [FUTEX_TRYLOCK_PI] = "futex_trylock_pi",
    };
    bool is_named = operation >= 0 && (size_t)operation < sizeof(names) / sizeof(names[0]) &&
                    names[operation] != NULL;

    return is_named ? names[operation] : "futex";
}

static long call_futex(const struct call *call)
{
    long flags = FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME;
    struct futex futex = {
        .word = (const uint32_t *)call->arguments[0],
        .operation = (int)(call->arguments[1] & ~flags),
        .is_realtime = (call->arguments[1] & FUTEX_CLOCK_REALTIME) != 0,
        .value = (uint32_t)call->arguments[2],
        .timeout = (const struct timespec *)call->arguments[3],
        .bits = FUTEX_BITSET_MATCH_ANY,
        .pc = call->pc,
    };
    bool is_wait = futex.operation == FUTEX_WAIT || futex.operation == FUTEX_WAIT_BITSET;

    if (!is_wait && futex.operation != FUTEX_WAKE && futex.operation != FUTEX_WAKE_BITSET) {
        hde_unmodelled_note_instead(name_of(futex.operation), "returns ENOSYS", call->pc);
        return fail(ENOSYS);
    }
    if (futex.operation == FUTEX_WAIT_BITSET || futex.operation == FUTEX_WAKE_BITSET) {
        futex.bits = (uint32_t)call->arguments[5];
    }
    if ((uintptr_t)futex.word % sizeof(*futex.word) != 0 || futex.bits == 0) {
        return fail(EINVAL);
    }
    if (is_wait && futex.word == NULL) {
        return fail(EFAULT);
    }
    return is_wait ? sleep_on(&futex) : wake_from(&futex);
}

static long pass_through(const struct call *call)
{
    const long *with = call->arguments;

    return HDE_REAL(syscall)(call->number, with[0], with[1], with[2], with[3], with[4], with[5]);
}

/* A system call of the code under test. */
static long call_modelled(const struct call *call)
{
    const long *with = call->arguments;

    switch (call->number) {
    case SYS_futex:
        return call_futex(call);
    case SYS_gettid:
        return hde_thread_tid(hde_self);
    case SYS_sched_yield:
        return sched_yield();
    case SYS_clock_gettime:
        return clock_gettime((clockid_t)with[0], (struct timespec *)with[1]);
    case SYS_nanosleep:
        return nanosleep((const struct timespec *)with[0], (struct timespec *)with[1]);
    case SYS_clock_nanosleep: {
        int error = clock_nanosleep((clockid_t)with[0], (int)with[1],
                                    (const struct timespec *)with[2], (struct timespec *)with[3]);

        return error == 0 ? 0 : fail(error);
    }
    default:
        return pass_through(call);
    }
}

long syscall(long number, ...)
{
    struct call call = {.number = number, .pc = HDE_CALLER()};
    va_list arguments;

    /* As libc does it: there may be fewer, but reading six does no harm. */
    va_start(arguments, number);
    for (unsigned i = 0; i < sizeof(call.arguments) / sizeof(call.arguments[0]); i++) {
        call.arguments[i] = va_arg(arguments, long);
    }
    va_end(arguments);
    return hde_self == NULL ? pass_through(&call) : call_modelled(&call);
}
