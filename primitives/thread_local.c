/*
 * Thread-local: a POSIX key, made by whichever thread sets a value first.
 *
 * Two threads may make one at the same time; the compare-and-swap keeps the first and gives the
 * other back, so nobody waits.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/thread_local.h>

#include <pthread.h>
#include <stdbool.h>

_Static_assert(sizeof(pthread_key_t) == sizeof(uint32_t), "a key must fit in the word");

void hd_thread_local_init(struct hd_thread_local *local, hd_thread_local_destructor *destructor)
{
    *local = (struct hd_thread_local)HD_THREAD_LOCAL_INITIALIZER(destructor);
}

void hd_thread_local_destroy(struct hd_thread_local *local)
{
    uint32_t key = __atomic_exchange_n(&local->key, 0U, __ATOMIC_RELAXED);

    if (key != 0) {
        (void)pthread_key_delete(key - 1); /* fails only for a key that does not exist */
    }
}

static uint32_t load_key(const struct hd_thread_local *local)
{
    /* Acquire: the key exists. Pairs with the release in make_key(). */
    return __atomic_load_n(&local->key, __ATOMIC_ACQUIRE);
}

/* 1 + the key, made now unless another thread was faster; 0 if there is none to be had. */
static uint32_t make_key(struct hd_thread_local *local)
{
    pthread_key_t made = 0;
    uint32_t key = 0;

    if (pthread_key_create(&made, local->destructor) != 0) {
        return load_key(local);
    }
    /* Release: the key exists. Acquire on failure: so does the other. Pairs with load_key(). */
    if (__atomic_compare_exchange_n(&local->key, &key, made + 1, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
        return made + 1;
    }
    (void)pthread_key_delete(made); /* fails only for a key that does not exist */
    return key;
}

void *hd_thread_local_get(const struct hd_thread_local *local)
{
    uint32_t key = load_key(local);

    return key == 0 ? NULL : pthread_getspecific(key - 1);
}

enum hd_result hd_thread_local_set(struct hd_thread_local *local, void *value)
{
    uint32_t key = load_key(local);

    if (key == 0) {
        key = make_key(local);
    }
    if (key == 0 || pthread_setspecific(key - 1, value) != 0) {
        return HD_NO_MEMORY;
    }
    return HD_OK;
}
