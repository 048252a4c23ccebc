/*
 * Queue sequence: see queue_sequence.h.
 *
 * A sequence is cut into lives: two fresh queues, some hundred operations, maybe a shutdown among
 * them. Rings round their capacity up, each in its own way; so the two may differ in how much they
 * hold. Then no more is put than the smaller one holds, and whether it is full only that one is
 * asked.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/reference/queue_sequence.h"
#include "tests/reference/suite.h"

enum { PAIRS_MAX = 8, LIFE_STEPS = 400, CAPACITY_MAX = 16 };

enum operation {
    PUT,
    TRY_PUT,
    PUT_UNTIL,
    GET,
    TRY_GET,
    GET_UNTIL,
    SIZE,
    TASK_DONE,
    JOIN_UNTIL,
    SHUTDOWN,
    OPERATIONS
};

static const char *const names[OPERATIONS] = {"put",        "try_put",   "put_until", "get",
                                              "try_get",    "get_until", "size",      "task_done",
                                              "join_until", "shutdown"};

struct pair {
    const struct hd_queue_adapter *adapters[2]; /* ours, theirs */
};

/* Two queues with the same past. */
struct life {
    const struct pair *pair;
    void *queues[2];
    size_t limit; /* the smaller of their capacities */
    size_t count; /* items in each */
    bool is_shut;
    char *next_item; /* items are addresses in a row */
    char items[LIFE_STEPS];
};

struct argument {
    enum operation operation;
    void *item;
    int64_t priority;
    bool is_immediate;
};

/* What an operation did. */
struct outcome {
    enum hd_result result;
    size_t size;
    void *item;
};

static unsigned can(const struct life *life)
{
    return life->pair->adapters[0]->can & life->pair->adapters[1]->can;
}

/* Whether both can do it, and it does not wait for ever. */
static bool is_possible(const struct life *life, enum operation operation)
{
    switch (operation) {
    case PUT:
        return (can(life) & HD_CAN_BLOCK) != 0 && (life->is_shut || life->count < life->limit);
    case GET:
        return (can(life) & HD_CAN_BLOCK) != 0 && (life->is_shut || life->count != 0);
    case PUT_UNTIL:
    case GET_UNTIL:
        return (can(life) & HD_CAN_TIME) != 0;
    case SIZE:
        return (can(life) & HD_CAN_TELL) != 0;
    case TASK_DONE:
    case JOIN_UNTIL:
    case SHUTDOWN:
        return (can(life) & HD_CAN_SHUT) != 0;
    default:
        return true;
    }
}

static struct outcome apply(const struct life *life, unsigned side, const struct argument *argument)
{
    const struct hd_queue_adapter *adapter = life->pair->adapters[side];
    void *queue = life->queues[side];
    struct outcome outcome = {HD_OK, 0, NULL};

    switch (argument->operation) {
    case PUT:
        outcome.result = adapter->put(queue, argument->item, argument->priority);
        break;
    case TRY_PUT:
        outcome.result = adapter->try_put(queue, argument->item, argument->priority);
        break;
    case PUT_UNTIL:
        outcome.result = adapter->put_until(queue, argument->item, argument->priority, 0);
        break;
    case GET:
        outcome.result = adapter->get(queue, &outcome.item);
        break;
    case TRY_GET:
        outcome.result = adapter->try_get(queue, &outcome.item);
        break;
    case GET_UNTIL:
        outcome.result = adapter->get_until(queue, &outcome.item, 0);
        break;
    case SIZE:
        outcome.size = adapter->size(queue);
        break;
    case TASK_DONE:
        outcome.result = adapter->task_done(queue);
        break;
    case JOIN_UNTIL:
        outcome.result = adapter->join_until(queue, 0);
        break;
    default:
        adapter->shutdown(queue, argument->is_immediate);
        break;
    }
    return outcome;
}

static bool is_put(enum operation operation)
{
    return operation == PUT || operation == TRY_PUT || operation == PUT_UNTIL;
}

static bool is_get(enum operation operation)
{
    return operation == GET || operation == TRY_GET || operation == GET_UNTIL;
}

static struct argument draw_argument(const struct life *life, uint64_t *random)
{
    static const int64_t priorities[] = {INT64_MIN, -1, 0, 1, 2, INT64_MAX};
    struct argument argument = {
        .operation = hd_suite_draw(random, OPERATIONS),
        .item = life->next_item,
        .priority = priorities[hd_suite_draw(random, sizeof(priorities) / sizeof(priorities[0]))],
        .is_immediate = hd_suite_draw(random, 2) == 0,
    };

    /* A life is most interesting before its shutdown, and task_done rarely wrong. */
    if (argument.operation >= TASK_DONE && hd_suite_draw(random, 4) != 0) {
        argument.operation = TRY_PUT;
    }
    if (argument.operation == SHUTDOWN && hd_suite_draw(random, 8) != 0) {
        argument.operation = TRY_GET;
    }
    return argument;
}

/* Keep in mind what both have done. */
static void remember(struct life *life, const struct argument *argument, struct outcome outcome)
{
    if (argument->operation == SHUTDOWN) {
        life->is_shut = true;
        life->count = argument->is_immediate ? 0 : life->count;
    } else if (outcome.result == HD_OK && is_put(argument->operation)) {
        life->count++;
        life->next_item++;
    } else if (outcome.result == HD_OK && is_get(argument->operation)) {
        life->count--;
    }
}

/* Only the one that is full is asked whether it is. */
static void expect_full(const struct life *life, const struct argument *argument)
{
    for (unsigned side = 0; side < 2; side++) {
        if (life->pair->adapters[side]->capacity(life->queues[side]) == life->limit) {
            enum hd_result expected = argument->operation == TRY_PUT ? HD_FULL : HD_TIMEOUT;

            assert_int_equal(apply(life, side, argument).result, expected);
        }
    }
}

/* One operation; false if it was not possible and nothing was done. */
static bool step(struct life *life, unsigned number, uint64_t *random)
{
    struct argument argument = draw_argument(life, random);
    struct outcome ours;
    struct outcome theirs;

    if (!is_possible(life, argument.operation)) {
        return false;
    }
    if (is_put(argument.operation) && !life->is_shut && life->count == life->limit) {
        expect_full(life, &argument);
        return true;
    }
    ours = apply(life, 0, &argument);
    theirs = apply(life, 1, &argument);
    if (ours.result != theirs.result || ours.size != theirs.size || ours.item != theirs.item) {
        fail_msg("step %u, %s of %zu items: %s %s, size %zu, item %td; %s %s, size %zu, item %td; "
                 "reproduce: %s",
                 number, names[argument.operation], life->count, life->pair->adapters[0]->name,
                 hd_result_name(ours.result), ours.size,
                 ours.item == NULL ? -1 : (char *)ours.item - life->items,
                 life->pair->adapters[1]->name, hd_result_name(theirs.result), theirs.size,
                 theirs.item == NULL ? -1 : (char *)theirs.item - life->items,
                 hd_suite_reproduce());
    }
    remember(life, &argument, ours);
    return true;
}

static void end(const struct life *life)
{
    for (unsigned side = 0; side < 2; side++) {
        if (life->queues[side] != NULL) {
            life->pair->adapters[side]->destroy(life->queues[side]);
        }
    }
}

/* Two queues with room for `capacity` items; false if one of them has no such form. */
static bool begin(struct life *life, const struct pair *pair, size_t capacity)
{
    *life = (struct life){.pair = pair, .limit = SIZE_MAX};
    life->next_item = life->items;
    for (unsigned side = 0; side < 2; side++) {
        size_t room;

        life->queues[side] = pair->adapters[side]->create(capacity, LIFE_STEPS);
        if (life->queues[side] == NULL) {
            end(life);
            return false;
        }
        room = pair->adapters[side]->capacity(life->queues[side]);
        life->limit = room < life->limit ? room : life->limit;
    }
    return true;
}

static void test_same_results(void **state)
{
    const struct pair *pair = hd_suite_subject(state);
    uint64_t random = hd_suite_random(0);
    unsigned steps = 0;

    while (steps < HD_SUITE_STEPS) {
        struct life life;
        unsigned last = steps + 1 + hd_suite_draw(&random, LIFE_STEPS);
        bool is_bounded = hd_suite_draw(&random, 4) != 0;

        if (!begin(&life, pair, is_bounded ? 1 + hd_suite_draw(&random, CAPACITY_MAX) : 0)) {
            continue;
        }
        while (steps < last) {
            steps += step(&life, steps, &random);
        }
        end(&life);
    }
}

int hd_queue_sequence_run(const char *group,
                          const struct hd_queue_adapter *const *adapters,
                          size_t count)
{
    static struct pair pairs[PAIRS_MAX];

    for (size_t i = 1; i < count && i < PAIRS_MAX; i++) {
        pairs[i] = (struct pair){{adapters[0], adapters[i]}};
        hd_suite_add("same results", adapters[i]->name, test_same_results, &pairs[i]);
    }
    return hd_suite_run(group);
}
