/*
 * Event count: CK's ck_ec, the part of Concurrency Kit that sleeps, set up for Linux.
 *
 *     for (;;) {
 *         uint64_t seen = hd_event_count_value(&count);
 *
 *         if (what_i_wait_for()) {
 *             break;
 *         }
 *         result = hd_event_count_wait_until(&count, seen, deadline_ns);
 *     }
 *
 * Whoever makes it true advances the count afterwards. Semaphore, event and condition are built on
 * it. Always in multi-producer mode: the single-producer mode is inline assembly that no race
 * detector sees, and so is ck_ec32_inc() in both modes, so the count is advanced with
 * ck_ec64_add().
 *
 * Ordering      An advance happens before the return of every wait, and every value, that sees it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_EVENT_COUNT_H
#define HEDDLE_TESTS_REFERENCE_EVENT_COUNT_H

#include <stdint.h>

#include <heddle/result.h>

struct hd_event_count {
    uint64_t word; /* atomic: a struct ck_ec64, kept out of this header with all of CK */
};

/* The value now. */
uint64_t hd_event_count_value(struct hd_event_count *count);

/* Makes it another value, and wakes all who wait. */
void hd_event_count_advance(struct hd_event_count *count);

/* HD_OK once the value is not `seen`; HD_TIMEOUT if it was up to the deadline. */
HD_MUST_CHECK enum hd_result
hd_event_count_wait_until(struct hd_event_count *count, uint64_t seen, uint64_t deadline_ns);

#endif
