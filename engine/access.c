/*
 * Access: accesses that are scheduling points, ranges, and atomics.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/access.h"

#include <stddef.h>

#include "engine/code.h"
#include "engine/step.h"

void hde_access_detect(struct hde_granule *granule, uint64_t address, uint64_t word, uint32_t pc)
{
    for (unsigned i = 0; hde_watchers.access[i] != NULL; i++) {
        hde_watchers.access[i](granule, address, word, pc, hde_self);
    }
}

__attribute__((noinline)) static void
record_any(struct hde_granule *granule, uint64_t address, uint64_t word, const void *caller)
{
    hde_access_detect(granule, address, word, hde_code_pack(caller));
}

/* As a rule one detector looks, and the caller is in the program itself: a tail call is enough. */
void hde_access_record(struct hde_granule *granule,
                       uint64_t address,
                       uint64_t word,
                       const void *caller)
{
    hde_detect_access *detect = hde_watchers.only_access;

    if (__builtin_expect(detect == NULL || !hde_code_is_near(caller), 0)) {
        record_any(granule, address, word, caller);
        return;
    }
    detect(granule, address, word, hde_code_pack(caller), hde_self);
}

/* Whether any granule of the range is visible. */
static bool is_visible(uint64_t address, uint64_t size)
{
    bool is_any = false;

    if (hde_shadow_visible_count == 0) {
        return false;
    }
    for (uint64_t at = address & ~(uint64_t)(HDE_GRANULE_BYTES - 1); at < address + size && !is_any;
         at += HDE_GRANULE_BYTES) {
        is_any = hde_shadow_at(at)->is_visible;
    }
    return is_any;
}

/* `flags': HDE_CELL_WRITES, HDE_CELL_PLAIN. */
static void detect_range(uint64_t address, uint64_t size, uint64_t flags, uint32_t pc)
{
    uint64_t end = address + size;

    for (uint64_t at = address; at < end;) {
        uint64_t next = (at | (HDE_GRANULE_BYTES - 1)) + 1;
        uint64_t here = (next < end ? next : end) - at;
        uint64_t word = hde_self->stamp | flags | hde_access_mask(at, here);
        struct hde_granule *granule = hde_shadow_at(at);

        if (!hde_access_is_recorded(granule, word)) {
            hde_access_detect(granule, at, word, pc);
        }
        at = next;
    }
}

/* Whether the bytes of one granule are poisoned. If not, they need not be asked about again. */
static bool is_poisoned(struct hde_granule *granule, uint64_t mask)
{
    if ((granule->slow & mask) == 0 || !hde_poison_is_here(granule)) {
        return false;
    }
    return (granule->poisoned & mask) != 0;
}

/* An access is about to be carried out: may it touch what it touches? */
static inline void check_poison(uint64_t address, uint64_t size, uint8_t kind, uint32_t pc)
{
    bool is_small =
        size <= HDE_GRANULE_BYTES && address % HDE_GRANULE_BYTES + size <= HDE_GRANULE_BYTES;

    if (hde_arena_has(address) &&
        (!is_small || is_poisoned(hde_shadow_at(address), hde_access_mask(address, size)))) {
        hde_poison_check(address, size, kind, pc);
    }
}

/*
 * Announce what has its number already; returns when it is to be carried out. Inlined, so that the
 * event need not lie in memory: see hde_event_copy().
 */
__attribute__((always_inline)) static inline void step(const struct hde_event *event, uint64_t size)
{
    struct hde_execution *execution = &hde_execution;
    struct hde_thread *self = hde_self;
    bool is_choice = false;

    hde_event_copy(&execution->pending[self->id], event);
    self->fast_until = self->quiet_until & execution->fast_mask;
    if (execution->is_concurrent) {
        bool is_quiet = self->events >= self->quiet_until;
        bool is_seen = execution->settings->visibility != HDE_VISIBLE_SYNC;

        if (is_quiet) {
            hde_thread_set_quiet(self);
            execution->steps += HDE_QUIET_MAX;
        }
        if (is_quiet || execution->is_priming || execution->sees_all ||
            (is_seen && is_visible(event->address, size))) {
            /* No step that counts: a replay, which looks at each access, is cut where the execution
             * was that it repeats. */
            execution->steps -= !execution->is_priming;
            is_choice = true;
            hde_step_next(is_quiet);
        }
    }
    if (__builtin_expect(execution->is_observed, 0)) {
        hde_step_observe(is_choice);
    }
}

/* The event has its number already. */
void hde_access_visible(uint64_t address, uint64_t size, bool writes, uint32_t pc)
{
    const struct hde_event event = {
        .kind = writes ? HDE_EVENT_WRITE : HDE_EVENT_READ,
        .address = address,
        .size = size < UINT8_MAX ? (uint8_t)size : UINT8_MAX,
        .writes = writes,
        .pc = pc,
    };

    step(&event, size);
    check_poison(address, size, event.kind, pc);
    if (hde_execution.is_concurrent) {
        detect_range(address, size, HDE_CELL_PLAIN | (writes ? HDE_CELL_WRITES : 0), pc);
    }
}

void hde_access_suspect(uint64_t address, uint64_t size, bool writes, const void *caller)
{
    check_poison(address, size, writes ? HDE_EVENT_WRITE : HDE_EVENT_READ, hde_code_pack(caller));
}

/* A block of no bytes is freed by an event, too. */
void hde_access_before_free(uint64_t address, uint64_t size, uint32_t pc)
{
    const struct hde_event event = {
        .kind = HDE_EVENT_FREE,
        .address = address,
        .size = size < UINT8_MAX ? (uint8_t)(size + (size == 0)) : UINT8_MAX,
        .writes = true,
        .pc = pc,
    };

    hde_self->events++;
    step(&event, size + (size == 0));
}

/* In one pass, granule by granule: the shadow of a block is eight times as large as the block. */
void hde_access_free(uint64_t address, uint64_t size, uint32_t pc)
{
    uint64_t end = address + size;

    for (uint64_t at = address; at < end; at += HDE_GRANULE_BYTES) {
        uint64_t here = end - at < HDE_GRANULE_BYTES ? end - at : HDE_GRANULE_BYTES;
        uint64_t bytes = here == HDE_GRANULE_BYTES ? UINT8_MAX : hde_access_mask(at, here);
        uint64_t word = hde_self->stamp | HDE_CELL_PLAIN | HDE_CELL_WRITES | bytes;
        struct hde_granule *granule = hde_shadow_at(at);

        if (hde_execution.is_concurrent && !hde_access_is_recorded(granule, word)) {
            hde_access_detect(granule, at, word, pc);
        }
        hde_poison_granule(granule, (uint8_t)bytes);
    }
}

void hde_access_slow(uint64_t address, uint64_t size, bool writes, const void *caller)
{
    hde_access_visible(address, size, writes, hde_code_pack(caller));
    hde_sanitizer_access(address, size, writes, caller);
}

void hde_access(uint64_t address, uint64_t size, bool writes, uint32_t pc)
{
    struct hde_thread *self = hde_self;

    if (self == NULL || size == 0) {
        return;
    }
    if (writes) {
        hde_globals_written(address, size);
    }
    self->events++;
    hde_access_visible(address, size, writes, pc);
    hde_sanitizer_access(address, size, writes, (const void *)hde_code_unpack(pc));
}

void hde_access_atomic(uint64_t address, uint8_t size, bool writes, uint32_t pc)
{
    if (writes) {
        hde_globals_written(address, size);
    }
    check_poison(address, size, hde_execution.pending[hde_self->id].kind, pc);
    if (hde_execution.is_concurrent) {
        detect_range(address, size, writes ? HDE_CELL_WRITES : 0, pc);
    }
}
