/*
 * Broken locks behind the adapters of tests/reference: programs of operations must find each.
 *
 * It is the code of fuzz/operations that judges here, as it judges what ought to be right: were it
 * to find nothing any more, this would show. Each object is right but for one mistake, which only
 * some interleavings and some programs show.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include <heddle/check.h>
#include <heddle/specification.h>

#include "fuzz/operations/lock_operations.h"
#include "fuzz/operations/rwlock_operations.h"
#include "tests/reference/object.h"

struct word {
    uint32_t value; /* atomic */
};

static uint32_t load(const struct word *word)
{
    return __atomic_load_n(&word->value, __ATOMIC_ACQUIRE); /* Pairs with store(). */
}

static void store(struct word *word, uint32_t value)
{
    __atomic_store_n(&word->value, value, __ATOMIC_RELEASE); /* Pairs with load(). */
}

static void add(struct word *word, uint32_t value)
{
    (void)__atomic_add_fetch(&word->value, value, __ATOMIC_ACQ_REL); /* Pairs with load(). */
}

/* ---- Lock: its acquire does not acquire ------------------------------------------------------ */

static void *lock_create(void) { return hd_object_new(1, sizeof(struct word)); }

static enum hd_result lock_release(void *lock, unsigned self)
{
    (void)self;
    store(lock, 0);
    return HD_OK;
}

/* Relaxed is the mistake: who holds the lock is alone, but does not see what was done before. */
static enum hd_result lock_acquire_relaxed(void *lock, unsigned self)
{
    struct word *word = lock;

    (void)self;
    while (__atomic_exchange_n(&word->value, 1, __ATOMIC_RELAXED) != 0) {
    }
    return HD_OK;
}

static enum hd_result lock_acquire(void *lock, unsigned self)
{
    struct word *word = lock;

    (void)self;
    /* Acquire: pairs with the release in store(). */
    while (__atomic_exchange_n(&word->value, 1, __ATOMIC_ACQUIRE) != 0) {
    }
    return HD_OK;
}

static void setup_lock(void *state)
{
    static const struct hd_lock_adapter adapter = {
        .create = lock_create,
        .destroy = free,
        .acquire = lock_acquire_relaxed,
        .release = lock_release,
    };

    hd_lock_operations_begin(state, &adapter, false);
}

static void setup_lock_right(void *state)
{
    static const struct hd_lock_adapter adapter = {
        .create = lock_create,
        .destroy = free,
        .acquire = lock_acquire,
        .release = lock_release,
    };

    hd_lock_operations_begin(state, &adapter, false);
}

const struct hd_scenario hd_scenario_operations_find_lock_without_acquire = {
    .summary = "programs of operations on a lock whose acquire is relaxed",
    .state_size = sizeof(struct hd_lock_operations),
    .setup = setup_lock,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_lock_operations_check,
    .fixed_setup = setup_lock_right,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

/* ---- Reader-writer lock: a writer overlooks a reader ----------------------------------------- */

struct rwlock {
    struct word has_writer;
    struct word readers;
};

static void *rwlock_create(void) { return hd_object_new(1, sizeof(struct rwlock)); }

static void acquire_exclusive(struct rwlock *rwlock)
{
    /* Pairs with the release in store(). */
    while (__atomic_exchange_n(&rwlock->has_writer.value, 1, __ATOMIC_ACQ_REL) != 0) {
    }
    while (load(&rwlock->readers) != 0) {
    }
}

/* The look before the entry is the mistake: a writer may come in between. */
static enum hd_result rwlock_acquire_blindly(void *object, unsigned self, enum hd_hold hold)
{
    struct rwlock *rwlock = object;

    (void)self;
    if (hold == HD_EXCLUSIVE) {
        acquire_exclusive(rwlock);
        return HD_OK;
    }
    while (load(&rwlock->has_writer) != 0) {
    }
    add(&rwlock->readers, 1);
    return HD_OK;
}

static enum hd_result rwlock_acquire(void *object, unsigned self, enum hd_hold hold)
{
    struct rwlock *rwlock = object;

    (void)rwlock_acquire_blindly(rwlock, self, hold);
    while (hold == HD_SHARED && load(&rwlock->has_writer) != 0) {
        add(&rwlock->readers, UINT32_MAX);
        (void)rwlock_acquire_blindly(rwlock, self, hold);
    }
    return HD_OK;
}

static enum hd_result rwlock_release(void *object, unsigned self, enum hd_hold hold)
{
    struct rwlock *rwlock = object;

    (void)self;
    if (hold == HD_EXCLUSIVE) {
        store(&rwlock->has_writer, 0);
    } else {
        add(&rwlock->readers, UINT32_MAX);
    }
    return HD_OK;
}

static void setup_rwlock(void *state)
{
    static const struct hd_rwlock_adapter adapter = {
        .create = rwlock_create,
        .destroy = free,
        .acquire = rwlock_acquire_blindly,
        .release = rwlock_release,
    };

    hd_rwlock_operations_begin(state, &adapter);
}

static void setup_rwlock_right(void *state)
{
    static const struct hd_rwlock_adapter adapter = {
        .create = rwlock_create,
        .destroy = free,
        .acquire = rwlock_acquire,
        .release = rwlock_release,
    };

    hd_rwlock_operations_begin(state, &adapter);
}

const struct hd_scenario hd_scenario_operations_find_rwlock_that_overlooks = {
    .summary = "programs of operations on a reader-writer lock whose writer overlooks a reader",
    .state_size = sizeof(struct hd_rwlock_operations),
    .setup = setup_rwlock,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_rwlock_operations_check,
    .fixed_setup = setup_rwlock_right,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
