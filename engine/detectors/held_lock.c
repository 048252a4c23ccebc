/*
 * Held lock: a thread ended and had not released a lock.
 *
 * Nobody else may release it, so whoever wants it from then on waits for ever, or is turned away
 * for ever. It is asked at the end of the execution, of those that ended by returning or by
 * pthread_exit(), not of those that the end of the process stopped.
 *
 * Place: where the lock was acquired.
 *
 * Guarantee  Reports each mutex, rwlock and spin lock that was held by a thread as it ended, in an
 *            execution that ends by itself. None of a robust mutex, whose next holder is told.
 * Misses     Executions that end in another failure: if somebody waits for the lock, that is a
 *            deadlock, and says why. Read locks whose place is no longer known, since another
 *            thread read later. More than HDE_HELD_MAX locks of one thread.
 * Source     POSIX, pthread_mutex_unlock(): a mutex that another thread than its owner unlocks is
 *            an error or undefined.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include "engine/detector.h"
#include "engine/execution.h"

static bool is_lock(const struct hde_object *object)
{
    return object->kind == HDE_OBJECT_MUTEX || object->kind == HDE_OBJECT_RWLOCK ||
           object->kind == HDE_OBJECT_SPINLOCK;
}

static void find_held(const struct hde_thread *thread, const struct hde_object *lock)
{
    const struct hde_deed *acquired = &lock->acquired;
    struct hde_finding finding = {
        .kind = HD_MISUSE,
        .class = HDE_CLASS_HELD_AT_END,
        .places_count = 1,
    };

    if (!is_lock(lock) || acquired->thread != thread->id || acquired->pc == 0) {
        return;
    }
    finding.places[0] = (struct hde_place){
        .address = lock->address,
        .pc = acquired->pc,
        .context = acquired->context,
        .event = acquired->event,
        .thread = thread->id,
        .event_kind = HDE_EVENT_LOCK,
        .size = 1,
    };
    hde_execution_find(&finding);
}

/* The event that it announced last is its end; who is stopped has another one. */
static bool has_ended_itself(unsigned id)
{
    return hde_execution.threads[id].has_ended && hde_execution.pending[id].kind == HDE_EVENT_END;
}

static void ended(void)
{
    if (!hde_execution.has_abandoned ||
        (hde_execution.end != HDE_END_DONE && hde_execution.end != HDE_END_EXIT)) {
        return;
    }
    for (unsigned id = 0; id < hde_execution.threads_count; id++) {
        const struct hde_thread *thread = &hde_execution.threads[id];
        uint32_t named = thread->held_count < HDE_HELD_MAX ? thread->held_count : HDE_HELD_MAX;

        for (uint32_t i = 0; has_ended_itself(id) && i < named; i++) {
            find_held(thread, thread->held[i]);
        }
    }
}

const struct hde_detector hde_detector_held_lock = {
    .name = "held_lock",
    .summary = "locks that a thread holds as it ends",
    .ended = ended,
};
