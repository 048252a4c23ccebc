/*
 * CK waits: semaphore, event and condition from ck_ec, in its multiple-producer mode.
 *
 * Source: the pattern at the head of ck_ec.h: snapshot the event count, look at the state, wait
 * until the count differs from the snapshot.
 *
 * SPDX-License-Identifier: MIT
 */
#include <ck_ec.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/ck_memory.h"

static int get_time(const struct ck_ec_ops *ops, struct timespec *now)
{
    (void)ops;
    return clock_gettime(CLOCK_MONOTONIC, now);
}

static void wait_on_word(const struct ck_ec_wait_state *state,
                         const uint32_t *word,
                         uint32_t expected,
                         const struct timespec *deadline)
{
    (void)state;
    (void)syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, deadline, NULL,
                  FUTEX_BITSET_MATCH_ANY);
}

static void wake_all_on_word(const struct ck_ec_ops *ops, const uint32_t *word)
{
    (void)ops;
    (void)syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT32_MAX, NULL, NULL, 0);
}

static const struct ck_ec_ops operations = {
    .gettime = get_time,
    .wait32 = wait_on_word,
    .wake32 = wake_all_on_word,
};

static const struct ck_ec_mode mode = {.ops = &operations, .single_producer = false};

struct hd_ck_semaphore {
    uint32_t units;
    struct ck_ec32 released;
};

struct hd_ck_event {
    struct ck_ec32 changes; /* odd while set */
};

struct hd_ck_condition {
    struct ck_ec32 notified;
    struct hd_ck_lock *lock;
};

static bool try_take_unit(struct hd_ck_semaphore *semaphore)
{
    uint32_t units = ck_pr_load_32(&semaphore->units);

    while (units > 0) {
        if (ck_pr_cas_32_value(&semaphore->units, units, units - 1, &units)) {
            return true;
        }
    }
    return false;
}

struct hd_ck_semaphore *hd_ck_semaphore_new(unsigned units)
{
    struct hd_ck_semaphore *semaphore = hd_ck_new(sizeof(*semaphore));

    semaphore->units = units;
    ck_ec32_init(&semaphore->released, 0);
    return semaphore;
}

void hd_ck_semaphore_acquire(struct hd_ck_semaphore *semaphore)
{
    while (!try_take_unit(semaphore)) {
        uint32_t snapshot = ck_ec32_value(&semaphore->released);

        if (try_take_unit(semaphore)) {
            return;
        }
        (void)ck_ec32_wait(&semaphore->released, &mode, snapshot, NULL);
    }
}

void hd_ck_semaphore_release(struct hd_ck_semaphore *semaphore)
{
    ck_pr_inc_32(&semaphore->units);
    ck_ec32_inc(&semaphore->released, &mode);
}

struct hd_ck_event *hd_ck_event_new(void)
{
    struct hd_ck_event *event = hd_ck_new(sizeof(*event));

    ck_ec32_init(&event->changes, 0);
    return event;
}

void hd_ck_event_set(struct hd_ck_event *event)
{
    if (ck_ec32_value(&event->changes) % 2 == 0) {
        ck_ec32_inc(&event->changes, &mode);
    }
}

void hd_ck_event_clear(struct hd_ck_event *event)
{
    if (ck_ec32_value(&event->changes) % 2 != 0) {
        ck_ec32_inc(&event->changes, &mode);
    }
}

void hd_ck_event_wait(struct hd_ck_event *event)
{
    uint32_t snapshot = ck_ec32_value(&event->changes);

    while (snapshot % 2 == 0) {
        (void)ck_ec32_wait(&event->changes, &mode, snapshot, NULL);
        snapshot = ck_ec32_value(&event->changes);
    }
}

struct hd_ck_condition *hd_ck_condition_new(struct hd_ck_lock *lock)
{
    struct hd_ck_condition *condition = hd_ck_new(sizeof(*condition));

    ck_ec32_init(&condition->notified, 0);
    condition->lock = lock;
    return condition;
}

void hd_ck_condition_wait(struct hd_ck_condition *condition)
{
    uint32_t snapshot = ck_ec32_value(&condition->notified);

    hd_ck_lock_release(condition->lock);
    (void)ck_ec32_wait(&condition->notified, &mode, snapshot, NULL);
    hd_ck_lock_acquire(condition->lock);
}

void hd_ck_condition_notify(struct hd_ck_condition *condition)
{
    ck_ec32_inc(&condition->notified, &mode);
}
