/*
 * Sleep set: which events commute.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/sleep_set.h"

/* What only the thread itself notices. A woken thread has left the waiters already. */
static bool is_private(const struct hde_event *event)
{
    switch (event->kind) {
    case HDE_EVENT_START:
    case HDE_EVENT_FENCE: /* memory is sequentially consistent */
    case HDE_EVENT_CHOOSE:
    case HDE_EVENT_AWAKE:
    case HDE_EVENT_FUTEX_AWAKE:
        return true;
    default:
        return false;
    }
}

/*
 * What may concern anybody: the end of all threads, virtual time, who steps next, which number a
 * new thread gets; and what does not say which object it touches.
 */
static bool concerns_all(const struct hde_event *event)
{
    switch (event->kind) {
    case HDE_EVENT_MAIN_END:
    case HDE_EVENT_SLEEP:
    case HDE_EVENT_YIELD:
    case HDE_EVENT_CANCEL:
    case HDE_EVENT_CANCELLED:
        return true;
    default:
        return event->address == 0 && event->kind != HDE_EVENT_CREATE;
    }
}

bool hde_event_commutes(const struct hde_event *a, const struct hde_event *b)
{
    if (concerns_all(a) || concerns_all(b)) {
        return is_private(a) || is_private(b);
    }
    if (is_private(a) || is_private(b)) {
        return true;
    }
    if (a->kind == HDE_EVENT_CREATE && b->kind == HDE_EVENT_CREATE) {
        return false;
    }
    return !hde_event_is_dependent(a, b);
}

void hde_sleep_set_begin(struct hde_sleep_set *set,
                         const struct hde_set *threads,
                         const struct hde_event *pending)
{
    set->threads = *threads;
    for (unsigned id = hde_set_first(threads); id < HDE_THREADS_MAX;
         id = hde_set_next(threads, id + 1)) {
        hde_event_copy(&set->events[id], &pending[id]);
    }
}

void hde_sleep_set_step(struct hde_sleep_set *set, const struct hde_event *event)
{
    struct hde_set threads = set->threads;

    for (unsigned id = hde_set_first(&threads); id < HDE_THREADS_MAX;
         id = hde_set_next(&threads, id + 1)) {
        if (!hde_event_commutes(&set->events[id], event)) {
            hde_set_remove(&set->threads, id);
        }
    }
}

void hde_sleep_set_wake_all(struct hde_sleep_set *set)
{
    static const struct hde_set nobody;

    set->threads = nobody;
}
