/*
 * Atomics of 32 and 64 bits: one function for each call that the compilers make; atomic.c does the
 * work.
 *
 * Modelled   __tsan_atomic32_* __tsan_atomic64_*
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/atomic.h"

#include "engine/code.h"
#include "engine/hooks/tsan_atomic.h"

uint32_t __tsan_atomic32_load(const volatile uint32_t *object, int order)
{
    return (uint32_t)hde_atomic_load(object, 4, order, HDE_CALLER());
}

void __tsan_atomic32_store(volatile uint32_t *object, uint32_t value, int order)
{
    hde_atomic_store(object, 4, value, order, HDE_CALLER());
}

uint32_t __tsan_atomic32_fetch_add(volatile uint32_t *object, uint32_t value, int order)
{
    return (uint32_t)hde_atomic_update(object, 4, HDE_ATOMIC_ADD, value, order, HDE_CALLER());
}

uint32_t __tsan_atomic32_fetch_sub(volatile uint32_t *object, uint32_t value, int order)
{
    return (uint32_t)hde_atomic_update(object, 4, HDE_ATOMIC_SUB, value, order, HDE_CALLER());
}

uint32_t __tsan_atomic32_fetch_and(volatile uint32_t *object, uint32_t value, int order)
{
    return (uint32_t)hde_atomic_update(object, 4, HDE_ATOMIC_AND, value, order, HDE_CALLER());
}

uint32_t __tsan_atomic32_fetch_or(volatile uint32_t *object, uint32_t value, int order)
{
    return (uint32_t)hde_atomic_update(object, 4, HDE_ATOMIC_OR, value, order, HDE_CALLER());
}

uint32_t __tsan_atomic32_fetch_xor(volatile uint32_t *object, uint32_t value, int order)
{
    return (uint32_t)hde_atomic_update(object, 4, HDE_ATOMIC_XOR, value, order, HDE_CALLER());
}

uint32_t __tsan_atomic32_fetch_nand(volatile uint32_t *object, uint32_t value, int order)
{
    return (uint32_t)hde_atomic_update(object, 4, HDE_ATOMIC_NAND, value, order, HDE_CALLER());
}

uint32_t __tsan_atomic32_exchange(volatile uint32_t *object, uint32_t value, int order)
{
    return (uint32_t)hde_atomic_update(object, 4, HDE_ATOMIC_EXCHANGE, value, order, HDE_CALLER());
}

int __tsan_atomic32_compare_exchange_strong(
    volatile uint32_t *object, uint32_t *expected, uint32_t value, int order, int failure_order)
{
    const uint32_t before = *expected;

    *expected = (uint32_t)hde_atomic_compare(object, 4, before, value,
                                             hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

int __tsan_atomic32_compare_exchange_weak(
    volatile uint32_t *object, uint32_t *expected, uint32_t value, int order, int failure_order)
{
    const uint32_t before = *expected;

    *expected = (uint32_t)hde_atomic_compare(object, 4, before, value,
                                             hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

uint32_t __tsan_atomic32_compare_exchange_val(
    volatile uint32_t *object, uint32_t expected, uint32_t value, int order, int failure_order)
{
    return (uint32_t)hde_atomic_compare(object, 4, expected, value,
                                        hde_atomic_orders(order, failure_order), HDE_CALLER());
}

uint64_t __tsan_atomic64_load(const volatile uint64_t *object, int order)
{
    return hde_atomic_load(object, 8, order, HDE_CALLER());
}

void __tsan_atomic64_store(volatile uint64_t *object, uint64_t value, int order)
{
    hde_atomic_store(object, 8, value, order, HDE_CALLER());
}

uint64_t __tsan_atomic64_fetch_add(volatile uint64_t *object, uint64_t value, int order)
{
    return hde_atomic_update(object, 8, HDE_ATOMIC_ADD, value, order, HDE_CALLER());
}

uint64_t __tsan_atomic64_fetch_sub(volatile uint64_t *object, uint64_t value, int order)
{
    return hde_atomic_update(object, 8, HDE_ATOMIC_SUB, value, order, HDE_CALLER());
}

uint64_t __tsan_atomic64_fetch_and(volatile uint64_t *object, uint64_t value, int order)
{
    return hde_atomic_update(object, 8, HDE_ATOMIC_AND, value, order, HDE_CALLER());
}

uint64_t __tsan_atomic64_fetch_or(volatile uint64_t *object, uint64_t value, int order)
{
    return hde_atomic_update(object, 8, HDE_ATOMIC_OR, value, order, HDE_CALLER());
}

uint64_t __tsan_atomic64_fetch_xor(volatile uint64_t *object, uint64_t value, int order)
{
    return hde_atomic_update(object, 8, HDE_ATOMIC_XOR, value, order, HDE_CALLER());
}

uint64_t __tsan_atomic64_fetch_nand(volatile uint64_t *object, uint64_t value, int order)
{
    return hde_atomic_update(object, 8, HDE_ATOMIC_NAND, value, order, HDE_CALLER());
}

uint64_t __tsan_atomic64_exchange(volatile uint64_t *object, uint64_t value, int order)
{
    return hde_atomic_update(object, 8, HDE_ATOMIC_EXCHANGE, value, order, HDE_CALLER());
}

int __tsan_atomic64_compare_exchange_strong(
    volatile uint64_t *object, uint64_t *expected, uint64_t value, int order, int failure_order)
{
    const uint64_t before = *expected;

    *expected = hde_atomic_compare(object, 8, before, value,
                                   hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

int __tsan_atomic64_compare_exchange_weak(
    volatile uint64_t *object, uint64_t *expected, uint64_t value, int order, int failure_order)
{
    const uint64_t before = *expected;

    *expected = hde_atomic_compare(object, 8, before, value,
                                   hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

uint64_t __tsan_atomic64_compare_exchange_val(
    volatile uint64_t *object, uint64_t expected, uint64_t value, int order, int failure_order)
{
    return hde_atomic_compare(object, 8, expected, value, hde_atomic_orders(order, failure_order),
                              HDE_CALLER());
}
