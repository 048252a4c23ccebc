/*
 * Priority queue: capacity 1024 with 512 items kept in it; one thread puts and gets, or one puts
 * and the other gets. The others are the standard library's heap, under a mutex and two conditions,
 * and under CK's spinlock, tried until it succeeds.
 *
 * SPDX-License-Identifier: MIT
 */
#include <queue>
#include <utility>

#include <heddle/priority_queue.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/textbook_queue.h"

namespace
{

constexpr size_t items_kept = bench::queue_capacity / 2;

struct ours {
    struct hd_priority_queue queue = HD_PRIORITY_QUEUE_INITIALIZER(bench::queue_capacity);

    void put(void *item, int64_t priority)
    {
        bench::require(hd_priority_queue_put(&queue, item, priority) == HD_OK);
    }
    void get(void **item) { bench::require(hd_priority_queue_get(&queue, item) == HD_OK); }
};

/* Least priority first, ties in order of arrival. */
class heap_items
{
  public:
    size_t size() const { return heap.size(); }
    void push(void *item, int64_t priority) { heap.push({priority, arrivals++, item}); }
    void *pop()
    {
        void *item = heap.top().item;

        heap.pop();
        return item;
    }

  private:
    struct entry {
        int64_t priority;
        uint64_t arrival;
        void *item;

        bool operator<(const entry &other) const
        {
            return priority != other.priority ? priority > other.priority : arrival > other.arrival;
        }
    };

    std::priority_queue<entry> heap;
    uint64_t arrivals = 0;
};

struct ck {
    struct hd_ck_lock *const lock = hd_ck_lock_new();
    heap_items items; /* under lock */

    void put(void *item, int64_t priority)
    {
        bench::spin_until([=] {
            hd_ck_lock_acquire(lock);
            const bool has_room = items.size() < bench::queue_capacity;

            if (has_room) {
                items.push(item, priority);
            }
            hd_ck_lock_release(lock);
            return has_room;
        });
    }
    void get(void **item)
    {
        bench::spin_until([=] {
            hd_ck_lock_acquire(lock);
            const bool has_items = items.size() > 0;

            if (has_items) {
                *item = items.pop();
            }
            hd_ck_lock_release(lock);
            return has_items;
        });
    }
};

const bool is_registered =
    bench::compare<bench::one_to_one<ours, items_kept>,
                   bench::one_to_one<bench::textbook_queue<heap_items>, items_kept>,
                   bench::one_to_one<ck, items_kept>>(
        "priority_queue/put_get",
        {"hd_priority_queue", "mutex and 2 conditions", "heap under ck_spinlock_fas, spins"});

} // namespace
