/*
 * Semaphore operations: see semaphore_operations.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/semaphore_operations.h"

#include <heddle/check.h>
#include <heddle/history.h>

static void
note_acquire(struct hd_semaphore_operations *shared, unsigned self, enum hd_result result)
{
    hd_history_return(shared->semaphore, (int)result, 0); /* finding */
    shared->threads[self].owned += result == HD_OK ? 1 : 0;
}

static void acquire(struct hd_semaphore_operations *shared, unsigned self)
{
    hd_history_call(shared->semaphore, HD_OP_ACQUIRE, 0);
    shared->adapter->acquire(shared->semaphore); /* finding */
    note_acquire(shared, self, HD_OK);
}

static void try_acquire(struct hd_semaphore_operations *shared, unsigned self)
{
    hd_history_call(shared->semaphore, HD_OP_ACQUIRE, 0);
    note_acquire(shared, self, shared->adapter->try_acquire(shared->semaphore));
}

static void acquire_until(struct hd_semaphore_operations *shared, unsigned self)
{
    uint64_t deadline_ns = hd_clock_after_ns(HD_SOON_NS);

    hd_history_call(shared->semaphore, HD_OP_ACQUIRE, 0);
    note_acquire(shared, self, shared->adapter->acquire_until(shared->semaphore, deadline_ns));
}

static enum hd_result release(struct hd_semaphore_operations *shared, uint32_t units)
{
    hd_history_call(shared->semaphore, HD_OP_RELEASE, units);
    enum hd_result result = shared->adapter->release(shared->semaphore, units);

    hd_history_return(shared->semaphore, (int)result, 0); /* finding */
    return result;
}

static void run_value(void *state, unsigned self, uint32_t argument)
{
    struct hd_semaphore_operations *shared = state;

    (void)self;
    (void)argument;
    hd_history_call(shared->semaphore, HD_OP_SIZE, 0);
    uint32_t value = shared->adapter->value(shared->semaphore);

    hd_history_return(shared->semaphore, HD_OK, value); /* finding */
}

static void give_back(struct hd_semaphore_operations *shared, unsigned self)
{
    enum hd_result result = release(shared, 1);

    shared->threads[self].owned--;
    HD_EXPECT(result == HD_OK || (shared->is_bounded && result == HD_OVERFLOW));
}

/* ---- Supplied programs ----------------------------------------------------------------------- */

static void look_at_published(const struct hd_semaphore_operations *shared, unsigned self)
{
    if (shared->units == 0 && shared->threads[self].owned > 0) {
        HD_EXPECT(shared->published == 1); /* finding */
    }
}

static void publish(struct hd_semaphore_operations *shared)
{
    if (shared->published == 0) {
        shared->published = 1; /* finding */
    }
}

static void run_take(void *state, unsigned self, uint32_t argument)
{
    (void)argument;
    acquire(state, self);
    look_at_published(state, self);
}

static void run_take_try(void *state, unsigned self, uint32_t argument)
{
    (void)argument;
    try_acquire(state, self);
}

static void run_take_until(void *state, unsigned self, uint32_t argument)
{
    (void)argument;
    acquire_until(state, self);
}

static void run_supply(void *state, unsigned self, uint32_t argument)
{
    struct hd_semaphore_operations *shared = state;
    uint32_t units = shared->is_one_by_one ? 1 : argument + 1;

    (void)self;
    publish(shared);
    HD_EXPECT(release(shared, units) == HD_OK);
}

static void run_give_back(void *state, unsigned self, uint32_t argument)
{
    struct hd_semaphore_operations *shared = state;

    (void)argument;
    if (shared->threads[self].owned > 0) {
        give_back(shared, self);
    }
}

static void end_supplied(void *state, unsigned self)
{
    struct hd_semaphore_operations *shared = state;
    uint32_t portion = shared->is_one_by_one ? 1 : shared->lacking;

    for (uint32_t lacking = shared->lacking; self == 0 && lacking > 0; lacking -= portion) {
        publish(shared);
        HD_EXPECT(release(shared, portion) == HD_OK);
    }
}

enum { TAKE, TAKE_TRY, TAKE_UNTIL, SUPPLY };

static const struct hd_program_operation supplied_operations[] = {
    [TAKE] = {.run = run_take, .roles = HD_ROLE_OTHER},
    [TAKE_TRY] = {.run = run_take_try, .roles = HD_ROLE_ALL},
    [TAKE_UNTIL] = {.run = run_take_until, .roles = HD_ROLE_ALL},
    [SUPPLY] = {.run = run_supply, .arguments = 2, .roles = HD_ROLE_FIRST},
    {.run = run_give_back, .roles = HD_ROLE_OTHER},
    {.run = run_value, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind supplied = {
    .operations = supplied_operations,
    .operations_count = sizeof(supplied_operations) / sizeof(supplied_operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end_supplied,
};

/* Each call may take a unit; of what the first thread releases, one unit is certain. */
static uint32_t find_lacking(const struct hd_semaphore_operations *shared)
{
    const struct hd_program *program = &shared->program;
    uint32_t needed = hd_program_count(program, HD_ROLE_ALL, TAKE) +
                      hd_program_count(program, HD_ROLE_ALL, TAKE_TRY) +
                      hd_program_count(program, HD_ROLE_ALL, TAKE_UNTIL);
    uint32_t certain = shared->units + hd_program_count(program, HD_ROLE_FIRST, SUPPLY);

    return needed > certain ? needed - certain : 0;
}

/* ---- Balanced programs ----------------------------------------------------------------------- */

static void run_acquire(void *state, unsigned self, uint32_t argument)
{
    struct hd_semaphore_operations *shared = state;

    if (shared->threads[self].owned > 0) {
        give_back(shared, self);
    } else if (argument == 0) {
        acquire(shared, self);
    } else if (argument == 1) {
        try_acquire(shared, self);
    } else {
        acquire_until(shared, self);
    }
}

static void run_count(void *state, unsigned self, uint32_t argument)
{
    struct hd_semaphore_operations *shared = state;
    bool acquires = shared->threads[self].owned == 0;

    (void)argument;
    if (acquires) {
        acquire(shared, self);
    }
    if (shared->units == 1) {
        shared->counter++; /* finding */
        shared->threads[self].counted++;
    }
    if (acquires) {
        give_back(shared, self);
    }
}

/* Units that nobody took. */
static void run_release_any(void *state, unsigned self, uint32_t argument)
{
    struct hd_semaphore_operations *shared = state;

    (void)self;
    if (shared->is_bounded && shared->units > 1) {
        enum hd_result result = release(shared, argument + 1);

        HD_EXPECT(result == HD_OK || result == HD_OVERFLOW);
    }
}

static void end_balanced(void *state, unsigned self)
{
    struct hd_semaphore_operations *shared = state;

    while (shared->threads[self].owned > 0) {
        give_back(shared, self);
    }
}

static const struct hd_program_operation balanced_operations[] = {
    {.run = run_count, .roles = HD_ROLE_ALL},
    {.run = run_acquire, .arguments = 3, .roles = HD_ROLE_ALL},
    {.run = run_release_any, .arguments = 2, .roles = HD_ROLE_ALL},
    {.run = run_value, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind balanced = {
    .operations = balanced_operations,
    .operations_count = sizeof(balanced_operations) / sizeof(balanced_operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end_balanced,
};

/* ---- Scenarios ------------------------------------------------------------------------------- */

void hd_semaphore_operations_begin_supplied(void *state,
                                            const struct hd_semaphore_adapter *adapter,
                                            bool releases_many)
{
    struct hd_semaphore_operations *shared = state;

    shared->adapter = adapter;
    shared->units = hd_choose(3);
    shared->is_one_by_one = !releases_many || hd_choose(2) == 1;
    shared->semaphore = adapter->create(shared->units);
    hd_program_draw(&shared->program, &supplied, 0);
    shared->lacking = find_lacking(shared);
    hd_history_begin(shared->semaphore, &hd_specification_semaphore, shared->units);
}

void hd_semaphore_operations_begin_balanced(void *state,
                                            const struct hd_semaphore_adapter *adapter,
                                            bool is_bounded)
{
    struct hd_semaphore_operations *shared = state;

    shared->adapter = adapter;
    shared->is_bounded = is_bounded;
    shared->units = 1 + hd_choose(2);
    shared->semaphore = adapter->create(shared->units);
    hd_program_draw(&shared->program, &balanced, 0);
    hd_history_begin(shared->semaphore,
                     is_bounded ? &hd_specification_bounded_semaphore : &hd_specification_semaphore,
                     shared->units);
}

void hd_semaphore_operations_check(const void *state)
{
    const struct hd_semaphore_operations *shared = state;
    int counted = 0;

    for (unsigned self = 0; self < HD_THREADS_MAX; self++) {
        counted += shared->threads[self].counted;
    }
    HD_EXPECT(shared->counter == counted);
    run_value((void *)(uintptr_t)state, 0, 0);
    shared->adapter->destroy(shared->semaphore);
}
