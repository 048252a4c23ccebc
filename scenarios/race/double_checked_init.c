/*
 * Double-checked initialisation: the first check is made without the lock, on a plain pointer.
 *
 * Bug      Data races on `instance` and on what it points to: nothing orders the initialisation
 *          before the use by a thread whose first check succeeds.
 * Needs    2 threads; 0 preemptions for the race. Check cannot fail under sequential consistency:
 *          the value is written before the pointer, and only a weaker memory shows them in the
 *          other order.
 * Fix      Publish the pointer with a release store, and make the first check with an acquire load.
 * Source   Bacon et al., "The 'Double-Checked Locking is Broken' Declaration", 2000.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include <heddle/check.h>

struct instance {
    int value; /* constant after initialisation */
};

struct shared {
    pthread_mutex_t lock;
    struct instance only;
    struct instance *instance; /* written under lock; NULL until `only` is initialised */
    int seen[2];               /* each written by one thread */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
}

static void use(struct shared *shared, int *seen)
{
    if (shared->instance == NULL) { /* finding */
        (void)pthread_mutex_lock(&shared->lock);
        if (shared->instance == NULL) {
            shared->only.value = 42;          /* finding */
            shared->instance = &shared->only; /* finding */
        }
        (void)pthread_mutex_unlock(&shared->lock);
    }
    *seen = shared->instance->value; /* finding */
}

static void use_published(struct shared *shared, int *seen)
{
    /* Acquire: pairs with the release store below. */
    struct instance *instance = __atomic_load_n(&shared->instance, __ATOMIC_ACQUIRE);

    if (instance == NULL) {
        (void)pthread_mutex_lock(&shared->lock);
        instance = __atomic_load_n(&shared->instance, __ATOMIC_RELAXED);
        if (instance == NULL) {
            shared->only.value = 42;
            instance = &shared->only;
            /* Release: publishes only.value. Pairs with the acquire load above. */
            __atomic_store_n(&shared->instance, instance, __ATOMIC_RELEASE);
        }
        (void)pthread_mutex_unlock(&shared->lock);
    }
    *seen = instance->value;
}

static void first(void *state)
{
    struct shared *shared = state;

    use(shared, &shared->seen[0]);
}

static void second(void *state)
{
    struct shared *shared = state;

    use(shared, &shared->seen[1]);
}

static void first_published(void *state)
{
    struct shared *shared = state;

    use_published(shared, &shared->seen[0]);
}

static void second_published(void *state)
{
    struct shared *shared = state;

    use_published(shared, &shared->seen[1]);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->seen[0] == 42 && shared->seen[1] == 42);
}

const struct hd_scenario hd_scenario_double_checked_init = {
    .summary = "initialisation checked first without the lock, on a plain pointer",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {first, second},
    .fixed = {first_published, second_published},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
