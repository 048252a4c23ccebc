/*
 * Blocking calls: the table, and for each call what makes it block and what lets it go.
 *
 * The thread that prepares a lock holds it until it lets the call go.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/blocking_calls.h"

#include <heddle/barrier.h>
#include <heddle/condition.h>
#include <heddle/event.h>
#include <heddle/thread.h>

#include "tests/primitives/lock_kinds.h"
#include "tests/primitives/queue_kinds.h"
#include "tests/primitives/support.h"

/* The lock under test: of whichever kind; also the one of the condition under test. */
static union hd_any_lock any_lock;

static void lock_prepare(const void *kind)
{
    const struct hd_lock_kind *lock_kind = kind;

    lock_kind->init(&any_lock);
    HD_CHECK_RESULT(lock_kind->acquire(&any_lock), HD_OK);
}

static void lock_let_go(const void *kind)
{
    const struct hd_lock_kind *lock_kind = kind;

    HD_CHECK_RESULT(lock_kind->release(&any_lock), HD_OK);
}

static enum hd_result lock_call(const void *kind, uint64_t deadline_ns)
{
    const struct hd_lock_kind *lock_kind = kind;
    const enum hd_result result = lock_kind->acquire_until(&any_lock, deadline_ns);

    if (result == HD_OK) {
        lock_let_go(kind);
    }
    return result;
}

static bool lock_is_waited_for(const void *kind)
{
    const struct hd_lock_kind *lock_kind = kind;

    return lock_kind->is_waited_for(&any_lock);
}

static void lock_finish(const void *kind)
{
    const struct hd_lock_kind *lock_kind = kind;

    lock_kind->destroy(&any_lock);
}

static const struct hd_blocking_steps acquire = {
    .prepare = lock_prepare,
    .call = lock_call,
    .is_waited_for = lock_is_waited_for,
    .let_go = lock_let_go,
    .finish = lock_finish,
    .is_remembered = true,
};

static enum hd_result shared_call(const void *kind, uint64_t deadline_ns)
{
    (void)kind;
    const enum hd_result result = hd_rwlock_acquire_shared_until(&any_lock.rwlock, deadline_ns);

    if (result == HD_OK) {
        HD_CHECK_RESULT(hd_rwlock_release_shared(&any_lock.rwlock), HD_OK);
    }
    return result;
}

static bool shared_is_waited_for(const void *kind)
{
    (void)kind;
    return hd_count_waiters(&any_lock.rwlock.readers, &any_lock.rwlock.guard) != 0;
}

static const struct hd_blocking_steps acquire_shared = {
    .prepare = lock_prepare,
    .call = shared_call,
    .is_waited_for = shared_is_waited_for,
    .let_go = lock_let_go,
    .finish = lock_finish,
    .is_remembered = true,
};

/* Over a lock or an rlock. */
static struct hd_condition condition;
static bool is_true; /* under its lock */

static void condition_prepare(const void *kind)
{
    const struct hd_lock_kind *lock_kind = kind;

    lock_kind->init(&any_lock);
    is_true = false;
    if (lock_kind == &hd_rlock_kind) {
        hd_condition_init_rlock(&condition, &any_lock.rlock);
    } else {
        hd_condition_init(&condition, &any_lock.lock);
    }
}

static void condition_lock(const void *kind)
{
    const struct hd_lock_kind *lock_kind = kind;

    HD_CHECK_RESULT(lock_kind->acquire(&any_lock), HD_OK);
}

static enum hd_result condition_call(const void *kind, uint64_t deadline_ns)
{
    condition_lock(kind);
    const enum hd_result result = hd_condition_wait_until(&condition, deadline_ns);

    lock_let_go(kind);
    return result;
}

static bool look(void *argument)
{
    const bool *truth = argument;

    return *truth;
}

static enum hd_result predicate_call(const void *kind, uint64_t deadline_ns)
{
    condition_lock(kind);
    const enum hd_result result = hd_condition_wait_for(&condition, look, &is_true, deadline_ns);

    lock_let_go(kind);
    return result;
}

static bool condition_is_waited_for(const void *kind)
{
    condition_lock(kind);
    const bool is_waited_for = condition.waiters.first != NULL;

    lock_let_go(kind);
    return is_waited_for;
}

static void condition_let_go(const void *kind)
{
    condition_lock(kind);
    is_true = true;
    HD_CHECK_RESULT(hd_condition_notify(&condition, 1), HD_OK);
    lock_let_go(kind);
}

static void condition_finish(const void *kind)
{
    hd_condition_destroy(&condition);
    lock_finish(kind);
}

static const struct hd_blocking_steps condition_wait = {
    .prepare = condition_prepare,
    .call = condition_call,
    .is_waited_for = condition_is_waited_for,
    .let_go = condition_let_go,
    .finish = condition_finish,
    .is_remembered = false,
};

static const struct hd_blocking_steps condition_wait_for = {
    .prepare = condition_prepare,
    .call = predicate_call,
    .is_waited_for = condition_is_waited_for,
    .let_go = condition_let_go,
    .finish = condition_finish,
    .is_remembered = true,
};

static struct hd_event event;

static void event_prepare(const void *kind)
{
    (void)kind;
    hd_event_init(&event);
}

static enum hd_result event_call(const void *kind, uint64_t deadline_ns)
{
    (void)kind;
    return hd_event_wait_until(&event, deadline_ns);
}

/* The bit of an event's word that is set while a thread sleeps on it. */
#define WAITERS 2U

static bool event_is_waited_for(const void *kind)
{
    (void)kind;
    return (__atomic_load_n(&event.word, __ATOMIC_RELAXED) & WAITERS) != 0;
}

static void event_let_go(const void *kind)
{
    (void)kind;
    hd_event_set(&event);
}

static void event_finish(const void *kind)
{
    (void)kind;
    hd_event_destroy(&event);
}

static const struct hd_blocking_steps event_wait = {
    .prepare = event_prepare,
    .call = event_call,
    .is_waited_for = event_is_waited_for,
    .let_go = event_let_go,
    .finish = event_finish,
    .is_remembered = true,
};

static struct hd_barrier barrier;

static void barrier_prepare(const void *kind)
{
    (void)kind;
    HD_CHECK_RESULT(hd_barrier_init(&barrier, 2, NULL, NULL), HD_OK);
}

/* Mends the barrier if it breaks it, so that it can be called again. */
static enum hd_result barrier_call(const void *kind, uint64_t deadline_ns)
{
    (void)kind;
    const enum hd_result result = hd_barrier_wait_until(&barrier, NULL, deadline_ns);

    if (result == HD_TIMEOUT) {
        hd_barrier_reset(&barrier);
    }
    return result;
}

static bool barrier_is_waited_for(const void *kind)
{
    (void)kind;
    return hd_barrier_waiting(&barrier) != 0;
}

static void barrier_let_go(const void *kind)
{
    (void)kind;
    HD_CHECK_RESULT(hd_barrier_wait(&barrier, NULL), HD_OK);
}

static void barrier_finish(const void *kind)
{
    (void)kind;
    hd_barrier_destroy(&barrier);
}

static const struct hd_blocking_steps barrier_wait = {
    .prepare = barrier_prepare,
    .call = barrier_call,
    .is_waited_for = barrier_is_waited_for,
    .let_go = barrier_let_go,
    .finish = barrier_finish,
    .is_remembered = false,
};

/* A thread that ends when the event above is set. */
static struct hd_thread thread;

static void *wait_to_end(void *argument)
{
    hd_event_wait(&event);
    return argument;
}

static void thread_prepare(const void *kind)
{
    (void)kind;
    hd_event_init(&event);
    HD_CHECK_RESULT(hd_thread_spawn(&thread, NULL, wait_to_end, NULL), HD_OK);
}

static enum hd_result thread_call(const void *kind, uint64_t deadline_ns)
{
    (void)kind;
    return hd_thread_join_until(&thread, NULL, deadline_ns);
}

/* The handle's state while a thread is joining it. */
#define BEING_JOINED 2U

static bool thread_is_waited_for(const void *kind)
{
    (void)kind;
    return __atomic_load_n(&thread.state, __ATOMIC_RELAXED) == BEING_JOINED;
}

static const struct hd_blocking_steps thread_join = {
    .prepare = thread_prepare,
    .call = thread_call,
    .is_waited_for = thread_is_waited_for,
    .let_go = event_let_go,
    .finish = event_finish,
    .is_remembered = false,
};

/* The queue under test: of whichever kind; it holds one item at most. */
static union hd_any_queue queue;
static char item;

static void get_prepare(const void *kind)
{
    const struct hd_queue_kind *queue_kind = kind;

    queue_kind->init(&queue, 1);
}

/* Put the one item that the queue holds. */
static void get_let_go(const void *kind)
{
    const struct hd_queue_kind *queue_kind = kind;

    HD_CHECK_RESULT(queue_kind->put(&queue, &item, 0), HD_OK);
}

static enum hd_result get_call(const void *kind, uint64_t deadline_ns)
{
    const struct hd_queue_kind *queue_kind = kind;
    void *got = NULL;
    const enum hd_result result = queue_kind->get_until(&queue, &got, deadline_ns);

    HD_CHECK(got == (result == HD_OK ? &item : NULL));
    return result;
}

/* A put waits for room, and a join for the one task. */
static void full_prepare(const void *kind)
{
    get_prepare(kind);
    get_let_go(kind);
}

static enum hd_result put_call(const void *kind, uint64_t deadline_ns)
{
    const struct hd_queue_kind *queue_kind = kind;

    return queue_kind->put_until(&queue, &item, 0, deadline_ns);
}

static void put_let_go(const void *kind) { HD_CHECK_RESULT(get_call(kind, HD_FOREVER), HD_OK); }

static enum hd_result join_call(const void *kind, uint64_t deadline_ns)
{
    const struct hd_queue_kind *queue_kind = kind;

    return queue_kind->join_until(&queue, deadline_ns);
}

static void join_let_go(const void *kind)
{
    const struct hd_queue_kind *queue_kind = kind;

    HD_CHECK_RESULT(queue_kind->task_done(&queue), HD_OK);
}

static bool queue_is_waited_for(const void *kind)
{
    (void)kind;
    return hd_count_waiters(&queue.base.putters, &queue.base.guard) +
               hd_count_waiters(&queue.base.getters, &queue.base.guard) +
               hd_count_waiters(&queue.base.joiners, &queue.base.guard) !=
           0;
}

static void queue_finish(const void *kind)
{
    const struct hd_queue_kind *queue_kind = kind;

    queue_kind->destroy(&queue);
}

static const struct hd_blocking_steps queue_put = {
    .prepare = full_prepare,
    .call = put_call,
    .is_waited_for = queue_is_waited_for,
    .let_go = put_let_go,
    .finish = queue_finish,
    .is_remembered = true,
};

static const struct hd_blocking_steps queue_get = {
    .prepare = get_prepare,
    .call = get_call,
    .is_waited_for = queue_is_waited_for,
    .let_go = get_let_go,
    .finish = queue_finish,
    .is_remembered = true,
};

static const struct hd_blocking_steps queue_join = {
    .prepare = full_prepare,
    .call = join_call,
    .is_waited_for = queue_is_waited_for,
    .let_go = join_let_go,
    .finish = queue_finish,
    .is_remembered = true,
};

const struct hd_blocking_call hd_blocking_calls[] = {
    {"lock acquire", &acquire, &hd_lock_kind},
    {"rlock acquire", &acquire, &hd_rlock_kind},
    {"rwlock acquire_exclusive", &acquire, &hd_rwlock_kind},
    {"rwlock acquire_shared", &acquire_shared, &hd_rwlock_kind},
    {"semaphore acquire", &acquire, &hd_semaphore_kind},
    {"bounded_semaphore acquire", &acquire, &hd_bounded_semaphore_kind},
    {"event wait", &event_wait, NULL},
    {"condition wait", &condition_wait, &hd_lock_kind},
    {"condition wait over rlock", &condition_wait, &hd_rlock_kind},
    {"condition wait_for", &condition_wait_for, &hd_lock_kind},
    {"barrier wait", &barrier_wait, NULL},
    {"thread join", &thread_join, NULL},
    {"fifo_queue put", &queue_put, &hd_fifo_queue_kind},
    {"fifo_queue get", &queue_get, &hd_fifo_queue_kind},
    {"fifo_queue join", &queue_join, &hd_fifo_queue_kind},
    {"lifo_queue put", &queue_put, &hd_lifo_queue_kind},
    {"lifo_queue get", &queue_get, &hd_lifo_queue_kind},
    {"lifo_queue join", &queue_join, &hd_lifo_queue_kind},
    {"priority_queue put", &queue_put, &hd_priority_queue_kind},
    {"priority_queue get", &queue_get, &hd_priority_queue_kind},
    {"priority_queue join", &queue_join, &hd_priority_queue_kind},
};
const size_t hd_blocking_call_count = HD_COUNT_OF(hd_blocking_calls);
