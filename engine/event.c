/*
 * Event: the names of the kinds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/event.h"

#include <string.h>

static const char *const names[HDE_EVENT_KINDS] = {
    [HDE_EVENT_NONE] = "none",
    [HDE_EVENT_READ] = "read",
    [HDE_EVENT_WRITE] = "write",
    [HDE_EVENT_ATOMIC_LOAD] = "atomic_load",
    [HDE_EVENT_ATOMIC_STORE] = "atomic_store",
    [HDE_EVENT_ATOMIC_UPDATE] = "atomic_update",
    [HDE_EVENT_FENCE] = "fence",
    [HDE_EVENT_LOCK] = "lock",
    [HDE_EVENT_TRYLOCK] = "trylock",
    [HDE_EVENT_UNLOCK] = "unlock",
    [HDE_EVENT_WAIT] = "wait",
    [HDE_EVENT_AWAKE] = "awake",
    [HDE_EVENT_NOTIFY] = "notify",
    [HDE_EVENT_NOTIFY_ALL] = "notify_all",
    [HDE_EVENT_FUTEX_WAIT] = "futex_wait",
    [HDE_EVENT_FUTEX_AWAKE] = "futex_awake",
    [HDE_EVENT_FUTEX_WAKE] = "futex_wake",
    [HDE_EVENT_CREATE] = "create",
    [HDE_EVENT_START] = "start",
    [HDE_EVENT_END] = "end",
    [HDE_EVENT_JOIN] = "join",
    [HDE_EVENT_DETACH] = "detach",
    [HDE_EVENT_SLEEP] = "sleep",
    [HDE_EVENT_YIELD] = "yield",
    [HDE_EVENT_CHOOSE] = "choose",
    [HDE_EVENT_ALLOCATE] = "allocate",
    [HDE_EVENT_FREE] = "free",
    [HDE_EVENT_INITIALIZE] = "initialize",
    [HDE_EVENT_DESTROY] = "destroy",
    [HDE_EVENT_SHARED_LOCK] = "shared_lock",
    [HDE_EVENT_SHARED_TRYLOCK] = "shared_trylock",
    [HDE_EVENT_SHARED_UNLOCK] = "shared_unlock",
    [HDE_EVENT_SEMAPHORE_WAIT] = "semaphore_wait",
    [HDE_EVENT_SEMAPHORE_TRYWAIT] = "semaphore_trywait",
    [HDE_EVENT_SEMAPHORE_POST] = "semaphore_post",
    [HDE_EVENT_SEMAPHORE_VALUE] = "semaphore_value",
    [HDE_EVENT_BARRIER_ARRIVE] = "barrier_arrive",
    [HDE_EVENT_BARRIER_LEAVE] = "barrier_leave",
    [HDE_EVENT_CANCEL] = "cancel",
    [HDE_EVENT_CANCELLED] = "cancelled",
    [HDE_EVENT_MAIN_END] = "main_end",
};

const char *hde_event_name(enum hde_event_kind kind)
{
    return kind < HDE_EVENT_KINDS ? names[kind] : "?";
}

enum hde_event_kind hde_event_named(const char *name)
{
    for (int kind = HDE_EVENT_NONE + 1; kind < HDE_EVENT_KINDS; kind++) {
        if (strcmp(names[kind], name) == 0) {
            return (enum hde_event_kind)kind;
        }
    }
    return HDE_EVENT_NONE;
}
