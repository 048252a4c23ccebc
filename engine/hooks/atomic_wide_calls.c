/*
 * Atomics of 128 bits: one function for each call that the compilers make; atomic.c does the work.
 *
 * Modelled   __tsan_atomic128_*
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/atomic.h"

#include "engine/code.h"
#include "engine/hooks/tsan_atomic.h"

hde_uint128 __tsan_atomic128_load(const volatile hde_uint128 *object, int order)
{
    return hde_atomic_load_wide(object, order, HDE_CALLER());
}

void __tsan_atomic128_store(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    hde_atomic_store_wide(object, value, order, HDE_CALLER());
}

hde_uint128 __tsan_atomic128_fetch_add(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    return hde_atomic_update_wide(object, HDE_ATOMIC_ADD, value, order, HDE_CALLER());
}

hde_uint128 __tsan_atomic128_fetch_sub(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    return hde_atomic_update_wide(object, HDE_ATOMIC_SUB, value, order, HDE_CALLER());
}

hde_uint128 __tsan_atomic128_fetch_and(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    return hde_atomic_update_wide(object, HDE_ATOMIC_AND, value, order, HDE_CALLER());
}

hde_uint128 __tsan_atomic128_fetch_or(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    return hde_atomic_update_wide(object, HDE_ATOMIC_OR, value, order, HDE_CALLER());
}

hde_uint128 __tsan_atomic128_fetch_xor(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    return hde_atomic_update_wide(object, HDE_ATOMIC_XOR, value, order, HDE_CALLER());
}

hde_uint128 __tsan_atomic128_fetch_nand(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    return hde_atomic_update_wide(object, HDE_ATOMIC_NAND, value, order, HDE_CALLER());
}

hde_uint128 __tsan_atomic128_exchange(volatile hde_uint128 *object, hde_uint128 value, int order)
{
    return hde_atomic_update_wide(object, HDE_ATOMIC_EXCHANGE, value, order, HDE_CALLER());
}

int __tsan_atomic128_compare_exchange_strong(volatile hde_uint128 *object,
                                             hde_uint128 *expected,
                                             hde_uint128 value,
                                             int order,
                                             int failure_order)
{
    const hde_uint128 before = *expected;

    *expected = hde_atomic_compare_wide(object, before, value,
                                        hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

int __tsan_atomic128_compare_exchange_weak(volatile hde_uint128 *object,
                                           hde_uint128 *expected,
                                           hde_uint128 value,
                                           int order,
                                           int failure_order)
{
    const hde_uint128 before = *expected;

    *expected = hde_atomic_compare_wide(object, before, value,
                                        hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

hde_uint128 __tsan_atomic128_compare_exchange_val(volatile hde_uint128 *object,
                                                  hde_uint128 expected,
                                                  hde_uint128 value,
                                                  int order,
                                                  int failure_order)
{
    return hde_atomic_compare_wide(object, expected, value, hde_atomic_orders(order, failure_order),
                                   HDE_CALLER());
}
