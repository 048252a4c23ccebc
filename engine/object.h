/*
 * Objects: what threads synchronize through, known by address.
 *
 * A mutex of the code under test is memory that it may copy, zero or free; what the engine knows of
 * it is kept here instead. An object comes into being when it is first used in an execution, and
 * all are forgotten at the next one by their generation.
 *
 * A gate is what blocking is made of: a thread that wants to pass is enabled exactly while the gate
 * is open. A mutex is a gate that its owner has closed; a thread's end is a gate that its end
 * opens.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_OBJECT_H
#define HEDDLE_ENGINE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/clock.h"
#include "engine/event.h"
#include "engine/set.h"

#define HDE_NOBODY HDE_THREADS_MAX /* no owner: ids of threads are below it */

enum hde_object_kind {
    HDE_OBJECT_ATOMIC,     /* a location that atomics touch */
    HDE_OBJECT_MUTEX,      /* pthread_mutex_t */
    HDE_OBJECT_CONDITION,  /* pthread_cond_t */
    HDE_OBJECT_FUTEX,      /* a word that threads sleep on */
    HDE_OBJECT_ANNOTATION, /* told of by __tsan_mutex_*; the engine does not block on it */
    HDE_OBJECT_RWLOCK,     /* pthread_rwlock_t: the gate of its writers */
    HDE_OBJECT_READERS,    /* the gate of its readers, at the same address */
    HDE_OBJECT_SPINLOCK,   /* pthread_spinlock_t */
    HDE_OBJECT_BARRIER,    /* pthread_barrier_t */
    HDE_OBJECT_SEMAPHORE,  /* sem_t */
    HDE_OBJECT_ONCE,       /* pthread_once_t */
    HDE_OBJECT_THREAD_END, /* joined; `address` is the thread's */
    HDE_OBJECT_KINDS
};

/* hde_object.type of an ANNOTATION. */
enum hde_use {
    HDE_USE_AS_LOCK,
    HDE_USE_AS_SEMAPHORE, /* it has no owner */
};

const char *hde_object_kind_name(enum hde_object_kind kind);

/* Where something was done to an object. */
struct hde_deed {
    uint32_t pc; /* 0: never */
    uint32_t context;
    uint32_t event;
    uint8_t thread;
};

struct hde_object {
    uint64_t address;
    uint32_t next;   /* index of the next object in the same granule; 0 ends the list */
    uint8_t kind;    /* enum hde_object_kind */
    uint8_t type;    /* MUTEX: its pthread type, once known; ANNOTATION: enum hde_use */
    uint16_t owner;  /* of a lock: who holds it, of a RWLOCK as a writer; HDE_NOBODY */
    uint32_t depth;  /* MUTEX, ANNOTATION: how often the owner holds it */
    uint32_t shared; /* ANNOTATION, RWLOCK: held so often by readers; BARRIER: so many arrived */
    bool is_unowned; /* ANNOTATION: any thread may release it */
    uint8_t state;   /* of its hook's own; 0 at first */

    bool is_open;           /* the gate */
    uint32_t opened;        /* how often it has been opened */
    struct hde_set at_gate; /* who wants to pass; enabled while it is open */

    /* CONDITION, FUTEX, BARRIER: who sleeps here; RWLOCK: writers that keep new readers out */
    struct hde_set waiters;

    struct hde_deed
        acquired; /* by the owner, or by the reader that came last; CONDITION: its end */
    union {
        struct hde_deed notified;  /* CONDITION, FUTEX: the last one that found nobody */
        struct hde_deed destroyed; /* all others: where it was */
    };

    struct hde_clock clock; /* released here, for those who acquire */
};

/* All, by number; number 0 is none of them and of no kind. */
extern struct hde_object *hde_objects;

/* The object at `address`, made if there is none yet: hde_object_at() (execution.h) is quicker. */
struct hde_object *hde_object_make(enum hde_object_kind kind, uint64_t address);

/* The object at `address`; NULL if there is none. */
struct hde_object *hde_object_find(enum hde_object_kind kind, uint64_t address);

/* All objects of this execution, in the order in which they came into being: [1, count). */
struct hde_object *hde_object_number(uint32_t number);
uint32_t hde_object_count(void);

/* Forget all objects; map the pool at the first call. */
void hde_object_begin(void);

/* What a thread is about to do to an object, and may change. */
static inline struct hde_event
hde_object_event(const struct hde_object *object, enum hde_event_kind kind, uint32_t pc)
{
    return (struct hde_event){
        .address = object->address,
        .pc = pc,
        .kind = (uint8_t)kind,
        .size = 1,
        .writes = true,
    };
}

#endif
