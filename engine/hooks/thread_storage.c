/*
 * Hook for thread-local variables of code compiled with -femulated-tls: each access asks
 * __emutls_get_address() where the variable is.
 *
 * In an execution each thread has its own, in its range of the arena, made from the template at the
 * first access; they are gone with everything else in the arena. Outside, each OS thread has its
 * own, freed when it ends.
 *
 * A variable gets a number when it is first used in the process, which its control object keeps; by
 * it the variable is found in a table of the thread.
 *
 * Modelled   __emutls_get_address
 *
 * Source: the control object is that of libgcc's emutls.c and compiler-rt's.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/pages.h"

#define VARIABLES_MAX ((size_t)1 << 16)

/* What the compiler makes for each variable. */
struct variable {
    size_t size;
    size_t alignment;
    _Atomic(uintptr_t) number; /* from 1; 0: none yet */
    const void *initial;       /* NULL: zeros */
};

/* Where a variable of a controlled thread is. */
struct slot {
    void *memory;
    uint64_t generation; /* of the arena that `memory` lies in */
};

/* Of an OS thread; `memory` by number. */
struct own_table {
    size_t count;
    void **memory;
};

void *__emutls_get_address(struct variable *variable);

void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static _Atomic(uintptr_t) variables_count;
static struct slot *slots; /* VARIABLES_MAX for each controlled thread; NULL until one is used */

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key; /* ends the tables of OS threads */
static _Thread_local struct own_table own;

static uintptr_t number_of(struct variable *variable)
{
    /* Relaxed: the number guards nothing but itself. */
    uintptr_t number = atomic_load_explicit(&variable->number, memory_order_relaxed);

    if (__builtin_expect(number != 0, 1)) {
        return number;
    }
    uintptr_t fresh = atomic_fetch_add_explicit(&variables_count, 1, memory_order_relaxed) + 1;

    if (fresh >= VARIABLES_MAX) {
        hde_fatal("the program has too many thread-local variables");
    }
    /* Another OS thread may have been faster: then `fresh' stays unused. */
    if (atomic_compare_exchange_strong_explicit(&variable->number, &number, fresh,
                                                memory_order_relaxed, memory_order_relaxed)) {
        return fresh;
    }
    return number;
}

static void fill(void *memory, const struct variable *variable)
{
    if (variable->initial != NULL) {
        (void)memcpy(memory, variable->initial, variable->size);
    } else {
        (void)memset(memory, 0, variable->size);
    }
}

static size_t alignment_of(const struct variable *variable)
{
    return variable->alignment < 16 ? 16 : variable->alignment;
}

/* ---- Controlled threads ---------------------------------------------------------------------- */

static void *make(const struct variable *variable, struct slot *slot)
{
    slot->memory = hde_arena_take(hde_self->id, variable->size, alignment_of(variable), 0);
    if (slot->memory == NULL) {
        hde_fatal("a thread's range of the arena is too full for a thread-local variable");
    }
    slot->generation = hde_arena_generation;
    fill(slot->memory, variable);
    return slot->memory;
}

static void *controlled(struct variable *variable)
{
    if (__builtin_expect(slots == NULL, 0)) {
        slots = hde_pages_reserve(HDE_THREADS_MAX * VARIABLES_MAX * sizeof(slots[0]),
                                  "thread-local variables");
    }
    struct slot *slot = &slots[hde_self->id * VARIABLES_MAX + number_of(variable)];

    return __builtin_expect(slot->generation == hde_arena_generation, 1) ? slot->memory
                                                                         : make(variable, slot);
}

/* ---- OS threads ------------------------------------------------------------------------------ */

static void release(void *table)
{
    struct own_table *ended = table;

    for (size_t i = 0; i < ended->count; i++) {
        __libc_free(ended->memory[i]);
    }
    __libc_free((void *)ended->memory);
    *ended = (struct own_table){0};
}

static void make_key(void)
{
    if (pthread_key_create(&key, release) != 0) {
        hde_fatal("cannot create the key of thread-local variables");
    }
}

static void *make_own(const struct variable *variable, uintptr_t number)
{
    if (number >= own.count) {
        size_t count = 2 * number;
        void **memory = (void **)__libc_realloc((void *)own.memory, count * sizeof(memory[0]));

        if (memory == NULL || pthread_once(&key_once, make_key) != 0 ||
            pthread_setspecific(key, &own) != 0) {
            hde_fatal("no memory for thread-local variables");
        }
        (void)memset((void *)(memory + own.count), 0, (count - own.count) * sizeof(memory[0]));
        own = (struct own_table){.count = count, .memory = memory};
    }
    own.memory[number] = __libc_memalign(alignment_of(variable), variable->size);
    if (own.memory[number] == NULL) {
        hde_fatal("no memory for a thread-local variable");
    }
    fill(own.memory[number], variable);
    return own.memory[number];
}

void *__emutls_get_address(struct variable *variable)
{
    if (hde_self != NULL) {
        return controlled(variable);
    }
    uintptr_t number = number_of(variable);

    return number < own.count && own.memory[number] != NULL ? own.memory[number]
                                                            : make_own(variable, number);
}
