/*
 * Conditions with their locks: hd_condition over both of Heddle's, CK's event count under a
 * spinlock, and the POSIX condition variable.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <pthread.h>
#include <stdlib.h>

#include <ck_spinlock.h>

#include <heddle/condition.h>

#include "tests/reference/adapters.h"
#include "tests/reference/event_count.h"
#include "tests/reference/object.h"
#include "tests/reference/posix.h"

struct hd_locked_condition {
    struct hd_lock lock;   /* one of the two is used */
    struct hd_rlock rlock; /* the other one stays free */
    struct hd_condition condition;
};

static void *hd_create(void)
{
    struct hd_locked_condition *object = hd_object_new(1, sizeof(*object));

    hd_lock_init(&object->lock);
    hd_condition_init(&object->condition, &object->lock);
    return object;
}

static void *hd_create_rlock(void)
{
    struct hd_locked_condition *object = hd_object_new(1, sizeof(*object));

    hd_rlock_init(&object->rlock);
    hd_condition_init_rlock(&object->condition, &object->rlock);
    return object;
}

static void hd_destroy(void *object)
{
    struct hd_locked_condition *locked = object;

    hd_condition_destroy(&locked->condition);
    hd_lock_destroy(&locked->lock);
    free(object);
}

static void hd_destroy_rlock(void *object)
{
    struct hd_locked_condition *locked = object;

    hd_condition_destroy(&locked->condition);
    hd_rlock_destroy(&locked->rlock);
    free(object);
}

static void hd_acquire(void *object)
{
    hd_lock_acquire(&((struct hd_locked_condition *)object)->lock);
}

static enum hd_result hd_release(void *object)
{
    return hd_lock_release(&((struct hd_locked_condition *)object)->lock);
}

/* Two levels, so that waits have something to restore. */
static void hd_acquire_rlock(void *object)
{
    struct hd_rlock *rlock = &((struct hd_locked_condition *)object)->rlock;

    if (hd_rlock_acquire(rlock) != HD_OK || hd_rlock_acquire(rlock) != HD_OK) {
        abort();
    }
}

static enum hd_result hd_release_rlock(void *object)
{
    struct hd_rlock *rlock = &((struct hd_locked_condition *)object)->rlock;
    enum hd_result result = hd_rlock_release(rlock);

    return result == HD_OK ? hd_rlock_release(rlock) : result;
}

static enum hd_result hd_wait(void *object)
{
    return hd_condition_wait(&((struct hd_locked_condition *)object)->condition);
}

static enum hd_result hd_wait_until(void *object, uint64_t deadline_ns)
{
    return hd_condition_wait_until(&((struct hd_locked_condition *)object)->condition, deadline_ns);
}

static enum hd_result hd_notify(void *object, size_t count)
{
    return hd_condition_notify(&((struct hd_locked_condition *)object)->condition, count);
}

static enum hd_result hd_notify_all(void *object)
{
    return hd_condition_notify_all(&((struct hd_locked_condition *)object)->condition);
}

struct ec_condition {
    ck_spinlock_fas_t lock;
    struct hd_event_count notifies; /* advanced under lock */
};

static void *ec_create(void)
{
    struct ec_condition *condition = hd_object_new(1, sizeof(*condition));

    ck_spinlock_fas_init(&condition->lock);
    return condition;
}

static void ec_acquire(void *object)
{
    ck_spinlock_fas_lock(&((struct ec_condition *)object)->lock);
}

static enum hd_result ec_release(void *object)
{
    ck_spinlock_fas_unlock(&((struct ec_condition *)object)->lock);
    return HD_OK;
}

static enum hd_result ec_wait_until(void *object, uint64_t deadline_ns)
{
    struct ec_condition *condition = object;
    uint64_t seen = hd_event_count_value(&condition->notifies);
    enum hd_result result;

    ck_spinlock_fas_unlock(&condition->lock);
    result = hd_event_count_wait_until(&condition->notifies, seen, deadline_ns);
    ck_spinlock_fas_lock(&condition->lock);
    return result;
}

static enum hd_result ec_wait(void *object) { return ec_wait_until(object, HD_FOREVER); }

static enum hd_result ec_notify_all(void *object)
{
    hd_event_count_advance(&((struct ec_condition *)object)->notifies);
    return HD_OK;
}

/* An event count wakes all who wait. */
static enum hd_result ec_notify(void *object, size_t count)
{
    return count == 0 ? HD_OK : ec_notify_all(object);
}

struct posix_condition {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

static void *posix_create(void)
{
    struct posix_condition *object = hd_object_new(1, sizeof(*object));
    pthread_condattr_t attributes;

    if (pthread_mutex_init(&object->mutex, NULL) != 0 || pthread_condattr_init(&attributes) != 0 ||
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&object->condition, &attributes) != 0 ||
        pthread_condattr_destroy(&attributes) != 0) {
        abort();
    }
    return object;
}

static void posix_destroy(void *object)
{
    struct posix_condition *posix = object;

    if (pthread_cond_destroy(&posix->condition) != 0 || pthread_mutex_destroy(&posix->mutex) != 0) {
        abort();
    }
    free(object);
}

static void posix_acquire(void *object)
{
    if (pthread_mutex_lock(&((struct posix_condition *)object)->mutex) != 0) {
        abort();
    }
}

static enum hd_result posix_release(void *object)
{
    return hd_posix_result(pthread_mutex_unlock(&((struct posix_condition *)object)->mutex));
}

static enum hd_result posix_wait(void *object)
{
    struct posix_condition *posix = object;

    return hd_posix_result(pthread_cond_wait(&posix->condition, &posix->mutex));
}

static enum hd_result posix_wait_until(void *object, uint64_t deadline_ns)
{
    struct posix_condition *posix = object;
    const struct timespec deadline = hd_posix_monotonic(deadline_ns);

    return hd_posix_result(pthread_cond_timedwait(&posix->condition, &posix->mutex, &deadline));
}

static enum hd_result posix_notify(void *object, size_t count)
{
    enum hd_result result = HD_OK;

    for (size_t waiter = 0; waiter < count && result == HD_OK; waiter++) {
        result =
            hd_posix_result(pthread_cond_signal(&((struct posix_condition *)object)->condition));
    }
    return result;
}

static enum hd_result posix_notify_all(void *object)
{
    return hd_posix_result(pthread_cond_broadcast(&((struct posix_condition *)object)->condition));
}

const struct hd_condition_adapter hd_condition_adapters[] = {
    {
        .name = "hd_condition",
        .can = HD_CAN_EVERYTHING,
        .create = hd_create,
        .destroy = hd_destroy,
        .acquire = hd_acquire,
        .release = hd_release,
        .wait = hd_wait,
        .wait_until = hd_wait_until,
        .notify = hd_notify,
        .notify_all = hd_notify_all,
    },
    {
        .name = "hd_condition over hd_rlock",
        .can = HD_CAN_EVERYTHING,
        .create = hd_create_rlock,
        .destroy = hd_destroy_rlock,
        .acquire = hd_acquire_rlock,
        .release = hd_release_rlock,
        .wait = hd_wait,
        .wait_until = hd_wait_until,
        .notify = hd_notify,
        .notify_all = hd_notify_all,
    },
    {
        .name = "ck_ec condition",
        .create = ec_create,
        .destroy = free,
        .acquire = ec_acquire,
        .release = ec_release,
        .wait = ec_wait,
        .wait_until = ec_wait_until,
        .notify = ec_notify,
        .notify_all = ec_notify_all,
    },
    {
        .name = "pthread_cond",
        .create = posix_create,
        .destroy = posix_destroy,
        .acquire = posix_acquire,
        .release = posix_release,
        .wait = posix_wait,
        .wait_until = posix_wait_until,
        .notify = posix_notify,
        .notify_all = posix_notify_all,
    },
};
const size_t hd_condition_adapters_count =
    sizeof(hd_condition_adapters) / sizeof(hd_condition_adapters[0]);
