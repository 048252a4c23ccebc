/*
 * Thread-local variables: with and without a value, of any size and alignment, more than a page of
 * them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/thread_storage.h"

#include <pthread.h>
#include <stdint.h>

#include <heddle/check.h>

struct large {
    char bytes[5000];
};

static _Thread_local int seven = 7;
static _Thread_local int zero;
static _Thread_local char byte = 'b';
static _Thread_local _Alignas(256) int aligned = 256;
static _Thread_local struct large large = {{1, 2, 3}};
static _Thread_local struct large large_zero;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Where others may step. */
static void pass(void)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
}

/* The compiler knows nothing of the address; otherwise it would take the alignment as given. */
static uintptr_t opaque(uintptr_t address)
{
    __asm__ volatile("" : "+r"(address));
    return address;
}

static void expect_fresh(void)
{
    HD_EXPECT(seven == 7 && zero == 0 && byte == 'b');
    HD_EXPECT(aligned == 256 && opaque((uintptr_t)&aligned) % 256 == 0);
    HD_EXPECT(large.bytes[2] == 3 && large.bytes[4999] == 0);
    HD_EXPECT(large_zero.bytes[0] == 0 && large_zero.bytes[4999] == 0);
}

static void change_all(int to)
{
    seven = to;
    zero = to;
    byte = (char)to;
    aligned = to;
    large.bytes[4999] = (char)to;
    large_zero.bytes[4999] = (char)to;
}

static void run(unsigned thread)
{
    int own = (int)thread + 20;

    hd_test_storage_note(thread, &seven);
    expect_fresh();
    pass();
    expect_fresh();
    pass();
    change_all(own);
    pass();
    HD_EXPECT(seven == own && zero == own && byte == (char)own && aligned == own);
    HD_EXPECT(large.bytes[4999] == own && large_zero.bytes[4999] == own);
}

static void run_1(void *unused)
{
    (void)unused;
    run(1);
}

static void run_2(void *unused)
{
    (void)unused;
    run(2);
}

static void run_3(void *unused)
{
    (void)unused;
    run(3);
}

void (*const thread_storage_functions[3])(void *unused) = {run_1, run_2, run_3};

int hd_test_storage_increase(void) { return ++seven; }
