/*
 * Atomics of 128 bits: as atomic.c, on two words at once.
 *
 * Outside an execution one lock stands for them all: 128-bit atomics of code under test come
 * through here or not at all.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/atomic.h"

#define WIDE 16U

static bool is_taken; /* atomic; outside executions only */

static void take(void)
{
    /* Acquire: pairs with the release in give(). */
    while (__atomic_exchange_n(&is_taken, true, __ATOMIC_ACQUIRE)) {
        /* Somebody else is about to give it back. */
    }
}

static void give(void)
{
    /* Release: pairs with the acquire in take(). */
    __atomic_store_n(&is_taken, false, __ATOMIC_RELEASE);
}

static hde_uint128 load(const volatile void *object)
{
    return *(const volatile hde_uint128 *)object;
}

static void store(volatile void *object, hde_uint128 value)
{
    *(volatile hde_uint128 *)object = value;
}

/* A number that changes with the value, for who looks for changes. */
static uint64_t fold(hde_uint128 value) { return (uint64_t)value ^ (uint64_t)(value >> 64) * 31; }

static hde_uint128 apply(enum hde_atomic_operation operation, hde_uint128 before, hde_uint128 value)
{
    switch (operation) {
    case HDE_ATOMIC_ADD:
        return before + value;
    case HDE_ATOMIC_SUB:
        return before - value;
    case HDE_ATOMIC_AND:
        return before & value;
    case HDE_ATOMIC_OR:
        return before | value;
    case HDE_ATOMIC_XOR:
        return before ^ value;
    case HDE_ATOMIC_NAND:
        return ~(before & value);
    default:
        return value;
    }
}

hde_uint128 hde_atomic_load_wide(const volatile void *object, int order, uint32_t pc)
{
    if (hde_self == NULL) {
        take();
        hde_uint128 value = load(object);

        give();
        return value;
    }
    hde_atomic_step(object, WIDE, HDE_EVENT_ATOMIC_LOAD, order, pc);
    hde_uint128 value = load(object);

    hde_atomic_has_read(object, WIDE, fold(value), order, pc);
    return value;
}

void hde_atomic_store_wide(volatile void *object, hde_uint128 value, int order, uint32_t pc)
{
    if (hde_self == NULL) {
        take();
        store(object, value);
        give();
        return;
    }
    hde_atomic_step(object, WIDE, HDE_EVENT_ATOMIC_STORE, order, pc);
    hde_atomic_will_write(object, WIDE, order, false, pc);
    hde_spin_write((uintptr_t)object, WIDE);
    store(object, value);
}

hde_uint128 hde_atomic_update_wide(volatile void *object,
                                   enum hde_atomic_operation operation,
                                   hde_uint128 value,
                                   int order,
                                   uint32_t pc)
{
    if (hde_self == NULL) {
        take();
        hde_uint128 before = load(object);

        store(object, apply(operation, before, value));
        give();
        return before;
    }
    hde_atomic_step(object, WIDE, HDE_EVENT_ATOMIC_UPDATE, order, pc);
    hde_uint128 before = load(object);
    hde_uint128 after = apply(operation, before, value);

    hde_atomic_will_write(object, WIDE, order, true, pc);
    if (after == before) {
        hde_spin_read((uintptr_t)object, fold(before), pc);
        return before;
    }
    hde_spin_write((uintptr_t)object, WIDE);
    store(object, after);
    return before;
}

hde_uint128 hde_atomic_compare_wide(
    volatile void *object, hde_uint128 expected, hde_uint128 value, int orders, uint32_t pc)
{
    if (hde_self == NULL) {
        take();
        hde_uint128 before = load(object);

        if (before == expected) {
            store(object, value);
        }
        give();
        return before;
    }
    hde_atomic_step(object, WIDE, HDE_EVENT_ATOMIC_UPDATE, orders % 16, pc);
    hde_uint128 before = load(object);

    if (before != expected) {
        hde_atomic_has_read(object, WIDE, fold(before), orders / 16, pc);
        return before;
    }
    hde_atomic_will_write(object, WIDE, orders % 16, true, pc);
    hde_spin_write((uintptr_t)object, WIDE);
    store(object, value);
    return before;
}
