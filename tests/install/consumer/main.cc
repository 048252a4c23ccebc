/*
 * Consumer in C++17: std::thread puts into the installed queue, and the main thread gets.
 *
 * It links the C library from C++, so the headers' extern "C" is tested as well as their syntax.
 *
 * SPDX-License-Identifier: MIT
 */
#include <cstdio>
#include <thread>

#include <heddle/fifo_queue.h>
#include <heddle/lock.h>

namespace
{

constexpr int items = 100;

/* Gets `items` numbers and adds them up under a lock; -1 if an operation failed. */
long consume(struct hd_fifo_queue *queue)
{
    struct hd_lock lock = HD_LOCK_INITIALIZER;
    long sum = 0;

    for (int i = 0; i < items; i++) {
        void *item = nullptr;
        if (hd_fifo_queue_get(queue, &item) != HD_OK) {
            return -1;
        }
        hd_lock_acquire(&lock);
        sum += *static_cast<const int *>(item);
        if (hd_lock_release(&lock) != HD_OK) {
            return -1;
        }
    }
    return sum;
}

} // namespace

int main()
{
    struct hd_fifo_queue queue;
    int values[items];
    bool all_put = true;

    hd_fifo_queue_init(&queue, 4);
    std::thread producer([&] {
        for (int i = 0; i < items; i++) {
            values[i] = i;
            all_put = hd_fifo_queue_put(&queue, &values[i]) == HD_OK && all_put;
        }
    });
    const long sum = consume(&queue);
    producer.join();
    hd_fifo_queue_destroy(&queue);

    std::printf("consumer: sum %ld\n", sum);
    return all_put && sum == items * (items - 1) / 2 ? 0 : 1;
}
