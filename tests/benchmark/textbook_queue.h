/*
 * Textbook queue: a bounded blocking queue as one writes it with a mutex and two conditions.
 *
 * `Items` says in which order items leave; it has push(), pop() and size(), and is always under the
 * mutex. The signal comes after the unlock, where it costs less: a thread that is woken while the
 * mutex is held would run into it.
 *
 * Source: Hoare's bounded buffer, in POSIX calls.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_BENCHMARK_TEXTBOOK_QUEUE_H
#define HEDDLE_TESTS_BENCHMARK_TEXTBOOK_QUEUE_H

#include <cstddef>
#include <cstdint>
#include <pthread.h>

#include "tests/benchmark/comparison.h"

namespace bench
{

constexpr size_t queue_capacity = 1024;

template <class Items> class textbook_queue
{
  public:
    void put(void *item, int64_t priority = 0)
    {
        require(pthread_mutex_lock(&mutex) == 0);
        while (items.size() == queue_capacity) {
            require(pthread_cond_wait(&not_full, &mutex) == 0);
        }
        items.push(item, priority);
        require(pthread_mutex_unlock(&mutex) == 0);
        require(pthread_cond_signal(&not_empty) == 0);
    }
    void get(void **item)
    {
        require(pthread_mutex_lock(&mutex) == 0);
        while (items.size() == 0) {
            require(pthread_cond_wait(&not_empty, &mutex) == 0);
        }
        *item = items.pop();
        require(pthread_mutex_unlock(&mutex) == 0);
        require(pthread_cond_signal(&not_full) == 0);
    }

  private:
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
    pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
    Items items;
};

/* First in, first out: an array used as a ring. */
class ring_items
{
  public:
    size_t size() const { return count; }
    void push(void *item, int64_t)
    {
        places[(first + count) % queue_capacity] = item;
        count++;
    }
    void *pop()
    {
        void *item = places[first];

        first = (first + 1) % queue_capacity;
        count--;
        return item;
    }

  private:
    void *places[queue_capacity];
    size_t first = 0;
    size_t count = 0;
};

/* Last in, first out. */
class stack_items
{
  public:
    size_t size() const { return count; }
    void push(void *item, int64_t) { places[count++] = item; }
    void *pop() { return places[--count]; }

  private:
    void *places[queue_capacity];
    size_t count = 0;
};

/*
 * What two threads do with a queue: one puts, the other gets. Alone, one thread does both.
 * `items_kept` are in the queue before and after.
 */
template <class Queue, size_t items_kept = 0> struct one_to_one {
    Queue queue;
    uint64_t seed = 1; /* putter only */

    one_to_one()
    {
        for (size_t i = 0; i < items_kept; i++) {
            queue.put(this, next_priority());
        }
    }
    /* Marsaglia's xorshift: priorities come in no order. */
    int64_t next_priority()
    {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        return static_cast<int64_t>(seed % 1000000);
    }
    void alone()
    {
        void *item = nullptr;

        queue.put(this, next_priority());
        queue.get(&item);
        require(item == this);
    }
    void together(int thread)
    {
        void *item = nullptr;

        if (thread == 0) {
            queue.put(this, next_priority());
        } else {
            queue.get(&item);
            require(item == this);
        }
    }
};

} // namespace bench

#endif
