/*
 * Atomics: a step each, carried out on the memory itself, and what it orders.
 *
 * Under sequential consistency memory holds what the last store left, and each location has one
 * release clock: what happens before a load that acquires. A releasing store sets it, a relaxed
 * store sets it to what the thread knew at its last release fence, an update joins it, since it
 * goes on the release sequence. A relaxed load keeps the clock for the thread's next acquire fence.
 *
 * Outside an execution the operation is the real one, sequentially consistent.
 *
 * Modelled   __tsan_atomic_thread_fence __tsan_atomic_signal_fence
 *
 * Source: C11 5.1.2.4 and 7.17; release sequences as in C++20, by updates only.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/atomic.h"

#include <stdbool.h>
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/tsan.h"
#include "engine/sanitizer.h"

void hde_atomic_step(
    const volatile void *object, uint8_t size, uint8_t kind, int order, uint32_t pc)
{
    const struct hde_event event = {
        .kind = kind,
        .address = (uintptr_t)object,
        .size = size,
        .order = (uint8_t)order,
        .writes = kind != HDE_EVENT_ATOMIC_LOAD,
        .pc = pc,
    };

    hde_step(&event);
}

static void read_clock(const struct hde_object *location, int order)
{
    struct hde_thread *self = hde_self;

    if (location->clock.size == 0) {
        return;
    }
    if (hde_order_acquires(order)) {
        hde_clock_join(&self->clock, &location->clock);
    } else {
        hde_clock_join(&self->for_fence, &location->clock);
        hde_sanitizer_found((const volatile void *)location->address);
    }
}

void hde_atomic_has_read(
    const volatile void *object, uint8_t size, uint64_t value, int order, uint32_t pc)
{
    uint64_t address = (uintptr_t)object;

    if (hde_execution.is_concurrent) {
        const struct hde_object *location = hde_object_find(HDE_OBJECT_ATOMIC, address);

        if (location != NULL) {
            read_clock(location, order);
        }
    }
    hde_access_atomic(address, size, false, pc);
    hde_sanitizer_atomic(object, size, HDE_EVENT_ATOMIC_LOAD, order, pc);
    hde_spin_read(address, value, pc);
}

static void write_clock(struct hde_object *location, int order, bool is_update)
{
    struct hde_thread *self = hde_self;

    if (is_update) {
        read_clock(location, order);
    } else {
        location->clock.size = 0;
    }
    if (hde_order_releases(order)) {
        hde_release_untold(location);
    } else if (self->at_fence.size != 0) {
        hde_clock_join(&location->clock, &self->at_fence);
        hde_sanitizer_left((const volatile void *)location->address);
    }
}

void hde_atomic_will_write(
    volatile void *object, uint8_t size, int order, bool is_update, uint32_t pc)
{
    uint64_t address = (uintptr_t)object;

    hde_access_atomic(address, size, true, pc);
    hde_sanitizer_atomic(object, size, is_update ? HDE_EVENT_ATOMIC_UPDATE : HDE_EVENT_ATOMIC_STORE,
                         order, pc);
    if (hde_execution.is_concurrent) {
        write_clock(hde_object_at(HDE_OBJECT_ATOMIC, address), order, is_update);
    }
}

/* ---- Carrying out ---------------------------------------------------------------------------- */

static uint64_t load(const volatile void *object, unsigned size)
{
    switch (size) {
    case 1:
        return __atomic_load_n((const volatile uint8_t *)object, __ATOMIC_RELAXED);
    case 2:
        return __atomic_load_n((const volatile uint16_t *)object, __ATOMIC_RELAXED);
    case 4:
        return __atomic_load_n((const volatile uint32_t *)object, __ATOMIC_RELAXED);
    default:
        return __atomic_load_n((const volatile uint64_t *)object, __ATOMIC_RELAXED);
    }
}

static void store(volatile void *object, unsigned size, uint64_t value)
{
    switch (size) {
    case 1:
        __atomic_store_n((volatile uint8_t *)object, (uint8_t)value, __ATOMIC_RELAXED);
        break;
    case 2:
        __atomic_store_n((volatile uint16_t *)object, (uint16_t)value, __ATOMIC_RELAXED);
        break;
    case 4:
        __atomic_store_n((volatile uint32_t *)object, (uint32_t)value, __ATOMIC_RELAXED);
        break;
    default:
        __atomic_store_n((volatile uint64_t *)object, value, __ATOMIC_RELAXED);
        break;
    }
}

/* The real one, for when no execution runs; returns whether it was exchanged. */
static bool exchange_if(volatile void *object, unsigned size, uint64_t before, uint64_t after)
{
    uint8_t before8 = (uint8_t)before;
    uint16_t before16 = (uint16_t)before;
    uint32_t before32 = (uint32_t)before;
    switch (size) {
    case 1:
        /* Pairs with whatever the code under test pairs it with. */
        return __atomic_compare_exchange_n((volatile uint8_t *)object, &before8, (uint8_t)after,
                                           false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    case 2:
        /* Pairs with whatever the code under test pairs it with. */
        return __atomic_compare_exchange_n((volatile uint16_t *)object, &before16, (uint16_t)after,
                                           false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    case 4:
        /* Pairs with whatever the code under test pairs it with. */
        return __atomic_compare_exchange_n((volatile uint32_t *)object, &before32, (uint32_t)after,
                                           false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    default:
        /* Pairs with whatever the code under test pairs it with. */
        return __atomic_compare_exchange_n((volatile uint64_t *)object, &before, after, false,
                                           __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
}

static uint64_t truncate(uint64_t value, unsigned size)
{
    return size == 8 ? value : value & ((UINT64_C(1) << (size * 8)) - 1);
}

static uint64_t apply(enum hde_atomic_operation operation, uint64_t before, uint64_t value)
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

/* ---- The calls ------------------------------------------------------------------------------- */

uint64_t hde_atomic_load(const volatile void *object, unsigned size, int order, uint32_t pc)
{
    if (hde_self == NULL) {
        uint64_t value = load(object, size);

        /* Acquire: pairs with whatever the code under test pairs it with. */
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        return value;
    }
    hde_atomic_step(object, (uint8_t)size, HDE_EVENT_ATOMIC_LOAD, order, pc);
    uint64_t value = load(object, size);

    hde_atomic_has_read(object, (uint8_t)size, value, order, pc);
    return value;
}

void hde_atomic_store(volatile void *object, unsigned size, uint64_t value, int order, uint32_t pc)
{
    if (hde_self == NULL) {
        /* Release: pairs with whatever the code under test pairs it with. */
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        store(object, size, value);
        __atomic_thread_fence(__ATOMIC_SEQ_CST); /* sequentially consistent: as above */
        return;
    }
    hde_atomic_step(object, (uint8_t)size, HDE_EVENT_ATOMIC_STORE, order, pc);
    hde_atomic_will_write(object, (uint8_t)size, order, false, pc);
    hde_spin_write((uintptr_t)object, size);
    store(object, size, value);
}

uint64_t hde_atomic_update(volatile void *object,
                           unsigned size,
                           enum hde_atomic_operation operation,
                           uint64_t value,
                           int order,
                           uint32_t pc)
{
    if (hde_self == NULL) {
        uint64_t before = load(object, size);

        while (!exchange_if(object, size, before, apply(operation, before, value))) {
            before = load(object, size);
        }
        return before;
    }
    hde_atomic_step(object, (uint8_t)size, HDE_EVENT_ATOMIC_UPDATE, order, pc);
    uint64_t before = load(object, size);
    uint64_t after = truncate(apply(operation, before, value), size);

    hde_atomic_will_write(object, (uint8_t)size, order, true, pc);
    if (after == before) {
        /* Nobody can tell: who takes a lock again and again in vain is spinning. */
        hde_spin_read((uintptr_t)object, before, pc);
        return before;
    }
    hde_spin_write((uintptr_t)object, size);
    store(object, size, after);
    return before;
}

uint64_t hde_atomic_compare(volatile void *object,
                            unsigned size,
                            uint64_t expected,
                            uint64_t value,
                            int orders,
                            uint32_t pc)
{
    if (hde_self == NULL) {
        uint64_t before = load(object, size);

        while (before == expected && !exchange_if(object, size, before, value)) {
            before = load(object, size);
        }
        return before;
    }
    hde_atomic_step(object, (uint8_t)size, HDE_EVENT_ATOMIC_UPDATE, orders % 16, pc);
    uint64_t before = load(object, size);

    if (before != expected) {
        hde_atomic_has_read(object, (uint8_t)size, before, orders / 16, pc);
        return before;
    }
    hde_atomic_will_write(object, (uint8_t)size, orders % 16, true, pc);
    hde_spin_write((uintptr_t)object, size);
    store(object, size, value);
    return before;
}

void __tsan_atomic_thread_fence(int order)
{
    struct hde_thread *self = hde_self;

    if (self == NULL) {
        /* Pairs with whatever the code under test pairs it with. */
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        return;
    }
    const struct hde_event event = {
        .kind = HDE_EVENT_FENCE, .order = (uint8_t)order, .pc = HDE_CALLER()};

    hde_step(&event);
    if (hde_order_acquires(order)) {
        hde_clock_join(&self->clock, &self->for_fence);
        hde_sanitizer_acquire_fence();
    }
    if (hde_order_releases(order)) {
        hde_clock_copy(&self->at_fence, &self->clock);
        self->clock.at[self->id]++;
        hde_thread_set_stamp(self);
        hde_sanitizer_release_fence();
    }
}

/* Orders a thread with its own signal handlers only, which are not modelled. */
void __tsan_atomic_signal_fence(int order) { (void)order; }
