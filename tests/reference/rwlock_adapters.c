/*
 * Reader-writer locks: hd_rwlock, five of CK, and the POSIX rwlock.
 *
 * A bytelock's readers each set a byte, and its writer reads eight of them as one word. As C11 has
 * it, and ThreadSanitizer, two atomics of different size do not order each other, unless they have
 * the same address: so each thread here gets the first byte of a word of its own. What happens on
 * the others shows known_races/bytelock_byte_and_word.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <pthread.h>
#include <stdlib.h>

#include <ck_bytelock.h>
#include <ck_pflock.h>
#include <ck_rwlock.h>
#include <ck_tflock.h>

#include <heddle/rwlock.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"
#include "tests/reference/posix.h"

static void *hd_create(void)
{
    struct hd_rwlock *rwlock = hd_object_new(1, sizeof(*rwlock));

    hd_rwlock_init(rwlock);
    return rwlock;
}

static void hd_destroy(void *rwlock)
{
    hd_rwlock_destroy(rwlock);
    free(rwlock);
}

static enum hd_result hd_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    return hold == HD_SHARED ? hd_rwlock_acquire_shared(rwlock)
                             : hd_rwlock_acquire_exclusive(rwlock);
}

static enum hd_result hd_try_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    return hold == HD_SHARED ? hd_rwlock_try_acquire_shared(rwlock)
                             : hd_rwlock_try_acquire_exclusive(rwlock);
}

static enum hd_result
hd_acquire_until(void *rwlock, unsigned self, enum hd_hold hold, uint64_t deadline_ns)
{
    (void)self;
    return hold == HD_SHARED ? hd_rwlock_acquire_shared_until(rwlock, deadline_ns)
                             : hd_rwlock_acquire_exclusive_until(rwlock, deadline_ns);
}

static enum hd_result hd_release(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    return hold == HD_SHARED ? hd_rwlock_release_shared(rwlock)
                             : hd_rwlock_release_exclusive(rwlock);
}

static void *plain_create(void)
{
    ck_rwlock_t *rwlock = hd_object_new(1, sizeof(*rwlock));

    ck_rwlock_init(rwlock);
    return rwlock;
}

static enum hd_result plain_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    if (hold == HD_SHARED) {
        ck_rwlock_read_lock(rwlock);
    } else {
        ck_rwlock_write_lock(rwlock);
    }
    return HD_OK;
}

static enum hd_result plain_try_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    bool is_acquired =
        hold == HD_SHARED ? ck_rwlock_read_trylock(rwlock) : ck_rwlock_write_trylock(rwlock);

    (void)self;
    return is_acquired ? HD_OK : HD_BUSY;
}

static enum hd_result plain_release(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    if (hold == HD_SHARED) {
        ck_rwlock_read_unlock(rwlock);
    } else {
        ck_rwlock_write_unlock(rwlock);
    }
    return HD_OK;
}

/* CK knows the owner by a number, and 0 is nobody. */
static unsigned recursive_thread(unsigned self) { return self + 1; }

static void *recursive_create(void)
{
    ck_rwlock_recursive_t *rwlock = hd_object_new(1, sizeof(*rwlock));

    ck_rwlock_init(&rwlock->rw);
    return rwlock;
}

static enum hd_result recursive_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    if (hold == HD_SHARED) {
        ck_rwlock_recursive_read_lock(rwlock);
    } else {
        ck_rwlock_recursive_write_lock(rwlock, recursive_thread(self));
    }
    return HD_OK;
}

static enum hd_result recursive_release(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    if (hold == HD_SHARED) {
        ck_rwlock_recursive_read_unlock(rwlock);
    } else {
        ck_rwlock_recursive_write_unlock(rwlock);
    }
    return HD_OK;
}

static void *phase_fair_create(void)
{
    ck_pflock_t *rwlock = hd_object_new(1, sizeof(*rwlock));

    ck_pflock_init(rwlock);
    return rwlock;
}

static enum hd_result phase_fair_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    if (hold == HD_SHARED) {
        ck_pflock_read_lock(rwlock);
    } else {
        ck_pflock_write_lock(rwlock);
    }
    return HD_OK;
}

static enum hd_result phase_fair_release(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    if (hold == HD_SHARED) {
        ck_pflock_read_unlock(rwlock);
    } else {
        ck_pflock_write_unlock(rwlock);
    }
    return HD_OK;
}

static void *task_fair_create(void)
{
    ck_tflock_ticket_t *rwlock = hd_object_new(1, sizeof(*rwlock));

    ck_tflock_ticket_init(rwlock);
    return rwlock;
}

static enum hd_result task_fair_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    if (hold == HD_SHARED) {
        ck_tflock_ticket_read_lock(rwlock);
    } else {
        ck_tflock_ticket_write_lock(rwlock);
    }
    return HD_OK;
}

static enum hd_result task_fair_release(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    if (hold == HD_SHARED) {
        ck_tflock_ticket_read_unlock(rwlock);
    } else {
        ck_tflock_ticket_write_unlock(rwlock);
    }
    return HD_OK;
}

/* Slots count from 1. */
static unsigned byte_slot(unsigned self) { return 1 + self * (unsigned)sizeof(uint64_t); }

static void *byte_create(void)
{
    ck_bytelock_t *rwlock = hd_object_new(1, sizeof(*rwlock));

    ck_bytelock_init(rwlock);
    return rwlock;
}

static enum hd_result byte_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    if (hold == HD_SHARED) {
        ck_bytelock_read_lock(rwlock, byte_slot(self));
    } else {
        ck_bytelock_write_lock(rwlock, byte_slot(self));
    }
    return HD_OK;
}

static enum hd_result byte_release(void *rwlock, unsigned self, enum hd_hold hold)
{
    if (hold == HD_SHARED) {
        ck_bytelock_read_unlock(rwlock, byte_slot(self));
    } else {
        ck_bytelock_write_unlock(rwlock);
    }
    return HD_OK;
}

static void *posix_create(void)
{
    pthread_rwlock_t *rwlock = hd_object_new(1, sizeof(*rwlock));

    if (pthread_rwlock_init(rwlock, NULL) != 0) {
        abort();
    }
    return rwlock;
}

static void posix_destroy(void *rwlock)
{
    if (pthread_rwlock_destroy(rwlock) != 0) {
        abort();
    }
    free(rwlock);
}

static enum hd_result posix_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    return hd_posix_result(hold == HD_SHARED ? pthread_rwlock_rdlock(rwlock)
                                             : pthread_rwlock_wrlock(rwlock));
}

static enum hd_result posix_try_acquire(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    return hd_posix_result(hold == HD_SHARED ? pthread_rwlock_tryrdlock(rwlock)
                                             : pthread_rwlock_trywrlock(rwlock));
}

static enum hd_result
posix_acquire_until(void *rwlock, unsigned self, enum hd_hold hold, uint64_t deadline_ns)
{
    const struct timespec deadline = hd_posix_realtime(deadline_ns);

    (void)self;
    return hd_posix_result(hold == HD_SHARED ? pthread_rwlock_timedrdlock(rwlock, &deadline)
                                             : pthread_rwlock_timedwrlock(rwlock, &deadline));
}

static enum hd_result posix_release(void *rwlock, unsigned self, enum hd_hold hold)
{
    (void)self;
    (void)hold;
    return hd_posix_result(pthread_rwlock_unlock(rwlock));
}

const struct hd_rwlock_adapter hd_rwlock_adapters[] = {
    {
        .name = "hd_rwlock",
        .can = HD_CAN_EVERYTHING,
        .create = hd_create,
        .destroy = hd_destroy,
        .acquire = hd_acquire,
        .try_acquire = hd_try_acquire,
        .acquire_until = hd_acquire_until,
        .release = hd_release,
    },
    {
        .name = "ck_rwlock",
        .can = HD_CAN_TRY,
        .create = plain_create,
        .destroy = free,
        .acquire = plain_acquire,
        .try_acquire = plain_try_acquire,
        .release = plain_release,
    },
    {
        /* Its try takes the lock again for its owner, which a rwlock must not. */
        .name = "ck_rwlock_recursive",
        .create = recursive_create,
        .destroy = free,
        .acquire = recursive_acquire,
        .release = recursive_release,
    },
    {
        .name = "ck_pflock",
        .create = phase_fair_create,
        .destroy = free,
        .acquire = phase_fair_acquire,
        .release = phase_fair_release,
    },
    {
        .name = "ck_tflock_ticket",
        .create = task_fair_create,
        .destroy = free,
        .acquire = task_fair_acquire,
        .release = task_fair_release,
    },
    {
        .name = "ck_bytelock",
        .create = byte_create,
        .destroy = free,
        .acquire = byte_acquire,
        .release = byte_release,
    },
    {
        .name = "pthread_rwlock",
        .can = HD_CAN_TRY | HD_CAN_TIME | HD_CAN_BLOCK | HD_CAN_REFUSE,
        .create = posix_create,
        .destroy = posix_destroy,
        .acquire = posix_acquire,
        .try_acquire = posix_try_acquire,
        .acquire_until = posix_acquire_until,
        .release = posix_release,
    },
};
const size_t hd_rwlock_adapters_count = sizeof(hd_rwlock_adapters) / sizeof(hd_rwlock_adapters[0]);
