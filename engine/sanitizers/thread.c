/*
 * ThreadSanitizer: the real runtime watches what the engine runs.
 *
 * Each controlled thread is a fiber to it, made once and used again in every execution; thread 0 is
 * the process's own thread. Switches order nothing; what does is told: objects by acquire and
 * release on their addresses, the begin and end of threads likewise. Atomics it carries out itself,
 * once more, with what is in memory anyway, and knows what they order. Fences it ignores. What they
 * order is worked out by two further fibers for each thread that makes one: `found' knows what the
 * thread's relaxed loads have found and is joined at an acquire fence; `fence' knows what the
 * thread knew at its last release fence, and releases that where the thread stores.
 *
 * What an execution leaves is known to thread 0 when it ends, and so to all threads of the next
 * one: clocks of objects and accesses in the shadow that remain from it cannot matter. Where a race
 * was reported, the runtime looks no more until the shadow is cleared, which is done at the end.
 *
 * Guarantee  The order is the program's, but for what is said under Misses: no false report.
 * Misses     A relaxed store does not end a release sequence here, and who leaves a barrier knows
 *            of earlier rounds of others as well. One race for each 8 bytes and execution. Four
 *            accesses are kept for each 8 bytes; a fifth takes the place of any.
 * Source     compiler-rt, tsan_interface.h; Serebryany and others, Dynamic race detection with LLVM
 *            compiler, RV 2011.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sanitizer/tsan_interface.h>

#include "engine/arena.h"
#include "engine/code.h"
#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/sanitizer.h"
#include "engine/sanitizers/thread_calls.h"
#include "engine/sanitizers/thread_report.h"

const char *const hde_sanitizer_name = "ThreadSanitizer";
const char *const hde_sanitizer_flavour = "tsan";

/*
 * After so many executions everything is forgotten. A report goes through all that a fiber has done
 * since. And a fiber gets another name when it has made 2^14 releases; accesses that the shadow has
 * under the old one would stay there, and four of them leave no room for a read.
 */
#define FORGET_EVERY 200U

/* What ThreadSanitizer has of one thread. Its fields' addresses are those that are released on. */
struct watched {
    void *fiber;     /* NULL until there is such a thread */
    void *found;     /* NULL until a relaxed load has found something */
    void *fence;     /* NULL until it has made a release fence */
    bool is_awaited; /* thread 0 knows what it did */
    bool has_memory; /* announced */
    bool has_jumped; /* in this execution, by longjmp(): the runtime has left functions by itself */
};

static struct watched watched[HDE_THREADS_MAX];

static void switch_to(void *fiber)
{
    __tsan_switch_to_fiber(fiber, __tsan_switch_to_fiber_no_sync);
}

static struct watched *watched_self(void) { return &watched[hde_self->id]; }

/*
 * A report says what block an address is in, or else looks through /proc/self/maps, which takes a
 * hundred times as long as the rest. So all of a thread's arena is a block.
 */
static void announce_memory(unsigned id)
{
    const uint64_t size = HDE_ARENA_SIZE / HDE_THREADS_MAX;

    if (!watched[id].has_memory) {
        __tsan_java_alloc(HDE_ARENA_ADDRESS + id * size, size);
        watched[id].has_memory = true;
    }
}

static void destroy(void **fiber)
{
    if (*fiber != NULL) {
        __tsan_destroy_fiber(*fiber);
        *fiber = NULL;
    }
}

/*
 * A process with several threads is about to fork: in the child the runtime would look at nothing
 * any more. The fibers are none that will be missed; each is made anew where it is needed.
 */
static void destroy_fibers(void)
{
    for (unsigned id = 0; id < HDE_THREADS_MAX; id++) {
        destroy(&watched[id].found);
        destroy(&watched[id].fence);
        if (id != 0) {
            destroy(&watched[id].fiber);
        }
    }
}

void hde_sanitizer_start(void)
{
    watched[0].fiber = __tsan_get_current_fiber();
    __tsan_java_init(HDE_ARENA_ADDRESS, HDE_ARENA_SIZE);
    announce_memory(0);
    if (pthread_atfork(destroy_fibers, NULL, NULL) != 0) {
        hde_fatal_errno("cannot make ThreadSanitizer ready for forks");
    }
}

void hde_sanitizer_begin(void) { watched[0].has_jumped = false; }

/* ---- Fibers ---------------------------------------------------------------------------------- */

void hde_sanitizer_switch(const struct hde_thread *to)
{
    unsigned from_id = hde_self == NULL ? 0 : hde_self->id;
    unsigned to_id = to == NULL ? 0 : to->id;

    if (from_id != to_id) {
        switch_to(watched[to_id].fiber);
    }
}

void hde_sanitizer_switched(void) {}

void hde_sanitizer_started(void)
{
    if (hde_self->id != 0) {
        __real___tsan_acquire(&hde_self->created);
    }
}

void hde_sanitizer_enter(const void *call) { __real___tsan_func_entry(call); }

void hde_sanitizer_leave(void) { __real___tsan_func_exit(); }

/* Once it has jumped, functions are unwound that the runtime has left already. */
void hde_sanitizer_unwind(void)
{
    if (!watched_self()->has_jumped) {
        __real___tsan_func_exit();
    }
}

/* ---- Threads --------------------------------------------------------------------------------- */

void hde_sanitizer_created(const struct hde_thread *thread)
{
    struct watched *child = &watched[thread->id];

    if (child->fiber == NULL) {
        child->fiber = __tsan_create_fiber(0);
        hde_thread_report_name(child->fiber, thread->id);
        announce_memory(thread->id);
    }
    child->is_awaited = false;
    child->has_jumped = false;
    __real___tsan_release(&thread->created);
}

void hde_sanitizer_ended(void) { __real___tsan_release(hde_self); }

void hde_sanitizer_awaited(const struct hde_thread *thread)
{
    watched[thread->id].is_awaited = true;
    __real___tsan_acquire(thread);
}

static void leave_functions(const struct hde_thread *thread)
{
    for (uint32_t depth = thread->depth; depth > 0; depth--) {
        __real___tsan_func_exit();
    }
}

void __wrap_longjmp(struct __jmp_buf_tag *environment, int value)
{
    if (hde_self != NULL) {
        watched_self()->has_jumped = true;
    }
    __real_longjmp(environment, value);
}

void __wrap_siglongjmp(struct __jmp_buf_tag *environment, int value)
{
    if (hde_self != NULL) {
        watched_self()->has_jumped = true;
    }
    __real_siglongjmp(environment, value);
}

/*
 * The functions that the thread was in when the execution was left are over. How many of them the
 * runtime still knows is not known once it has jumped: a new fiber is in none.
 */
static void end_thread(const struct hde_thread *thread)
{
    struct watched *own = &watched[thread->id];

    if (own->is_awaited && thread->depth == 0) {
        return;
    }
    switch_to(own->fiber);
    if (!own->has_jumped) {
        leave_functions(thread);
    }
    __real___tsan_release(thread);
    switch_to(watched[0].fiber);
    __real___tsan_acquire(thread);
    if (own->has_jumped) {
        destroy(&own->fiber);
    }
}

void hde_sanitizer_end(void)
{
    for (uint32_t id = 1; id < hde_execution.threads_count; id++) {
        end_thread(&hde_execution.threads[id]);
    }
    if (!watched[0].has_jumped) {
        leave_functions(&hde_execution.threads[0]);
    }
    hde_thread_report_forget_raced();
    if (hde_execution.generation % FORGET_EVERY == 0) {
        __tsan_flush_memory();
    }
}

/* ---- Order ----------------------------------------------------------------------------------- */

/*
 * The end of a thread orders by the thread, which has ended even if nobody has made an object; an
 * atomic by its own address, which the runtime knows.
 */
static const volatile void *key_of(const struct hde_object *object)
{
    bool is_address = object->kind == HDE_OBJECT_THREAD_END || object->kind == HDE_OBJECT_ATOMIC;

    return is_address ? (const volatile void *)object->address : object;
}

void hde_sanitizer_acquire(const struct hde_object *object)
{
    if (hde_execution.is_concurrent) {
        __real___tsan_acquire(key_of(object));
    }
}

void hde_sanitizer_release(const struct hde_object *object)
{
    if (hde_execution.is_concurrent) {
        __real___tsan_release(key_of(object));
    }
}

void hde_sanitizer_acquire_for(const struct hde_thread *thread, const struct hde_object *object)
{
    if (hde_execution.is_concurrent) {
        switch_to(watched[thread->id].fiber);
        __real___tsan_acquire(key_of(object));
        switch_to(watched_self()->fiber);
    }
}

/* ---- Plain accesses -------------------------------------------------------------------------- */

#define WHOLE_RANGE 0U /* no access of one of the sizes that the runtime has a call for */

static void read_memory(const void *memory, uint64_t size, uint64_t access, const void *caller)
{
    switch (access) {
    case 1:
        __tsan_read1_pc(memory, caller);
        break;
    case 2:
        __tsan_read2_pc(memory, caller);
        break;
    case 4:
        __tsan_read4_pc(memory, caller);
        break;
    case 8:
        __tsan_read8_pc(memory, caller);
        break;
    default:
        __tsan_read_range_pc(memory, size, caller);
        break;
    }
}

static void write_memory(const void *memory, uint64_t size, uint64_t access, const void *caller)
{
    switch (access) {
    case 1:
        __tsan_write1_pc(memory, caller);
        break;
    case 2:
        __tsan_write2_pc(memory, caller);
        break;
    case 4:
        __tsan_write4_pc(memory, caller);
        break;
    case 8:
        __tsan_write8_pc(memory, caller);
        break;
    default:
        __tsan_write_range_pc(memory, size, caller);
        break;
    }
}

void hde_sanitizer_access(uint64_t address, uint64_t size, bool writes, const void *caller)
{
    const void *memory = (const void *)address;
    bool is_split = address % HDE_GRANULE_BYTES + size > HDE_GRANULE_BYTES;
    uint64_t access = is_split ? WHOLE_RANGE : size;

    if (!hde_execution.is_concurrent || hde_execution_is_errno(address)) {
        return;
    }
    if (writes) {
        write_memory(memory, size, access, caller);
    } else {
        read_memory(memory, size, access, caller);
    }
}

/* ---- Atomics --------------------------------------------------------------------------------- */

static void load(const volatile void *object, uint8_t size, int order)
{
    switch (size) {
    case 1:
        (void)__real___tsan_atomic8_load(object, order);
        break;
    case 2:
        (void)__real___tsan_atomic16_load(object, order);
        break;
    case 4:
        (void)__real___tsan_atomic32_load(object, order);
        break;
    case 8:
        (void)__real___tsan_atomic64_load(object, order);
        break;
    default:
        (void)__real___tsan_atomic128_load(object, order);
        break;
    }
}

static void store(volatile void *object, uint8_t size, int order)
{
    switch (size) {
    case 1:
        __real___tsan_atomic8_store(object, *(volatile uint8_t *)object, order);
        break;
    case 2:
        __real___tsan_atomic16_store(object, *(volatile uint16_t *)object, order);
        break;
    case 4:
        __real___tsan_atomic32_store(object, *(volatile uint32_t *)object, order);
        break;
    case 8:
        __real___tsan_atomic64_store(object, *(volatile uint64_t *)object, order);
        break;
    default:
        __real___tsan_atomic128_store(object, *(volatile hde_uint128 *)object, order);
        break;
    }
}

static void update(volatile void *object, uint8_t size, int order)
{
    switch (size) {
    case 1:
        (void)__real___tsan_atomic8_fetch_or(object, 0, order);
        break;
    case 2:
        (void)__real___tsan_atomic16_fetch_or(object, 0, order);
        break;
    case 4:
        (void)__real___tsan_atomic32_fetch_or(object, 0, order);
        break;
    case 8:
        (void)__real___tsan_atomic64_fetch_or(object, 0, order);
        break;
    default:
        (void)__real___tsan_atomic128_fetch_or(object, 0, order);
        break;
    }
}

/*
 * The runtime writes while it holds its locks, and who crashes there would never give them up. So
 * memory that cannot be written is found out before.
 */
static void write_nothing(volatile void *object)
{
    (void)__atomic_fetch_or((volatile uint8_t *)object, 0, __ATOMIC_RELAXED);
}

/* In a function of its own, so that the report has the program's line as its second frame. */
void hde_sanitizer_atomic(
    const volatile void *object, uint8_t size, uint8_t kind, int order, uint32_t pc)
{
    if (!hde_execution.is_concurrent) {
        return;
    }
    if (kind != HDE_EVENT_ATOMIC_LOAD) {
        write_nothing((volatile void *)(uintptr_t)object);
    }
    __real___tsan_func_entry((const void *)hde_code_unpack(pc));
    if (kind == HDE_EVENT_ATOMIC_LOAD) {
        load(object, size, order);
    } else if (kind == HDE_EVENT_ATOMIC_STORE) {
        store((volatile void *)(uintptr_t)object, size, order);
    } else {
        update((volatile void *)(uintptr_t)object, size, order);
    }
    __real___tsan_func_exit();
}

/* ---- Fences ---------------------------------------------------------------------------------- */

void hde_sanitizer_found(const volatile void *object)
{
    struct watched *own = watched_self();

    if (own->found == NULL) {
        own->found = __tsan_create_fiber(0);
    }
    switch_to(own->found);
    __real___tsan_acquire(object);
    switch_to(own->fiber);
}

void hde_sanitizer_acquire_fence(void)
{
    struct watched *own = watched_self();

    if (own->found != NULL) {
        switch_to(own->found);
        __real___tsan_release((const void *)&own->found);
        switch_to(own->fiber);
        __real___tsan_acquire((const void *)&own->found);
    }
}

void hde_sanitizer_release_fence(void)
{
    struct watched *own = watched_self();

    if (own->fence == NULL) {
        own->fence = __tsan_create_fiber(0);
    }
    __real___tsan_release((const void *)&own->fence);
    switch_to(own->fence);
    __real___tsan_acquire((const void *)&own->fence);
    switch_to(own->fiber);
}

void hde_sanitizer_left(const volatile void *object)
{
    struct watched *own = watched_self();

    switch_to(own->fence);
    __real___tsan_release(object);
    switch_to(own->fiber);
}
