/*
 * Heap: small programs that lose blocks, and others that only keep them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "tests/engine/programs/heap.h"

/* NOLINTBEGIN(clang-analyzer-unix.Malloc,clang-analyzer-optin.portability.UnixAPI) */

/* The compiler knows nothing of the pointer: it neither warns nor leaves out what it may. */
static void *opaque(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
struct node {
    struct node *next;
    long value;
};

static struct node *kept_list;
static uintptr_t kept_tagged;
static _Thread_local struct node *kept_by_thread;

static struct node *make_node(struct node *next)
{
    struct node *node = opaque(malloc(sizeof(*node)));

    node->next = next;
    node->value = 1;
    return node;
}

static void lose(void *unused)
{
    (void)unused;
    (void)make_node(NULL);
}

static void lose_list(void *unused)
{
    (void)unused;
    (void)make_node(make_node(make_node(NULL)));
}

static void lose_ring(void *unused)
{
    struct node *last = make_node(NULL);

    (void)unused;
    last->next = make_node(make_node(last));
}

static void lose_by_thread(void *unused)
{
    (void)unused;
    kept_by_thread = make_node(NULL);
}

static void overwrite(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    kept_list = make_node(NULL);
    pthread_mutex_unlock(&lock);
}

static void keep_list(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    kept_list = make_node(make_node(kept_list));
    pthread_mutex_unlock(&lock);
}

/* A pointer to within, one that carries a count above its 48 bits, and one in a freed block. */
static void keep_tagged(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    if (kept_tagged == 0) {
        kept_tagged = (uintptr_t)&make_node(NULL)->value | (uintptr_t)3 << 48;
    }
    pthread_mutex_unlock(&lock);
}

static void lose_what_a_freed_block_points_to(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    if (kept_list == NULL) {
        kept_list = make_node(make_node(NULL));
        free(kept_list);
    }
    pthread_mutex_unlock(&lock);
}

/* Libraries keep what the program gives them: here libc, in its own data. */
static void keep_in_libc(void *unused)
{
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    static bool is_done;

    (void)unused;
    pthread_mutex_lock(&once);
    if (!is_done) {
        is_done = true;
        hd_test_heap_keep(opaque(malloc(8)));
    }
    pthread_mutex_unlock(&once);
}

const struct heap_program heap_leaks[] = {
    {"lost", HD_LEAK, {lose}},
    {"lost list", HD_LEAK, {lose_list}},
    {"lost ring", HD_LEAK, {lose_ring}},
    {"lost with its thread", HD_LEAK, {lose_by_thread}},
    {"overwritten", HD_LEAK, {overwrite, overwrite}},
    {"lost by a free", HD_LEAK, {lose_what_a_freed_block_points_to}},
    {"kept list", HD_CLEAN, {keep_list, keep_list}},
    {"kept with a tag", HD_CLEAN, {keep_tagged, keep_tagged}},
    {"kept by a library", HD_CLEAN, {keep_in_libc, keep_in_libc}},
    {NULL, HD_CLEAN, {NULL}},
};

/* NOLINTEND(clang-analyzer-unix.Malloc,clang-analyzer-optin.portability.UnixAPI) */
