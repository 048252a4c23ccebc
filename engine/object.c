/*
 * Objects: a pool that is used anew from its start in each execution, and lists that begin in the
 * granules of the shadow memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/object.h"

#include <stddef.h>

#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/pages.h"
#include "engine/poison.h"
#include "engine/shadow.h"

#define OBJECTS_MAX (UINT32_C(1) << 20)

struct hde_object *hde_objects;
static uint32_t count; /* used; number 0 is none */

static const char *const kind_names[HDE_OBJECT_KINDS] = {
    [HDE_OBJECT_ATOMIC] = "atomic",       [HDE_OBJECT_MUTEX] = "mutex",
    [HDE_OBJECT_CONDITION] = "condition", [HDE_OBJECT_FUTEX] = "futex",
    [HDE_OBJECT_ANNOTATION] = "lock",     [HDE_OBJECT_RWLOCK] = "rwlock",
    [HDE_OBJECT_READERS] = "rwlock",      [HDE_OBJECT_SPINLOCK] = "spin lock",
    [HDE_OBJECT_BARRIER] = "barrier",     [HDE_OBJECT_SEMAPHORE] = "semaphore",
    [HDE_OBJECT_ONCE] = "once",           [HDE_OBJECT_THREAD_END] = "end of thread",
};

const char *hde_object_kind_name(enum hde_object_kind kind)
{
    return kind < HDE_OBJECT_KINDS ? kind_names[kind] : "?";
}

void hde_object_begin(void)
{
    if (hde_objects == NULL) {
        hde_objects =
            hde_pages_reserve(OBJECTS_MAX * sizeof(*hde_objects), "synchronization objects");
    }
    hde_objects[0].kind = HDE_OBJECT_KINDS;
    count = 1;
}

static struct hde_object *
find_object(const struct hde_granule *granule, enum hde_object_kind kind, uint64_t address)
{
    uint32_t number = granule->objects;

    while (number != 0 &&
           (hde_objects[number].address != address || hde_objects[number].kind != kind)) {
        number = hde_objects[number].next;
    }
    return number == 0 ? NULL : &hde_objects[number];
}

static struct hde_object *
make_object(struct hde_granule *granule, enum hde_object_kind kind, uint64_t address)
{
    static const struct hde_set nobody;

    if (count == OBJECTS_MAX) {
        hde_fatal("more than a million synchronization objects in one execution");
    }
    struct hde_object *object = &hde_objects[count];

    object->address = address;
    object->next = granule->objects;
    object->kind = (uint8_t)kind;
    object->type = 0;
    object->owner = HDE_NOBODY;
    object->is_unowned = false;
    object->state = 0;
    object->depth = 0;
    object->shared = 0;
    object->is_open = true;
    object->opened = 0;
    object->at_gate = nobody;
    object->waiters = nobody;
    object->acquired.pc = 0;
    object->notified.pc = 0;
    object->clock.size = 0;
    granule->objects = count++;
    return object;
}

struct hde_object *hde_object_find(enum hde_object_kind kind, uint64_t address)
{
    const struct hde_granule *granule = hde_shadow_at(address);

    if (granule->generation != hde_execution.generation) {
        return NULL;
    }
    return find_object(granule, kind, address);
}

/*
 * Whether such an object must not be used where memory was freed. A wake of a futex may: the kernel
 * allows it, since whoever unlocks may find that the lock is gone before it wakes. So may what
 * tells the engine of a release that has taken place.
 */
static bool needs_memory(enum hde_object_kind kind)
{
    return kind != HDE_OBJECT_FUTEX && kind != HDE_OBJECT_ANNOTATION &&
           kind != HDE_OBJECT_THREAD_END;
}

struct hde_object *hde_object_make(enum hde_object_kind kind, uint64_t address)
{
    struct hde_granule *granule = hde_shadow_at(address);

    hde_granule_renew(granule, hde_execution.generation);
    struct hde_object *object = find_object(granule, kind, address);

    if (object == NULL && granule->poisoned != 0 && needs_memory(kind)) {
        const struct hde_event *event = &hde_execution.pending[hde_self->id];

        hde_poison_check(address, 1, event->kind, event->pc);
    }
    return object != NULL ? object : make_object(granule, kind, address);
}

struct hde_object *hde_object_number(uint32_t number) { return &hde_objects[number]; }

uint32_t hde_object_count(void) { return count; }
