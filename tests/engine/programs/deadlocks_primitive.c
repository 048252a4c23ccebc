/*
 * Deadlocks of our primitives, which the engine knows by their annotations, and their look-alikes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

#include <heddle/condition.h>
#include <heddle/event.h>
#include <heddle/lock.h>
#include <heddle/rlock.h>
#include <heddle/rwlock.h>
#include <heddle/semaphore.h>

#include "tests/engine/programs/deadlocks.h"

static struct hd_lock a = HD_LOCK_INITIALIZER;
static struct hd_lock b = HD_LOCK_INITIALIZER;
static struct hd_rlock recursive_a = HD_RLOCK_INITIALIZER;
static struct hd_rlock recursive_b = HD_RLOCK_INITIALIZER;
static struct hd_rwlock shared_a = HD_RWLOCK_INITIALIZER;
static struct hd_rwlock shared_b = HD_RWLOCK_INITIALIZER;
static struct hd_semaphore none = HD_SEMAPHORE_INITIALIZER(0);
static struct hd_semaphore one = HD_SEMAPHORE_INITIALIZER(1);
static struct hd_semaphore two = HD_SEMAPHORE_INITIALIZER(2);
static struct hd_event event = HD_EVENT_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void must(enum hd_result result) { HD_EXPECT(result == HD_OK); }

/* ---- Locks ----------------------------------------------------------------------------------- */

static void take_locks(struct hd_lock *first, struct hd_lock *second)
{
    hd_lock_acquire(first);
    hd_lock_acquire(second);
    must(hd_lock_release(second));
    must(hd_lock_release(first));
}

static void take_ab(void *unused)
{
    (void)unused;
    take_locks(&a, &b);
}

static void take_ba(void *unused)
{
    (void)unused;
    take_locks(&b, &a);
}

static void take_twice(void *unused)
{
    (void)unused;
    take_locks(&a, &a);
}

static void take_and_end(void *unused)
{
    (void)unused;
    hd_lock_acquire(&a);
}

static void take_a(void *unused)
{
    (void)unused;
    hd_lock_acquire(&a);
    must(hd_lock_release(&a));
}

/* Releases what another thread acquired: Python's locks allow it. */
static void release_for_another(void *unused)
{
    (void)unused;
    while (hd_lock_release(&a) != HD_OK) {
    }
}

static void take_recursive(struct hd_rlock *first, struct hd_rlock *second)
{
    must(hd_rlock_acquire(first));
    must(hd_rlock_acquire(second));
    must(hd_rlock_release(second));
    must(hd_rlock_release(first));
}

static void take_recursive_ab(void *unused)
{
    (void)unused;
    take_recursive(&recursive_a, &recursive_b);
}

static void take_recursive_ba(void *unused)
{
    (void)unused;
    take_recursive(&recursive_b, &recursive_a);
}

static void yield_for_ever(void *unused)
{
    (void)unused;
    for (;;) {
        (void)sched_yield();
    }
}

static void take_recursive_aa(void *unused)
{
    (void)unused;
    take_recursive(&recursive_a, &recursive_a);
}

static void read_a_write_b(void *unused)
{
    (void)unused;
    must(hd_rwlock_acquire_shared(&shared_a));
    must(hd_rwlock_acquire_exclusive(&shared_b));
    must(hd_rwlock_release_exclusive(&shared_b));
    must(hd_rwlock_release_shared(&shared_a));
}

static void read_b_write_a(void *unused)
{
    (void)unused;
    must(hd_rwlock_acquire_shared(&shared_b));
    must(hd_rwlock_acquire_exclusive(&shared_a));
    must(hd_rwlock_release_exclusive(&shared_a));
    must(hd_rwlock_release_shared(&shared_b));
}

static void read_a_read_b(void *unused)
{
    (void)unused;
    must(hd_rwlock_acquire_shared(&shared_a));
    must(hd_rwlock_acquire_shared(&shared_b));
    must(hd_rwlock_release_shared(&shared_b));
    must(hd_rwlock_release_shared(&shared_a));
}

/* ---- Semaphores and events ------------------------------------------------------------------- */

static void acquire_none(void *unused)
{
    (void)unused;
    hd_semaphore_acquire(&none);
}

static void release_none(void *unused)
{
    (void)unused;
    must(hd_semaphore_release(&none, 1));
}

static void acquire_one(void *unused)
{
    (void)unused;
    hd_semaphore_acquire(&one);
}

/* Not at once: what uses the semaphore as a lock until then is taken for its holder. */
static void release_one_later(void *unused)
{
    (void)unused;
    (void)sched_yield();
    must(hd_semaphore_release(&one, 1));
}

static void acquire_one_then_mutex(void *unused)
{
    (void)unused;
    hd_semaphore_acquire(&one);
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
}

static void acquire_mutex_then_one(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    hd_semaphore_acquire(&one);
    (void)pthread_mutex_unlock(&mutex);
}

static void acquire_two(void *unused)
{
    (void)unused;
    hd_semaphore_acquire(&two);
    must(hd_semaphore_release(&two, 1));
}

static void keep_two(void *unused)
{
    (void)unused;
    hd_semaphore_acquire(&two);
}

static void await_event(void *unused)
{
    (void)unused;
    hd_event_wait(&event);
}

/* What it holds is not what it waits for. */
static void await_event_holding_a(void *unused)
{
    (void)unused;
    hd_lock_acquire(&a);
    hd_event_wait(&event);
    must(hd_lock_release(&a));
}

static void set_event(void *unused)
{
    (void)unused;
    hd_event_set(&event);
}

const struct deadlock_program deadlock_primitive_programs[] = {
    {"lock AB-BA", HDE_CLASS_LOCK_CYCLE, 2, false, false, {take_ab, take_ba}},
    {"lock AB-BA, and one more waits",
     HDE_CLASS_LOCK_CYCLE,
     2,
     false,
     false,
     {take_a, take_ab, take_ba}},
    {"lock AB-AB", HDE_CLASS_NONE, 0, false, false, {take_ab, take_ab}},
    {"lock twice", HDE_CLASS_SELF, 1, false, false, {take_twice}},
    {"lock of one that ended", HDE_CLASS_HOLDER_ENDED, 1, true, false, {take_and_end, take_a}},
    {"lock released by another",
     HDE_CLASS_NONE,
     0,
     false,
     false,
     {take_and_end, release_for_another}},
    {"rlock AB-BA", HDE_CLASS_LOCK_CYCLE, 2, false, false, {take_recursive_ab, take_recursive_ba}},
    {"rlock AB-BA while another goes on",
     HDE_CLASS_LOCK_CYCLE,
     2,
     false,
     true,
     {take_recursive_ab, take_recursive_ba, yield_for_ever}},
    {"rlock twice", HDE_CLASS_NONE, 0, false, false, {take_recursive_aa, take_recursive_ab}},
    {"rwlock AB-BA", HDE_CLASS_LOCK_CYCLE, 2, false, false, {read_a_write_b, read_b_write_a}},
    {"rwlock all read", HDE_CLASS_NONE, 0, false, false, {read_a_read_b, read_a_read_b}},
    {"semaphore as signal", HDE_CLASS_NONE, 0, false, false, {acquire_none, release_none}},
    {"semaphore, too few signals",
     HDE_CLASS_NEVER_NOTIFIED,
     1,
     false,
     false,
     {acquire_none, acquire_none, release_none}},
    {"semaphore as lock, never released",
     HDE_CLASS_HOLDER_ENDED,
     1,
     true,
     false,
     {acquire_one, acquire_one}},
    {"semaphore in what looks like a cycle",
     HDE_CLASS_NONE,
     0,
     false,
     false,
     {acquire_one_then_mutex, acquire_mutex_then_one, release_one_later}},
    {"semaphore with two units",
     HDE_CLASS_NONE,
     0,
     false,
     false,
     {acquire_two, acquire_two, acquire_two}},
    {"semaphore with two holders that ended",
     HDE_CLASS_NEVER_NOTIFIED,
     1,
     false,
     false,
     {keep_two, keep_two, keep_two}},
    {"event", HDE_CLASS_NONE, 0, false, false, {await_event, await_event, set_event}},
    {"event never set", HDE_CLASS_NEVER_NOTIFIED, 2, false, false, {await_event, await_event}},
    {"event never set, with a lock held",
     HDE_CLASS_NEVER_NOTIFIED,
     1,
     false,
     false,
     {await_event_holding_a, take_a}},
    {NULL, HDE_CLASS_NONE, 0, false, false, {NULL}},
};
