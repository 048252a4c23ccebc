/*
 * LIFO queue: capacity 1024; one thread puts and gets, or one puts and the other gets. CK has no
 * queue that blocks: its stack, tried until it succeeds.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/lifo_queue.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/textbook_queue.h"

namespace
{

struct ours {
    struct hd_lifo_queue queue = HD_LIFO_QUEUE_INITIALIZER(bench::queue_capacity);

    void put(void *item, int64_t) { bench::require(hd_lifo_queue_put(&queue, item) == HD_OK); }
    void get(void **item) { bench::require(hd_lifo_queue_get(&queue, item) == HD_OK); }
};

struct ck {
    struct hd_ck_stack *const stack = hd_ck_stack_new(bench::queue_capacity);

    void put(void *item, int64_t)
    {
        bench::spin_until([=] { return hd_ck_stack_put(stack, item); });
    }
    void get(void **item)
    {
        bench::spin_until([=] { return hd_ck_stack_get(stack, item); });
    }
};

const bool is_registered =
    bench::compare<bench::one_to_one<ours>,
                   bench::one_to_one<bench::textbook_queue<bench::stack_items>>,
                   bench::one_to_one<ck>>(
        "lifo_queue/put_get", {"hd_lifo_queue", "mutex and 2 conditions", "ck_stack mpmc, spins"});

} // namespace
