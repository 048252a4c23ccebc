/*
 * Rings: one thread puts an item and gets it; of two threads one puts and one gets, each trying
 * again while the ring is full or empty. The same modes are compared: MPMC with MPMC, SPSC with
 * SPSC.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/ring.h>
#include <heddle/spsc_ring.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

/* ck_ring holds one item less than it has places. */
constexpr unsigned capacity = 1024;

struct ours_mpmc {
    struct hd_ring_slot slots[capacity] = {};
    struct hd_ring ring = HD_RING_INITIALIZER(slots, capacity);

    bool put(void *item) { return hd_ring_try_put(&ring, item) == HD_OK; }
    bool get(void **item) { return hd_ring_try_get(&ring, item) == HD_OK; }
};

struct ours_spsc {
    void *slots[capacity] = {};
    struct hd_spsc_ring ring = HD_SPSC_RING_INITIALIZER(slots, capacity);

    bool put(void *item) { return hd_spsc_ring_try_put(&ring, item) == HD_OK; }
    bool get(void **item) { return hd_spsc_ring_try_get(&ring, item) == HD_OK; }
};

struct ck_mpmc {
    struct hd_ck_ring *const ring = hd_ck_ring_new(capacity);

    bool put(void *item) { return hd_ck_ring_put_mpmc(ring, item); }
    bool get(void **item) { return hd_ck_ring_get_mpmc(ring, item); }
};

struct ck_spsc {
    struct hd_ck_ring *const ring = hd_ck_ring_new(capacity);

    bool put(void *item) { return hd_ck_ring_put_spsc(ring, item); }
    bool get(void **item) { return hd_ck_ring_get_spsc(ring, item); }
};

template <class Ring> struct one_to_one : Ring {
    void alone()
    {
        void *item = nullptr;

        bench::require(Ring::put(this));
        bench::require(Ring::get(&item) && item == this);
    }
    void together(int thread)
    {
        void *item = nullptr;

        if (thread == 0) {
            bench::spin_until([this] { return Ring::put(this); });
        } else {
            bench::spin_until([this, &item] { return Ring::get(&item); });
            bench::require(item == this);
        }
    }
};

const bool is_registered = bench::compare<one_to_one<ours_mpmc>, bench::none, one_to_one<ck_mpmc>>(
                               "ring/put_get", {"hd_ring", nullptr, "ck_ring mpmc"}) &&
                           bench::compare<one_to_one<ours_spsc>, bench::none, one_to_one<ck_spsc>>(
                               "spsc_ring/put_get", {"hd_spsc_ring", nullptr, "ck_ring spsc"});

} // namespace
