/*
 * Events: hd_event, one on CK's event count, and a mutex with a condition variable.
 *
 * Each counts how often it was set, so that a set ends the waits that began before it even when the
 * event is clear again by the time they look.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <pthread.h>
#include <stdlib.h>

#include <heddle/event.h>

#include "tests/reference/adapters.h"
#include "tests/reference/event_count.h"
#include "tests/reference/object.h"
#include "tests/reference/posix.h"

static void *hd_create(void)
{
    struct hd_event *event = hd_object_new(1, sizeof(*event));

    hd_event_init(event);
    return event;
}

static void hd_destroy(void *event)
{
    hd_event_destroy(event);
    free(event);
}

static void hd_set(void *event) { hd_event_set(event); }

static void hd_clear(void *event) { hd_event_clear(event); }

static bool hd_is_set(void *event) { return hd_event_is_set(event); }

static void hd_wait(void *event) { hd_event_wait(event); }

static enum hd_result hd_wait_until(void *event, uint64_t deadline_ns)
{
    return hd_event_wait_until(event, deadline_ns);
}

/*
 * Bits of `word`:
 *   0      the event is set.
 *   1..31  how often it was set, so that a wait ends by sets that came after it began only.
 */
struct ec_event {
    uint32_t word;              /* atomic */
    struct hd_event_count sets; /* advanced after each set */
};

static void *ec_create(void) { return hd_object_new(1, sizeof(struct ec_event)); }

static void ec_set(void *object)
{
    struct ec_event *event = object;
    uint32_t word = ck_pr_load_32(&event->word);

    while (!ck_pr_cas_32_value(&event->word, word, (word + 2) | 1, &word)) {
    }
    hd_event_count_advance(&event->sets);
}

/* In one with what was there: so earlier sets stay seen. */
static void ec_clear(void *object) { ck_pr_and_32(&((struct ec_event *)object)->word, ~1U); }

static bool ec_is_set(void *object)
{
    return (ck_pr_load_32(&((struct ec_event *)object)->word) & 1) != 0;
}

static enum hd_result ec_wait_until(void *object, uint64_t deadline_ns)
{
    struct ec_event *event = object;
    const uint32_t first = ck_pr_load_32(&event->word);

    for (;;) {
        uint64_t seen = hd_event_count_value(&event->sets);
        uint32_t word = ck_pr_load_32(&event->word);

        if ((word & 1) != 0 || word >> 1 != first >> 1) {
            return HD_OK;
        }
        if (hd_event_count_wait_until(&event->sets, seen, deadline_ns) != HD_OK) {
            return HD_TIMEOUT;
        }
    }
}

static void ec_wait(void *event)
{
    if (ec_wait_until(event, HD_FOREVER) != HD_OK) {
        abort();
    }
}

struct posix_event {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_set;   /* under mutex */
    uint64_t sets; /* under mutex: how often it was set */
};

static void *posix_create(void)
{
    struct posix_event *event = hd_object_new(1, sizeof(*event));
    pthread_condattr_t attributes;

    if (pthread_mutex_init(&event->mutex, NULL) != 0 || pthread_condattr_init(&attributes) != 0 ||
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&event->changed, &attributes) != 0 ||
        pthread_condattr_destroy(&attributes) != 0) {
        abort();
    }
    return event;
}

static void posix_destroy(void *object)
{
    struct posix_event *event = object;

    if (pthread_cond_destroy(&event->changed) != 0 || pthread_mutex_destroy(&event->mutex) != 0) {
        abort();
    }
    free(event);
}

static void lock(struct posix_event *event)
{
    if (pthread_mutex_lock(&event->mutex) != 0) {
        abort();
    }
}

static void unlock(struct posix_event *event)
{
    if (pthread_mutex_unlock(&event->mutex) != 0) {
        abort();
    }
}

static void posix_set(void *object)
{
    struct posix_event *event = object;

    lock(event);
    event->is_set = true;
    event->sets++;
    if (pthread_cond_broadcast(&event->changed) != 0) {
        abort();
    }
    unlock(event);
}

static void posix_clear(void *object)
{
    struct posix_event *event = object;

    lock(event);
    event->is_set = false;
    unlock(event);
}

static bool posix_is_set(void *object)
{
    struct posix_event *event = object;
    bool is_set;

    lock(event);
    is_set = event->is_set;
    unlock(event);
    return is_set;
}

static enum hd_result posix_wait_until(void *object, uint64_t deadline_ns)
{
    struct posix_event *event = object;
    const struct timespec deadline = hd_posix_monotonic(deadline_ns);
    enum hd_result result = HD_OK;
    uint64_t seen;

    lock(event);
    seen = event->sets;
    while (!event->is_set && event->sets == seen && result == HD_OK) {
        result = hd_posix_result(pthread_cond_timedwait(&event->changed, &event->mutex, &deadline));
    }
    if (event->is_set || event->sets != seen) {
        result = HD_OK;
    }
    unlock(event);
    return result;
}

static void posix_wait(void *event)
{
    if (posix_wait_until(event, HD_FOREVER) != HD_OK) {
        abort();
    }
}

const struct hd_event_adapter hd_event_adapters[] = {
    {
        .name = "hd_event",
        .create = hd_create,
        .destroy = hd_destroy,
        .set = hd_set,
        .clear = hd_clear,
        .is_set = hd_is_set,
        .wait = hd_wait,
        .wait_until = hd_wait_until,
    },
    {
        .name = "ck_ec event",
        .create = ec_create,
        .destroy = free,
        .set = ec_set,
        .clear = ec_clear,
        .is_set = ec_is_set,
        .wait = ec_wait,
        .wait_until = ec_wait_until,
    },
    {
        .name = "pthread_cond event",
        .create = posix_create,
        .destroy = posix_destroy,
        .set = posix_set,
        .clear = posix_clear,
        .is_set = posix_is_set,
        .wait = posix_wait,
        .wait_until = posix_wait_until,
    },
};
const size_t hd_event_adapters_count = sizeof(hd_event_adapters) / sizeof(hd_event_adapters[0]);
