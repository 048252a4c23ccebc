/*
 * Atomics: what the calls of all widths have in common.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_ATOMIC_H
#define HEDDLE_ENGINE_HOOKS_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/event.h"
#include "engine/hooks/tsan_atomic.h"

/* Whether an enum hde_order acquires, and whether it releases. */
static inline bool hde_order_acquires(int order)
{
    return order != HDE_ORDER_RELAXED && order != HDE_ORDER_RELEASE;
}

static inline bool hde_order_releases(int order) { return order >= HDE_ORDER_RELEASE; }

enum hde_atomic_operation {
    HDE_ATOMIC_ADD,
    HDE_ATOMIC_SUB,
    HDE_ATOMIC_AND,
    HDE_ATOMIC_OR,
    HDE_ATOMIC_XOR,
    HDE_ATOMIC_NAND,
    HDE_ATOMIC_EXCHANGE,
};

/* The two orders of a compare-and-exchange in one number: failure x 16 + success. */
static inline int hde_atomic_orders(int success, int failure) { return failure * 16 + success; }

/* `size` is 1, 2, 4 or 8 bytes. Each returns what was there before. */
uint64_t hde_atomic_load(const volatile void *object, unsigned size, int order, uint32_t pc);
void hde_atomic_store(volatile void *object, unsigned size, uint64_t value, int order, uint32_t pc);
uint64_t hde_atomic_update(volatile void *object,
                           unsigned size,
                           enum hde_atomic_operation operation,
                           uint64_t value,
                           int order,
                           uint32_t pc);
uint64_t hde_atomic_compare(volatile void *object,
                            unsigned size,
                            uint64_t expected,
                            uint64_t value,
                            int orders,
                            uint32_t pc);

/* The same for 16 bytes. */
hde_uint128 hde_atomic_load_wide(const volatile void *object, int order, uint32_t pc);
void hde_atomic_store_wide(volatile void *object, hde_uint128 value, int order, uint32_t pc);
hde_uint128 hde_atomic_update_wide(volatile void *object,
                                   enum hde_atomic_operation operation,
                                   hde_uint128 value,
                                   int order,
                                   uint32_t pc);
hde_uint128 hde_atomic_compare_wide(
    volatile void *object, hde_uint128 expected, hde_uint128 value, int orders, uint32_t pc);

/*
 * ---- Between atomic.c and atomic_wide.c -------------------------------------------------------
 */

/* Announce an atomic event; returns when it is to be carried out. */
void hde_atomic_step(
    const volatile void *object, uint8_t size, uint8_t kind, int order, uint32_t pc);

/* It has read, with `order`, and changed nothing: `value` (its low half) was there. */
void hde_atomic_has_read(
    const volatile void *object, uint8_t size, uint64_t value, int order, uint32_t pc);

/*
 * It is about to write, with `order`; `is_update`: it read what was there in the same step. The
 * caller says with hde_spin_write() or hde_spin_read() whether that changes anything.
 */
void hde_atomic_will_write(
    volatile void *object, uint8_t size, int order, bool is_update, uint32_t pc);

#endif
