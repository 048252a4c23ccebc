/*
 * Semaphores: hd_semaphore, hd_bounded_semaphore, one on CK's event count, and the POSIX semaphore.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>

#include <heddle/bounded_semaphore.h>
#include <heddle/semaphore.h>

#include "tests/reference/adapters.h"
#include "tests/reference/event_count.h"
#include "tests/reference/object.h"
#include "tests/reference/posix.h"

static void *hd_create(uint32_t units)
{
    struct hd_semaphore *semaphore = hd_object_new(1, sizeof(*semaphore));

    if (hd_semaphore_init(semaphore, units) != HD_OK) {
        abort();
    }
    return semaphore;
}

static void hd_destroy(void *semaphore)
{
    hd_semaphore_destroy(semaphore);
    free(semaphore);
}

static void hd_acquire(void *semaphore) { hd_semaphore_acquire(semaphore); }

static enum hd_result hd_try_acquire(void *semaphore)
{
    return hd_semaphore_try_acquire(semaphore);
}

static enum hd_result hd_acquire_until(void *semaphore, uint64_t deadline_ns)
{
    return hd_semaphore_acquire_until(semaphore, deadline_ns);
}

static enum hd_result hd_release(void *semaphore, uint32_t units)
{
    return hd_semaphore_release(semaphore, units);
}

static uint32_t hd_value(void *semaphore) { return hd_semaphore_value(semaphore); }

static void *bounded_create(uint32_t units)
{
    struct hd_bounded_semaphore *semaphore = hd_object_new(1, sizeof(*semaphore));

    if (hd_bounded_semaphore_init(semaphore, units) != HD_OK) {
        abort();
    }
    return semaphore;
}

static void bounded_destroy(void *semaphore)
{
    hd_bounded_semaphore_destroy(semaphore);
    free(semaphore);
}

static void bounded_acquire(void *semaphore) { hd_bounded_semaphore_acquire(semaphore); }

static enum hd_result bounded_try_acquire(void *semaphore)
{
    return hd_bounded_semaphore_try_acquire(semaphore);
}

static enum hd_result bounded_acquire_until(void *semaphore, uint64_t deadline_ns)
{
    return hd_bounded_semaphore_acquire_until(semaphore, deadline_ns);
}

static enum hd_result bounded_release(void *semaphore, uint32_t units)
{
    return hd_bounded_semaphore_release(semaphore, units);
}

static uint32_t bounded_value(void *semaphore) { return hd_bounded_semaphore_value(semaphore); }

/* Units in a word; who finds none waits for the count of releases to change. */
struct ec_semaphore {
    uint32_t units;                 /* atomic: free units */
    uint32_t bound;                 /* constant after init: units is never more */
    struct hd_event_count releases; /* advanced after units has grown */
};

static void *ec_create_bounded(uint32_t units, uint32_t bound)
{
    struct ec_semaphore *semaphore = hd_object_new(1, sizeof(*semaphore));

    semaphore->units = units;
    semaphore->bound = bound;
    return semaphore;
}

static void *ec_create(uint32_t units) { return ec_create_bounded(units, HD_SEMAPHORE_MAX); }

static void *ec_bounded_create(uint32_t units) { return ec_create_bounded(units, units); }

static enum hd_result ec_try_acquire(void *object)
{
    struct ec_semaphore *semaphore = object;
    uint32_t units = ck_pr_load_32(&semaphore->units);

    while (units != 0) {
        if (ck_pr_cas_32_value(&semaphore->units, units, units - 1, &units)) {
            return HD_OK;
        }
    }
    return HD_BUSY;
}

static enum hd_result ec_acquire_until(void *object, uint64_t deadline_ns)
{
    struct ec_semaphore *semaphore = object;

    for (;;) {
        uint64_t seen = hd_event_count_value(&semaphore->releases);

        if (ec_try_acquire(semaphore) == HD_OK) {
            return HD_OK;
        }
        if (hd_event_count_wait_until(&semaphore->releases, seen, deadline_ns) != HD_OK) {
            return HD_TIMEOUT;
        }
    }
}

static void ec_acquire(void *object)
{
    if (ec_acquire_until(object, HD_FOREVER) != HD_OK) {
        abort();
    }
}

static enum hd_result ec_release(void *object, uint32_t released)
{
    struct ec_semaphore *semaphore = object;
    uint32_t units = ck_pr_load_32(&semaphore->units);

    do {
        if (released > semaphore->bound - units) {
            return HD_OVERFLOW;
        }
    } while (!ck_pr_cas_32_value(&semaphore->units, units, units + released, &units));
    hd_event_count_advance(&semaphore->releases);
    return HD_OK;
}

static uint32_t ec_value(void *object)
{
    return ck_pr_load_32(&((struct ec_semaphore *)object)->units);
}

static void *posix_create(uint32_t units)
{
    sem_t *semaphore = hd_object_new(1, sizeof(*semaphore));

    if (sem_init(semaphore, 0, units) != 0) {
        abort();
    }
    return semaphore;
}

static void posix_destroy(void *semaphore)
{
    if (sem_destroy(semaphore) != 0) {
        abort();
    }
    free(semaphore);
}

static void posix_acquire(void *semaphore)
{
    while (sem_wait(semaphore) != 0) {
        if (errno != EINTR) {
            abort();
        }
    }
}

static enum hd_result posix_try_acquire(void *semaphore)
{
    if (sem_trywait(semaphore) == 0) {
        return HD_OK;
    }
    return errno == EAGAIN ? HD_BUSY : hd_posix_result(errno);
}

static enum hd_result posix_acquire_until(void *semaphore, uint64_t deadline_ns)
{
    const struct timespec deadline = hd_posix_realtime(deadline_ns);

    while (sem_timedwait(semaphore, &deadline) != 0) {
        if (errno != EINTR) {
            return hd_posix_result(errno);
        }
    }
    return HD_OK;
}

static uint32_t posix_value(void *semaphore)
{
    int value = 0;

    if (sem_getvalue(semaphore, &value) != 0) {
        abort();
    }
    return (uint32_t)value;
}

/* POSIX posts units one by one, so all or none is exact only while nobody else releases. */
static enum hd_result posix_release(void *semaphore, uint32_t units)
{
    if (units > HD_SEMAPHORE_MAX - posix_value(semaphore)) {
        return HD_OVERFLOW;
    }
    for (uint32_t unit = 0; unit < units; unit++) {
        if (sem_post(semaphore) != 0) {
            return hd_posix_result(errno);
        }
    }
    return HD_OK;
}

const struct hd_semaphore_adapter hd_semaphore_adapters[] = {
    {
        .name = "hd_semaphore",
        .create = hd_create,
        .destroy = hd_destroy,
        .acquire = hd_acquire,
        .try_acquire = hd_try_acquire,
        .acquire_until = hd_acquire_until,
        .release = hd_release,
        .value = hd_value,
    },
    {
        .name = "ck_ec semaphore",
        .create = ec_create,
        .destroy = free,
        .acquire = ec_acquire,
        .try_acquire = ec_try_acquire,
        .acquire_until = ec_acquire_until,
        .release = ec_release,
        .value = ec_value,
    },
    {
        .name = "sem_t",
        .create = posix_create,
        .destroy = posix_destroy,
        .acquire = posix_acquire,
        .try_acquire = posix_try_acquire,
        .acquire_until = posix_acquire_until,
        .release = posix_release,
        .value = posix_value,
    },
};
const size_t hd_semaphore_adapters_count =
    sizeof(hd_semaphore_adapters) / sizeof(hd_semaphore_adapters[0]);

const struct hd_semaphore_adapter hd_bounded_semaphore_adapters[] = {
    {
        .name = "hd_bounded_semaphore",
        .create = bounded_create,
        .destroy = bounded_destroy,
        .acquire = bounded_acquire,
        .try_acquire = bounded_try_acquire,
        .acquire_until = bounded_acquire_until,
        .release = bounded_release,
        .value = bounded_value,
    },
    {
        .name = "ck_ec bounded semaphore",
        .create = ec_bounded_create,
        .destroy = free,
        .acquire = ec_acquire,
        .try_acquire = ec_try_acquire,
        .acquire_until = ec_acquire_until,
        .release = ec_release,
        .value = ec_value,
    },
};
const size_t hd_bounded_semaphore_adapters_count =
    sizeof(hd_bounded_semaphore_adapters) / sizeof(hd_bounded_semaphore_adapters[0]);
