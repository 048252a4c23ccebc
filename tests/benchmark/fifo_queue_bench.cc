/*
 * FIFO queue: capacity 1024; one thread puts and gets, or one puts and the other gets. CK has no
 * queue that blocks: its MPMC ring, tried until it succeeds.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/fifo_queue.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/textbook_queue.h"

namespace
{

struct ours {
    struct hd_fifo_queue queue = HD_FIFO_QUEUE_INITIALIZER(bench::queue_capacity);

    void put(void *item, int64_t) { bench::require(hd_fifo_queue_put(&queue, item) == HD_OK); }
    void get(void **item) { bench::require(hd_fifo_queue_get(&queue, item) == HD_OK); }
};

struct ck {
    struct hd_ck_ring *const ring = hd_ck_ring_new(bench::queue_capacity);

    void put(void *item, int64_t)
    {
        bench::spin_until([=] { return hd_ck_ring_put_mpmc(ring, item); });
    }
    void get(void **item)
    {
        bench::spin_until([=] { return hd_ck_ring_get_mpmc(ring, item); });
    }
};

const bool is_registered =
    bench::compare<bench::one_to_one<ours>,
                   bench::one_to_one<bench::textbook_queue<bench::ring_items>>,
                   bench::one_to_one<ck>>(
        "fifo_queue/put_get", {"hd_fifo_queue", "mutex and 2 conditions", "ck_ring mpmc, spins"});

} // namespace
