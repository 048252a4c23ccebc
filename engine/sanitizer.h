/*
 * Sanitizer: the runtime of a compiler's sanitizer that watches the same executions beside the
 * engine's own detectors. Which one is a matter of how the program was built: sanitizers/.
 *
 * The engine tells it what it cannot see for itself: that another fiber goes on, what orders
 * threads, what is read and written. All calls are made on the one thread that runs executions, and
 * unless they say otherwise by the running thread (hde_self), after it has been given its turn.
 * Nothing is told while one thread is alone, but switches: all that it does happens before the
 * others begin, or after they have ended.
 *
 * What the runtime reports becomes a finding: hde_execution_find(), hde_execution_fail().
 *
 * With no sanitizer, all of it is empty and costs nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SANITIZER_H
#define HEDDLE_ENGINE_SANITIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hde_thread;
struct hde_object;

/*
 * Where the engine maps what must lie at the same addresses in every run: the stacks, and the arena
 * (2^38 bytes). Far from where the kernel puts programs, libraries and its own mappings, on every
 * 47-bit machine; above AddressSanitizer's shadow, and of ThreadSanitizer's map of memory in what
 * belongs to the program.
 */
#ifdef HDE_SANITIZER_thread
#define HDE_STACKS_ADDRESS UINT64_C(0x1000000000)
#define HDE_ARENA_ADDRESS UINT64_C(0x2000000000)
#else
#define HDE_STACKS_ADDRESS UINT64_C(0x108000000000)
#define HDE_ARENA_ADDRESS UINT64_C(0x110000000000)
#endif

/* "ThreadSanitizer" ...; NULL if there is none. */
extern const char *const hde_sanitizer_name;

/* Of this build: "explore", "tsan", "asan". */
extern const char *const hde_sanitizer_flavour;

/* Its own words about the execution that ran last; "" if it had none. */
const char *hde_sanitizer_text(void);

#if !defined(HDE_SANITIZER_thread) && !defined(HDE_SANITIZER_address)

static inline void hde_sanitizer_start(void) {}
static inline void hde_sanitizer_begin(void) {}
static inline void hde_sanitizer_end(void) {}

static inline void hde_sanitizer_switch(const struct hde_thread *to) { (void)to; }
static inline void hde_sanitizer_switched(void) {}
static inline void hde_sanitizer_started(void) {}
static inline void hde_sanitizer_enter(const void *call) { (void)call; }
static inline void hde_sanitizer_leave(void) {}

static inline void hde_sanitizer_created(const struct hde_thread *thread) { (void)thread; }
static inline void hde_sanitizer_ended(void) {}
static inline void hde_sanitizer_awaited(const struct hde_thread *thread) { (void)thread; }
static inline void hde_sanitizer_acquire(const struct hde_object *object) { (void)object; }
static inline void hde_sanitizer_release(const struct hde_object *object) { (void)object; }
static inline void hde_sanitizer_acquire_for(const struct hde_thread *thread,
                                             const struct hde_object *object)
{
    (void)thread;
    (void)object;
}

static inline void
hde_sanitizer_access(uint64_t address, uint64_t size, bool writes, const void *caller)
{
    (void)address;
    (void)size;
    (void)writes;
    (void)caller;
}

static inline void hde_sanitizer_atomic(
    const volatile void *object, uint8_t size, uint8_t kind, int order, uint32_t pc)
{
    (void)object;
    (void)size;
    (void)kind;
    (void)order;
    (void)pc;
}

static inline void hde_sanitizer_found(const volatile void *object) { (void)object; }
static inline void hde_sanitizer_left(const volatile void *object) { (void)object; }
static inline void hde_sanitizer_acquire_fence(void) {}
static inline void hde_sanitizer_release_fence(void) {}

#else

/* ---- The run --------------------------------------------------------------------------------- */

/* Executions will run; once a process, after what they need has been mapped. */
void hde_sanitizer_start(void);

/* An execution begins, with thread 0 made but not entered; it has been left. On the host fiber. */
void hde_sanitizer_begin(void);
void hde_sanitizer_end(void);

/* ---- Fibers ---------------------------------------------------------------------------------- */

/*
 * The running thread, or the host (hde_self == NULL), is about to give way to `to'; NULL: the host.
 * hde_self still is who gives way, and hde_fiber_switch() follows at once.
 */
void hde_sanitizer_switch(const struct hde_thread *to);

/* The first thing that whoever goes on does, on a stack of its own; and who begins there. */
void hde_sanitizer_switched(void);
void hde_sanitizer_started(void);

/* The running thread enters a function, called at `call', and leaves it, as __tsan_func_* say. */
void hde_sanitizer_enter(const void *call);
void hde_sanitizer_leave(void);

/* ---- Order ----------------------------------------------------------------------------------- */

/* What the running thread did happens before all that `thread', which it has just created, does. */
void hde_sanitizer_created(const struct hde_thread *thread);

/* The running thread has ended; and another one knows of all that `thread', which ended, did. */
void hde_sanitizer_ended(void);
void hde_sanitizer_awaited(const struct hde_thread *thread);

/* As hde_acquire() and hde_release(); what atomics order is told otherwise, see below. */
void hde_sanitizer_acquire(const struct hde_object *object);
void hde_sanitizer_release(const struct hde_object *object);

/* What was released on `object' happens before what `thread', which is not running, does. */
void hde_sanitizer_acquire_for(const struct hde_thread *thread, const struct hde_object *object);

/* ---- Memory ---------------------------------------------------------------------------------- */

/* A plain access, just before it is carried out; `caller' is the return address of the hook. */
void hde_sanitizer_access(uint64_t address, uint64_t size, bool writes, const void *caller);

/*
 * An atomic, just before it changes memory, which it does afterwards; `kind' is
 * HDE_EVENT_ATOMIC_LOAD (a compare-and-exchange that fails, too), _STORE or _UPDATE; `order' an
 * enum hde_order. What it orders by itself the sanitizer knows.
 */
void hde_sanitizer_atomic(
    const volatile void *object, uint8_t size, uint8_t kind, int order, uint32_t pc);

/*
 * What fences add to that. A load that does not acquire has found what was released there, for the
 * thread's next acquire fence; a store that does not release has left what the thread knew at its
 * last release fence.
 */
void hde_sanitizer_found(const volatile void *object);
void hde_sanitizer_left(const volatile void *object);
void hde_sanitizer_acquire_fence(void);
void hde_sanitizer_release_fence(void);

#endif

#endif
