/*
 * Interleaving: who was last at each location, and the counters of pairs.
 *
 * Locations are kept in a table by a hash of the address, without probing: one that falls on
 * another takes its place, and the other one begins anew. That loses pairs, the same in each run.
 * An entry of an earlier execution is void.
 *
 * A thread that reads again what it has read there already meets nobody again: else the turns of a
 * spinning thread would look like progress.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/interleaving.h"

#include <stddef.h>

#include "engine/context.h"
#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/reads_from.h"

#define LOCATIONS_BITS 10U
#define EXACT_MAX 32768U
#define PROBES_MAX 256U

#define BIT(kind) (UINT64_C(1) << (kind))

/* Events on memory, and those on objects; a wait for a futex is both. No others meet anybody. */
#define ON_MEMORY                                                                                  \
    (BIT(HDE_EVENT_READ) | BIT(HDE_EVENT_WRITE) | BIT(HDE_EVENT_ATOMIC_LOAD) |                     \
     BIT(HDE_EVENT_ATOMIC_STORE) | BIT(HDE_EVENT_ATOMIC_UPDATE) | BIT(HDE_EVENT_FREE) |            \
     BIT(HDE_EVENT_FUTEX_WAIT))
#define ON_OBJECTS                                                                                 \
    (BIT(HDE_EVENT_LOCK) | BIT(HDE_EVENT_TRYLOCK) | BIT(HDE_EVENT_UNLOCK) | BIT(HDE_EVENT_WAIT) |  \
     BIT(HDE_EVENT_AWAKE) | BIT(HDE_EVENT_NOTIFY) | BIT(HDE_EVENT_NOTIFY_ALL) |                    \
     BIT(HDE_EVENT_FUTEX_WAIT) | BIT(HDE_EVENT_FUTEX_AWAKE) | BIT(HDE_EVENT_FUTEX_WAKE) |          \
     BIT(HDE_EVENT_SHARED_LOCK) | BIT(HDE_EVENT_SHARED_TRYLOCK) | BIT(HDE_EVENT_SHARED_UNLOCK) |   \
     BIT(HDE_EVENT_SEMAPHORE_WAIT) | BIT(HDE_EVENT_SEMAPHORE_TRYWAIT) |                            \
     BIT(HDE_EVENT_SEMAPHORE_POST) | BIT(HDE_EVENT_SEMAPHORE_VALUE) |                              \
     BIT(HDE_EVENT_BARRIER_ARRIVE) | BIT(HDE_EVENT_BARRIER_LEAVE) | BIT(HDE_EVENT_DESTROY))

/* Who was where. */
struct visit {
    uint64_t site; /* code address << 32 | that of the call; 0: nobody */
    uint32_t thread;
    uint32_t unused;
};

struct location {
    uint64_t address;
    uint32_t execution; /* of another one: void */
    uint32_t unused;
    struct visit write;
    struct visit read; /* the last one since then */
    struct visit use;  /* of the object here */
};

/* A compare-and-exchange that fails is a read: what it was shows when the next event comes. */
struct update {
    struct location *location; /* NULL: there is none */
    struct visit visit;
    uint64_t changes; /* hde_execution.changes before it */
};

/* A pair, told apart from all others. */
struct pair {
    uint64_t from; /* sites */
    uint64_t to;   /* 0: the entry is free */
    uint32_t kind;
    uint32_t unused;
};

__attribute__((section("__libfuzzer_extra_counters"),
               used,
               aligned(64))) uint8_t hde_interleaving_counters[HDE_INTERLEAVING_COUNTERS];

static uint32_t kinds;       /* that are counted, by bit */
static bool is_within_input; /* between begin and end; other executions are nobody's */
static bool is_measured;
static struct location locations[1U << LOCATIONS_BITS];
static struct update update;

/* Counters that are not 0. */
static uint32_t touched[HDE_INTERLEAVING_COUNTERS];
static uint32_t touched_count;

/* For how many inputs each counter was not 0: 0, 1, or 2 for more. */
static uint8_t times[HDE_INTERLEAVING_COUNTERS];

static struct hde_interleaving_tally tally;
static struct pair exact[EXACT_MAX]; /* if measured; open addressing */

const char *hde_interleaving_kind_name(enum hde_interleaving_kind kind)
{
    static const char *const names[HDE_INTERLEAVING_KINDS] = {"reads-from", "conflict", "hand-over",
                                                              "blocked-at"};

    return kind < HDE_INTERLEAVING_KINDS ? names[kind] : NULL;
}

/* ---- Counters -------------------------------------------------------------------------------- */

static uint64_t hash_pair(uint32_t kind, uint64_t from, uint64_t to)
{
    return hde_reads_from_mix(hde_reads_from_mix(from, kind), to);
}

static void keep_exact(uint32_t kind, uint64_t from, uint64_t to)
{
    uint64_t first = hash_pair(kind, from, to);

    for (uint32_t i = 0; i < PROBES_MAX; i++) {
        struct pair *pair = &exact[(first + i) % EXACT_MAX];

        if (pair->to == 0) {
            *pair = (struct pair){.from = from, .to = to, .kind = kind};
            tally.exact[kind]++;
            return;
        }
        if (pair->from == from && pair->to == to && pair->kind == kind) {
            return;
        }
    }
    tally.is_exact = false;
}

/* A counter is not 0 any more. */
static void note_touched(uint32_t counter)
{
    uint8_t *seen = &times[counter];

    touched[touched_count++] = counter;
    if (*seen == 0) {
        tally.pairs++;
        tally.singletons++;
    }
    tally.singletons -= *seen == 1;
    *seen = (uint8_t)(*seen + (*seen < 2));
}

static void count(uint32_t kind, uint64_t from, uint64_t to)
{
    if ((kinds >> kind & 1U) == 0) {
        return;
    }
    uint32_t number = (uint32_t)(hash_pair(kind, from, to) >> (64 - HDE_INTERLEAVING_BITS));
    uint8_t *counter = &hde_interleaving_counters[number];

    if (*counter == 0) {
        note_touched(number);
    }
    *counter = (uint8_t)(*counter + (*counter < UINT8_MAX));
    if (__builtin_expect(is_measured, 0)) {
        keep_exact(kind, from, to);
    }
}

static inline void meet(uint32_t kind, const struct visit *from, const struct visit *here)
{
    if (from->site != 0 && from->thread != here->thread) {
        count(kind, from->site, here->site);
    }
}

/* ---- What is observed ------------------------------------------------------------------------ */

static struct location *location_at(uint64_t address)
{
    struct location *location =
        &locations[address * UINT64_C(0x9e3779b97f4a7c15) >> (64 - LOCATIONS_BITS)];

    if (location->address != address || location->execution != hde_execution.generation) {
        *location = (struct location){.address = address, .execution = hde_execution.generation};
    }
    return location;
}

static void note_write(struct location *location, const struct visit *here)
{
    meet(HDE_INTERLEAVING_CONFLICT, &location->write, here);
    meet(HDE_INTERLEAVING_CONFLICT, &location->read, here);
    location->write = *here;
    location->read.site = 0;
}

/* Only now it is known whether the update before this event has changed anything. */
static void settle(void)
{
    struct location *location = update.location;

    if (location != NULL && location->execution == hde_execution.generation) {
        if (hde_execution.changes != update.changes) {
            note_write(location, &update.visit);
        } else {
            location->read = update.visit;
        }
    }
    update.location = NULL;
}

static void note_memory(const struct visit *here, const struct hde_event *event)
{
    struct location *location = location_at(event->address);
    bool reads = hde_event_reads(event) && event->kind != HDE_EVENT_FREE;
    bool has_read = location->read.site == here->site && location->read.thread == here->thread;

    if (reads && !has_read) {
        meet(HDE_INTERLEAVING_READS_FROM, &location->write, here);
    }
    if (event->kind == HDE_EVENT_ATOMIC_UPDATE) {
        update = (struct update){location, *here, hde_execution.changes};
    } else if (event->writes) {
        note_write(location, here);
    } else {
        location->read = *here;
    }
}

static void note_object(const struct visit *here, uint64_t address)
{
    struct location *location = location_at(address);

    meet(HDE_INTERLEAVING_HAND_OVER, &location->use, here);
    location->use = *here;
}

static inline uint64_t site_of(uint32_t pc, uint32_t call_pc)
{
    return (uint64_t)pc << 32 | call_pc;
}

void hde_interleaving_note(unsigned thread, const struct hde_event *event, uint32_t call_pc)
{
    const struct visit here = {.site = site_of(event->pc, call_pc), .thread = thread};
    uint64_t kind = BIT(event->kind);

    settle();
    if ((kind & ON_MEMORY) != 0) {
        note_memory(&here, event);
    }
    if ((kind & ON_OBJECTS) != 0) {
        note_object(&here, event->address);
        if (event->address2 != 0) {
            note_object(&here, event->address2);
        }
    }
}

/* 0: it has ended, or waits for all others to. */
static uint64_t site_of_pending(const struct hde_thread *thread)
{
    uint32_t pc = hde_execution.pending[thread->id].pc;

    return pc == 0 ? 0 : site_of(pc, hde_contexts[thread->context].call_pc);
}

/* All who want the lock that `thread' takes have to wait from here on. */
static void note_passed_over(const struct hde_thread *thread, const struct hde_event *event)
{
    uint64_t here = site_of_pending(thread);

    for (uint32_t id = 0; id < hde_execution.threads_count; id++) {
        const struct hde_event *pending = &hde_execution.pending[id];

        if (id != thread->id && pending->kind == HDE_EVENT_LOCK &&
            pending->address == event->address) {
            count(HDE_INTERLEAVING_BLOCKED_AT, here, site_of_pending(&hde_execution.threads[id]));
        }
    }
}

void hde_interleaving_observe(const struct hde_thread *thread, const struct hde_event *event)
{
    hde_interleaving_note(thread->id, event, hde_contexts[thread->context].call_pc);
    if (event->kind == HDE_EVENT_LOCK) {
        note_passed_over(thread, event);
    }
}

/* It has come to where it has to wait. */
static void note_blocked(struct hde_thread *thread)
{
    uint64_t here = site_of_pending(thread);

    for (uint32_t id = 0; is_within_input && id < hde_execution.threads_count; id++) {
        const struct hde_thread *other = &hde_execution.threads[id];
        uint64_t there = site_of_pending(other);

        if (other != thread && there != 0) {
            count(HDE_INTERLEAVING_BLOCKED_AT, there, here);
        }
    }
}

/* ---- Doors ----------------------------------------------------------------------------------- */

static void watch_blocked(void)
{
    unsigned i = 0;

    while (hde_watchers.blocked[i] != NULL && hde_watchers.blocked[i] != note_blocked) {
        i++;
    }
    if (i + 1 == HDE_DETECTORS_MAX) {
        hde_fatal("too many detectors: raise HDE_DETECTORS_MAX");
    }
    hde_watchers.blocked[i] = note_blocked;
}

void hde_interleaving_start(uint32_t which)
{
    kinds = which;
    is_measured = false;
    tally = (struct hde_interleaving_tally){.is_exact = true};
    for (uint32_t i = 0; i < HDE_INTERLEAVING_COUNTERS; i++) {
        times[i] = 0;
    }
    watch_blocked();
}

void hde_interleaving_measure(void)
{
    is_measured = true;
    for (uint32_t i = 0; i < EXACT_MAX; i++) {
        exact[i].to = 0;
    }
}

/* libFuzzer clears the counters as well; who replays an input need not. */
void hde_interleaving_begin(void)
{
    for (uint32_t i = 0; i < touched_count; i++) {
        hde_interleaving_counters[touched[i]] = 0;
    }
    touched_count = 0;
    tally.inputs++;
    is_within_input = true;
}

void hde_interleaving_end(void)
{
    settle();
    is_within_input = false;
}

struct hde_interleaving_tally hde_interleaving_tally(void)
{
    struct hde_interleaving_tally now = tally;
    uint32_t exact_count = 0;

    for (uint32_t kind = 0; kind < HDE_INTERLEAVING_KINDS; kind++) {
        exact_count += now.exact[kind];
    }
    now.collisions = is_measured ? exact_count - now.pairs : 0;
    return now;
}
