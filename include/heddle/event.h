/*
 * Event: a flag that threads wait for; setting it wakes them all.
 *
 *     static struct hd_event ready = HD_EVENT_INITIALIZER;
 *
 *     prepare(&data);       // one thread
 *     hd_event_set(&ready);
 *
 *     hd_event_wait(&ready); // any number of others
 *     use(&data);
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                         init  set  clear  is_set  wait*  destroy
 *                 init     X     X     X      X       X       X
 *                 set      X     -     -      -       -       X
 *                 clear    X     -     -      -       -       X
 *                 is_set   X     -     -      -       -       X
 *                 wait*    X     -     -      -       -       X
 *                 destroy  X     X     X      X       X       X
 *
 * Lifetime      The last waiter to return may destroy and free the event at once: a set touches it
 *               no more once it can be seen.
 * Ordering      Every set happens before a wait or is_set that sees it, also a set of an event that
 *               was set already, and also when a clear comes between.
 * Fairness      A set ends every wait that began before it, even when the event is cleared at once.
 * Fork          The child may use it.
 * Source        Semantics of Python's threading.Event; one word, with a generation in the upper
 *               bits.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_EVENT_H
#define HEDDLE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Bits of `word`:
 *   0      set.
 *   1      waiters: never with `set`. Must be set while a thread sleeps; may be set when none does.
 *   2      zero; reserved for an event shared between processes.
 *   3..31  generation: one more with each change from clear to set, modulo 2^29. A waiter that
 *          sleeps through 2^29 such changes and finds the event clear goes on waiting.
 */
struct hd_event {
    uint32_t word; /* atomic; all other state follows from it */
};

#define HD_EVENT_INITIALIZER {0}

/*
 * Make `event` a clear event. HD_EVENT_INITIALIZER does the same.
 *
 * Requires    Nobody uses *event.
 * Blocks      No.
 * Ordering    None; publish the event to other threads by other means.
 */
void hd_event_init(struct hd_event *event);

/*
 * End the life of `event`. Its memory may be re-used afterwards.
 *
 * Requires    Nobody waits for or is calling into *event.
 * Blocks      No.
 * Ordering    None.
 */
void hd_event_destroy(struct hd_event *event);

/*
 * Set the event and wake all who wait for it.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Ordering    Release: see "Ordering" above.
 */
void hd_event_set(struct hd_event *event);

/*
 * Clear the event. Waits that a set has already ended stay ended.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Ordering    None of its own; what earlier sets published stays published.
 */
void hd_event_clear(struct hd_event *event);

/*
 * Whether the event is set at this moment.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     True while it is set.
 * Ordering    On true, acquire: see "Ordering" above. On false, none.
 */
bool hd_event_is_set(const struct hd_event *event);

/*
 * Wait until the event is set, or has been set since the call began.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless the event is set.
 * Ordering    Acquire: see "Ordering" above.
 */
void hd_event_wait(struct hd_event *event);

/*
 * Wait until the event is set, or has been set since the call began, or `deadline_ns` has come.
 *
 * Requires    Initialised.
 * Blocks      Yes, unless the event is set. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns(). One that has passed is a
 *             test.
 * Returns     HD_OK       the event was set.
 *             HD_TIMEOUT  it was not set in time.
 * Ordering    On HD_OK, acquire: see "Ordering" above. On HD_TIMEOUT, none.
 */
HD_MUST_CHECK enum hd_result hd_event_wait_until(struct hd_event *event, uint64_t deadline_ns);

#ifdef __cplusplus
}
#endif

#endif
