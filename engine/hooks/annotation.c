/*
 * __tsan_mutex_*: a lock that is made of atomics says who holds it.
 *
 * The lock's own atomics block and order threads, and are seen; its annotations only say who owns
 * it and who wants it, so that a wait of its own (a futex) can be followed to the holder. No
 * annotation is a scheduling point or orders anything. __tsan_acquire() and __tsan_release() do
 * order: that is all they mean. What atomics released at the same address is acquired as well:
 * programs count down with a release, and the last one makes that call in place of a fence.
 *
 * Ownership ends before the unlock and begins after the lock, so while somebody holds it the owner
 * may read as nobody, never as a thread that does not hold it.
 *
 * Only its holder may release a lock, unless the flag ANY_MAY_RELEASE, which Heddle's primitives
 * add to those of the interface, says otherwise. A lock may even be a semaphore: one that somebody
 * releases without having acquired it, or that several hold, is used as one, and has no owner from
 * then on.
 *
 * Modelled   __tsan_mutex_create __tsan_mutex_destroy __tsan_mutex_pre_lock __tsan_mutex_post_lock
 *            __tsan_mutex_pre_unlock __tsan_mutex_post_unlock __tsan_acquire __tsan_release
 * Accepted   __tsan_mutex_pre_signal __tsan_mutex_post_signal __tsan_mutex_pre_divert
 *            __tsan_mutex_post_divert
 *
 * Source: sanitizer/tsan_interface.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sanitizer/tsan_interface.h>

#include <stdbool.h>
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/round.h"

/* HD_ANNOTATE_UNOWNED of primitives/annotate.h. */
#define ANY_MAY_RELEASE (1U << 31)

/* By thread: what it wanted before its lock operation diverted to something else. */
static struct hde_object *diverted[HDE_THREADS_MAX];

static struct hde_object *object_at(const void *address)
{
    return hde_object_at(HDE_OBJECT_ANNOTATION, (uintptr_t)address);
}

/* Whether the running thread holds it, as an owner or as one of several. */
static bool is_held(const struct hde_object *object)
{
    const struct hde_thread *self = hde_self;
    uint32_t named = self->held_count < HDE_HELD_MAX ? self->held_count : HDE_HELD_MAX;

    for (uint32_t i = 0; i < named; i++) {
        if (self->held[i] == object) {
            return true;
        }
    }
    return false;
}

/* Take it off the running thread's list, whoever is its owner. */
static void take_off_list(struct hde_object *object)
{
    uint16_t owner = object->owner;

    if (is_held(object)) {
        object->owner = HDE_NOBODY;
        hde_let_go(object);
        object->owner = owner == hde_self->id ? HDE_NOBODY : owner;
    }
}

static void forget(struct hde_object *object)
{
    take_off_list(object);
    if (object->owner != HDE_NOBODY) {
        hde_let_go(object);
    }
    object->depth = 0;
    object->shared = 0;
    object->type = HDE_USE_AS_LOCK;
}

/* ---- Acquired and released ------------------------------------------------------------------- */

static void acquired_shared(struct hde_object *object, const struct hde_event *event)
{
    uint16_t owner = object->owner;

    hde_hold(object, event);
    object->owner = owner;
    object->shared++;
}

/* As what a lock that is acquired so counts: a try cannot wait, and so does no wait with a deadline
 * for ever. */
static enum hde_event_kind kind_of(unsigned flags)
{
    bool is_try = (flags & __tsan_mutex_try_lock) != 0;

    if ((flags & __tsan_mutex_read_lock) != 0) {
        return is_try ? HDE_EVENT_SHARED_TRYLOCK : HDE_EVENT_SHARED_LOCK;
    }
    return is_try ? HDE_EVENT_TRYLOCK : HDE_EVENT_LOCK;
}

static void acquired(struct hde_object *object, uint32_t depth, const struct hde_event *event)
{
    if (object->owner == hde_self->id) {
        object->depth += depth;
        return;
    }
    if (object->owner != HDE_NOBODY) {
        object->type = HDE_USE_AS_SEMAPHORE;
    }
    hde_hold(object, event);
    object->depth = depth;
    if (object->type == HDE_USE_AS_SEMAPHORE) {
        object->owner = HDE_NOBODY;
    }
}

static void release_exclusive(struct hde_object *object)
{
    bool is_mine = is_held(object);

    object->depth = 0;
    if (is_mine) {
        take_off_list(object);
    } else if (object->owner != HDE_NOBODY) {
        hde_let_go(object); /* for somebody else */
    } else {
        object->type = HDE_USE_AS_SEMAPHORE;
    }
}

static uint32_t released(struct hde_object *object, unsigned flags)
{
    uint32_t depth = object->depth;

    if ((flags & __tsan_mutex_read_lock) != 0) {
        take_off_list(object);
        object->shared -= object->shared > 0 ? 1 : 0;
        return 0;
    }
    if ((flags & __tsan_mutex_recursive_unlock) == 0 && depth > 1) {
        object->depth--;
        return 1;
    }
    release_exclusive(object);
    return depth;
}

/* ---- The calls ------------------------------------------------------------------------------- */

void __tsan_mutex_create(void *address, unsigned flags)
{
    (void)flags;
    if (hde_self != NULL) {
        forget(object_at(address));
    }
}

void __tsan_mutex_destroy(void *address, unsigned flags)
{
    if (hde_self != NULL && (flags & __tsan_mutex_linker_init) == 0) {
        forget(object_at(address));
    }
}

void __tsan_mutex_pre_lock(void *address, unsigned flags)
{
    if (hde_self == NULL) {
        return;
    }
    if ((flags & __tsan_mutex_try_lock) == 0) {
        hde_self->wants = object_at(address);
        hde_self->wants->is_unowned = (flags & ANY_MAY_RELEASE) != 0;
    }
}

void __tsan_mutex_post_lock(void *address, unsigned flags, int recursion)
{
    if (hde_self == NULL) {
        return;
    }
    struct hde_object *object = object_at(address);
    const struct hde_event event = {
        .address = object->address,
        .pc = HDE_CALLER(),
        .kind = (uint8_t)kind_of(flags),
        .size = 1,
        .writes = true,
    };
    bool is_deep = (flags & __tsan_mutex_recursive_lock) != 0 && recursion > 0;

    hde_self->wants = NULL;
    if ((flags & __tsan_mutex_try_lock_failed) != 0) {
        hde_round_try_failed(event.pc);
        return;
    }
    if ((flags & __tsan_mutex_read_lock) != 0) {
        acquired_shared(object, &event);
    } else {
        acquired(object, is_deep ? (uint32_t)recursion : 1, &event);
    }
}

int __tsan_mutex_pre_unlock(void *address, unsigned flags)
{
    return hde_self == NULL ? 0 : (int)released(object_at(address), flags);
}

/* The object may be somebody else's by now: it was given up before. */
void __tsan_mutex_post_unlock(void *address, unsigned flags)
{
    (void)address;
    (void)flags;
}

void __tsan_mutex_pre_signal(void *address, unsigned flags)
{
    (void)address;
    (void)flags;
}

void __tsan_mutex_post_signal(void *address, unsigned flags)
{
    (void)address;
    (void)flags;
}

/* In the midst of a lock operation something else is done, which has nothing to do with it. */
void __tsan_mutex_pre_divert(void *address, unsigned flags)
{
    (void)address;
    (void)flags;
    if (hde_self != NULL) {
        diverted[hde_self->id] = hde_self->wants;
        hde_self->wants = NULL;
    }
}

void __tsan_mutex_post_divert(void *address, unsigned flags)
{
    (void)address;
    (void)flags;
    if (hde_self != NULL) {
        hde_self->wants = diverted[hde_self->id];
    }
}

void __tsan_acquire(void *address)
{
    const struct hde_object *location;

    if (hde_self == NULL) {
        return;
    }
    hde_acquire(object_at(address));
    location = hde_object_find(HDE_OBJECT_ATOMIC, (uintptr_t)address);
    if (location != NULL) {
        hde_acquire(location);
    }
}

void __tsan_release(void *address)
{
    if (hde_self != NULL) {
        hde_release(object_at(address));
    }
}
