/*
 * Lock orders: the programs.
 *
 * All locks are globals; a scenario's functions are named after what they acquire, in order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/lock_orders.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <heddle/lock.h>
#include <heddle/rwlock.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    (void)pthread_mutex_lock(first);
    (void)pthread_mutex_lock(second);
    (void)pthread_mutex_unlock(second);
    (void)pthread_mutex_unlock(first);
}

static void a_b(void *state)
{
    (void)state;
    both(&a, &b);
}

static void b_a(void *state)
{
    (void)state;
    both(&b, &a);
}

static void b_c(void *state)
{
    (void)state;
    both(&b, &c);
}

static void c_a(void *state)
{
    (void)state;
    both(&c, &a);
}

static void a_b_then_b_a(void *state)
{
    a_b(state);
    b_a(state);
}

/* ---- A gate ---------------------------------------------------------------------------------- */

static void gate_a_b(void *state)
{
    (void)pthread_mutex_lock(&c);
    a_b(state);
    (void)pthread_mutex_unlock(&c);
}

static void gate_b_a(void *state)
{
    (void)pthread_mutex_lock(&c);
    b_a(state);
    (void)pthread_mutex_unlock(&c);
}

static struct hd_rwlock gate;

static void make_gate(void *state)
{
    (void)state;
    hd_rwlock_init(&gate);
}

static void read_gate_a_b(void *state)
{
    HD_EXPECT(hd_rwlock_acquire_shared(&gate) == HD_OK);
    a_b(state);
    HD_EXPECT(hd_rwlock_release_shared(&gate) == HD_OK);
}

static void read_gate_b_a(void *state)
{
    HD_EXPECT(hd_rwlock_acquire_shared(&gate) == HD_OK);
    b_a(state);
    HD_EXPECT(hd_rwlock_release_shared(&gate) == HD_OK);
}

static void write_gate_b_a(void *state)
{
    HD_EXPECT(hd_rwlock_acquire_exclusive(&gate) == HD_OK);
    b_a(state);
    HD_EXPECT(hd_rwlock_release_exclusive(&gate) == HD_OK);
}

/* ---- Tries and deadlines --------------------------------------------------------------------- */

static void b_try_a(void *state)
{
    (void)state;
    (void)pthread_mutex_lock(&b);
    if (pthread_mutex_trylock(&a) == 0) {
        (void)pthread_mutex_unlock(&a);
    }
    (void)pthread_mutex_unlock(&b);
}

static void b_timed_a(void *state)
{
    struct timespec until;

    (void)state;
    (void)pthread_mutex_lock(&b);
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    if (pthread_mutex_timedlock(&a, &until) == 0) {
        (void)pthread_mutex_unlock(&a);
    }
    (void)pthread_mutex_unlock(&b);
}

static void try_b_a(void *state)
{
    (void)state;
    if (pthread_mutex_trylock(&b) == 0) {
        (void)pthread_mutex_lock(&a);
        (void)pthread_mutex_unlock(&a);
        (void)pthread_mutex_unlock(&b);
    }
}

/* ---- Create and join ------------------------------------------------------------------------- */

static void *run_a_b(void *unused)
{
    a_b(unused);
    return NULL;
}

static void *run_b_a(void *unused)
{
    b_a(unused);
    return NULL;
}

static void one_after_the_other(void *state)
{
    pthread_t thread;

    (void)state;
    HD_EXPECT(pthread_create(&thread, NULL, run_a_b, NULL) == 0);
    (void)pthread_join(thread, NULL);
    HD_EXPECT(pthread_create(&thread, NULL, run_b_a, NULL) == 0);
    (void)pthread_join(thread, NULL);
}

static void before_it_creates(void *state)
{
    pthread_t thread;

    a_b(state);
    HD_EXPECT(pthread_create(&thread, NULL, run_b_a, NULL) == 0);
    (void)pthread_join(thread, NULL);
}

static void after_it_created(void *state)
{
    pthread_t thread;

    HD_EXPECT(pthread_create(&thread, NULL, run_b_a, NULL) == 0);
    a_b(state);
    (void)pthread_join(thread, NULL);
}

/* What the first thread created goes on when the first one has been joined. */
static void *create_and_end(void *thread)
{
    HD_EXPECT(pthread_create(thread, NULL, run_a_b, NULL) == 0);
    return NULL;
}

static void grandchild_goes_on(void *state)
{
    pthread_t child;
    pthread_t grandchild;

    HD_EXPECT(pthread_create(&child, NULL, create_and_end, &grandchild) == 0);
    (void)pthread_join(child, NULL);
    b_a(state);
    (void)pthread_join(grandchild, NULL);
}

/* ---- Ordered by something else --------------------------------------------------------------- */

static uint32_t is_told;

static void a_b_and_tell(void *state)
{
    a_b(state);
    /* Release: pairs with the acquire in told_b_a(). */
    __atomic_store_n(&is_told, 1, __ATOMIC_RELEASE);
}

static void told_b_a(void *state)
{
    /* Acquire: pairs with the release in a_b_and_tell(). */
    while (__atomic_load_n(&is_told, __ATOMIC_ACQUIRE) == 0) {
    }
    b_a(state);
}

/* ---- Our own locks --------------------------------------------------------------------------- */

static struct hd_lock own_a = HD_LOCK_INITIALIZER;
static struct hd_lock own_b = HD_LOCK_INITIALIZER;

static void own_both(struct hd_lock *first, struct hd_lock *second)
{
    hd_lock_acquire(first);
    hd_lock_acquire(second);
    HD_EXPECT(hd_lock_release(second) == HD_OK);
    HD_EXPECT(hd_lock_release(first) == HD_OK);
}

static void own_a_b(void *state)
{
    (void)state;
    own_both(&own_a, &own_b);
}

static void own_b_a(void *state)
{
    (void)state;
    own_both(&own_b, &own_a);
}

static void own_b_try_a(void *state)
{
    (void)state;
    hd_lock_acquire(&own_b);
    if (hd_lock_try_acquire(&own_a) == HD_OK) {
        HD_EXPECT(hd_lock_release(&own_a) == HD_OK);
    }
    HD_EXPECT(hd_lock_release(&own_b) == HD_OK);
}

static struct hd_rwlock left;
static struct hd_rwlock right;

static void make_sides(void *state)
{
    (void)state;
    hd_rwlock_init(&left);
    hd_rwlock_init(&right);
}

static void read_both(struct hd_rwlock *first, struct hd_rwlock *second)
{
    HD_EXPECT(hd_rwlock_acquire_shared(first) == HD_OK);
    HD_EXPECT(hd_rwlock_acquire_shared(second) == HD_OK);
    HD_EXPECT(hd_rwlock_release_shared(second) == HD_OK);
    HD_EXPECT(hd_rwlock_release_shared(first) == HD_OK);
}

static void read_left_right(void *state)
{
    (void)state;
    read_both(&left, &right);
}

static void read_right_left(void *state)
{
    (void)state;
    read_both(&right, &left);
}

static void read_and_write(struct hd_rwlock *first, struct hd_rwlock *second)
{
    HD_EXPECT(hd_rwlock_acquire_shared(first) == HD_OK);
    HD_EXPECT(hd_rwlock_acquire_exclusive(second) == HD_OK);
    HD_EXPECT(hd_rwlock_release_exclusive(second) == HD_OK);
    HD_EXPECT(hd_rwlock_release_shared(first) == HD_OK);
}

static void read_left_write_right(void *state)
{
    (void)state;
    read_and_write(&left, &right);
}

static void read_right_write_left(void *state)
{
    (void)state;
    read_and_write(&right, &left);
}

/* ---- A window of a few steps ----------------------------------------------------------------- */

static uint32_t counters[3];

static void be_busy(unsigned own, unsigned turns)
{
    for (unsigned i = 0; i < turns; i++) {
        (void)__atomic_fetch_add(&counters[own], 1, __ATOMIC_RELAXED);
    }
}

static void busy_a_b(void *state)
{
    be_busy(0, 20);
    a_b(state);
    be_busy(0, 60);
}

static void busy_b_c(void *state)
{
    be_busy(1, 40);
    b_c(state);
    be_busy(1, 40);
}

static void busy_c_a(void *state)
{
    be_busy(2, 60);
    c_a(state);
    be_busy(2, 20);
}

const struct hd_scenario lock_order_rare = {
    .summary = "three locks, a few steps of many",
    .threads = {busy_a_b, busy_b_c, busy_c_a},
};

const struct lock_order_program lock_order_programs[] = {
    {{.summary = "two locks", .threads = {a_b, b_a}}, LOCK_ORDER_DEADLOCK},
    {{.summary = "three locks", .threads = {a_b, b_c, c_a}}, LOCK_ORDER_DEADLOCK},
    {{.summary = "one order", .threads = {a_b, b_c, a_b}}, LOCK_ORDER_CLEAN},
    {{.summary = "one thread alone", .threads = {a_b_then_b_a, b_c}}, LOCK_ORDER_CLEAN},
    {{.summary = "one thread, twice", .threads = {a_b_then_b_a, a_b_then_b_a}},
     LOCK_ORDER_DEADLOCK},
    {{.summary = "a gate", .threads = {gate_a_b, gate_b_a}}, LOCK_ORDER_CLEAN},
    {{.summary = "a gate for one of them", .threads = {gate_a_b, b_a}}, LOCK_ORDER_DEADLOCK},
    {{.summary = "a gate for readers",
      .setup = make_gate,
      .threads = {read_gate_a_b, read_gate_b_a}},
     LOCK_ORDER_DEADLOCK},
    {{.summary = "a gate for a writer",
      .setup = make_gate,
      .threads = {read_gate_a_b, write_gate_b_a}},
     LOCK_ORDER_CLEAN},
    {{.summary = "a try", .threads = {a_b, b_try_a}}, LOCK_ORDER_CLEAN},
    {{.summary = "a deadline", .threads = {a_b, b_timed_a}}, LOCK_ORDER_CLEAN},
    {{.summary = "held by a try", .threads = {a_b, try_b_a}}, LOCK_ORDER_DEADLOCK},
    {{.summary = "joined before the other is created", .main = one_after_the_other},
     LOCK_ORDER_CLEAN},
    {{.summary = "before it creates the other", .main = before_it_creates}, LOCK_ORDER_CLEAN},
    {{.summary = "after it created the other", .main = after_it_created}, LOCK_ORDER_DEADLOCK},
    {{.summary = "created by one that was joined", .main = grandchild_goes_on},
     LOCK_ORDER_DEADLOCK},
    {{.summary = "told by the other", .threads = {a_b_and_tell, told_b_a}}, LOCK_ORDER_NOTE},
    {{.summary = "our own", .threads = {own_a_b, own_b_a}}, LOCK_ORDER_DEADLOCK},
    {{.summary = "our own, a try", .threads = {own_a_b, own_b_try_a}}, LOCK_ORDER_CLEAN},
    {{.summary = "two readers", .setup = make_sides, .threads = {read_left_right, read_right_left}},
     LOCK_ORDER_CLEAN},
    {{.summary = "readers that write",
      .setup = make_sides,
      .threads = {read_left_write_right, read_right_write_left}},
     LOCK_ORDER_DEADLOCK},
    {{.summary = NULL}, LOCK_ORDER_CLEAN},
};
