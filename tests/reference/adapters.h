/*
 * Adapters: every implementation of a kind of primitive, behind one table of function pointers.
 *
 * The first entry of each table is Heddle's, which can do everything; then come those built from
 * parts of Concurrency Kit, then those of POSIX. The tests run one workload over all entries. What
 * an implementation cannot do is missing from its mask `can`, its function is NULL, and the tests
 * leave it out; what the mask does not mention everybody can do.
 *
 * `self` is the number of the calling thread, from 0 to HD_THREADS_MAX - 1, different for threads
 * that run at the same time: some parts of CK need a node, a slot or a state for each thread.
 * A create that finds no memory ends the process.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_ADAPTERS_H
#define HEDDLE_TESTS_REFERENCE_ADAPTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>

/* The most threads that use one object at a time. */
#define HD_THREADS_MAX 4U

/* What an implementation can do besides. */
enum hd_can {
    HD_CAN_TRY = 1 << 0,       /* try_*: HD_BUSY, HD_EMPTY or HD_FULL instead of waiting */
    HD_CAN_TIME = 1 << 1,      /* *_until */
    HD_CAN_REFUSE = 1 << 2,    /* misuse is a result, and changes nothing */
    HD_CAN_TELL = 1 << 3,      /* is_locked, size: while nobody else uses it */
    HD_CAN_TELL_LIVE = 1 << 4, /* the same while others do */
    HD_CAN_DEPTH = 1 << 5,     /* rlock: how deep the caller holds it */
    HD_CAN_GIVE = 1 << 6,      /* lock: another thread may release it */
    HD_CAN_BLOCK = 1 << 7,     /* waits sleep, not spin; queue: put and get wait */
    HD_CAN_SHUT = 1 << 8,      /* queue: shutdown, and tasks are counted */
    HD_CAN_REUSE = 1 << 9,     /* queue: the place of an item that has left takes another */
    HD_CAN_COUNT = 1 << 10,    /* condition: notify wakes as many as it says, nothing else does */
    HD_CAN_NUMBER = 1 << 11,   /* barrier: each wait of a round gets another index */
    HD_CAN_EVERYTHING = 0xfff, /* Heddle's own */
};

/* Locks and reentrant locks. */
struct hd_lock_adapter {
    const char *name;
    unsigned can; /* of enum hd_can: TRY, TIME, REFUSE, TELL, TELL_LIVE, DEPTH, GIVE, BLOCK */
    void *(*create)(void);
    void (*destroy)(void *lock);
    enum hd_result (*acquire)(void *lock, unsigned self);
    enum hd_result (*try_acquire)(void *lock, unsigned self);
    enum hd_result (*acquire_until)(void *lock, unsigned self, uint64_t deadline_ns);
    enum hd_result (*release)(void *lock, unsigned self);
    bool (*is_locked)(void *lock);
    uint32_t (*depth)(void *lock, unsigned self); /* of a lock that the caller holds */
};

extern const struct hd_lock_adapter hd_lock_adapters[];
extern const size_t hd_lock_adapters_count;
extern const struct hd_lock_adapter hd_rlock_adapters[];
extern const size_t hd_rlock_adapters_count;

/* How a reader-writer lock is held. */
enum hd_hold { HD_SHARED, HD_EXCLUSIVE };

struct hd_rwlock_adapter {
    const char *name;
    unsigned can; /* of enum hd_can: TRY, TIME, BLOCK, REFUSE (to wait for the caller itself) */
    void *(*create)(void);
    void (*destroy)(void *rwlock);
    enum hd_result (*acquire)(void *rwlock, unsigned self, enum hd_hold hold);
    enum hd_result (*try_acquire)(void *rwlock, unsigned self, enum hd_hold hold);
    enum hd_result (*acquire_until)(void *rwlock,
                                    unsigned self,
                                    enum hd_hold hold,
                                    uint64_t deadline_ns);
    enum hd_result (*release)(void *rwlock, unsigned self, enum hd_hold hold);
};

extern const struct hd_rwlock_adapter hd_rwlock_adapters[];
extern const size_t hd_rwlock_adapters_count;

/* Semaphores and bounded semaphores. All can try, time and refuse one unit too many. */
struct hd_semaphore_adapter {
    const char *name;
    void *(*create)(uint32_t units);
    void (*destroy)(void *semaphore);
    void (*acquire)(void *semaphore);
    enum hd_result (*try_acquire)(void *semaphore);
    enum hd_result (*acquire_until)(void *semaphore, uint64_t deadline_ns);
    enum hd_result (*release)(void *semaphore, uint32_t units);
    uint32_t (*value)(void *semaphore);
};

extern const struct hd_semaphore_adapter hd_semaphore_adapters[];
extern const size_t hd_semaphore_adapters_count;
extern const struct hd_semaphore_adapter hd_bounded_semaphore_adapters[];
extern const size_t hd_bounded_semaphore_adapters_count;

/* All can time. */
struct hd_event_adapter {
    const char *name;
    void *(*create)(void);
    void (*destroy)(void *event);
    void (*set)(void *event);
    void (*clear)(void *event);
    bool (*is_set)(void *event);
    void (*wait)(void *event);
    enum hd_result (*wait_until)(void *event, uint64_t deadline_ns);
};

extern const struct hd_event_adapter hd_event_adapters[];
extern const size_t hd_event_adapters_count;

/* A condition with the lock that it is over. All can time. */
struct hd_condition_adapter {
    const char *name;
    unsigned can; /* of enum hd_can: REFUSE, COUNT */
    void *(*create)(void);
    void (*destroy)(void *condition);
    void (*acquire)(void *condition);
    enum hd_result (*release)(void *condition);
    enum hd_result (*wait)(void *condition);
    enum hd_result (*wait_until)(void *condition, uint64_t deadline_ns);
    enum hd_result (*notify)(void *condition, size_t count); /* wakes `count` waiters or more */
    enum hd_result (*notify_all)(void *condition);
};

extern const struct hd_condition_adapter hd_condition_adapters[];
extern const size_t hd_condition_adapters_count;

struct hd_barrier_adapter {
    const char *name;
    unsigned can; /* of enum hd_can: BLOCK, NUMBER */
    void *(*create)(unsigned parties);
    void (*destroy)(void *barrier);
    enum hd_result (*wait)(void *barrier, unsigned self, uint32_t *index); /* 0 without NUMBER */
};

extern const struct hd_barrier_adapter hd_barrier_adapters[];
extern const size_t hd_barrier_adapters_count;

/*
 * Queues and rings. `priority` is ignored by all but priority queues. At most `puts_max` items are
 * put in a queue's life, unless it is bounded and can REUSE memory.
 */
struct hd_queue_adapter {
    const char *name;
    unsigned can; /* of enum hd_can: BLOCK, TIME, TELL, SHUT, REUSE; TRY goes without saying */
    /*
     * Room for at least `capacity` items; 0 asks for any number, which bounded ones refuse: NULL.
     */
    void *(*create)(size_t capacity, size_t puts_max);
    void (*destroy)(void *queue);
    size_t (*capacity)(void *queue); /* SIZE_MAX if it is not bounded */
    enum hd_result (*put)(void *queue, void *item, int64_t priority);
    enum hd_result (*try_put)(void *queue, void *item, int64_t priority);
    enum hd_result (*put_until)(void *queue, void *item, int64_t priority, uint64_t deadline_ns);
    enum hd_result (*get)(void *queue, void **item);
    enum hd_result (*try_get)(void *queue, void **item);
    enum hd_result (*get_until)(void *queue, void **item, uint64_t deadline_ns);
    size_t (*size)(void *queue);
    enum hd_result (*task_done)(void *queue);
    enum hd_result (*join_until)(void *queue, uint64_t deadline_ns);
    void (*shutdown)(void *queue, bool immediate);
};

/* Members of more than one table. */
extern const struct hd_queue_adapter hd_ck_ring_mpmc_adapter;
extern const struct hd_queue_adapter hd_ck_ring_spsc_adapter;
extern const struct hd_queue_adapter hd_textbook_fifo_adapter;
extern const struct hd_queue_adapter hd_textbook_lifo_adapter;
extern const struct hd_queue_adapter hd_textbook_priority_adapter;

extern const struct hd_queue_adapter *const hd_fifo_queue_adapters[];
extern const size_t hd_fifo_queue_adapters_count;
extern const struct hd_queue_adapter *const hd_lifo_queue_adapters[];
extern const size_t hd_lifo_queue_adapters_count;
extern const struct hd_queue_adapter *const hd_priority_queue_adapters[];
extern const size_t hd_priority_queue_adapters_count;
extern const struct hd_queue_adapter *const hd_ring_adapters[];
extern const size_t hd_ring_adapters_count;
extern const struct hd_queue_adapter *const hd_spsc_ring_adapters[];
extern const size_t hd_spsc_ring_adapters_count;

#endif
