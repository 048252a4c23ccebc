/*
 * Reader-writer lock: a fast word for when nobody waits, and two lists for when somebody does.
 *
 * While nobody waits, acquires and releases are one compare-and-swap of `state`. As soon as
 * somebody waits, `state` changes only under the guard, and the thread that gives the lock up
 * decides who has it next and writes that into `state` before it lets anybody go: the lock is never
 * free while somebody waits for it, so nobody can overtake.
 *
 * A release does its last write to the lock with the hand-over, or with the release of the guard
 * just before; then it only touches the waiters that it lets go, who still wait on their own
 * stacks. So the next holder may free the lock.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/rwlock.h>

#include <stdbool.h>

#include "primitives/annotate.h"
#include "primitives/identity.h"
#include "primitives/spin.h"
#include "primitives/waiter.h"
#include "primitives/word_lock.h"

#define READERS_MASK ((1U << 29) - 1)
#define WAITERS (1U << 30)
#define EXCLUSIVE (1U << 31)

/* What a thread wants of the lock. */
struct access {
    uint32_t taken;    /* what taking the lock adds to `state` */
    uint32_t held;     /* the bits of `state` that are all 0 while nobody holds the lock so */
    uint32_t excluded; /* the bits of `state` that all must be 0 to take it at once */
    unsigned how;      /* for the annotations */
};

static const struct access shared = {
    .taken = 1,
    .held = READERS_MASK,
    .excluded = EXCLUSIVE | WAITERS,
    .how = HD_ANNOTATE_SHARED,
};

static const struct access exclusive = {
    .taken = EXCLUSIVE,
    .held = EXCLUSIVE,
    .excluded = EXCLUSIVE | WAITERS | READERS_MASK,
    .how = HD_ANNOTATE_EXCLUSIVE,
};

static uint32_t load_state(const struct hd_rwlock *rwlock)
{
    return __atomic_load_n(&rwlock->state, __ATOMIC_RELAXED);
}

static bool try_take(struct hd_rwlock *rwlock, const struct access *access)
{
    uint32_t state = load_state(rwlock);

    while ((state & access->excluded) == 0) {
        /* Acquire: pairs with the releases in release_unnoticed() and store_state(). */
        if (__atomic_compare_exchange_n(&rwlock->state, &state, state + access->taken, true,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

/* Under guard: set `waiters`, unless the lock can be taken at once; false then. */
static bool announce_waiter(struct hd_rwlock *rwlock, const struct access *access)
{
    uint32_t state = load_state(rwlock);

    while ((state & access->excluded) != 0) {
        /* Relaxed: a read-modify-write goes on with the release sequence of earlier releases. */
        if ((state & WAITERS) != 0 ||
            __atomic_compare_exchange_n(&rwlock->state, &state, state | WAITERS, true,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

/* `waiters` as the lists have it, for a `state` that is about to be written. Under guard. */
static uint32_t waiters_bit(const struct hd_rwlock *rwlock)
{
    bool is_anybody_waiting =
        !hd_waiter_list_is_empty(&rwlock->readers) || !hd_waiter_list_is_empty(&rwlock->writers);

    return is_anybody_waiting ? WAITERS : 0;
}

static uint32_t count(const struct hd_waiter *first)
{
    uint32_t waiters = 0;

    for (; first != NULL; first = first->next) {
        waiters++;
    }
    return waiters;
}

/* Under guard, with `waiters` set: write `state`. */
static void store_state(struct hd_rwlock *rwlock, uint32_t state)
{
    /* Release: pairs with the acquire in try_take(). */
    __atomic_store_n(&rwlock->state, state, __ATOMIC_RELEASE);
}

/*
 * The caller is the last holder, and somebody waits: give the lock to the first writer, or to all
 * readers if no writer waits. Releases the guard.
 */
static void hand_over(struct hd_rwlock *rwlock)
{
    struct hd_waiter *next = hd_waiter_list_take_first(&rwlock->writers);

    if (next != NULL) {
        store_state(rwlock, EXCLUSIVE | waiters_bit(rwlock));
    } else {
        next = hd_waiter_list_take_all(&rwlock->readers);
        store_state(rwlock, count(next));
    }
    (void)hd_word_lock_release(&rwlock->guard);
    hd_waiter_wake_all(next, HD_OK);
}

/*
 * A waiter has given up: readers that waited only because a writer did go on. Releases the guard.
 *
 * While readers hold the lock, others wait behind a writer only. If that was the one, all may
 * enter.
 */
static void after_leaving(struct hd_rwlock *rwlock)
{
    struct hd_waiter *admitted = NULL;
    /* Acquire: pairs with the releases in release_unnoticed(); store_state() passes on what they
     * published. */
    uint32_t holders =
        __atomic_load_n(&rwlock->state, __ATOMIC_ACQUIRE) & (EXCLUSIVE | READERS_MASK);

    if ((holders & EXCLUSIVE) == 0 && hd_waiter_list_is_empty(&rwlock->writers)) {
        admitted = hd_waiter_list_take_all(&rwlock->readers);
    }
    store_state(rwlock, (holders + count(admitted)) | waiters_bit(rwlock));
    (void)hd_word_lock_release(&rwlock->guard);
    hd_waiter_wake_all(admitted, HD_OK);
}

/* Look while the holder may be about to finish. Once others wait, it is their turn. */
static bool take_by_looking(struct hd_rwlock *rwlock, const struct access *access)
{
    struct hd_spin spin = HD_SPIN_INITIALIZER;

    do {
        if ((load_state(rwlock) & WAITERS) != 0) {
            return false;
        }
        if (try_take(rwlock, access)) {
            return true;
        }
    } while (hd_spin_again(&spin));
    return false;
}

/* Wait in `list` until the lock is handed over; false if `deadline_ns` came first. */
static bool take_until(struct hd_rwlock *rwlock,
                       const struct access *access,
                       struct hd_waiter_list *list,
                       uint64_t deadline_ns)
{
    struct hd_waiter waiter;

    if (try_take(rwlock, access) || take_by_looking(rwlock, access)) {
        return true;
    }
    hd_word_lock_acquire(&rwlock->guard);
    while (!announce_waiter(rwlock, access)) {
        if (try_take(rwlock, access)) {
            (void)hd_word_lock_release(&rwlock->guard);
            return true;
        }
    }
    hd_waiter_list_append(list, &waiter);
    if (hd_waiter_wait(&waiter, list, &rwlock->guard, deadline_ns)) {
        return true;
    }
    after_leaving(rwlock);
    return false;
}

static bool is_owner(const struct hd_rwlock *rwlock)
{
    return __atomic_load_n(&rwlock->owner, __ATOMIC_RELAXED) == hd_identity_self();
}

static void store_owner(struct hd_rwlock *rwlock, uintptr_t owner)
{
    __atomic_store_n(&rwlock->owner, owner, __ATOMIC_RELAXED);
}

static enum hd_result acquire_until(struct hd_rwlock *rwlock,
                                    const struct access *access,
                                    struct hd_waiter_list *list,
                                    uint64_t deadline_ns)
{
    unsigned how = deadline_ns == HD_FOREVER ? access->how : access->how | HD_ANNOTATE_TRY;

    if (is_owner(rwlock)) {
        return HD_WOULD_DEADLOCK;
    }
    hd_annotate_acquire_begin(rwlock, how);
    bool is_acquired = take_until(rwlock, access, list, deadline_ns);

    hd_annotate_acquire_end(rwlock, how, is_acquired);
    return is_acquired ? HD_OK : HD_TIMEOUT;
}

static enum hd_result try_acquire(struct hd_rwlock *rwlock, const struct access *access)
{
    hd_annotate_acquire_begin(rwlock, access->how | HD_ANNOTATE_TRY);
    bool is_acquired = try_take(rwlock, access);

    hd_annotate_acquire_end(rwlock, access->how | HD_ANNOTATE_TRY, is_acquired);
    return is_acquired ? HD_OK : HD_BUSY;
}

/* Give up one hold while nobody waits; false if somebody does, or if there is none to give up. */
static bool release_unnoticed(struct hd_rwlock *rwlock, const struct access *access)
{
    uint32_t state = load_state(rwlock);

    while ((state & WAITERS) == 0 && (state & access->held) != 0) {
        /* Release: pairs with the acquires in try_take(), after_leaving() and release(). */
        if (__atomic_compare_exchange_n(&rwlock->state, &state, state - access->taken, true,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

/* Under guard, somebody waiting: give up one hold. Releases the guard. */
static void release_noticed(struct hd_rwlock *rwlock, uint32_t state, const struct access *access)
{
    if ((state & ~WAITERS) == access->taken) {
        hand_over(rwlock);
        return;
    }
    store_state(rwlock, state - access->taken);
    (void)hd_word_lock_release(&rwlock->guard);
}

/*
 * Give up one hold; false if nobody holds the lock so: two threads may have tried to give up the
 * same one.
 */
static bool release(struct hd_rwlock *rwlock, const struct access *access)
{
    while (!release_unnoticed(rwlock, access)) {
        hd_word_lock_acquire(&rwlock->guard);
        /* Acquire: pairs with the releases of holders before; store_state() passes them on. */
        uint32_t state = __atomic_load_n(&rwlock->state, __ATOMIC_ACQUIRE);

        if ((state & WAITERS) != 0 && (state & access->held) != 0) {
            release_noticed(rwlock, state, access);
            return true;
        }
        (void)hd_word_lock_release(&rwlock->guard); /* all have left meanwhile */
        if ((state & access->held) == 0) {
            return false;
        }
    }
    return true;
}

void hd_rwlock_init(struct hd_rwlock *rwlock)
{
    *rwlock = (struct hd_rwlock)HD_RWLOCK_INITIALIZER;
    hd_annotate_init(rwlock, HD_ANNOTATE_EXCLUSIVE);
}

void hd_rwlock_destroy(struct hd_rwlock *rwlock)
{
    hd_annotate_destroy(rwlock, HD_ANNOTATE_EXCLUSIVE);
}

enum hd_result hd_rwlock_acquire_shared(struct hd_rwlock *rwlock)
{
    return hd_rwlock_acquire_shared_until(rwlock, HD_FOREVER);
}

enum hd_result hd_rwlock_try_acquire_shared(struct hd_rwlock *rwlock)
{
    return try_acquire(rwlock, &shared);
}

enum hd_result hd_rwlock_acquire_shared_until(struct hd_rwlock *rwlock, uint64_t deadline_ns)
{
    return acquire_until(rwlock, &shared, &rwlock->readers, deadline_ns);
}

enum hd_result hd_rwlock_release_shared(struct hd_rwlock *rwlock)
{
    if ((load_state(rwlock) & READERS_MASK) == 0) {
        return HD_NOT_OWNER;
    }
    hd_annotate_release_begin(rwlock, HD_ANNOTATE_SHARED);
    bool is_released = release(rwlock, &shared);

    hd_annotate_release_end(rwlock, HD_ANNOTATE_SHARED);
    return is_released ? HD_OK : HD_NOT_OWNER;
}

enum hd_result hd_rwlock_acquire_exclusive(struct hd_rwlock *rwlock)
{
    return hd_rwlock_acquire_exclusive_until(rwlock, HD_FOREVER);
}

enum hd_result hd_rwlock_try_acquire_exclusive(struct hd_rwlock *rwlock)
{
    enum hd_result result = try_acquire(rwlock, &exclusive);

    if (result == HD_OK) {
        store_owner(rwlock, hd_identity_self());
    }
    return result;
}

enum hd_result hd_rwlock_acquire_exclusive_until(struct hd_rwlock *rwlock, uint64_t deadline_ns)
{
    enum hd_result result = acquire_until(rwlock, &exclusive, &rwlock->writers, deadline_ns);

    if (result == HD_OK) {
        store_owner(rwlock, hd_identity_self());
    }
    return result;
}

enum hd_result hd_rwlock_release_exclusive(struct hd_rwlock *rwlock)
{
    if (!is_owner(rwlock)) {
        return HD_NOT_OWNER;
    }
    store_owner(rwlock, 0);
    hd_annotate_release_begin(rwlock, HD_ANNOTATE_EXCLUSIVE);
    (void)release(rwlock, &exclusive); /* it is held: the caller is the owner */
    hd_annotate_release_end(rwlock, HD_ANNOTATE_EXCLUSIVE);
    return HD_OK;
}
