/*
 * Reader-writer lock operations: see rwlock_operations.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/rwlock_operations.h"

#include <heddle/check.h>
#include <heddle/history.h>

/* What the argument of an acquire says. */
static enum hd_hold to_hold(uint32_t argument) { return argument == 0 ? HD_SHARED : HD_EXCLUSIVE; }

static void call_acquire(struct hd_rwlock_operations *shared, enum hd_hold hold)
{
    hd_history_call(shared->rwlock, hold == HD_SHARED ? HD_OP_ACQUIRE_SHARED : HD_OP_ACQUIRE, 0);
}

static void note_acquire(struct hd_rwlock_operations *shared,
                         unsigned self,
                         enum hd_hold hold,
                         enum hd_result result)
{
    hd_history_return(shared->rwlock, (int)result, 0); /* finding */
    if (result == HD_OK) {
        HD_EXPECT(!shared->threads[self].is_holding);
        shared->threads[self].is_holding = true;
        shared->threads[self].hold = hold;
    }
}

static enum hd_result release(struct hd_rwlock_operations *shared, unsigned self, enum hd_hold hold)
{
    hd_history_call(shared->rwlock, hold == HD_SHARED ? HD_OP_RELEASE_SHARED : HD_OP_RELEASE, 0);
    enum hd_result result = shared->adapter->release(shared->rwlock, self, hold);

    hd_history_return(shared->rwlock, (int)result, 0); /* finding */
    return result;
}

static void give_back(struct hd_rwlock_operations *shared, unsigned self)
{
    shared->threads[self].is_holding = false;
    HD_EXPECT(release(shared, self, shared->threads[self].hold) == HD_OK); /* finding */
}

/* Who holds gives back instead. Returns whether the call has begun. */
static bool begin_acquire(struct hd_rwlock_operations *shared, unsigned self, enum hd_hold hold)
{
    if (shared->threads[self].is_holding) {
        give_back(shared, self);
        return false;
    }
    call_acquire(shared, hold);
    return true;
}

static void run_acquire(void *state, unsigned self, uint32_t argument)
{
    struct hd_rwlock_operations *shared = state;
    enum hd_hold hold = to_hold(argument);

    if (begin_acquire(shared, self, hold)) {
        note_acquire(shared, self, hold, shared->adapter->acquire(shared->rwlock, self, hold));
    }
}

static void run_try(void *state, unsigned self, uint32_t argument)
{
    struct hd_rwlock_operations *shared = state;
    enum hd_hold hold = to_hold(argument);

    if (begin_acquire(shared, self, hold)) {
        note_acquire(shared, self, hold, shared->adapter->try_acquire(shared->rwlock, self, hold));
    }
}

static void run_until(void *state, unsigned self, uint32_t argument)
{
    struct hd_rwlock_operations *shared = state;
    enum hd_hold hold = to_hold(argument);
    uint64_t deadline_ns = hd_clock_after_ns(HD_SOON_NS);

    if (begin_acquire(shared, self, hold)) {
        note_acquire(shared, self, hold,
                     shared->adapter->acquire_until(shared->rwlock, self, hold, deadline_ns));
    }
}

/* Read or write, in a section of its own if it holds nothing. */
static void run_access(void *state, unsigned self, uint32_t argument)
{
    struct hd_rwlock_operations *shared = state;
    bool acquires = !shared->threads[self].is_holding;

    if (acquires) {
        run_acquire(shared, self, argument);
    }
    HD_EXPECT(shared->x == shared->y); /* finding */
    if (shared->threads[self].hold == HD_EXCLUSIVE) {
        shared->x++; /* finding */
        shared->y++; /* finding */
        shared->threads[self].writes++;
    }
    if (acquires) {
        give_back(shared, self);
    }
}

/* Who holds it exclusively would wait for itself. */
static void run_again(void *state, unsigned self, uint32_t argument)
{
    struct hd_rwlock_operations *shared = state;
    enum hd_hold hold = to_hold(argument);

    if (shared->threads[self].is_holding && shared->threads[self].hold == HD_EXCLUSIVE) {
        call_acquire(shared, hold);
        note_acquire(shared, self, hold, shared->adapter->acquire(shared->rwlock, self, hold));
    }
}

static void run_wrong_release(void *state, unsigned self, uint32_t argument)
{
    struct hd_rwlock_operations *shared = state;
    bool is_writer = shared->threads[self].is_holding && shared->threads[self].hold == HD_EXCLUSIVE;

    (void)argument;
    if (!is_writer) {
        HD_EXPECT(release(shared, self, HD_EXCLUSIVE) == HD_NOT_OWNER);
    }
}

static void end(void *state, unsigned self)
{
    struct hd_rwlock_operations *shared = state;

    if (shared->threads[self].is_holding) {
        give_back(shared, self);
    }
    if (!shared->is_short_lived) {
        return;
    }
    run_acquire(shared, self, HD_EXCLUSIVE);
    bool is_last = ++shared->ended == shared->program.threads_count; /* finding */

    give_back(shared, self);
    if (is_last) {
        shared->adapter->destroy(shared->rwlock);
    }
}

static const struct hd_program_operation operations[] = {
    {.run = run_access, .arguments = 2, .roles = HD_ROLE_ALL},
    {.run = run_acquire, .arguments = 2, .roles = HD_ROLE_ALL},
    {.run = run_try, .arguments = 2, .roles = HD_ROLE_ALL, .needs = HD_CAN_TRY},
    {.run = run_until, .arguments = 2, .roles = HD_ROLE_ALL, .needs = HD_CAN_TIME},
    {.run = run_again, .arguments = 2, .roles = HD_ROLE_ALL, .needs = HD_CAN_REFUSE},
    {.run = run_wrong_release, .roles = HD_ROLE_ALL, .needs = HD_CAN_EVERYTHING},
};

static const struct hd_program_kind kind = {
    .operations = operations,
    .operations_count = sizeof(operations) / sizeof(operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end,
};

/* A try of what spins may be refused because of another one that is refused, too. */
static enum hd_step step_weak(void *bytes, const struct hd_operation *operation)
{
    return operation->outcome == HD_BUSY ? HD_STEP_DONE
                                         : hd_specification_rwlock.step(bytes, operation);
}

static const struct hd_operation_name weak_names[] = {
    [HD_OP_ACQUIRE] = {.name = "acquire_exclusive"},
    [HD_OP_RELEASE] = {.name = "release_exclusive"},
    [HD_OP_ACQUIRE_SHARED] = {.name = "acquire_shared"},
    [HD_OP_RELEASE_SHARED] = {.name = "release_shared"},
};

static const struct hd_specification weak = {
    .name = "reader-writer lock",
    .state_size = 16,
    .step = step_weak,
    .names = weak_names,
    .names_count = sizeof(weak_names) / sizeof(weak_names[0]),
};

void hd_rwlock_operations_begin(void *state, const struct hd_rwlock_adapter *adapter)
{
    struct hd_rwlock_operations *shared = state;

    shared->adapter = adapter;
    shared->rwlock = adapter->create();
    if ((adapter->can & HD_CAN_BLOCK) != 0) {
        shared->is_short_lived = hd_choose(2) == 1;
    }
    hd_program_draw(&shared->program, &kind, adapter->can);
    hd_history_begin(shared->rwlock,
                     (adapter->can & HD_CAN_BLOCK) != 0 ? &hd_specification_rwlock : &weak, 0);
}

void hd_rwlock_operations_check(const void *state)
{
    const struct hd_rwlock_operations *shared = state;
    int writes = 0;

    for (unsigned self = 0; self < HD_THREADS_MAX; self++) {
        writes += shared->threads[self].writes;
    }
    HD_EXPECT(shared->x == writes && shared->y == writes);
    if (!shared->is_short_lived) {
        shared->adapter->destroy(shared->rwlock);
    }
}
