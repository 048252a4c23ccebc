/*
 * Lifetime: two threads that pass objects on.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/lifetime.h"

#include <sched.h>
#include <stdlib.h>

#include <heddle/clock.h>

#include "tests/primitives/support.h"

/* A giver and a taker, and the object on its way between them. */
struct relay {
    const struct hd_lifetime *lifetime;
    const void *kind;
    void *object; /* atomic; NULL once the taker has freed it */
    uint64_t seed;
};

static void take_all(void *shared, size_t index)
{
    struct relay *relay = shared;

    (void)index;
    for (uint32_t round = 0; round < HD_LIFETIME_ROUNDS; round++) {
        void *object = NULL;

        /* Acquire: pairs with the release in give_one(). */
        while ((object = __atomic_load_n(&relay->object, __ATOMIC_ACQUIRE)) == NULL) {
            (void)sched_yield();
        }
        relay->lifetime->take(relay->kind, object);
        free(object);
        /* Release: pairs with the acquire in give_one(). */
        __atomic_store_n(&relay->object, NULL, __ATOMIC_RELEASE);
    }
}

/* Now and then long enough for the taker to fall asleep, mostly not. */
static void spend_a_moment(uint64_t *seed)
{
    const uint32_t longest_ns = hd_random_below(seed, 8) == 0 ? 60000 : 3000;
    const uint64_t until_ns = hd_clock_after_ns(hd_random_below(seed, longest_ns));

    while (hd_clock_ns() < until_ns) {
    }
}

static void give_one(struct relay *relay)
{
    void *object = malloc(relay->lifetime->size);

    HD_CHECK(object != NULL);
    relay->lifetime->make(relay->kind, object);
    /* Release: pairs with the acquire in take_all(). */
    __atomic_store_n(&relay->object, object, __ATOMIC_RELEASE);
    spend_a_moment(&relay->seed);
    relay->lifetime->give(relay->kind, object);
    /* Acquire: pairs with the release in take_all(). */
    while (__atomic_load_n(&relay->object, __ATOMIC_ACQUIRE) != NULL) {
        (void)sched_yield();
    }
}

void hd_lifetime_run(const struct hd_lifetime *lifetime, const void *kind)
{
    struct relay relay = {.lifetime = lifetime, .kind = kind, .seed = 10};
    struct hd_crew crew = {0};

    hd_crew_add(&crew, 1, take_all, &relay);
    for (uint32_t round = 0; round < HD_LIFETIME_ROUNDS; round++) {
        give_one(&relay);
    }
    hd_crew_join(&crew);
}
