/*
 * CK calls: parts of Concurrency Kit behind function calls.
 *
 * CK comes as inline functions, of which several do not compile as C++; ours and glibc's are
 * called. So that all three pay for the same number of calls, CK's operations are wrapped here in
 * functions of another translation unit, one call for one of ours. Nothing else is changed: these
 * are CK's own headers with CK's own atomics (inline assembly), and locks and rings that wait do so
 * by spinning, as CK's do. What CK leaves to its user, a futex for ck_ec, ck_waits.c provides.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_BENCHMARK_CK_CALLS_H
#define HEDDLE_TESTS_BENCHMARK_CK_CALLS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ck_spinlock_fas: test-and-set, spins. */
struct hd_ck_lock;
struct hd_ck_lock *hd_ck_lock_new(void);
void hd_ck_lock_acquire(struct hd_ck_lock *lock);
void hd_ck_lock_release(struct hd_ck_lock *lock);

/* ck_rwlock, and its recursive form for writers; spin. `thread` is not 0. */
struct hd_ck_rwlock;
struct hd_ck_rwlock *hd_ck_rwlock_new(void);
void hd_ck_rwlock_acquire_shared(struct hd_ck_rwlock *rwlock);
void hd_ck_rwlock_release_shared(struct hd_ck_rwlock *rwlock);
void hd_ck_rwlock_acquire_exclusive(struct hd_ck_rwlock *rwlock);
void hd_ck_rwlock_release_exclusive(struct hd_ck_rwlock *rwlock);
void hd_ck_rlock_acquire(struct hd_ck_rwlock *rwlock, unsigned thread);
void hd_ck_rlock_release(struct hd_ck_rwlock *rwlock);

/* ck_barrier_centralized, spins. A party is one thread's half of it. */
struct hd_ck_barrier;
struct hd_ck_barrier_party;
struct hd_ck_barrier *hd_ck_barrier_new(unsigned parties);
struct hd_ck_barrier_party *hd_ck_barrier_party_new(void);
void hd_ck_barrier_wait(struct hd_ck_barrier *barrier, struct hd_ck_barrier_party *party);

/* A count and a ck_ec to wait on while it is 0. */
struct hd_ck_semaphore;
struct hd_ck_semaphore *hd_ck_semaphore_new(unsigned units);
void hd_ck_semaphore_acquire(struct hd_ck_semaphore *semaphore);
void hd_ck_semaphore_release(struct hd_ck_semaphore *semaphore);

/* A ck_ec whose value is odd while the event is set. One thread at a time may set and clear it. */
struct hd_ck_event;
struct hd_ck_event *hd_ck_event_new(void);
void hd_ck_event_set(struct hd_ck_event *event);
void hd_ck_event_clear(struct hd_ck_event *event);
void hd_ck_event_wait(struct hd_ck_event *event);

/* A ck_ec over an hd_ck_lock. A notify wakes all. */
struct hd_ck_condition;
struct hd_ck_condition *hd_ck_condition_new(struct hd_ck_lock *lock);
void hd_ck_condition_wait(struct hd_ck_condition *condition);
void hd_ck_condition_notify(struct hd_ck_condition *condition);

/* ck_ring. A put into a full ring and a get from an empty one fail. */
struct hd_ck_ring;
struct hd_ck_ring *hd_ck_ring_new(unsigned capacity);
bool hd_ck_ring_put_mpmc(struct hd_ck_ring *ring, void *item);
bool hd_ck_ring_get_mpmc(struct hd_ck_ring *ring, void **item);
bool hd_ck_ring_put_spsc(struct hd_ck_ring *ring, void *item);
bool hd_ck_ring_get_spsc(struct hd_ck_ring *ring, void **item);

/* Two ck_stacks: one of items, one of the nodes that are free. A put without a free node fails. */
struct hd_ck_stack;
struct hd_ck_stack *hd_ck_stack_new(unsigned capacity);
bool hd_ck_stack_put(struct hd_ck_stack *stack, void *item);
bool hd_ck_stack_get(struct hd_ck_stack *stack, void **item);

#ifdef __cplusplus
}
#endif

#endif
