/*
 * Fibers: the stacks that they run on. Switching is in arch/.
 *
 * All stacks lie in one region at a fixed address, one slot each:
 *
 *     | guard, no access | colour | stack, grows down <-- top | next slot's guard ...
 *
 * The guard is as large as a stack, so that a frame of up to that size cannot jump over it. The top
 * is moved down by a colour that differs from slot to slot: otherwise the tops of all stacks, which
 * are what executions touch, would compete for the same few sets of the processor's cache.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/fiber.h"

#include <string.h>
#include <sys/mman.h>

#include "engine/fatal.h"
#include "engine/sanitizer.h"

#define GUARD_SIZE HDE_STACK_SIZE
#define CLEARED_BYTES ((size_t)32 * 1024)
#define COLOURS_SIZE ((size_t)4096)
#define COLOUR_STEP ((size_t)17 * 64) /* an odd number of cache lines: visits all 64 in a page */
#define SLOT_SIZE (GUARD_SIZE + COLOURS_SIZE + HDE_STACK_SIZE)
#define STACKS_SIZE (SLOT_SIZE * HDE_THREADS_MAX)

void hde_fiber_map_stacks(void)
{
    void *wanted = (void *)HDE_STACKS_ADDRESS;
    void *region = mmap(wanted, STACKS_SIZE, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

    if (region != wanted) {
        hde_fatal_errno("cannot map the stacks of threads at their fixed address");
    }
    for (unsigned stack = 0; stack < HDE_THREADS_MAX; stack++) {
        char *usable = (char *)region + stack * SLOT_SIZE + GUARD_SIZE;

        if (mprotect(usable, SLOT_SIZE - GUARD_SIZE, PROT_READ | PROT_WRITE) != 0) {
            hde_fatal_errno("cannot make the stack of a thread accessible");
        }
    }
}

void hde_fiber_clear(unsigned stack)
{
    (void)memset((void *)(hde_fiber_stack_top(stack) - CLEARED_BYTES), 0, CLEARED_BYTES);
}

uintptr_t hde_fiber_stack_top(unsigned stack)
{
    return HDE_STACKS_ADDRESS + (stack + 1) * SLOT_SIZE - stack * COLOUR_STEP % COLOURS_SIZE;
}

/* The slot of an address, and in *offset where in it the address lies. */
static unsigned slot_at(uintptr_t address, size_t *offset)
{
    uintptr_t distance = address - HDE_STACKS_ADDRESS;

    if (distance >= STACKS_SIZE) {
        return HDE_THREADS_MAX;
    }
    *offset = distance % SLOT_SIZE;
    return (unsigned)(distance / SLOT_SIZE);
}

unsigned hde_fiber_stack_owner(uintptr_t address)
{
    size_t offset = 0;
    unsigned slot = slot_at(address, &offset);

    return offset >= GUARD_SIZE ? slot : HDE_THREADS_MAX;
}

unsigned hde_fiber_guard_owner(uintptr_t address)
{
    size_t offset = 0;
    unsigned slot = slot_at(address, &offset);

    return offset < GUARD_SIZE ? slot : HDE_THREADS_MAX;
}
