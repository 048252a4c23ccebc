/*
 * Hooks for pthread_key_create() and the values that threads keep under keys.
 *
 * Each controlled thread has a table of values by key. Keys made in an execution are numbered from
 * FIRST_OWN on, above all of libc's, and are void in the next one; those made outside keep libc's
 * number, so that both can be used in an execution. Values are void in the next execution.
 *
 * When a thread ends its values are destroyed as in glibc: in the order of their keys, and again
 * while destructors set new ones, up to PTHREAD_DESTRUCTOR_ITERATIONS times. The use of a key that
 * is not there is misuse, unless its number was given to another one since.
 *
 * Modelled   pthread_key_create pthread_key_delete pthread_setspecific pthread_getspecific
 *
 * Source: POSIX; glibc's nptl_deallocate_tsd.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/thread_key.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/misuse.h"
#include "engine/pages.h"
#include "engine/roots.h"

#define FIRST_OWN ((pthread_key_t)PTHREAD_KEYS_MAX)
#define NUMBERS_MAX (2 * (size_t)PTHREAD_KEYS_MAX)

struct key {
    struct hde_deed deleted; /* of the last one of this number, in its generation */
    uint32_t deleted_in;
    uint32_t stamp;      /* of its creation; 0: it is free */
    uint32_t generation; /* of the execution that it was made in; 0: outside */
    uint32_t gone_in;    /* the last execution that deleted it, if it was made outside */
    void (*destructor)(void *value);
};

/* The value of one thread under one key. */
struct slot {
    void *value;
    uint32_t stamp;      /* of the key that it was set under */
    uint32_t generation; /* of the execution that it was set in */
};

static struct key keys[NUMBERS_MAX];
static uint32_t stamps;    /* the last one given */
static struct slot *slots; /* NUMBERS_MAX for each thread; NULL until one is set */
/* No number from here on was ever used: of libc's keys, and of our own. */
static pthread_key_t libc_end;
static pthread_key_t own_end = FIRST_OWN;
static uint32_t users[HDE_THREADS_MAX]; /* the last execution in which the thread has set a value */

/* NULL if there is no such key. */
static struct key *find_key(pthread_key_t number)
{
    struct key *key = number < NUMBERS_MAX ? &keys[number] : NULL;
    uint32_t now = hde_execution.generation;

    if (key == NULL || key->stamp == 0) {
        return NULL;
    }
    return key->generation == now || (key->generation == 0 && key->gone_in != now) ? key : NULL;
}

static void make_key(pthread_key_t number, void (*destructor)(void *value), uint32_t generation)
{
    keys[number].stamp = ++stamps;
    keys[number].generation = generation;
    keys[number].gone_in = 0;
    keys[number].destructor = destructor;
    pthread_key_t *end = number < FIRST_OWN ? &libc_end : &own_end;

    if (*end <= number) {
        *end = number + 1;
    }
}

static struct slot *slot_of(const struct hde_thread *thread, pthread_key_t number)
{
    return &slots[(size_t)thread->id * NUMBERS_MAX + number];
}

static bool has_value(const struct slot *slot, const struct key *key)
{
    return slot->stamp == key->stamp && slot->generation == hde_execution.generation &&
           slot->value != NULL;
}

/* Whether a destructor was called. It may set values, also under keys that were passed. */
static bool destroy_values(pthread_key_t first, pthread_key_t end)
{
    bool is_any = false;

    for (pthread_key_t number = first; number < end; number++) {
        const struct key *key = find_key(number);
        struct slot *slot = slot_of(hde_self, number);

        if (key != NULL && key->destructor != NULL && has_value(slot, key)) {
            void *value = slot->value;

            slot->value = NULL;
            key->destructor(value);
            is_any = true;
        }
    }
    return is_any;
}

static void end_thread(void)
{
    bool is_any = users[hde_self->id] == hde_execution.generation;

    for (int round = 0; is_any && round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
        is_any = destroy_values(0, libc_end);
        is_any = destroy_values(FIRST_OWN, own_end) || is_any;
    }
}

static void visit_values(pthread_key_t first, pthread_key_t end, void (*visit)(uint64_t word))
{
    for (pthread_key_t number = first; number < end; number++) {
        const struct key *key = find_key(number);
        const struct slot *slot = slot_of(&hde_execution.threads[0], number);

        if (key != NULL && has_value(slot, key)) {
            visit((uint64_t)(uintptr_t)slot->value);
        }
    }
}

/* Of thread 0; what the others left behind ended with them. */
static void visit_roots(void (*visit)(uint64_t word))
{
    if (users[0] == hde_execution.generation) {
        visit_values(0, libc_end, visit);
        visit_values(FIRST_OWN, own_end, visit);
    }
}

/* There is no such key. */
static void misuse_key(pthread_key_t number, uint32_t pc)
{
    const struct key *key = number < NUMBERS_MAX ? &keys[number] : NULL;
    bool is_deleted = key != NULL && key->deleted_in == hde_execution.generation;
    const struct hde_event event = {.kind = HDE_EVENT_YIELD, .pc = pc};

    hde_step(&event);
    hde_misuse(is_deleted ? HDE_CLASS_DESTROYED : HDE_CLASS_UNINITIALIZED, 0, pc,
               is_deleted ? &key->deleted : NULL, HDE_EVENT_DESTROY);
}

int hde_key_create(pthread_key_t *number, void (*destructor)(void *value), uint32_t pc)
{
    for (pthread_key_t own = FIRST_OWN; own < NUMBERS_MAX; own++) {
        if (find_key(own) == NULL) {
            /* First: at the access another thread may step, and make a key. */
            make_key(own, destructor, hde_execution.generation);
            hde_access((uintptr_t)number, sizeof(*number), true, pc);
            *number = own;
            return 0;
        }
    }
    return EAGAIN;
}

/* In an execution only the execution loses a key of libc's: the next one finds it again. */
int hde_key_delete(pthread_key_t number, uint32_t pc)
{
    struct key *key = find_key(number);

    if (key == NULL) {
        misuse_key(number, pc);
        return EINVAL;
    }
    key->deleted = hde_misuse_deed(pc);
    key->deleted_in = hde_execution.generation;
    if (key->generation == 0) {
        key->gone_in = hde_execution.generation;
    } else {
        key->stamp = 0;
    }
    return 0;
}

int hde_key_set(pthread_key_t number, const void *value, uint32_t pc)
{
    const struct key *key = find_key(number);

    if (key == NULL) {
        misuse_key(number, pc);
        return EINVAL;
    }
    if (slots == NULL) {
        slots = hde_pages_reserve(sizeof(struct slot) * NUMBERS_MAX * HDE_THREADS_MAX,
                                  "values of threads");
        hde_thread_ending = end_thread;
        hde_roots_of_threads = visit_roots;
    }
    users[hde_self->id] = hde_execution.generation;
    *slot_of(hde_self, number) = (struct slot){
        .value = (void *)(uintptr_t)value,
        .stamp = key->stamp,
        .generation = hde_execution.generation,
    };
    return 0;
}

void *hde_key_get(pthread_key_t number, uint32_t pc)
{
    const struct key *key = find_key(number);

    if (key == NULL) {
        misuse_key(number, pc);
        return NULL;
    }
    if (slots == NULL) {
        return NULL;
    }
    const struct slot *slot = slot_of(hde_self, number);

    return has_value(slot, key) ? slot->value : NULL;
}

/* ---- The calls ------------------------------------------------------------------------------- */

int pthread_key_create(pthread_key_t *number, void (*destructor)(void *value))
{
    if (hde_self != NULL) {
        return hde_key_create(number, destructor, HDE_CALLER());
    }
    int error = HDE_REAL(pthread_key_create)(number, destructor);

    if (error == 0) {
        make_key(*number, destructor, 0);
    }
    return error;
}

int pthread_key_delete(pthread_key_t number)
{
    if (hde_self != NULL) {
        return hde_key_delete(number, HDE_CALLER());
    }
    struct key *key = find_key(number);
    int error = HDE_REAL(pthread_key_delete)(number);

    if (error == 0 && key != NULL) {
        key->stamp = 0;
    }
    return error;
}

int pthread_setspecific(pthread_key_t number, const void *value)
{
    return hde_self == NULL ? HDE_REAL(pthread_setspecific)(number, value)
                            : hde_key_set(number, value, HDE_CALLER());
}

void *pthread_getspecific(pthread_key_t number)
{
    return hde_self == NULL ? HDE_REAL(pthread_getspecific)(number)
                            : hde_key_get(number, HDE_CALLER());
}
