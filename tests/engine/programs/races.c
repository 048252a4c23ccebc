/*
 * Races: what orders two accesses and what does not, one pair of programs after the other.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/races.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static union {
    uint8_t bytes[32];
    uint32_t words[8];
    uint64_t longs[4];
} memory;

static atomic_int flag;
static union {
    atomic_uchar atomic;
    volatile unsigned char plain;
} both;
static pthread_mutex_t first_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second_lock = PTHREAD_MUTEX_INITIALIZER;
static volatile uint64_t sink; /* each thread has its own use for it: written by one only */

static void write_word(void *unused)
{
    (void)unused;
    memory.words[0] = 1;
}

static void read_word(void *unused)
{
    (void)unused;
    sink = memory.words[0];
}

static void only_read_word(void *unused)
{
    (void)unused;
    if (memory.words[0] == 77) {
        sink = 1;
    }
}

static void write_long(void *unused)
{
    (void)unused;
    memory.longs[0] = 1;
}

static void write_byte_3(void *unused)
{
    (void)unused;
    memory.bytes[3] = 1;
}

static void write_byte_4(void *unused)
{
    (void)unused;
    memory.bytes[4] = 1;
}

/* Bytes 5 to 8: in two granules. */
static void write_unaligned(void *unused)
{
    const uint32_t value = 1;

    (void)unused;
    memcpy(&memory.bytes[5], &value, sizeof(value));
}

static void write_byte_8(void *unused)
{
    (void)unused;
    memory.bytes[8] = 1;
}

static void write_byte_9(void *unused)
{
    (void)unused;
    memory.bytes[9] = 1;
}

static void clear_range(void *unused)
{
    (void)unused;
    memset(memory.bytes, 0, 24);
}

static void write_byte_23(void *unused)
{
    (void)unused;
    memory.bytes[23] = 1;
}

static void write_byte_24(void *unused)
{
    (void)unused;
    memory.bytes[24] = 1;
}

static void store_byte(void *unused)
{
    (void)unused;
    atomic_store_explicit(&both.atomic, 1, memory_order_seq_cst);
}

static void load_byte(void *unused)
{
    (void)unused;
    (void)atomic_load_explicit(&both.atomic, memory_order_relaxed);
}

static void write_byte_plainly(void *unused)
{
    (void)unused;
    both.plain = 2;
}

static void read_byte_plainly(void *unused)
{
    (void)unused;
    (void)both.plain;
}

static void increment_under(pthread_mutex_t *lock)
{
    (void)pthread_mutex_lock(lock);
    memory.words[0]++;
    (void)pthread_mutex_unlock(lock);
}

static void under_first(void *unused)
{
    (void)unused;
    increment_under(&first_lock);
}

static void under_second(void *unused)
{
    (void)unused;
    increment_under(&second_lock);
}

/* Message passing: the word is data, the flag says that it is there. */
static void publish(memory_order order)
{
    memory.words[0] = 1;
    atomic_store_explicit(&flag, 1, order);
}

static void receive(memory_order order)
{
    if (atomic_load_explicit(&flag, order) != 0) {
        sink = memory.words[0];
    }
}

static void publish_relaxed(void *unused)
{
    (void)unused;
    publish(memory_order_relaxed);
}

static void publish_release(void *unused)
{
    (void)unused;
    publish(memory_order_release);
}

static void receive_relaxed(void *unused)
{
    (void)unused;
    receive(memory_order_relaxed);
}

static void receive_acquire(void *unused)
{
    (void)unused;
    receive(memory_order_acquire);
}

static void publish_by_fence(void *unused)
{
    (void)unused;
    memory.words[0] = 1;
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
}

static void publish_before_fence(void *unused)
{
    (void)unused;
    atomic_thread_fence(memory_order_release);
    memory.words[0] = 1;
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
}

static void receive_by_fence(void *unused)
{
    (void)unused;
    if (atomic_load_explicit(&flag, memory_order_relaxed) != 0) {
        atomic_thread_fence(memory_order_acquire);
        sink = memory.words[0];
    }
}

static void receive_before_fence(void *unused)
{
    (void)unused;
    if (atomic_load_explicit(&flag, memory_order_relaxed) != 0) {
        sink = memory.words[0];
        atomic_thread_fence(memory_order_acquire);
    }
}

static void add_relaxed(void *unused)
{
    (void)unused;
    (void)atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
}

/* Sees the value 2 only if the update went on the release sequence of the store. */
static void receive_two(void *unused)
{
    (void)unused;
    if (atomic_load_explicit(&flag, memory_order_acquire) == 2) {
        sink = memory.words[0];
    }
}

static void publish_and_store_again(void *unused)
{
    (void)unused;
    publish(memory_order_release);
    atomic_store_explicit(&flag, 2, memory_order_relaxed);
}

static void publish_by_exchange(void *unused)
{
    (void)unused;
    memory.words[0] = 1;
    (void)atomic_exchange_explicit(&flag, 1, memory_order_acq_rel);
}

static void receive_by_failed_compare(void *unused)
{
    int expected = 0;

    (void)unused;
    if (!atomic_compare_exchange_strong_explicit(&flag, &expected, 5, memory_order_acquire,
                                                 memory_order_acquire) &&
        expected == 1) {
        sink = memory.words[0];
    }
}

static void receive_by_relaxed_compare(void *unused)
{
    int expected = 0;

    (void)unused;
    if (!atomic_compare_exchange_strong_explicit(&flag, &expected, 5, memory_order_acquire,
                                                 memory_order_relaxed) &&
        expected == 1) {
        sink = memory.words[0];
    }
}

static void *write_in_child(void *unused)
{
    memory.words[0]++;
    return unused;
}

static void create_write_join_write(void *unused)
{
    pthread_t child;

    (void)unused;
    memory.words[0] = 1;
    if (pthread_create(&child, NULL, write_in_child, NULL) == 0) {
        (void)pthread_join(child, NULL);
    }
    memory.words[0]++;
}

static void create_write_write(void *unused)
{
    pthread_t child;

    (void)unused;
    if (pthread_create(&child, NULL, write_in_child, NULL) == 0) {
        memory.words[0]++;
        (void)pthread_join(child, NULL);
    }
}

const struct race_program race_programs[] = {
    {"write and write", true, {write_word, write_word}},
    {"write and read", true, {write_word, read_word}},
    {"read and read", false, {only_read_word, only_read_word}},
    {"a byte of a long", true, {write_long, write_byte_3}},
    {"a byte beside a word", false, {write_word, write_byte_4}},
    {"bytes side by side", false, {write_byte_3, write_byte_4}},
    {"unaligned, its last byte", true, {write_unaligned, write_byte_8}},
    {"unaligned, past its end", false, {write_unaligned, write_byte_9}},
    {"unaligned, before its start", false, {write_unaligned, write_byte_4}},
    {"a range, its last byte", true, {clear_range, write_byte_23}},
    {"a range, past its end", false, {clear_range, write_byte_24}},
    {"atomic store and atomic load", false, {store_byte, load_byte}},
    {"atomic store and plain read", true, {store_byte, read_byte_plainly}},
    {"atomic load and plain write", true, {load_byte, write_byte_plainly}},
    {"atomic load and plain read", false, {load_byte, read_byte_plainly}},
    {"under one lock", false, {under_first, under_first, under_first}},
    {"under two locks", true, {under_first, under_second}},
    {"published relaxed, received relaxed", true, {publish_relaxed, receive_relaxed}},
    {"published relaxed, received acquire", true, {publish_relaxed, receive_acquire}},
    {"published release, received relaxed", true, {publish_release, receive_relaxed}},
    {"published release, received acquire", false, {publish_release, receive_acquire}},
    {"release fence, acquire load", false, {publish_by_fence, receive_acquire}},
    {"release fence too early", true, {publish_before_fence, receive_acquire}},
    {"release store, acquire fence", false, {publish_release, receive_by_fence}},
    {"acquire fence too late", true, {publish_release, receive_before_fence}},
    {"both fences", false, {publish_by_fence, receive_by_fence}},
    {"release sequence by an update", false, {publish_release, add_relaxed, receive_two}},
    {"release sequence broken by a store", true, {publish_and_store_again, receive_two}},
    {"exchange, failed compare acquires", false, {publish_by_exchange, receive_by_failed_compare}},
    {"exchange, failed compare relaxed", true, {publish_by_exchange, receive_by_relaxed_compare}},
    {"create and join", false, {create_write_join_write}},
    {"between create and join", true, {create_write_write}},
    {"many readers and a writer",
     true,
     {only_read_word, only_read_word, only_read_word, only_read_word, only_read_word,
      only_read_word, write_word}},
    {NULL, false, {NULL}},
};
