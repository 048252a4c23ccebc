/*
 * Heap: small programs, each of which does one thing with the heap.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/heap.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most of what follows leaks, frees twice, or writes where it should not, on purpose.
 * NOLINTBEGIN(clang-analyzer-unix.Malloc,clang-analyzer-optin.portability.UnixAPI) */

/* The compiler knows nothing of the pointer: it neither warns nor leaves out what it may. */
static void *opaque(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

/* Nor of these: what it is told of free() and realloc() does not hold in some of the programs. */
static void (*volatile call_free)(void *) = free;
static void *(*volatile call_realloc)(void *, size_t) = realloc;
static volatile size_t huge = (size_t)1 << 40;

static bool is_filled(const char *memory, size_t size, char byte)
{
    size_t i = 0;

    while (i < size && memory[i] == byte) {
        i++;
    }
    return i == size;
}

/* ---- What must work -------------------------------------------------------------------------- */

/* Blocks are dirtied, so that the next execution finds what this one left, if it is not cleared. */
static void allocate(void *unused)
{
    char *fresh = opaque(malloc(100));
    char *zeros = opaque(calloc(10, 10));

    (void)unused;
    HD_EXPECT(fresh != NULL && zeros != NULL && fresh != zeros);
    HD_EXPECT((uintptr_t)fresh % 16 == 0 && (uintptr_t)zeros % 16 == 0);
    HD_EXPECT(is_filled(fresh, 100, (char)0xa5));
    HD_EXPECT(is_filled(zeros, 100, 0));
    HD_EXPECT(malloc_usable_size(fresh) == 100);
    memset(fresh, 1, 100);
    memset(zeros, 1, 100);
    free(fresh);
    free(zeros);
}

static void align(void *unused)
{
    void *by_posix = NULL;
    void *by_iso = opaque(aligned_alloc(256, 512));
    void *old = opaque(memalign(64, 1));

    (void)unused;
    HD_EXPECT(posix_memalign(&by_posix, 4096, 10) == 0);
    HD_EXPECT((uintptr_t)by_posix % 4096 == 0);
    HD_EXPECT((uintptr_t)by_iso % 256 == 0);
    HD_EXPECT((uintptr_t)old % 64 == 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): it is what is tested */
    void *by_page = opaque(valloc(1));

    HD_EXPECT((uintptr_t)by_page % 4096 == 0);
    HD_EXPECT(posix_memalign(&by_posix, 3, 10) == EINVAL);
    HD_EXPECT(posix_memalign(&by_posix, 4, 10) == EINVAL);
    free(by_posix);
    free(by_iso);
    free(old);
    free(by_page);
}

static void resize(void *unused)
{
    char *block = opaque(realloc(NULL, 4));

    (void)unused;
    memcpy(block, "abc", 4);
    block = opaque(realloc(block, 4000));
    HD_EXPECT(strcmp(block, "abc") == 0);
    block = opaque(reallocarray(block, 1, 2));
    HD_EXPECT(block[0] == 'a' && block[1] == 'b' && malloc_usable_size(block) == 2);
    HD_EXPECT(opaque(realloc(block, 0)) == NULL);
}

static void copy(void *unused)
{
    char *whole = opaque(strdup("abc"));
    char *part = opaque(strndup("abcdef", 2));

    (void)unused;
    HD_EXPECT(strcmp(whole, "abc") == 0 && strcmp(part, "ab") == 0);
    free(whole);
    free(part);
}

static void exhaust(void *unused)
{
    (void)unused;
    errno = 0;
    HD_EXPECT(opaque(malloc(huge)) == NULL);
    HD_EXPECT(errno == ENOMEM);
    errno = 0;
    HD_EXPECT(opaque(calloc(huge, huge)) == NULL);
    HD_EXPECT(errno == ENOMEM);
    errno = 0;
    HD_EXPECT(opaque(reallocarray(NULL, huge, huge)) == NULL);
    HD_EXPECT(errno == ENOMEM);

    char *kept = opaque(malloc(1));

    *kept = 'k';
    HD_EXPECT(call_realloc(kept, huge) == NULL);
    HD_EXPECT(*kept == 'k');
    call_free(kept);
}

static void free_nothing(void *unused)
{
    char *nothing = opaque(malloc(0));
    char *more = opaque(malloc(0));

    (void)unused;
    free(NULL);
    HD_EXPECT(nothing != NULL && nothing != more);
    free(nothing);
    free(more);
}

const struct heap_program heap_programs[] = {
    {"malloc and calloc", HD_CLEAN, {allocate, allocate}},
    {"alignment", HD_CLEAN, {align, align}},
    {"realloc", HD_CLEAN, {resize, resize}},
    {"strdup", HD_CLEAN, {copy, copy}},
    {"no memory", HD_CLEAN, {exhaust, exhaust}},
    {"nothing", HD_CLEAN, {free_nothing, free_nothing}},
    {NULL, HD_CLEAN, {NULL}},
};

/* ---- Addresses ------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void allocate_and_note(unsigned thread)
{
    for (unsigned number = 0; number < 4; number++) {
        void *block = opaque(malloc(10 * thread + number));

        hd_test_heap_note(thread, number, block);
        pthread_mutex_lock(&lock); /* where others may step */
        pthread_mutex_unlock(&lock);
        if (number % 2 == 0) {
            free(block);
        }
    }
}

static void allocate_1(void *unused)
{
    (void)unused;
    allocate_and_note(1);
}

static void allocate_2(void *unused)
{
    (void)unused;
    allocate_and_note(2);
}

static void allocate_3(void *unused)
{
    (void)unused;
    allocate_and_note(3);
}

const struct heap_program heap_addresses = {
    "addresses", HD_CLEAN, {allocate_1, allocate_2, allocate_3}};

/* ---- Blocks of others ------------------------------------------------------------------------ */

static void use_libc(void *unused)
{
    char *line = NULL;
    size_t size = 0;
    char *text = NULL;
    FILE *file = fopen("/dev/null", "r+");

    (void)unused;
    HD_EXPECT(file != NULL);
    HD_EXPECT(fprintf(file, "%d", 1) == 1);
    HD_EXPECT(getline(&line, &size, file) == -1);
    HD_EXPECT(fclose(file) == 0);
    free(line);
    HD_EXPECT(asprintf(&text, "%d", 12) == 2 && strcmp(text, "12") == 0);
    text = opaque(realloc(text, 1000));
    HD_EXPECT(strcmp(text, "12") == 0);
    free(text);
}

const struct heap_program heap_of_libc = {"libc", HD_CLEAN, {use_libc, use_libc}};

FILE *heap_file;

static void write_to_file(void *unused)
{
    (void)unused;
    HD_EXPECT(putc('x', heap_file) == 'x');
    char *block = opaque(malloc(8192));

    memset(block, 'y', 8192);
    free(block);
}

const struct heap_program heap_with_file = {"file", HD_CLEAN, {write_to_file}};

char *heap_kept;

static void free_kept(void *unused)
{
    (void)unused;
    HD_EXPECT(heap_kept != NULL && strcmp(heap_kept, "kept") == 0);
    free(heap_kept);
    heap_kept = NULL;
}

const struct heap_program heap_of_host = {"host", HD_CLEAN, {free_kept}};

/* NOLINTEND(clang-analyzer-unix.Malloc,clang-analyzer-optin.portability.UnixAPI) */
