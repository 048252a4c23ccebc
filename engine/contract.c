/*
 * Contract: histories are split by object and key, judged, and shortened to the first that is not
 * explained.
 *
 * Most histories are explained by the first order that is tried. So a few steps are spent on that;
 * then a monitor decides if one can (monitor.h), and if not the full search.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/contract.h"

#include <stddef.h>
#include <stdio.h>

#include "engine/execution.h"
#include "engine/monitor.h"

#define STEPS_FIRST 8U /* for each operation, before a monitor is asked */

struct hde_breach hde_breach;
uint32_t hde_breach_generation;

/* Part of a history: the operations on one key, or all. */
struct part {
    uint32_t count;
    uint16_t numbers[HD_HISTORY_OPERATIONS_MAX]; /* of operations */
};

static struct part part;
static struct hde_interval intervals[HD_HISTORY_OPERATIONS_MAX];
static bool is_split[HD_HISTORY_OPERATIONS_MAX]; /* by number: it was in a part before */
static struct hde_linearization longest;
static const struct hd_specification *unjudged;

/* ---- Parts ----------------------------------------------------------------------------------- */

/* The part of the first operation that was in none yet; false if there is none. */
static bool take_part(uint32_t history)
{
    const struct hde_histories *histories = &hde_histories;
    bool is_keyed = histories->at[history].specification->is_keyed;
    const struct hd_operation *first = NULL;

    part.count = 0;
    for (uint32_t i = 0; i < histories->operations_count; i++) {
        const struct hde_operation *operation = &histories->operations[i];

        if (operation->history != history || is_split[i]) {
            continue;
        }
        first = first == NULL ? &operation->operation : first;
        if (!is_keyed || operation->operation.key == first->key) {
            is_split[i] = true;
            part.numbers[part.count++] = (uint16_t)i;
        }
    }
    return part.count != 0;
}

uint32_t hde_contract_call_time(const struct hde_operation *operation)
{
    if (hde_execution.has_raced) {
        return operation->called;
    }
    /* Who has not begun when the execution ends could have called after everything else. */
    return operation->begun != 0 ? operation->begun : hde_histories.time + 1 + operation->called;
}

/* The part as it was up to the moment `until'. */
static struct hde_problem make_problem(uint32_t history, uint32_t until)
{
    const struct hde_history *of = &hde_histories.at[history];
    struct hde_problem problem = {
        .specification = of->specification,
        .parameter = of->parameter,
        .intervals = intervals,
        .stuck = HDE_NO_OPERATION,
    };

    for (uint32_t i = 0; i < part.count; i++) {
        const struct hde_operation *operation = &hde_histories.operations[part.numbers[i]];
        struct hde_interval *interval = &intervals[problem.count++];

        interval->operation = operation->operation;
        interval->called = hde_contract_call_time(operation);
        interval->returned = operation->returned;
        if (operation->returned > until) {
            interval->returned = HDE_NEVER;
            interval->operation.is_pending = true;
            interval->operation.outcome = HD_OK;
            interval->operation.value = HD_VALUE_UNKNOWN;
        }
    }
    return problem;
}

/* ---- Judging --------------------------------------------------------------------------------- */

static enum hde_linearizable judge(const struct hde_problem *problem)
{
    uint64_t few = (uint64_t)STEPS_FIRST * problem->count;
    uint64_t many = HDE_LINEARIZE_STEPS_MAX;
    enum hde_linearizable answer = hde_linearize(problem, &few, NULL);

    if (answer == HDE_LINEARIZABLE_UNKNOWN) {
        answer = hde_monitor(problem);
    }
    return answer == HDE_LINEARIZABLE_UNKNOWN ? hde_linearize(problem, &many, NULL) : answer;
}

/* Where the part stops being explained: the least return up to which it is not. */
static uint32_t find_breach(uint32_t history)
{
    uint32_t first = 0; /* explained up to it */
    uint32_t last = hde_histories.time;

    while (last - first > 1) {
        uint32_t middle = first + (last - first) / 2;
        const struct hde_problem problem = make_problem(history, middle);

        if (judge(&problem) == HDE_NOT_LINEARIZABLE) {
            last = middle;
        } else {
            first = middle;
        }
    }
    return last;
}

static void note_breach(uint32_t history)
{
    uint32_t until = find_breach(history);
    const struct hde_problem problem = make_problem(history, until);
    uint64_t steps = HDE_LINEARIZE_STEPS_MAX;

    (void)hde_linearize(&problem, &steps, &longest);
    hde_breach_generation = hde_execution.generation;
    hde_breach.history = history;
    hde_breach.order_count = longest.count;
    for (uint32_t i = 0; i < longest.count; i++) {
        hde_breach.order[i] = part.numbers[longest.at[i]];
    }
    for (uint32_t i = 0; i < part.count; i++) {
        if (hde_histories.operations[part.numbers[i]].returned == until) {
            hde_breach.blamed = part.numbers[i];
        }
    }
}

static void begin_parts(void)
{
    for (uint32_t i = 0; i < hde_histories.operations_count; i++) {
        is_split[i] = false;
    }
}

enum hde_linearizable hde_contract_check(uint32_t history)
{
    enum hde_linearizable answer = HDE_LINEARIZABLE;

    begin_parts();
    while (take_part(history)) {
        const struct hde_problem problem = make_problem(history, HDE_NEVER - 1);
        enum hde_linearizable of_part = judge(&problem);

        if (of_part == HDE_NOT_LINEARIZABLE) {
            note_breach(history);
            return of_part;
        }
        answer = of_part == HDE_LINEARIZABLE_UNKNOWN ? of_part : answer;
    }
    if (answer == HDE_LINEARIZABLE_UNKNOWN) {
        unjudged = hde_histories.at[history].specification;
    }
    return answer;
}

const struct hd_specification *hde_contract_unjudged(void)
{
    const struct hd_specification *specification = unjudged;

    unjudged = NULL;
    return specification;
}

/* Whether the operations that returned can be explained without those that did not. */
static bool is_explained_alone(const struct hde_problem *problem)
{
    static struct hde_interval returned[HD_HISTORY_OPERATIONS_MAX];
    struct hde_problem alone = *problem;
    uint64_t steps = HDE_LINEARIZE_STEPS_MAX;

    alone.intervals = returned;
    alone.count = 0;
    alone.stuck = HDE_NO_OPERATION;
    for (uint32_t i = 0; i < problem->count; i++) {
        if (!problem->intervals[i].operation.is_pending) {
            returned[alone.count++] = problem->intervals[i];
        }
    }
    return hde_linearize(&alone, &steps, NULL) == HDE_LINEARIZABLE;
}

enum hde_linearizable hde_contract_check_stuck(uint32_t operation, bool others_run)
{
    uint32_t history = hde_histories.operations[operation].history;
    uint64_t steps = HDE_LINEARIZE_STEPS_MAX;
    bool is_there = false;

    begin_parts();
    while (!is_there && take_part(history)) {
        for (uint32_t i = 0; i < part.count; i++) {
            is_there = is_there || part.numbers[i] == operation;
        }
    }
    struct hde_problem problem = make_problem(history, HDE_NEVER - 1);

    for (uint32_t i = 0; i < part.count; i++) {
        problem.stuck = part.numbers[i] == operation ? i : problem.stuck;
    }
    problem.others_may_end = others_run || !is_explained_alone(&problem);
    return hde_linearize(&problem, &steps, NULL);
}

/* ---- Words ----------------------------------------------------------------------------------- */

const char *hde_contract_outcome(int outcome)
{
    static const char *const names[] = {
        [HD_OK] = "HD_OK",
        [HD_BUSY] = "HD_BUSY",
        [HD_TIMEOUT] = "HD_TIMEOUT",
        [HD_NOT_OWNER] = "HD_NOT_OWNER",
        [HD_OVERFLOW] = "HD_OVERFLOW",
        [HD_SHUTDOWN] = "HD_SHUTDOWN",
        [HD_BROKEN] = "HD_BROKEN",
        [HD_EMPTY] = "HD_EMPTY",
        [HD_FULL] = "HD_FULL",
        [HD_NO_MEMORY] = "HD_NO_MEMORY",
        [HD_INVALID] = "HD_INVALID",
        [HD_WOULD_DEADLOCK] = "HD_WOULD_DEADLOCK",
    };
    bool is_known = outcome >= 0 && (size_t)outcome < sizeof(names) / sizeof(names[0]);

    return is_known ? names[outcome] : "?";
}

/* What an operation was called with. */
static int call_text(const struct hd_operation *operation,
                     const struct hd_operation_name *name,
                     char text[HDE_OPERATION_TEXT_MAX])
{
    char key[24] = "";
    char argument[24] = "";

    if (name->has_key) {
        (void)snprintf(key, sizeof(key), "%lld", (long long)operation->key);
    }
    if (name->has_argument) {
        (void)snprintf(argument, sizeof(argument), "%lld", (long long)operation->argument);
    }
    return snprintf(text, HDE_OPERATION_TEXT_MAX, "%s(%s%s%s)", name->name, argument,
                    argument[0] != '\0' && key[0] != '\0' ? ", " : "", key);
}

void hde_contract_text(uint32_t number, char text[HDE_OPERATION_TEXT_MAX])
{
    const struct hde_operation *record = &hde_histories.operations[number];
    const struct hd_operation *operation = &record->operation;
    const struct hd_specification *of = hde_histories.at[record->history].specification;
    struct hd_operation_name name = {.has_argument = true, .has_value = true};
    char plain[24];

    (void)snprintf(plain, sizeof(plain), "operation %u", operation->code);
    name.name = plain;
    if (of->names != NULL && operation->code < of->names_count &&
        of->names[operation->code].name != NULL) {
        name = of->names[operation->code];
    }
    size_t length = (size_t)call_text(operation, &name, text);

    if (operation->is_pending || length >= HDE_OPERATION_TEXT_MAX) {
        return;
    }
    bool has_value =
        name.has_value && operation->outcome == HD_OK && operation->value != HD_VALUE_UNKNOWN;

    if (has_value) {
        (void)snprintf(text + length, HDE_OPERATION_TEXT_MAX - length, " = %lld",
                       (long long)operation->value);
    } else if (!name.has_no_outcome) {
        (void)snprintf(text + length, HDE_OPERATION_TEXT_MAX - length, " = %s",
                       hde_contract_outcome(operation->outcome));
    }
}
