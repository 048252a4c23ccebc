/*
 * Heap: small programs that free what they must not, use what is freed, or touch what lies beside a
 * block; and others that look like it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/engine/programs/heap.h"

/* NOLINTBEGIN(clang-analyzer-unix.Malloc,clang-analyzer-optin.portability.UnixAPI) */

/* The compiler knows nothing of the pointer: it neither warns nor leaves out what it may. */
static void *opaque(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

/* Nor of these: what it is told of free() and realloc() does not hold in some of the programs. */
static void (*volatile call_free)(void *) = free;
static void *(*volatile call_realloc)(void *, size_t) = realloc;

/* ---- Frees ----------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *shared;

static void make_shared(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    if (shared == NULL) {
        shared = opaque(malloc(100));
    }
    pthread_mutex_unlock(&lock);
}

static char *get_shared(void)
{
    make_shared(NULL);
    pthread_mutex_lock(&lock);
    char *block = shared;

    pthread_mutex_unlock(&lock);
    return block;
}

static void free_shared(void *unused)
{
    (void)unused;
    free(get_shared());
}

static void use_last_of_shared(void *unused)
{
    char *block = get_shared();

    (void)unused;
    HD_EXPECT(block[99] != 1);
}

static void free_shared_locked(void *unused)
{
    char *block = get_shared();

    (void)unused;
    pthread_mutex_lock(&lock);
    free(block);
    pthread_mutex_unlock(&lock);
}

static void resize_shared(void *unused)
{
    (void)unused;
    HD_EXPECT(opaque(realloc(get_shared(), 1000)) != NULL);
}

static void free_twice(void *unused)
{
    void *block = opaque(malloc(1));

    (void)unused;
    call_free(block);
    call_free(block);
}

static void resize_freed(void *unused)
{
    void *block = opaque(malloc(1));

    (void)unused;
    call_free(block);
    HD_EXPECT(call_realloc(block, 2) == NULL);
}

static void free_inside(void *unused)
{
    char *block = opaque(malloc(100));

    (void)unused;
    free(opaque(block + 16));
}

static void resize_inside(void *unused)
{
    char *block = opaque(malloc(100));

    (void)unused;
    HD_EXPECT(opaque(realloc(opaque(block + 16), 1)) == NULL);
}

static void resize_local(void *unused)
{
    char local[64];

    (void)unused;
    HD_EXPECT(opaque(realloc(opaque(local + 16), 1)) == NULL);
}

static void free_local(void *unused)
{
    char local[64];

    (void)unused;
    free(opaque(local + 16));
}

static void free_global(void *unused)
{
    (void)unused;
    free(opaque(&lock));
}

/* ---- Uses after the free, ordered by the lock ------------------------------------------------ */

/* NOLINTBEGIN(readability-non-const-parameter): all are used through one pointer */

static void use_locked(void (*use)(char *block))
{
    char *block = get_shared();

    pthread_mutex_lock(&lock);
    use(block);
    pthread_mutex_unlock(&lock);
}

static void read_one(char *block) { HD_EXPECT(block[50] != 1); }

static void copy_all(char *block)
{
    char copied[100];

    memcpy(opaque(copied), block, 100);
}

static void add_to(char *block) { (void)__atomic_fetch_add(block, 1, __ATOMIC_RELAXED); }

static void load_from(char *block) { (void)__atomic_load_n(block, __ATOMIC_RELAXED); }

static void lock_in(char *block)
{
    pthread_mutex_t *inner = opaque(block);

    pthread_mutex_init(inner, NULL);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
}

/* NOLINTEND(readability-non-const-parameter) */

static void read_locked(void *unused)
{
    (void)unused;
    use_locked(read_one);
}

static void copy_locked(void *unused)
{
    (void)unused;
    use_locked(copy_all);
}

static void add_locked(void *unused)
{
    (void)unused;
    use_locked(add_to);
}

static void load_locked(void *unused)
{
    (void)unused;
    use_locked(load_from);
}

static void lock_locked(void *unused)
{
    (void)unused;
    use_locked(lock_in);
}

static void relock_in(char *block)
{
    pthread_mutex_t *inner = opaque(block);

    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
}

/* The object is known when the block is freed, and only the lock itself touches it then. */
static void lock_twice_locked(void *unused)
{
    (void)unused;
    use_locked(lock_in);
    use_locked(relock_in);
}

static void use_freed_alone(void *unused)
{
    char *block = opaque(malloc(8));

    (void)unused;
    call_free(block);
    *(volatile char *)block = 1;
}

static void free_between_locks(void *unused)
{
    char *block = opaque(malloc(sizeof(pthread_mutex_t)));

    (void)unused;
    lock_in(block);
    call_free(block);
    relock_in(block);
}

/* ---- Beside a block -------------------------------------------------------------------------- */

static void touch(ptrdiff_t offset, size_t size)
{
    volatile char *block = opaque(malloc(size));

    block[offset] = 1;
    free((void *)(uintptr_t)block);
}

static void write_behind(void *unused)
{
    (void)unused;
    touch(13, 13);
}

static void write_far_behind(void *unused)
{
    (void)unused;
    touch(13 + 15, 13);
}

static void write_before(void *unused)
{
    (void)unused;
    touch(-1, 13);
}

static void write_far_before(void *unused)
{
    (void)unused;
    touch(-16, 13);
}

static void write_nothing(void *unused)
{
    (void)unused;
    touch(0, 0);
}

/* All that may be touched of a block whose end lies in a granule, by each of its neighbours. */
static void write_last(void *unused)
{
    (void)unused;
    for (size_t size = 1; size < 40; size++) {
        touch((ptrdiff_t)size - 1, size);
        touch(0, size);
    }
}

static void read_across_end(void *unused)
{
    char *block = opaque(calloc(1, 13));
    volatile long *across = (volatile long *)opaque(block + 8);

    (void)unused;
    HD_EXPECT(*across == 0);
    free(block);
}

static void fill_too_far(void *unused)
{
    char *block = opaque(malloc(100));

    (void)unused;
    memset(block, 0, *(volatile size_t *)&(size_t){101});
    free(block);
}

static char *volatile abc = (char[]){"abc"};

static void copy_without_room_for_the_end(void *unused)
{
    char *block = opaque(malloc(3));

    (void)unused;
    strcpy(block, abc); /* NOLINT(clang-analyzer-security.insecureAPI.strcpy) */
    free(block);
}

static void copy_with_room_for_the_end(void *unused)
{
    char *block = opaque(malloc(4));

    (void)unused;
    strcpy(block, abc); /* NOLINT(clang-analyzer-security.insecureAPI.strcpy) */
    free(block);
}

static void add_behind(void *unused)
{
    int *block = opaque(calloc(3, sizeof(int)));

    (void)unused;
    (void)__atomic_fetch_add(block + 3, 1, __ATOMIC_RELAXED);
    free(block);
}

static void add_to_last(void *unused)
{
    int *block = opaque(calloc(3, sizeof(int)));

    (void)unused;
    (void)__atomic_fetch_add(block + 2, 1, __ATOMIC_RELAXED);
    free(block);
}

const struct heap_program heap_misuses[] = {
    {"free against use", HD_USE_AFTER_FREE, {free_shared, use_last_of_shared}},
    {"realloc against use", HD_USE_AFTER_FREE, {resize_shared, use_last_of_shared}},
    {"free against free", HD_DOUBLE_FREE, {free_shared, free_shared}},
    {"free after free", HD_DOUBLE_FREE, {free_shared_locked, free_shared_locked}},
    {"free twice", HD_DOUBLE_FREE, {free_twice}},
    {"realloc of what is freed", HD_DOUBLE_FREE, {resize_freed}},
    {"free inside", HD_INVALID_FREE, {free_inside}},
    {"realloc inside", HD_INVALID_FREE, {resize_inside}},
    {"realloc of a local", HD_INVALID_FREE, {resize_local}},
    {"free of a local", HD_INVALID_FREE, {free_local}},
    {"free of a global", HD_INVALID_FREE, {free_global}},
    {"read after free", HD_USE_AFTER_FREE, {free_shared_locked, read_locked}},
    {"copy after free", HD_USE_AFTER_FREE, {free_shared_locked, copy_locked}},
    {"atomic update after free", HD_USE_AFTER_FREE, {free_shared_locked, add_locked}},
    {"atomic load after free", HD_USE_AFTER_FREE, {free_shared_locked, load_locked}},
    {"lock after free", HD_USE_AFTER_FREE, {free_shared_locked, lock_locked}},
    {"lock again after free", HD_USE_AFTER_FREE, {free_shared_locked, lock_twice_locked}},
    {"free between two locks", HD_USE_AFTER_FREE, {free_between_locks}},
    {"use and no free", HD_CLEAN, {read_locked, lock_locked}},
    {"use after free, alone", HD_USE_AFTER_FREE, {use_freed_alone}},
    {"write behind", HD_OUT_OF_BOUNDS, {write_behind, write_behind}},
    {"write far behind", HD_OUT_OF_BOUNDS, {write_far_behind}},
    {"write before", HD_OUT_OF_BOUNDS, {write_before}},
    {"write far before", HD_OUT_OF_BOUNDS, {write_far_before}},
    {"write of nothing", HD_OUT_OF_BOUNDS, {write_nothing}},
    {"write of the last byte", HD_CLEAN, {write_last, write_last}},
    {"read across the end", HD_OUT_OF_BOUNDS, {read_across_end}},
    {"memset", HD_OUT_OF_BOUNDS, {fill_too_far}},
    {"strcpy", HD_OUT_OF_BOUNDS, {copy_without_room_for_the_end}},
    {"strcpy that fits", HD_CLEAN, {copy_with_room_for_the_end}},
    {"atomic behind", HD_OUT_OF_BOUNDS, {add_behind, add_behind}},
    {"atomic on the last", HD_CLEAN, {add_to_last, add_to_last}},
    {NULL, HD_CLEAN, {NULL}},
};

/* NOLINTEND(clang-analyzer-unix.Malloc,clang-analyzer-optin.portability.UnixAPI) */
