/*
 * Specifications: each ready-made one lets right histories pass, and not their wrong twins.
 *
 * Operation i is called at 10 i and returns at 10 (i + span) + 5 + i: with span 0, before the next
 * one is called.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/linearize.h"

#define LINES_MAX 8U
#define PENDING 100U /* span of what does not return */

struct line {
    uint32_t code;
    uint64_t argument;
    int outcome;
    uint64_t value;
    uint16_t thread;
    uint32_t span;
    uint64_t key;
};

struct example {
    const char *name;
    const struct hd_specification *specification;
    uint64_t parameter;
    bool is_wrong;
    uint32_t count;
    struct line lines[LINES_MAX];
};

#define LOCK &hd_specification_lock
#define RLOCK &hd_specification_rlock
#define RWLOCK &hd_specification_rwlock
#define SEMAPHORE &hd_specification_semaphore
#define BOUNDED &hd_specification_bounded_semaphore
#define EVENT &hd_specification_event
#define BARRIER &hd_specification_barrier
#define CONDITION &hd_specification_condition
#define FIFO &hd_specification_fifo_queue
#define LIFO &hd_specification_lifo_queue
#define STABLE &hd_specification_stable_priority_queue
#define PRIORITY &hd_specification_priority_queue
#define RING &hd_specification_ring
#define STACK &hd_specification_stack
#define SET &hd_specification_set
#define REGISTER &hd_specification_register
#define THREAD &hd_specification_thread

static const struct example examples[] = {
    {"taken twice", LOCK, 0, true, 2, {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_ACQUIRE}}},
    {"taken in turn",
     LOCK,
     0,
     false,
     3,
     {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_RELEASE}, {.code = HD_OP_ACQUIRE}}},
    {"busy though free", LOCK, 0, true, 1, {{.code = HD_OP_ACQUIRE, .outcome = HD_BUSY}}},
    {"timed out though free", LOCK, 0, true, 1, {{.code = HD_OP_ACQUIRE, .outcome = HD_TIMEOUT}}},
    {"busy", LOCK, 1, false, 1, {{.code = HD_OP_ACQUIRE, .outcome = HD_BUSY}}},
    {"waits", LOCK, 1, false, 2, {{.code = HD_OP_ACQUIRE, .span = 1}, {.code = HD_OP_RELEASE}}},
    {"not held", LOCK, 0, false, 1, {{.code = HD_OP_RELEASE, .outcome = HD_NOT_OWNER}}},
    {"held, and refused", LOCK, 1, true, 1, {{.code = HD_OP_RELEASE, .outcome = HD_NOT_OWNER}}},
    {"looks free", LOCK, 1, true, 1, {{.code = HD_OP_IS_LOCKED, .value = 0}}},

    {"deep",
     RLOCK,
     0,
     false,
     3,
     {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_ACQUIRE}, {.code = HD_OP_SIZE, .value = 2}}},
    {"another's",
     RLOCK,
     0,
     true,
     2,
     {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_ACQUIRE, .thread = 1}}},
    {"half released",
     RLOCK,
     0,
     true,
     4,
     {{.code = HD_OP_ACQUIRE},
      {.code = HD_OP_ACQUIRE},
      {.code = HD_OP_RELEASE},
      {.code = HD_OP_ACQUIRE, .thread = 1}}},
    {"a stranger releases",
     RLOCK,
     0,
     true,
     2,
     {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_RELEASE, .thread = 1}}},

    {"two readers",
     RWLOCK,
     0,
     false,
     2,
     {{.code = HD_OP_ACQUIRE_SHARED}, {.code = HD_OP_ACQUIRE_SHARED}}},
    {"reader and writer",
     RWLOCK,
     0,
     true,
     2,
     {{.code = HD_OP_ACQUIRE_SHARED}, {.code = HD_OP_ACQUIRE}}},
    {"two writers",
     RWLOCK,
     0,
     true,
     2,
     {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_ACQUIRE, .thread = 1}}},
    {"busy for nobody", RWLOCK, 1, true, 1, {{.code = HD_OP_ACQUIRE_SHARED, .outcome = HD_BUSY}}},
    {"busy for a writer that waits",
     RWLOCK,
     1,
     false,
     2,
     {{.code = HD_OP_ACQUIRE, .span = PENDING},
      {.code = HD_OP_ACQUIRE_SHARED, .outcome = HD_BUSY, .thread = 1}}},
    {"a writer gives up for nothing",
     RWLOCK,
     0,
     true,
     1,
     {{.code = HD_OP_ACQUIRE, .outcome = HD_TIMEOUT}}},
    {"released too often",
     RWLOCK,
     1,
     true,
     2,
     {{.code = HD_OP_RELEASE_SHARED}, {.code = HD_OP_RELEASE_SHARED}}},

    {"units", SEMAPHORE, 2, false, 2, {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_ACQUIRE}}},
    {"one too many", SEMAPHORE, 1, true, 2, {{.code = HD_OP_ACQUIRE}, {.code = HD_OP_ACQUIRE}}},
    {"a unit is lost",
     SEMAPHORE,
     0,
     true,
     2,
     {{.code = HD_OP_RELEASE, .argument = 2}, {.code = HD_OP_SIZE, .value = 1}}},
    {"over the bound", BOUNDED, 1, true, 1, {{.code = HD_OP_RELEASE, .argument = 1}}},
    {"refused",
     BOUNDED,
     1,
     false,
     1,
     {{.code = HD_OP_RELEASE, .argument = 1, .outcome = HD_OVERFLOW}}},

    {"not set", EVENT, 0, true, 1, {{.code = HD_OP_WAIT}}},
    {"set in between",
     EVENT,
     0,
     false,
     3,
     {{.code = HD_OP_WAIT, .span = 2}, {.code = HD_OP_SET}, {.code = HD_OP_CLEAR}}},
    {"cleared before",
     EVENT,
     0,
     true,
     3,
     {{.code = HD_OP_SET}, {.code = HD_OP_CLEAR}, {.code = HD_OP_WAIT}}},
    {"timed out though set", EVENT, 1, true, 1, {{.code = HD_OP_WAIT, .outcome = HD_TIMEOUT}}},

    {"all come",
     BARRIER,
     2,
     false,
     2,
     {{.code = HD_OP_WAIT, .value = 0, .span = 1},
      {.code = HD_OP_WAIT, .value = 1, .thread = 1, .span = 1}}},
    {"passed alone",
     BARRIER,
     2,
     true,
     2,
     {{.code = HD_OP_WAIT, .value = 0}, {.code = HD_OP_WAIT, .value = 1, .thread = 1}}},
    {"the same place twice",
     BARRIER,
     2,
     true,
     2,
     {{.code = HD_OP_WAIT, .value = 0, .span = 1},
      {.code = HD_OP_WAIT, .value = 0, .thread = 1, .span = 1}}},
    {"broken for one only",
     BARRIER,
     2,
     true,
     3,
     {{.code = HD_OP_WAIT, .value = HD_VALUE_UNKNOWN, .span = 2},
      {.code = HD_OP_ABORT, .thread = 1},
      {.code = HD_OP_WAIT, .value = HD_VALUE_UNKNOWN, .thread = 2}}},
    {"broken",
     BARRIER,
     2,
     false,
     2,
     {{.code = HD_OP_WAIT, .outcome = HD_BROKEN, .span = 1}, {.code = HD_OP_ABORT, .thread = 1}}},
    {"broken by nobody", BARRIER, 2, true, 1, {{.code = HD_OP_WAIT, .outcome = HD_BROKEN}}},

    {"notified",
     CONDITION,
     0,
     false,
     5,
     {{.code = HD_OP_ACQUIRE},
      {.code = HD_OP_WAIT, .span = 3},
      {.code = HD_OP_ACQUIRE, .thread = 1},
      {.code = HD_OP_NOTIFY, .argument = 1, .thread = 1},
      {.code = HD_OP_RELEASE, .thread = 1}}},
    {"awake for nothing",
     CONDITION,
     0,
     true,
     4,
     {{.code = HD_OP_ACQUIRE},
      {.code = HD_OP_WAIT, .span = 2},
      {.code = HD_OP_ACQUIRE, .thread = 1},
      {.code = HD_OP_RELEASE, .thread = 1}}},
    {"awake without the lock",
     CONDITION,
     0,
     true,
     4,
     {{.code = HD_OP_ACQUIRE},
      {.code = HD_OP_WAIT, .span = 2},
      {.code = HD_OP_ACQUIRE, .thread = 1},
      {.code = HD_OP_NOTIFY, .argument = 1, .thread = 1}}},
    {"notified without the lock", CONDITION, 0, true, 1, {{.code = HD_OP_NOTIFY_ALL}}},

    {"in order",
     FIFO,
     0,
     false,
     4,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_PUT, .argument = 2},
      {.code = HD_OP_GET, .value = 1},
      {.code = HD_OP_GET, .value = 2}}},
    {"out of order",
     FIFO,
     0,
     true,
     3,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_PUT, .argument = 2},
      {.code = HD_OP_GET, .value = 2}}},
    {"full too early",
     FIFO,
     2,
     true,
     2,
     {{.code = HD_OP_PUT, .argument = 1}, {.code = HD_OP_PUT, .argument = 2, .outcome = HD_FULL}}},
    {"over the bound",
     FIFO,
     1,
     true,
     2,
     {{.code = HD_OP_PUT, .argument = 1}, {.code = HD_OP_PUT, .argument = 2}}},
    {"shut down for getters, not for items",
     FIFO,
     0,
     true,
     3,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_SHUTDOWN},
      {.code = HD_OP_GET, .outcome = HD_SHUTDOWN}}},
    {"dropped",
     FIFO,
     0,
     false,
     4,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_SHUTDOWN, .argument = 1},
      {.code = HD_OP_GET, .outcome = HD_SHUTDOWN},
      {.code = HD_OP_JOIN}}},
    {"joined too early",
     FIFO,
     0,
     true,
     3,
     {{.code = HD_OP_PUT, .argument = 1}, {.code = HD_OP_GET, .value = 1}, {.code = HD_OP_JOIN}}},
    {"done too often", FIFO, 0, true, 1, {{.code = HD_OP_TASK_DONE}}},
    {"oldest first",
     LIFO,
     0,
     true,
     3,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_PUT, .argument = 2},
      {.code = HD_OP_GET, .value = 1}}},
    {"less urgent first",
     STABLE,
     0,
     true,
     3,
     {{.code = HD_OP_PUT, .argument = 1, .key = 5},
      {.code = HD_OP_PUT, .argument = 2, .key = 3},
      {.code = HD_OP_GET, .value = 1}}},
    {"a tie out of turn",
     STABLE,
     0,
     true,
     3,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_PUT, .argument = 2},
      {.code = HD_OP_GET, .value = 2}}},
    {"any tie",
     PRIORITY,
     0,
     false,
     3,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_PUT, .argument = 2},
      {.code = HD_OP_GET, .value = 2}}},
    {"a get that did not return took any tie",
     PRIORITY,
     0,
     false,
     5,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_PUT, .argument = 2},
      {.code = HD_OP_GET, .span = PENDING},
      {.code = HD_OP_SIZE, .value = 1},
      {.code = HD_OP_GET, .value = 1}}},
    {"negative first",
     PRIORITY,
     0,
     false,
     3,
     {{.code = HD_OP_PUT, .argument = 1},
      {.code = HD_OP_PUT, .argument = 2, .key = (uint64_t)-1},
      {.code = HD_OP_GET, .value = 2}}},
    {"busy", RING, 2, false, 1, {{.code = HD_OP_GET, .outcome = HD_BUSY}}},
    {"empty though not",
     RING,
     2,
     true,
     2,
     {{.code = HD_OP_PUT, .argument = 1}, {.code = HD_OP_GET, .outcome = HD_EMPTY}}},
    {"popped twice",
     STACK,
     0,
     true,
     3,
     {{.code = HD_OP_PUSH, .argument = 1},
      {.code = HD_OP_POP, .value = 1},
      {.code = HD_OP_POP, .value = 1}}},

    {"keys apart",
     SET,
     0,
     false,
     2,
     {{.code = HD_OP_INSERT, .value = 1, .key = 1},
      {.code = HD_OP_CONTAINS, .value = 1, .key = 1}}},
    {"inserted twice",
     SET,
     0,
     true,
     2,
     {{.code = HD_OP_INSERT, .value = 1}, {.code = HD_OP_INSERT, .value = 1}}},
    {"a lost write",
     REGISTER,
     0,
     true,
     2,
     {{.code = HD_OP_WRITE, .argument = 1}, {.code = HD_OP_READ, .value = 0}}},
    {"a lost update",
     REGISTER,
     0,
     true,
     2,
     {{.code = HD_OP_ADD, .argument = 1, .value = 0, .span = 1},
      {.code = HD_OP_ADD, .argument = 1, .value = 0, .span = 1}}},
    {"not new", REGISTER, 7, true, 1, {{.code = HD_OP_AWAIT_NEW, .argument = 7}}},

    {"joined",
     THREAD,
     0,
     false,
     3,
     {{.code = HD_OP_SPAWN}, {.code = HD_OP_END, .span = PENDING}, {.code = HD_OP_JOIN}}},
    {"joined while it runs", THREAD, 0, true, 2, {{.code = HD_OP_SPAWN}, {.code = HD_OP_JOIN}}},
    {"joined twice",
     THREAD,
     0,
     true,
     4,
     {{.code = HD_OP_SPAWN},
      {.code = HD_OP_END, .span = PENDING},
      {.code = HD_OP_JOIN},
      {.code = HD_OP_JOIN}}},
    {"busy for nobody",
     THREAD,
     0,
     true,
     2,
     {{.code = HD_OP_SPAWN}, {.code = HD_OP_JOIN, .outcome = HD_BUSY}}},
    {"dead and alive",
     THREAD,
     0,
     true,
     4,
     {{.code = HD_OP_SPAWN},
      {.code = HD_OP_END, .span = PENDING},
      {.code = HD_OP_IS_ALIVE, .value = 0},
      {.code = HD_OP_IS_ALIVE, .value = 1}}},
};

static struct hde_problem make(const struct example *example, struct hde_interval *intervals)
{
    for (uint32_t i = 0; i < example->count; i++) {
        const struct line *line = &example->lines[i];
        bool is_pending = line->span == PENDING;

        intervals[i] = (struct hde_interval){
            .operation = {.key = line->key,
                          .argument = line->argument,
                          .value = is_pending ? HD_VALUE_UNKNOWN : line->value,
                          .code = line->code,
                          .outcome = line->outcome,
                          .thread = line->thread,
                          .is_pending = is_pending},
            .called = 10 * i,
            .returned = is_pending ? UINT32_MAX : 10 * (i + line->span) + 5 + i,
        };
    }
    return (struct hde_problem){
        .specification = example->specification,
        .parameter = example->parameter,
        .intervals = intervals,
        .count = example->count,
        .stuck = HDE_NO_OPERATION,
    };
}

static void right_histories_pass_and_wrong_ones_do_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct hde_interval intervals[LINES_MAX];
        const struct hde_problem problem = make(&examples[i], intervals);
        uint64_t steps = HDE_LINEARIZE_STEPS_MAX;
        enum hde_linearizable owed = examples[i].is_wrong ? HDE_NOT_LINEARIZABLE : HDE_LINEARIZABLE;

        if (hde_linearize(&problem, &steps, NULL) != owed) {
            fail_msg("%s: %s", examples[i].specification->name, examples[i].name);
        }
    }
}

/* What does not fit is not judged, and not taken for right or wrong. */
static void too_much_for_a_state_is_not_judged(void **state)
{
    static struct hde_interval intervals[100];
    struct hde_problem problem = {
        .specification = FIFO,
        .intervals = intervals,
        .count = 100,
        .stuck = HDE_NO_OPERATION,
    };
    uint64_t steps = HDE_LINEARIZE_STEPS_MAX;

    (void)state;
    for (uint32_t i = 0; i < problem.count; i++) {
        intervals[i] = (struct hde_interval){
            .operation = {.code = HD_OP_PUT, .argument = i},
            .called = 2 * i,
            .returned = 2 * i + 1,
        };
    }
    assert_int_equal(hde_linearize(&problem, &steps, NULL), HDE_LINEARIZABLE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_histories_pass_and_wrong_ones_do_not),
        cmocka_unit_test(too_much_for_a_state_is_not_judged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
