/*
 * Bounded semaphore: a semaphore that knows its initial value.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/bounded_semaphore.h>

#include "primitives/semaphore.h"

enum hd_result hd_bounded_semaphore_init(struct hd_bounded_semaphore *bounded, uint32_t units)
{
    enum hd_result result = hd_semaphore_init(&bounded->semaphore, units);

    if (result == HD_OK) {
        bounded->bound = units;
    }
    return result;
}

void hd_bounded_semaphore_destroy(struct hd_bounded_semaphore *bounded)
{
    hd_semaphore_destroy(&bounded->semaphore);
}

void hd_bounded_semaphore_acquire(struct hd_bounded_semaphore *bounded)
{
    hd_semaphore_acquire(&bounded->semaphore);
}

enum hd_result hd_bounded_semaphore_try_acquire(struct hd_bounded_semaphore *bounded)
{
    return hd_semaphore_try_acquire(&bounded->semaphore);
}

enum hd_result hd_bounded_semaphore_acquire_until(struct hd_bounded_semaphore *bounded,
                                                  uint64_t deadline_ns)
{
    return hd_semaphore_acquire_until(&bounded->semaphore, deadline_ns);
}

enum hd_result hd_bounded_semaphore_release(struct hd_bounded_semaphore *bounded, uint32_t units)
{
    return hd_semaphore_release_within(&bounded->semaphore, units, bounded->bound);
}

uint32_t hd_bounded_semaphore_value(const struct hd_bounded_semaphore *bounded)
{
    return hd_semaphore_value(&bounded->semaphore);
}
