/*
 * Atomics of 8 and 16 bits: one function for each call that the compilers make; atomic.c does the
 * work.
 *
 * Modelled   __tsan_atomic8_* __tsan_atomic16_*
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/atomic.h"

#include "engine/code.h"
#include "engine/hooks/tsan_atomic.h"

uint8_t __tsan_atomic8_load(const volatile uint8_t *object, int order)
{
    return (uint8_t)hde_atomic_load(object, 1, order, HDE_CALLER());
}

void __tsan_atomic8_store(volatile uint8_t *object, uint8_t value, int order)
{
    hde_atomic_store(object, 1, value, order, HDE_CALLER());
}

uint8_t __tsan_atomic8_fetch_add(volatile uint8_t *object, uint8_t value, int order)
{
    return (uint8_t)hde_atomic_update(object, 1, HDE_ATOMIC_ADD, value, order, HDE_CALLER());
}

uint8_t __tsan_atomic8_fetch_sub(volatile uint8_t *object, uint8_t value, int order)
{
    return (uint8_t)hde_atomic_update(object, 1, HDE_ATOMIC_SUB, value, order, HDE_CALLER());
}

uint8_t __tsan_atomic8_fetch_and(volatile uint8_t *object, uint8_t value, int order)
{
    return (uint8_t)hde_atomic_update(object, 1, HDE_ATOMIC_AND, value, order, HDE_CALLER());
}

uint8_t __tsan_atomic8_fetch_or(volatile uint8_t *object, uint8_t value, int order)
{
    return (uint8_t)hde_atomic_update(object, 1, HDE_ATOMIC_OR, value, order, HDE_CALLER());
}

uint8_t __tsan_atomic8_fetch_xor(volatile uint8_t *object, uint8_t value, int order)
{
    return (uint8_t)hde_atomic_update(object, 1, HDE_ATOMIC_XOR, value, order, HDE_CALLER());
}

uint8_t __tsan_atomic8_fetch_nand(volatile uint8_t *object, uint8_t value, int order)
{
    return (uint8_t)hde_atomic_update(object, 1, HDE_ATOMIC_NAND, value, order, HDE_CALLER());
}

uint8_t __tsan_atomic8_exchange(volatile uint8_t *object, uint8_t value, int order)
{
    return (uint8_t)hde_atomic_update(object, 1, HDE_ATOMIC_EXCHANGE, value, order, HDE_CALLER());
}

int __tsan_atomic8_compare_exchange_strong(
    volatile uint8_t *object, uint8_t *expected, uint8_t value, int order, int failure_order)
{
    const uint8_t before = *expected;

    *expected = (uint8_t)hde_atomic_compare(object, 1, before, value,
                                            hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

int __tsan_atomic8_compare_exchange_weak(
    volatile uint8_t *object, uint8_t *expected, uint8_t value, int order, int failure_order)
{
    const uint8_t before = *expected;

    *expected = (uint8_t)hde_atomic_compare(object, 1, before, value,
                                            hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

uint8_t __tsan_atomic8_compare_exchange_val(
    volatile uint8_t *object, uint8_t expected, uint8_t value, int order, int failure_order)
{
    return (uint8_t)hde_atomic_compare(object, 1, expected, value,
                                       hde_atomic_orders(order, failure_order), HDE_CALLER());
}

uint16_t __tsan_atomic16_load(const volatile uint16_t *object, int order)
{
    return (uint16_t)hde_atomic_load(object, 2, order, HDE_CALLER());
}

void __tsan_atomic16_store(volatile uint16_t *object, uint16_t value, int order)
{
    hde_atomic_store(object, 2, value, order, HDE_CALLER());
}

uint16_t __tsan_atomic16_fetch_add(volatile uint16_t *object, uint16_t value, int order)
{
    return (uint16_t)hde_atomic_update(object, 2, HDE_ATOMIC_ADD, value, order, HDE_CALLER());
}

uint16_t __tsan_atomic16_fetch_sub(volatile uint16_t *object, uint16_t value, int order)
{
    return (uint16_t)hde_atomic_update(object, 2, HDE_ATOMIC_SUB, value, order, HDE_CALLER());
}

uint16_t __tsan_atomic16_fetch_and(volatile uint16_t *object, uint16_t value, int order)
{
    return (uint16_t)hde_atomic_update(object, 2, HDE_ATOMIC_AND, value, order, HDE_CALLER());
}

uint16_t __tsan_atomic16_fetch_or(volatile uint16_t *object, uint16_t value, int order)
{
    return (uint16_t)hde_atomic_update(object, 2, HDE_ATOMIC_OR, value, order, HDE_CALLER());
}

uint16_t __tsan_atomic16_fetch_xor(volatile uint16_t *object, uint16_t value, int order)
{
    return (uint16_t)hde_atomic_update(object, 2, HDE_ATOMIC_XOR, value, order, HDE_CALLER());
}

uint16_t __tsan_atomic16_fetch_nand(volatile uint16_t *object, uint16_t value, int order)
{
    return (uint16_t)hde_atomic_update(object, 2, HDE_ATOMIC_NAND, value, order, HDE_CALLER());
}

uint16_t __tsan_atomic16_exchange(volatile uint16_t *object, uint16_t value, int order)
{
    return (uint16_t)hde_atomic_update(object, 2, HDE_ATOMIC_EXCHANGE, value, order, HDE_CALLER());
}

int __tsan_atomic16_compare_exchange_strong(
    volatile uint16_t *object, uint16_t *expected, uint16_t value, int order, int failure_order)
{
    const uint16_t before = *expected;

    *expected = (uint16_t)hde_atomic_compare(object, 2, before, value,
                                             hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

int __tsan_atomic16_compare_exchange_weak(
    volatile uint16_t *object, uint16_t *expected, uint16_t value, int order, int failure_order)
{
    const uint16_t before = *expected;

    *expected = (uint16_t)hde_atomic_compare(object, 2, before, value,
                                             hde_atomic_orders(order, failure_order), HDE_CALLER());
    return *expected == before;
}

uint16_t __tsan_atomic16_compare_exchange_val(
    volatile uint16_t *object, uint16_t expected, uint16_t value, int order, int failure_order)
{
    return (uint16_t)hde_atomic_compare(object, 2, expected, value,
                                        hde_atomic_orders(order, failure_order), HDE_CALLER());
}
