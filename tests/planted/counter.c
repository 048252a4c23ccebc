/*
 * A counter with a specification of its own, which is how a program that is not Heddle's does it;
 * and a read that puts two halves together.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>

#include <heddle/check.h>
#include <heddle/history.h>

#define HALF 10U /* the low half runs from 0 to 9 */

enum operation {
    OPERATION_ADD,
    OPERATION_READ,
};

/* What a counter does, one operation after the other. */
struct counter {
    uint64_t value;
};

static enum hd_step step(void *state, const struct hd_operation *operation)
{
    struct counter *counter = state;

    if (operation->code == OPERATION_ADD) {
        counter->value += operation->argument;
        return HD_STEP_DONE;
    }
    return operation->is_pending || operation->value == counter->value ? HD_STEP_DONE
                                                                       : HD_STEP_WRONG;
}

static const struct hd_operation_name names[] = {
    [OPERATION_ADD] = {.name = "add", .has_argument = true, .has_no_outcome = true},
    [OPERATION_READ] = {.name = "read", .has_value = true, .has_no_outcome = true},
};

static const struct hd_specification counter_specification = {
    .name = "counter",
    .state_size = sizeof(struct counter),
    .step = step,
    .names = names,
    .names_count = sizeof(names) / sizeof(names[0]),
};

/* What is tested: a counter of two halves. */
struct shared {
    uint32_t low;  /* atomic, relaxed */
    uint32_t high; /* atomic, relaxed */
};

static void setup(void *state)
{
    ((struct shared *)state)->low = HALF - 1;
    hd_history_begin(state, &counter_specification, 0);
    hd_history_call(state, OPERATION_ADD, HALF - 1);
    hd_history_return(state, HD_OK, 0);
}

/* One step, and a carry after it: in between both halves are 0. */
static void add_one(void *state)
{
    struct shared *shared = state;

    hd_history_call(state, OPERATION_ADD, 1);
    if (__atomic_add_fetch(&shared->low, 1, __ATOMIC_RELAXED) == HALF) {
        __atomic_store_n(&shared->low, 0, __ATOMIC_RELAXED);
        (void)__atomic_add_fetch(&shared->high, 1, __ATOMIC_RELAXED);
    }
    hd_history_return(state, HD_OK, 0); /* finding */
}

static void add_in_one_step(void *state)
{
    hd_history_call(state, OPERATION_ADD, 1);
    (void)__atomic_add_fetch(&((struct shared *)state)->low, 1, __ATOMIC_RELAXED);
    hd_history_return(state, HD_OK, 0);
}

static void read(void *state)
{
    const struct shared *shared = state;

    hd_history_call(state, OPERATION_READ, 0);
    uint64_t high = __atomic_load_n(&shared->high, __ATOMIC_RELAXED);
    uint64_t low = __atomic_load_n(&shared->low, __ATOMIC_RELAXED);

    hd_history_return(state, HD_OK, high * HALF + low); /* finding */
}

const struct hd_scenario hd_scenario_counter_of_halves = {
    .summary = "a read sees a counter between two steps of its carry",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {add_one, read},
    .fixed = {add_in_one_step, read},
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};
