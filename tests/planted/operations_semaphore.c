/*
 * Broken semaphores, events and barriers behind the adapters of tests/reference: programs of
 * operations must find each; see operations_lock.c.
 *
 * All are a word under a mutex, with a condition.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdlib.h>

#include <heddle/check.h>
#include <heddle/specification.h>

#include "fuzz/operations/barrier_operations.h"
#include "fuzz/operations/event_operations.h"
#include "fuzz/operations/semaphore_operations.h"
#include "tests/reference/object.h"

struct object {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint32_t word;    /* atomic; written under mutex: units, whether it is set, who has come */
    uint32_t round;   /* under mutex: of a barrier */
    uint32_t parties; /* constant after create: of a barrier */
};

static void *create(uint32_t word, uint32_t parties)
{
    struct object *object = hd_object_new(1, sizeof(*object));

    (void)pthread_mutex_init(&object->mutex, NULL);
    (void)pthread_cond_init(&object->changed, NULL);
    object->word = word;
    object->parties = parties;
    return object;
}

static void destroy(void *bytes)
{
    struct object *object = bytes;

    (void)pthread_cond_destroy(&object->changed);
    (void)pthread_mutex_destroy(&object->mutex);
    free(object);
}

static uint32_t load(const struct object *object)
{
    return __atomic_load_n(&object->word, __ATOMIC_ACQUIRE); /* Pairs with store(). */
}

static void store(struct object *object, uint32_t word)
{
    __atomic_store_n(&object->word, word, __ATOMIC_RELEASE); /* Pairs with load(). */
}

static void lock(struct object *object) { (void)pthread_mutex_lock(&object->mutex); }

static void unlock(struct object *object) { (void)pthread_mutex_unlock(&object->mutex); }

static void wait(struct object *object)
{
    (void)pthread_cond_wait(&object->changed, &object->mutex); /* finding */
}

/* ---- Semaphore: a unit is admitted twice ----------------------------------------------------- */

static void *semaphore_create(uint32_t units) { return create(units, 0); }

static void semaphore_acquire(void *bytes)
{
    struct object *semaphore = bytes;

    lock(semaphore);
    while (load(semaphore) == 0) {
        wait(semaphore);
    }
    store(semaphore, load(semaphore) - 1);
    unlock(semaphore);
}

static enum hd_result semaphore_try(void *bytes)
{
    struct object *semaphore = bytes;

    lock(semaphore);
    uint32_t units = load(semaphore);

    store(semaphore, units > 0 ? units - 1 : 0);
    unlock(semaphore);
    return units > 0 ? HD_OK : HD_BUSY;
}

/* The look before the lock is the mistake: the unit may be gone. */
static enum hd_result semaphore_try_blindly(void *bytes)
{
    struct object *semaphore = bytes;
    uint32_t units = load(semaphore);

    if (units == 0) {
        return HD_BUSY;
    }
    lock(semaphore);
    store(semaphore, units - 1);
    unlock(semaphore);
    return HD_OK;
}

static enum hd_result semaphore_until(void *bytes, uint64_t deadline_ns)
{
    (void)deadline_ns;
    return semaphore_try(bytes) == HD_OK ? HD_OK : HD_TIMEOUT;
}

static enum hd_result semaphore_release(void *bytes, uint32_t units)
{
    struct object *semaphore = bytes;

    lock(semaphore);
    store(semaphore, load(semaphore) + units);
    (void)pthread_cond_broadcast(&semaphore->changed);
    unlock(semaphore);
    return HD_OK;
}

static uint32_t semaphore_value(void *bytes) { return load(bytes); }

static void setup_semaphore(void *state)
{
    static const struct hd_semaphore_adapter adapter = {
        .create = semaphore_create,
        .destroy = destroy,
        .acquire = semaphore_acquire,
        .try_acquire = semaphore_try_blindly,
        .acquire_until = semaphore_until,
        .release = semaphore_release,
        .value = semaphore_value,
    };

    hd_semaphore_operations_begin_supplied(state, &adapter, true);
}

static void setup_semaphore_right(void *state)
{
    static const struct hd_semaphore_adapter adapter = {
        .create = semaphore_create,
        .destroy = destroy,
        .acquire = semaphore_acquire,
        .try_acquire = semaphore_try,
        .acquire_until = semaphore_until,
        .release = semaphore_release,
        .value = semaphore_value,
    };

    hd_semaphore_operations_begin_supplied(state, &adapter, true);
}

const struct hd_scenario hd_scenario_operations_find_semaphore_that_overadmits = {
    .summary = "programs of operations on a semaphore whose tries may take the same unit",
    .state_size = sizeof(struct hd_semaphore_operations),
    .setup = setup_semaphore,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_semaphore_operations_check,
    .fixed_setup = setup_semaphore_right,
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};

/* ---- Event: a set is not heard --------------------------------------------------------------- */

static void *event_create(void) { return create(0, 0); }

static void event_set(void *bytes)
{
    struct object *event = bytes;

    lock(event);
    store(event, 1);
    (void)pthread_cond_broadcast(&event->changed);
    unlock(event);
}

static void event_clear(void *bytes)
{
    struct object *event = bytes;

    lock(event);
    store(event, 0);
    unlock(event);
}

static bool event_is_set(void *bytes) { return load(bytes) != 0; }

static void event_wait(void *bytes)
{
    struct object *event = bytes;

    lock(event);
    while (load(event) == 0) {
        wait(event);
    }
    unlock(event);
}

/* The look before the lock is the mistake: a set in between is not heard. */
static void event_wait_deafly(void *bytes)
{
    struct object *event = bytes;

    while (load(event) == 0) {
        lock(event);
        wait(event);
        unlock(event);
    }
}

static enum hd_result event_until(void *event, uint64_t deadline_ns)
{
    (void)deadline_ns;
    return event_is_set(event) ? HD_OK : HD_TIMEOUT;
}

static void setup_event(void *state)
{
    static const struct hd_event_adapter adapter = {
        .create = event_create,
        .destroy = destroy,
        .set = event_set,
        .clear = event_clear,
        .is_set = event_is_set,
        .wait = event_wait_deafly,
        .wait_until = event_until,
    };

    hd_event_operations_begin(state, &adapter);
}

static void setup_event_right(void *state)
{
    static const struct hd_event_adapter adapter = {
        .create = event_create,
        .destroy = destroy,
        .set = event_set,
        .clear = event_clear,
        .is_set = event_is_set,
        .wait = event_wait,
        .wait_until = event_until,
    };

    hd_event_operations_begin(state, &adapter);
}

const struct hd_scenario hd_scenario_operations_find_event_that_is_deaf = {
    .summary = "programs of operations on an event whose waits may not hear a set",
    .state_size = sizeof(struct hd_event_operations),
    .setup = setup_event,
    .threads = HD_PROGRAM_THREADS,
    .check = hd_event_operations_check,
    .fixed_setup = setup_event_right,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};

/* ---- Barrier: one is let through early ------------------------------------------------------- */

static void *barrier_create(unsigned parties) { return create(0, parties); }

/* Under mutex: the thread comes; returns its place. */
static uint32_t come(struct object *barrier)
{
    uint32_t place = load(barrier);

    store(barrier, (place + 1) % barrier->parties);
    if (place + 1 == barrier->parties) {
        barrier->round++;
        (void)pthread_cond_broadcast(&barrier->changed);
    }
    return place;
}

static enum hd_result barrier_wait(void *bytes, unsigned self, uint32_t *index)
{
    struct object *barrier = bytes;

    (void)self;
    lock(barrier);
    uint32_t round = barrier->round;

    *index = come(barrier);
    while (barrier->round == round && *index + 1 < barrier->parties) {
        wait(barrier);
    }
    unlock(barrier);
    return HD_OK;
}

/* No loop is the mistake: a wait may end for nothing. */
static enum hd_result barrier_wait_once(void *bytes, unsigned self, uint32_t *index)
{
    struct object *barrier = bytes;

    (void)self;
    lock(barrier);
    *index = come(barrier);
    if (*index + 1 < barrier->parties) {
        wait(barrier);
    }
    unlock(barrier);
    return HD_OK;
}

static void setup_barrier(void *state)
{
    static const struct hd_barrier_adapter adapter = {
        .can = HD_CAN_NUMBER,
        .create = barrier_create,
        .destroy = destroy,
        .wait = barrier_wait_once,
    };

    hd_barrier_operations_begin(state, &adapter);
}

static void setup_barrier_right(void *state)
{
    static const struct hd_barrier_adapter adapter = {
        .can = HD_CAN_NUMBER,
        .create = barrier_create,
        .destroy = destroy,
        .wait = barrier_wait,
    };

    hd_barrier_operations_begin(state, &adapter);
}

const struct hd_scenario hd_scenario_operations_find_barrier_that_leaks = {
    .summary = "rounds of threads at a barrier that may let one through early",
    .state_size = sizeof(struct hd_barrier_operations),
    .setup = setup_barrier,
    .threads = HD_BARRIER_OPERATIONS_THREADS,
    .check = hd_barrier_operations_check,
    .fixed_setup = setup_barrier_right,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
