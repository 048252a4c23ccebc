/*
 * Programs that record histories.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/recorded.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/history.h>

static uint32_t number;   /* atomic, relaxed */
static uint32_t plain;    /* raced on, on purpose */
static uint32_t units;    /* under mutex */
static uint32_t untimely; /* atomic, relaxed: a second event in an operation */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_unit = PTHREAD_COND_INITIALIZER;

/* Nothing here may be an access to memory: threads are primed up to that. */
static void call(uint32_t code, uint64_t argument) { hd_history_call(&number, code, argument); }

static void end(enum hd_result outcome, uint64_t value)
{
    hd_history_return(&number, (int)outcome, value);
}

/* ---- A register ------------------------------------------------------------------------------ */

static void setup_register(void) { hd_history_begin(&number, &hd_specification_register, 0); }

static void write_one(void *argument)
{
    (void)argument;
    call(HD_OP_WRITE, 1);
    __atomic_store_n(&number, 1, __ATOMIC_RELAXED);
    end(HD_OK, 0);
}

static void read(void *argument)
{
    (void)argument;
    call(HD_OP_READ, 0);
    end(HD_OK, __atomic_load_n(&number, __ATOMIC_RELAXED));
}

static void read_stale(void *argument)
{
    (void)argument;
    call(HD_OP_READ, 0);
    (void)__atomic_load_n(&number, __ATOMIC_RELAXED);
    end(HD_OK, 0);
}

static void write_one_racy(void *argument)
{
    (void)argument;
    call(HD_OP_WRITE, 1);
    plain = 1;
    __atomic_store_n(&number, 1, __ATOMIC_RELAXED);
    end(HD_OK, 0);
}

static void read_stale_racy(void *argument)
{
    (void)argument;
    call(HD_OP_READ, 0);
    plain = 2;
    (void)__atomic_load_n(&number, __ATOMIC_RELAXED);
    end(HD_OK, 0);
}

static void write_plain(void *argument)
{
    (void)argument;
    call(HD_OP_WRITE, 1);
    plain = 1;
    __atomic_store_n(&untimely, 1, __ATOMIC_RELAXED);
    end(HD_OK, 0);
}

static void write_plain_unrecorded(void *argument)
{
    (void)argument;
    plain = 1;
    __atomic_store_n(&untimely, 1, __ATOMIC_RELAXED);
}

static void read_plain_unrecorded(void *argument)
{
    (void)argument;
    (void)*(volatile uint32_t *)&plain;
    (void)__atomic_load_n(&untimely, __ATOMIC_RELAXED);
}

/* It takes effect where it reads, long before its first event that is no plain access. */
static void read_plain(void *argument)
{
    (void)argument;
    call(HD_OP_READ, 0);
    uint32_t value = plain;

    (void)__atomic_load_n(&untimely, __ATOMIC_RELAXED);
    end(HD_OK, value);
}

const struct recorded_program hd_recorded_register = {
    .name = "register", .setup = setup_register, .threads = {write_one, read}};

const struct recorded_program hd_recorded_stale = {
    .name = "stale", .setup = setup_register, .threads = {write_one, read_stale}};

const struct recorded_program hd_recorded_stale_racy = {
    .name = "stale, racy", .setup = setup_register, .threads = {write_one_racy, read_stale_racy}};

const struct recorded_program hd_recorded_plain_value = {
    .name = "plain value", .setup = setup_register, .threads = {write_plain, read_plain}};

const struct recorded_program hd_recorded_not_at_all = {
    .name = "not recorded",
    .setup = setup_register,
    .threads = {write_plain_unrecorded, read_plain_unrecorded}};

/* Each key is read twice, and one of them is wrong the first time. */
static void read_keys(void *argument)
{
    (void)argument;
    for (uint64_t i = 0; i < 6; i++) {
        hd_history_call_key(&number, HD_OP_READ, i / 2, 0);
        end(HD_OK, i == 2 ? 5 : 0);
    }
}

const struct recorded_program hd_recorded_wrong_key = {
    .name = "wrong key", .setup = setup_register, .threads = {read_keys}};

/* ---- A semaphore ----------------------------------------------------------------------------- */

static void setup_semaphore(void) { hd_history_begin(&number, &hd_specification_semaphore, 0); }

static void acquire(void *argument)
{
    (void)argument;
    call(HD_OP_ACQUIRE, 0);
    (void)pthread_mutex_lock(&mutex);
    while (units == 0) {
        (void)pthread_cond_wait(&has_unit, &mutex);
    }
    units--;
    (void)pthread_mutex_unlock(&mutex);
    end(HD_OK, 0);
}

static void release_too_late(void *argument)
{
    (void)argument;
    call(HD_OP_RELEASE, 1);
    (void)pthread_cond_signal(&has_unit);
    (void)pthread_mutex_lock(&mutex);
    units++;
    (void)pthread_mutex_unlock(&mutex);
    end(HD_OK, 0);
}

const struct recorded_program hd_recorded_empty = {
    .name = "empty", .setup = setup_semaphore, .threads = {acquire}};

const struct recorded_program hd_recorded_lost_wake_up = {
    .name = "lost wake-up", .setup = setup_semaphore, .threads = {acquire, release_too_late}};

const struct recorded_program hd_recorded_two_wait = {
    .name = "two wait", .setup = setup_semaphore, .threads = {acquire, acquire, release_too_late}};

/* ---- What cannot be recorded ----------------------------------------------------------------- */

static void no_setup(void) {}

static void end_uncalled(void *argument)
{
    (void)argument;
    end(HD_OK, 0);
}

static void read_too_often(void *argument)
{
    for (int i = 0; i <= HD_HISTORY_OPERATIONS_MAX; i++) {
        read(argument);
    }
}

const struct recorded_program hd_recorded_not_begun = {
    .name = "not begun", .setup = no_setup, .threads = {read}};

const struct recorded_program hd_recorded_not_called = {
    .name = "not called", .setup = setup_register, .threads = {end_uncalled}};

const struct recorded_program hd_recorded_too_many = {
    .name = "too many", .setup = setup_register, .threads = {read_too_often}};
