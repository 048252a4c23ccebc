/*
 * Event: what a thread is about to do that others can see, announced before it takes effect.
 *
 * A code address is kept in 32 bits (code.h), an object is known by its address. An event that
 * touches two objects (a condition wait gives up the lock) names the other one in `address2`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_EVENT_H
#define HEDDLE_ENGINE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/* The name of each, as schedules and reports print it, is in event.c. */
enum hde_event_kind {
    HDE_EVENT_NONE,
    HDE_EVENT_READ, /* plain */
    HDE_EVENT_WRITE,
    HDE_EVENT_ATOMIC_LOAD,
    HDE_EVENT_ATOMIC_STORE,
    HDE_EVENT_ATOMIC_UPDATE, /* exchange, fetch-and-op, compare-and-exchange */
    HDE_EVENT_FENCE,
    HDE_EVENT_LOCK, /* of a mutex; enabled while it is free */
    HDE_EVENT_TRYLOCK,
    HDE_EVENT_UNLOCK,
    HDE_EVENT_WAIT,  /* condition: gives up the mutex and joins the waiters, as one */
    HDE_EVENT_AWAKE, /* condition: enabled once notified or timed out */
    HDE_EVENT_NOTIFY,
    HDE_EVENT_NOTIFY_ALL,
    HDE_EVENT_FUTEX_WAIT,  /* compares and joins the sleepers, as one */
    HDE_EVENT_FUTEX_AWAKE, /* enabled once woken or timed out */
    HDE_EVENT_FUTEX_WAKE,
    HDE_EVENT_CREATE,
    HDE_EVENT_START, /* of a created thread; the first event of each */
    HDE_EVENT_END,
    HDE_EVENT_JOIN, /* enabled once the other thread has ended */
    HDE_EVENT_DETACH,
    HDE_EVENT_SLEEP, /* virtual time: enabled at once, and its end is the deadline at the latest */
    HDE_EVENT_YIELD,
    HDE_EVENT_CHOOSE,   /* hd_choose() */
    HDE_EVENT_ALLOCATE, /* of memory */
    HDE_EVENT_FREE,
    HDE_EVENT_INITIALIZE, /* of an object */
    HDE_EVENT_DESTROY,
    HDE_EVENT_SHARED_LOCK, /* of a rwlock, for reading */
    HDE_EVENT_SHARED_TRYLOCK,
    HDE_EVENT_SHARED_UNLOCK,
    HDE_EVENT_SEMAPHORE_WAIT, /* enabled while there is a unit */
    HDE_EVENT_SEMAPHORE_TRYWAIT,
    HDE_EVENT_SEMAPHORE_POST,
    HDE_EVENT_SEMAPHORE_VALUE, /* only looks */
    HDE_EVENT_BARRIER_ARRIVE,
    HDE_EVENT_BARRIER_LEAVE, /* enabled once all have arrived */
    HDE_EVENT_CANCEL,        /* of another thread */
    HDE_EVENT_CANCELLED,     /* acts on it */
    HDE_EVENT_MAIN_END,      /* main returns: the end of all threads */
    HDE_EVENT_KINDS
};

/* Memory orders, numbered as in the __tsan_atomic calls. */
enum hde_order {
    HDE_ORDER_RELAXED,
    HDE_ORDER_CONSUME,
    HDE_ORDER_ACQUIRE,
    HDE_ORDER_RELEASE,
    HDE_ORDER_ACQ_REL,
    HDE_ORDER_SEQ_CST
};

struct hde_event {
    uint64_t address;  /* of the object or memory; 0 if none */
    uint64_t address2; /* of the other object; 0 if none */
    uint32_t pc;       /* code address, packed (code.h) */
    uint8_t kind;      /* enum hde_event_kind */
    uint8_t order;     /* enum hde_order, of atomics and fences */
    uint8_t size;      /* bytes at `address`; of a long range 255; 1 for objects */
    bool writes;       /* may change the object */
};

/*
 * Piece by piece, kept from becoming vectors: it has often just been written so, and a load of more
 * than was stored at once has to wait for the stores.
 */
static inline void hde_event_copy(struct hde_event *to, const struct hde_event *from)
{
    uint64_t address = from->address;
    uint64_t address2 = from->address2;
    uint32_t pc = from->pc;
    uint8_t kind = from->kind;
    uint8_t order = from->order;
    uint8_t size = from->size;
    bool writes = from->writes;

    __asm__("" : "+r"(address), "+r"(address2), "+r"(pc));
    to->address = address;
    to->address2 = address2;
    to->pc = pc;
    to->kind = kind;
    to->order = order;
    to->size = size;
    to->writes = writes;
}

/* `data race' style names: "read", "lock", "futex_wake" ... */
const char *hde_event_name(enum hde_event_kind kind);

/* The kind that hde_event_name() gives this name; HDE_EVENT_NONE if there is none. */
enum hde_event_kind hde_event_named(const char *name);

static inline bool hde_event_touches(const struct hde_event *event, uint64_t address, uint8_t size)
{
    return address != 0 &&
           ((address < event->address + event->size && event->address < address + size) ||
            (event->address2 != 0 && address <= event->address2 &&
             event->address2 < address + size));
}

/*
 * Whether the order of two events of different threads can matter: they touch one object and at
 * least one changes it.
 */
static inline bool hde_event_is_dependent(const struct hde_event *a, const struct hde_event *b)
{
    return (a->writes || b->writes) &&
           (hde_event_touches(a, b->address, b->size) || hde_event_touches(a, b->address2, 1));
}

#endif
