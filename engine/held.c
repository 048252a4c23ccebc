/*
 * Locks held: which a thread has, in the order in which it took them.
 *
 * What is usual, the last one is released first, is inline (execution.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include "engine/execution.h"

bool hde_thread_holds(const struct hde_thread *thread, const struct hde_object *lock)
{
    uint32_t named = thread->held_count < HDE_HELD_MAX ? thread->held_count : HDE_HELD_MAX;

    for (uint32_t i = 0; i < named; i++) {
        if (thread->held[i] == lock) {
            return true;
        }
    }
    return false;
}

static void take_from_held(struct hde_thread *holder, const struct hde_object *lock)
{
    uint32_t named = holder->held_count < HDE_HELD_MAX ? holder->held_count : HDE_HELD_MAX;
    uint32_t at = named;

    while (at > 0 && holder->held[at - 1] != lock) {
        at--;
    }
    if (at == 0) {
        holder->held_count -= holder->held_count > HDE_HELD_MAX; /* one of those without a name */
        return;
    }
    for (; at < named; at++) {
        holder->held[at - 1] = holder->held[at];
    }
    holder->held_count--;
}

void hde_let_go_any(struct hde_object *lock)
{
    take_from_held(lock->owner == HDE_NOBODY ? hde_self : &hde_execution.threads[lock->owner],
                   lock);
    lock->owner = HDE_NOBODY;
}
