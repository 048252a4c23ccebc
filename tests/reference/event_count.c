/*
 * Event count: see event_count.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <ck_ec.h>

#include <heddle/clock.h>

#include "tests/reference/event_count.h"
#include "tests/reference/posix.h"

static int ec_gettime(const struct ck_ec_ops *ops, struct timespec *now)
{
    (void)ops;
    return clock_gettime(CLOCK_MONOTONIC, now);
}

/* May return early for any reason, CK says: so its result tells nothing. */
static void futex_wait(const uint32_t *word, uint32_t expected, const struct timespec *deadline)
{
    (void)syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, deadline, NULL,
                  FUTEX_BITSET_MATCH_ANY);
}

static void futex_wake(const uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void ec_wait32(const struct ck_ec_wait_state *state,
                      const uint32_t *word,
                      uint32_t expected,
                      const struct timespec *deadline)
{
    (void)state;
    futex_wait(word, expected, deadline);
}

/* The half that the kernel watches is the low one, with CK's flag in it. */
static const uint32_t *low_half(const uint64_t *word)
{
    return (const uint32_t *)word + (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 1);
}

static void ec_wait64(const struct ck_ec_wait_state *state,
                      const uint64_t *word,
                      uint64_t expected,
                      const struct timespec *deadline)
{
    (void)state;
    futex_wait(low_half(word), (uint32_t)expected, deadline);
}

static void ec_wake32(const struct ck_ec_ops *ops, const uint32_t *word)
{
    (void)ops;
    futex_wake(word);
}

static void ec_wake64(const struct ck_ec_ops *ops, const uint64_t *word)
{
    (void)ops;
    futex_wake(low_half(word));
}

static const struct ck_ec_ops linux_ops = {
    .gettime = ec_gettime,
    .wait32 = ec_wait32,
    .wait64 = ec_wait64,
    .wake32 = ec_wake32,
    .wake64 = ec_wake64,
};

static const struct ck_ec_mode many_producers = {.ops = &linux_ops, .single_producer = false};

static struct ck_ec64 *to_ck(struct hd_event_count *count)
{
    _Static_assert(sizeof(struct ck_ec64) == sizeof(*count), "room for CK's event count");
    return (struct ck_ec64 *)count;
}

uint64_t hd_event_count_value(struct hd_event_count *count) { return ck_ec64_value(to_ck(count)); }

void hd_event_count_advance(struct hd_event_count *count)
{
    (void)ck_ec64_add(to_ck(count), &many_producers, 1);
}

enum hd_result
hd_event_count_wait_until(struct hd_event_count *count, uint64_t seen, uint64_t deadline_ns)
{
    const struct timespec deadline = hd_posix_monotonic(deadline_ns);

    if (ck_ec64_wait(to_ck(count), &many_producers, seen,
                     deadline_ns == HD_FOREVER ? NULL : &deadline) != 0) {
        return HD_TIMEOUT;
    }
    /* The load that saw the advance may have been one in libck.so; this one is seen. */
    (void)hd_event_count_value(count);
    return HD_OK;
}
