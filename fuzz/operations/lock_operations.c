/*
 * Lock operations: see lock_operations.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/lock_operations.h"

#include <heddle/check.h>
#include <heddle/history.h>

#define DEPTH_MAX 3U /* of a reentrant lock */

static void note_acquire(struct hd_lock_operations *shared, unsigned self, enum hd_result result)
{
    hd_history_return(shared->lock, (int)result, 0); /* finding */
    shared->depths[self] += result == HD_OK ? 1 : 0;
}

static void acquire(struct hd_lock_operations *shared, unsigned self)
{
    hd_history_call(shared->lock, HD_OP_ACQUIRE, 0);
    note_acquire(shared, self, shared->adapter->acquire(shared->lock, self));
}

static enum hd_result release(struct hd_lock_operations *shared, unsigned self)
{
    shared->depths[self] -= shared->depths[self] > 0 ? 1 : 0;
    hd_history_call(shared->lock, HD_OP_RELEASE, 0);
    enum hd_result result = shared->adapter->release(shared->lock, self);

    hd_history_return(shared->lock, (int)result, 0); /* finding */
    return result;
}

/* Whether to acquire would be to wait for itself, or to go too deep. */
static bool has_enough(const struct hd_lock_operations *shared, unsigned self)
{
    return shared->depths[self] >= (shared->is_reentrant ? DEPTH_MAX : 1);
}

/* ---- Balanced programs ----------------------------------------------------------------------- */

static void give_back(struct hd_lock_operations *shared, unsigned self)
{
    HD_EXPECT(release(shared, self) == HD_OK); /* finding */
}

static void run_acquire(void *state, unsigned self, uint32_t argument)
{
    (void)argument;
    if (has_enough(state, self)) {
        give_back(state, self);
    } else {
        acquire(state, self);
    }
}

static void run_try(void *state, unsigned self, uint32_t argument)
{
    struct hd_lock_operations *shared = state;

    (void)argument;
    hd_history_call(shared->lock, HD_OP_ACQUIRE, 0);
    note_acquire(shared, self, shared->adapter->try_acquire(shared->lock, self));
}

static void run_until(void *state, unsigned self, uint32_t argument)
{
    struct hd_lock_operations *shared = state;
    uint64_t deadline_ns = hd_clock_after_ns(HD_SOON_NS);

    (void)argument;
    if (has_enough(state, self)) {
        give_back(state, self);
        return;
    }
    hd_history_call(shared->lock, HD_OP_ACQUIRE, 0);
    note_acquire(shared, self, shared->adapter->acquire_until(shared->lock, self, deadline_ns));
}

static void run_count(void *state, unsigned self, uint32_t argument)
{
    struct hd_lock_operations *shared = state;
    bool acquires = shared->depths[self] == 0;

    (void)argument;
    if (acquires) {
        acquire(shared, self);
    }
    shared->counter++; /* finding */
    shared->counted[self]++;
    if (acquires) {
        give_back(shared, self);
    }
}

static void run_look(void *state, unsigned self, uint32_t argument)
{
    struct hd_lock_operations *shared = state;

    (void)argument;
    hd_history_call(shared->lock, HD_OP_IS_LOCKED, 0);
    bool is_locked = shared->adapter->is_locked(shared->lock);

    hd_history_return(shared->lock, HD_OK, is_locked ? 1 : 0); /* finding */
    HD_EXPECT(is_locked || shared->depths[self] == 0);
}

static void run_release(void *state, unsigned self, uint32_t argument)
{
    struct hd_lock_operations *shared = state;

    (void)argument;
    if (shared->depths[self] > 0) {
        give_back(shared, self);
    } else if (shared->is_reentrant && (shared->adapter->can & HD_CAN_REFUSE) != 0) {
        HD_EXPECT(release(shared, self) == HD_NOT_OWNER);
    }
}

static void run_depth(void *state, unsigned self, uint32_t argument)
{
    struct hd_lock_operations *shared = state;

    (void)argument;
    if (shared->depths[self] > 0) {
        HD_EXPECT(shared->adapter->depth(shared->lock, self) == shared->depths[self]);
    }
}

static void end_balanced(void *state, unsigned self)
{
    struct hd_lock_operations *shared = state;

    while (shared->depths[self] > 0) {
        give_back(shared, self);
    }
    if (!shared->is_short_lived) {
        return;
    }
    acquire(shared, self);
    bool is_last = ++shared->ended == shared->program.threads_count; /* finding */

    give_back(shared, self);
    if (is_last) {
        shared->adapter->destroy(shared->lock);
    }
}

static const struct hd_program_operation balanced_operations[] = {
    {.run = run_count, .roles = HD_ROLE_ALL},
    {.run = run_acquire, .roles = HD_ROLE_ALL},
    {.run = run_release, .roles = HD_ROLE_ALL},
    {.run = run_try, .roles = HD_ROLE_ALL, .needs = HD_CAN_TRY},
    {.run = run_until, .roles = HD_ROLE_ALL, .needs = HD_CAN_TIME},
    {.run = run_look, .roles = HD_ROLE_ALL, .needs = HD_CAN_TELL_LIVE},
    {.run = run_depth, .roles = HD_ROLE_ALL, .needs = HD_CAN_DEPTH},
};

static const struct hd_program_kind balanced = {
    .operations = balanced_operations,
    .operations_count = sizeof(balanced_operations) / sizeof(balanced_operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end_balanced,
};

/* ---- Programs in which anybody releases ------------------------------------------------------ */

static void run_release_any(void *state, unsigned self, uint32_t argument)
{
    (void)argument;
    enum hd_result result = release(state, self);

    HD_EXPECT(result == HD_OK || result == HD_NOT_OWNER);
}

static void run_acquire_given(void *state, unsigned self, uint32_t argument)
{
    if (has_enough(state, self)) {
        run_release_any(state, self, argument);
    } else {
        acquire(state, self);
    }
}

/* It may have been released already, and be somebody else's now: that one's release finds it so. */
static void end_given(void *state, unsigned self)
{
    struct hd_lock_operations *shared = state;

    while (shared->depths[self] > 0) {
        run_release_any(shared, self, 0);
    }
}

static const struct hd_program_operation given_operations[] = {
    {.run = run_acquire_given, .roles = HD_ROLE_ALL},
    {.run = run_release_any, .roles = HD_ROLE_ALL},
    {.run = run_try, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind given = {
    .operations = given_operations,
    .operations_count = sizeof(given_operations) / sizeof(given_operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end_given,
};

/* ---- Scenarios ------------------------------------------------------------------------------- */

static void begin(struct hd_lock_operations *shared,
                  const struct hd_lock_adapter *adapter,
                  const struct hd_program_kind *kind)
{
    shared->adapter = adapter;
    shared->lock = adapter->create();
    hd_program_draw(&shared->program, kind, adapter->can);
    hd_history_begin(shared->lock,
                     shared->is_reentrant ? &hd_specification_rlock : &hd_specification_lock, 0);
}

void hd_lock_operations_begin(void *state, const struct hd_lock_adapter *adapter, bool is_reentrant)
{
    struct hd_lock_operations *shared = state;

    shared->is_reentrant = is_reentrant;
    if ((adapter->can & HD_CAN_BLOCK) != 0) {
        shared->is_short_lived = hd_choose(2) == 1;
    }
    begin(shared, adapter, &balanced);
}

void hd_lock_operations_begin_given(void *state, const struct hd_lock_adapter *adapter)
{
    begin(state, adapter, &given);
}

void hd_lock_operations_check(const void *state)
{
    const struct hd_lock_operations *shared = state;
    int counted = 0;

    for (unsigned self = 0; self < HD_THREADS_MAX; self++) {
        counted += shared->counted[self];
    }
    HD_EXPECT(shared->counter == counted); /* finding */
    if (shared->is_short_lived) {
        return;
    }
    if ((shared->adapter->can & HD_CAN_TELL) != 0) {
        HD_EXPECT(!shared->adapter->is_locked(shared->lock));
    }
    shared->adapter->destroy(shared->lock);
}
