/*
 * futex: sleeping on a word, and waking.
 *
 * A wait compares the word and joins the sleepers as one event. It is an atomic read, and no more:
 * neither it nor the wake orders anything, as nothing that the kernel promises does. Which sleeper
 * a wake wakes is a choice, and so is whether a wait ends at once: woken by nobody (futex(2): a
 * spurious wake-up), or by a signal, with EINTR. A wait for any of several words joins the sleepers
 * of each.
 *
 * Operations on priority-inheritance futexes return ENOSYS, as on machines without them, and are
 * named in a warning.
 *
 * Not modelled: futex operations with priority inheritance; which of the sleepers that a wake
 * leaves a requeue with a limit takes (those who sleep longest).
 *
 * Source: futex(2); the kernel's kernel/futex/ for results.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/futex.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/atomic.h"
#include "engine/hooks/time.h"
#include "engine/unmodelled.h"

#define INSTEAD                                                                                    \
    "returns ENOSYS, for there are no priorities; pthread_mutex_t is modelled, and FUTEX_WAIT"
#define ANY_MAX ((long)FUTEX_WAITV_MAX)

/* The arguments of a futex call, as futex(2) names them. */
struct futex {
    uint32_t *word;
    int operation; /* without the flags below */
    bool is_realtime;
    uint32_t value;
    const struct timespec *timeout;
    int32_t value2; /* in place of the time-out */
    uint32_t *word2;
    uint32_t value3;
    uint32_t pc;
};

/* For which wakes each thread sleeps; valid while it does. */
static uint32_t bits_of[HDE_THREADS_MAX];

static long fail(int error)
{
    errno = error;
    return -1;
}

static struct hde_event
event_at(const uint32_t *word, const uint32_t *other, enum hde_event_kind kind, uint32_t pc)
{
    return (struct hde_event){
        .address = (uintptr_t)word,
        .address2 = (uintptr_t)other,
        .pc = pc,
        .kind = (uint8_t)kind,
        .size = sizeof(*word),
        .writes = kind == HDE_EVENT_FUTEX_WAKE,
    };
}

static struct hde_object *sleepers_of(const uint32_t *word)
{
    return hde_object_at(HDE_OBJECT_FUTEX, (uintptr_t)word);
}

static bool is_time_valid(const struct timespec *time)
{
    return time == NULL || (hde_time_is_valid(time) && time->tv_sec >= 0);
}

static bool is_aligned(const uint32_t *word) { return (uintptr_t)word % sizeof(*word) == 0; }

/* Nobody else runs: the order between threads is the execution's affair. */
static uint32_t read_word(const uint32_t *word, uint32_t pc)
{
    hde_access_atomic((uintptr_t)word, sizeof(*word), false, pc);
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/* ---- Waits ----------------------------------------------------------------------------------- */

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

static long sleep_on(const struct futex *futex, uint32_t bits)
{
    struct hde_event event = event_at(futex->word, NULL, HDE_EVENT_FUTEX_WAIT, futex->pc);

    if (!is_time_valid(futex->timeout) || bits == 0) {
        return fail(EINVAL);
    }
    if (futex->word == NULL) {
        return fail(EFAULT);
    }
    uint64_t deadline_ns = deadline_of(futex);

    hde_step(&event);
    uint32_t found = read_word(futex->word, futex->pc);

    if (found != futex->value) {
        hde_spin_read(event.address, found, futex->pc);
        return fail(EAGAIN);
    }
    if (hde_choose_fault(HDE_CHOICE_FUTEX)) {
        return 0;
    }
    if (hde_choose_fault(HDE_CHOICE_INTERRUPT)) {
        return fail(EINTR);
    }
    event.kind = HDE_EVENT_FUTEX_AWAKE;
    bits_of[hde_self->id] = bits;
    return hde_wait(sleepers_of(futex->word), &event, deadline_ns) ? 0 : fail(ETIMEDOUT);
}

/* ---- Wakes ----------------------------------------------------------------------------------- */

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

/* Wake up to `count' of those who listen to `bits'. */
static unsigned wake_some(struct hde_object *sleepers, unsigned count, uint32_t bits)
{
    struct hde_set deaf = find_deaf(sleepers, bits);

    sleepers->waiters = hde_set_minus(&sleepers->waiters, &deaf);
    unsigned woken = hde_wake(sleepers, count);

    sleepers->waiters = hde_set_union(&sleepers->waiters, &deaf);
    return woken;
}

/* The kernel counts after it has woken one, in an int. */
static unsigned count_of(uint32_t value) { return (int32_t)value > 0 ? value : 1; }

static long wake_from(const struct futex *futex, uint32_t bits)
{
    const struct hde_event event = event_at(futex->word, NULL, HDE_EVENT_FUTEX_WAKE, futex->pc);

    if (bits == 0) {
        return fail(EINVAL);
    }
    hde_step(&event);
    return wake_some(sleepers_of(futex->word), count_of(futex->value), bits);
}

/* Who has slept longest. Requires that somebody sleeps. */
static unsigned longest_of(const struct hde_set *sleepers)
{
    const struct hde_thread *threads = hde_execution.threads;
    unsigned longest = hde_set_first(sleepers);

    for (unsigned id = longest; id < HDE_THREADS_MAX; id = hde_set_next(sleepers, id + 1)) {
        if (threads[id].wait_began < threads[longest].wait_began) {
            longest = id;
        }
    }
    return longest;
}

/* Send up to `count' sleepers from one word to another. */
static long send(struct hde_object *from, struct hde_object *to, int32_t count)
{
    struct hde_set left = from->waiters;
    long sent = 0;

    for (; sent < count && !hde_set_is_empty(&left); sent++) {
        unsigned id = longest_of(&left);

        hde_set_remove(&left, id);
        hde_set_remove(&from->waiters, id);
        hde_set_add(&to->waiters, id);
        hde_execution.threads[id].waits_for = to;
        hde_execution.pending[id].address = to->address;
    }
    return sent;
}

static long requeue(const struct futex *futex)
{
    const struct hde_event event =
        event_at(futex->word, futex->word2, HDE_EVENT_FUTEX_WAKE, futex->pc);

    if (!is_aligned(futex->word2) || (int32_t)futex->value < 0 || futex->value2 < 0) {
        return fail(EINVAL);
    }
    hde_step(&event);
    if (futex->operation == FUTEX_CMP_REQUEUE &&
        read_word(futex->word, futex->pc) != futex->value3) {
        return fail(EAGAIN);
    }
    unsigned woken = futex->value == 0 ? 0
                                       : wake_some(sleepers_of(futex->word), futex->value,
                                                   FUTEX_BITSET_MATCH_ANY);

    return woken + send(sleepers_of(futex->word), sleepers_of(futex->word2), futex->value2);
}

/* ---- FUTEX_WAKE_OP --------------------------------------------------------------------------- */

/* What FUTEX_OP() packs into `value3'. */
struct change {
    unsigned operation;
    unsigned comparison;
    int32_t operand;
    int32_t compared;
};

static int32_t sign_extend(uint32_t twelve_bits)
{
    return (int32_t)((twelve_bits & 0xfffU) ^ 0x800U) - 0x800;
}

static struct change change_of(uint32_t packed)
{
    struct change change = {
        .operation = packed >> 28 & 7U,
        .comparison = packed >> 24 & 15U,
        .operand = sign_extend(packed >> 12),
        .compared = sign_extend(packed),
    };

    if ((packed >> 28 & FUTEX_OP_OPARG_SHIFT) != 0) {
        change.operand = (int32_t)(UINT32_C(1) << ((uint32_t)change.operand & 31U));
    }
    return change;
}

static bool apply(const struct change *change, uint32_t old, uint32_t *value)
{
    uint32_t operand = (uint32_t)change->operand;

    switch (change->operation) {
    case FUTEX_OP_SET:
        *value = operand;
        return true;
    case FUTEX_OP_ADD:
        *value = old + operand;
        return true;
    case FUTEX_OP_OR:
        *value = old | operand;
        return true;
    case FUTEX_OP_ANDN:
        *value = old & ~operand;
        return true;
    case FUTEX_OP_XOR:
        *value = old ^ operand;
        return true;
    default:
        return false;
    }
}

static bool compare(const struct change *change, uint32_t old, bool *is_true)
{
    int32_t value = (int32_t)old;

    switch (change->comparison) {
    case FUTEX_OP_CMP_EQ:
        *is_true = value == change->compared;
        return true;
    case FUTEX_OP_CMP_NE:
        *is_true = value != change->compared;
        return true;
    case FUTEX_OP_CMP_LT:
        *is_true = value < change->compared;
        return true;
    case FUTEX_OP_CMP_GE:
        *is_true = value >= change->compared;
        return true;
    case FUTEX_OP_CMP_LE:
        *is_true = value <= change->compared;
        return true;
    case FUTEX_OP_CMP_GT:
        *is_true = value > change->compared;
        return true;
    default:
        return false;
    }
}

static long wake_and_change(const struct futex *futex)
{
    const struct hde_event event =
        event_at(futex->word, futex->word2, HDE_EVENT_FUTEX_WAKE, futex->pc);
    struct change change = change_of(futex->value3);
    bool is_true = false;
    uint32_t value;

    if (!is_aligned(futex->word2)) {
        return fail(EINVAL);
    }
    hde_step(&event);
    uint32_t old = __atomic_load_n(futex->word2, __ATOMIC_RELAXED);

    if (!apply(&change, old, &value)) {
        return fail(ENOSYS);
    }
    hde_atomic_will_write(futex->word2, sizeof(*futex->word2), HDE_ORDER_RELAXED, true, futex->pc);
    __atomic_store_n(futex->word2, value, __ATOMIC_RELAXED);
    hde_spin_write((uintptr_t)futex->word2, sizeof(*futex->word2));
    if (!compare(&change, old, &is_true)) {
        return fail(ENOSYS);
    }
    unsigned woken =
        wake_some(sleepers_of(futex->word), count_of(futex->value), FUTEX_BITSET_MATCH_ANY);

    if (is_true) {
        woken += wake_some(sleepers_of(futex->word2), count_of((uint32_t)futex->value2),
                           FUTEX_BITSET_MATCH_ANY);
    }
    return woken;
}

/* ---- futex_waitv ----------------------------------------------------------------------------- */

static bool is_valid(const struct futex_waitv *wait)
{
    uint32_t size = wait->flags & 3U;

    return (wait->flags & ~(3U | FUTEX_PRIVATE_FLAG)) == 0 && size == FUTEX_32 &&
           wait->__reserved == 0 && wait->uaddr % sizeof(uint32_t) == 0;
}

static const uint32_t *word_of(const struct futex_waitv *wait)
{
    return (const uint32_t *)(uintptr_t)wait->uaddr;
}

static bool are_as_expected(const struct futex_waitv *waits, long count, uint32_t pc)
{
    for (long i = 0; i < count; i++) {
        uint32_t found = read_word(word_of(&waits[i]), pc);

        if (found != (uint32_t)waits[i].val) {
            hde_spin_read(waits[i].uaddr, found, pc);
            return false;
        }
    }
    return true;
}

/* Leave the sleepers of all words; returns the last one that was woken at. */
static long leave_sleepers(const struct futex_waitv *waits, long count)
{
    long woken_at = 0;

    hde_set_remove(&sleepers_of(word_of(&waits[0]))->waiters, hde_self->id);
    for (long i = 1; i < count; i++) {
        struct hde_object *sleepers = sleepers_of(word_of(&waits[i]));

        if (!hde_set_has(&sleepers->waiters, hde_self->id)) {
            woken_at = i;
        }
        hde_set_remove(&sleepers->waiters, hde_self->id);
    }
    return woken_at;
}

static long
sleep_on_any(const struct futex_waitv *waits, long count, uint64_t deadline_ns, uint32_t pc)
{
    struct hde_event event = event_at(word_of(&waits[0]), count > 1 ? word_of(&waits[1]) : NULL,
                                      HDE_EVENT_FUTEX_WAIT, pc);

    hde_step(&event);
    if (!are_as_expected(waits, count, pc)) {
        return fail(EAGAIN);
    }
    if (hde_choose_fault(HDE_CHOICE_INTERRUPT)) {
        return fail(EINTR);
    }
    for (long i = 1; i < count; i++) {
        hde_set_add(&sleepers_of(word_of(&waits[i]))->waiters, hde_self->id);
    }
    event.kind = HDE_EVENT_FUTEX_AWAKE;
    bits_of[hde_self->id] = FUTEX_BITSET_MATCH_ANY;
    bool is_woken = hde_wait(sleepers_of(word_of(&waits[0])), &event, deadline_ns);
    long woken_at = leave_sleepers(waits, count);

    return is_woken ? woken_at : fail(ETIMEDOUT);
}

long hde_futex_wait_any(const long arguments[6], uint32_t pc)
{
    const struct futex_waitv *waits = (const struct futex_waitv *)arguments[0];
    long count = (long)(uint32_t)arguments[1];
    const struct timespec *timeout = (const struct timespec *)arguments[3];
    clockid_t clock = (clockid_t)arguments[4];

    if (arguments[2] != 0 || count == 0 || count > ANY_MAX || waits == NULL ||
        !is_time_valid(timeout) || (timeout != NULL && !hde_time_can_wait(clock))) {
        return fail(EINVAL);
    }
    for (long i = 0; i < count; i++) {
        if (!is_valid(&waits[i])) {
            return fail(EINVAL);
        }
    }
    uint64_t deadline_ns = timeout == NULL ? HDE_FOREVER : hde_time_deadline(clock, timeout);

    return sleep_on_any(waits, count, deadline_ns, pc);
}

/* ---- The call -------------------------------------------------------------------------------- */

static long refuse(const struct futex *futex)
{
    static const char *const names[] = {
        [FUTEX_LOCK_PI] = "futex_lock_pi",
        [FUTEX_UNLOCK_PI] = "futex_unlock_pi",
        [FUTEX_TRYLOCK_PI] = "futex_trylock_pi",
        [FUTEX_WAIT_REQUEUE_PI] = "futex_wait_requeue_pi",
        [FUTEX_CMP_REQUEUE_PI] = "futex_cmp_requeue_pi",
        [FUTEX_LOCK_PI2] = "futex_lock_pi2",
    };
    bool is_known = futex->operation >= 0 &&
                    (size_t)futex->operation < sizeof(names) / sizeof(names[0]) &&
                    names[futex->operation] != NULL;

    if (is_known) {
        hde_unmodelled_note_instead(names[futex->operation], INSTEAD, futex->pc);
    }
    return fail(ENOSYS);
}

static long carry_out(const struct futex *futex)
{
    switch (futex->operation) {
    case FUTEX_WAIT:
        return sleep_on(futex, FUTEX_BITSET_MATCH_ANY);
    case FUTEX_WAIT_BITSET:
        return sleep_on(futex, futex->value3);
    case FUTEX_WAKE:
        return wake_from(futex, FUTEX_BITSET_MATCH_ANY);
    case FUTEX_WAKE_BITSET:
        return wake_from(futex, futex->value3);
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
        return requeue(futex);
    case FUTEX_WAKE_OP:
        return wake_and_change(futex);
    default:
        return refuse(futex);
    }
}

long hde_futex_call(const long arguments[6], uint32_t pc)
{
    const struct futex futex = {
        .word = (uint32_t *)arguments[0],
        .operation = (int)(arguments[1] & ~(long)(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)),
        .is_realtime = (arguments[1] & FUTEX_CLOCK_REALTIME) != 0,
        .value = (uint32_t)arguments[2],
        .timeout = (const struct timespec *)arguments[3],
        .value2 = (int32_t)arguments[3],
        .word2 = (uint32_t *)arguments[4],
        .value3 = (uint32_t)arguments[5],
        .pc = pc,
    };

    if (futex.is_realtime && futex.operation != FUTEX_WAIT_BITSET) {
        return fail(ENOSYS);
    }
    return is_aligned(futex.word) ? carry_out(&futex) : fail(EINVAL);
}
