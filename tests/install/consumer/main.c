/*
 * Consumer: a program that knows only the installed headers and library.
 *
 * A thread of the library's puts items, the main thread gets them; a lock guards the sum. So it
 * links what an installed copy needs: the queue, the lock, a thread, and pthreads beneath.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <stdio.h>

#include <heddle/fifo_queue.h>
#include <heddle/lock.h>
#include <heddle/thread.h>

#define ITEMS 100

static struct hd_lock lock = HD_LOCK_INITIALIZER;
static struct hd_fifo_queue queue = HD_FIFO_QUEUE_INITIALIZER(4);
static int values[ITEMS];
static long sum; /* under lock */

static void *produce(void *argument)
{
    for (int i = 0; i < ITEMS; i++) {
        values[i] = i;
        if (hd_fifo_queue_put(&queue, &values[i]) != HD_OK) {
            return argument;
        }
    }
    return NULL;
}

static enum hd_result consume_one(void)
{
    void *item = NULL;
    enum hd_result result = hd_fifo_queue_get(&queue, &item);

    if (result != HD_OK) {
        return result;
    }
    hd_lock_acquire(&lock);
    sum += *(const int *)item;
    return hd_lock_release(&lock);
}

int main(void)
{
    struct hd_thread producer = HD_THREAD_INITIALIZER;
    enum hd_result result = hd_thread_spawn(&producer, "producer", produce, &queue);
    void *failed = NULL;

    for (int i = 0; i < ITEMS && result == HD_OK; i++) {
        result = consume_one();
    }
    if (result == HD_OK) {
        result = hd_thread_join(&producer, &failed);
    }
    hd_fifo_queue_destroy(&queue);

    printf("consumer: %s, sum %ld\n", hd_result_name(result), sum);
    return result == HD_OK && failed == NULL && sum == ITEMS * (ITEMS - 1) / 2 ? 0 : 1;
}
