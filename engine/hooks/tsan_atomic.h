/*
 * The calls that -fsanitize=thread makes for atomics, by width. The names are the compilers'.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_TSAN_ATOMIC_H
#define HEDDLE_ENGINE_HOOKS_TSAN_ATOMIC_H

#include <stdint.h>

__extension__ typedef unsigned __int128 hde_uint128;

uint8_t __tsan_atomic8_load(const volatile uint8_t *object, int order);
void __tsan_atomic8_store(volatile uint8_t *object, uint8_t value, int order);
uint8_t __tsan_atomic8_fetch_add(volatile uint8_t *object, uint8_t value, int order);
uint8_t __tsan_atomic8_fetch_sub(volatile uint8_t *object, uint8_t value, int order);
uint8_t __tsan_atomic8_fetch_and(volatile uint8_t *object, uint8_t value, int order);
uint8_t __tsan_atomic8_fetch_or(volatile uint8_t *object, uint8_t value, int order);
uint8_t __tsan_atomic8_fetch_xor(volatile uint8_t *object, uint8_t value, int order);
uint8_t __tsan_atomic8_fetch_nand(volatile uint8_t *object, uint8_t value, int order);
uint8_t __tsan_atomic8_exchange(volatile uint8_t *object, uint8_t value, int order);
int __tsan_atomic8_compare_exchange_strong(
    volatile uint8_t *object, uint8_t *expected, uint8_t value, int order, int failure_order);
int __tsan_atomic8_compare_exchange_weak(
    volatile uint8_t *object, uint8_t *expected, uint8_t value, int order, int failure_order);
uint8_t __tsan_atomic8_compare_exchange_val(
    volatile uint8_t *object, uint8_t expected, uint8_t value, int order, int failure_order);

uint16_t __tsan_atomic16_load(const volatile uint16_t *object, int order);
void __tsan_atomic16_store(volatile uint16_t *object, uint16_t value, int order);
uint16_t __tsan_atomic16_fetch_add(volatile uint16_t *object, uint16_t value, int order);
uint16_t __tsan_atomic16_fetch_sub(volatile uint16_t *object, uint16_t value, int order);
uint16_t __tsan_atomic16_fetch_and(volatile uint16_t *object, uint16_t value, int order);
uint16_t __tsan_atomic16_fetch_or(volatile uint16_t *object, uint16_t value, int order);
uint16_t __tsan_atomic16_fetch_xor(volatile uint16_t *object, uint16_t value, int order);
uint16_t __tsan_atomic16_fetch_nand(volatile uint16_t *object, uint16_t value, int order);
uint16_t __tsan_atomic16_exchange(volatile uint16_t *object, uint16_t value, int order);
int __tsan_atomic16_compare_exchange_strong(
    volatile uint16_t *object, uint16_t *expected, uint16_t value, int order, int failure_order);
int __tsan_atomic16_compare_exchange_weak(
    volatile uint16_t *object, uint16_t *expected, uint16_t value, int order, int failure_order);
uint16_t __tsan_atomic16_compare_exchange_val(
    volatile uint16_t *object, uint16_t expected, uint16_t value, int order, int failure_order);

uint32_t __tsan_atomic32_load(const volatile uint32_t *object, int order);
void __tsan_atomic32_store(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_add(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_sub(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_and(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_or(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_xor(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_nand(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_exchange(volatile uint32_t *object, uint32_t value, int order);
int __tsan_atomic32_compare_exchange_strong(
    volatile uint32_t *object, uint32_t *expected, uint32_t value, int order, int failure_order);
int __tsan_atomic32_compare_exchange_weak(
    volatile uint32_t *object, uint32_t *expected, uint32_t value, int order, int failure_order);
uint32_t __tsan_atomic32_compare_exchange_val(
    volatile uint32_t *object, uint32_t expected, uint32_t value, int order, int failure_order);

uint64_t __tsan_atomic64_load(const volatile uint64_t *object, int order);
void __tsan_atomic64_store(volatile uint64_t *object, uint64_t value, int order);
uint64_t __tsan_atomic64_fetch_add(volatile uint64_t *object, uint64_t value, int order);
uint64_t __tsan_atomic64_fetch_sub(volatile uint64_t *object, uint64_t value, int order);
uint64_t __tsan_atomic64_fetch_and(volatile uint64_t *object, uint64_t value, int order);
uint64_t __tsan_atomic64_fetch_or(volatile uint64_t *object, uint64_t value, int order);
uint64_t __tsan_atomic64_fetch_xor(volatile uint64_t *object, uint64_t value, int order);
uint64_t __tsan_atomic64_fetch_nand(volatile uint64_t *object, uint64_t value, int order);
uint64_t __tsan_atomic64_exchange(volatile uint64_t *object, uint64_t value, int order);
int __tsan_atomic64_compare_exchange_strong(
    volatile uint64_t *object, uint64_t *expected, uint64_t value, int order, int failure_order);
int __tsan_atomic64_compare_exchange_weak(
    volatile uint64_t *object, uint64_t *expected, uint64_t value, int order, int failure_order);
uint64_t __tsan_atomic64_compare_exchange_val(
    volatile uint64_t *object, uint64_t expected, uint64_t value, int order, int failure_order);

hde_uint128 __tsan_atomic128_load(const volatile hde_uint128 *object, int order);
void __tsan_atomic128_store(volatile hde_uint128 *object, hde_uint128 value, int order);
hde_uint128 __tsan_atomic128_fetch_add(volatile hde_uint128 *object, hde_uint128 value, int order);
hde_uint128 __tsan_atomic128_fetch_sub(volatile hde_uint128 *object, hde_uint128 value, int order);
hde_uint128 __tsan_atomic128_fetch_and(volatile hde_uint128 *object, hde_uint128 value, int order);
hde_uint128 __tsan_atomic128_fetch_or(volatile hde_uint128 *object, hde_uint128 value, int order);
hde_uint128 __tsan_atomic128_fetch_xor(volatile hde_uint128 *object, hde_uint128 value, int order);
hde_uint128 __tsan_atomic128_fetch_nand(volatile hde_uint128 *object, hde_uint128 value, int order);
hde_uint128 __tsan_atomic128_exchange(volatile hde_uint128 *object, hde_uint128 value, int order);
int __tsan_atomic128_compare_exchange_strong(volatile hde_uint128 *object,
                                             hde_uint128 *expected,
                                             hde_uint128 value,
                                             int order,
                                             int failure_order);
int __tsan_atomic128_compare_exchange_weak(volatile hde_uint128 *object,
                                           hde_uint128 *expected,
                                           hde_uint128 value,
                                           int order,
                                           int failure_order);
hde_uint128 __tsan_atomic128_compare_exchange_val(volatile hde_uint128 *object,
                                                  hde_uint128 expected,
                                                  hde_uint128 value,
                                                  int order,
                                                  int failure_order);

#endif
