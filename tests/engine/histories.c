/*
 * Histories: made by carrying operations out one after the other, at moments within their
 * intervals.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/histories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES 3U   /* that repeat, and keys */
#define SPACING 64U /* of the moments at which operations take effect */

static _Alignas(uint64_t) unsigned char state[HD_STATE_SIZE_MAX];
static _Alignas(uint64_t) unsigned char before[HD_STATE_SIZE_MAX];

static bool is_put(uint32_t code) { return code == HD_OP_PUT || code == HD_OP_PUSH; }

/* One step from the current state, which is as before if it is not DONE. */
static enum hd_step step(const struct history *history, const struct hd_operation *operation)
{
    memcpy(before, state, sizeof(state));
    enum hd_step result = history->problem.specification->step(state, operation);

    if (result != HD_STEP_DONE) {
        memcpy(state, before, sizeof(state));
    }
    return result;
}

static void begin(const struct history *history)
{
    memset(state, 0, sizeof(state));
    if (history->problem.specification->init != NULL) {
        history->problem.specification->init(state, history->problem.parameter);
    }
}

/* Give the operation a result that it can have now; false if there is none: it would wait. */
static bool settle(const struct history *history,
                   const struct object *object,
                   struct hd_operation *operation,
                   uint32_t count)
{
    static const int refusals[] = {HD_EMPTY,   HD_FULL,      HD_BUSY,
                                   HD_TIMEOUT, HD_NOT_OWNER, HD_OVERFLOW};

    operation->outcome = HD_OK;
    for (uint64_t value = 0; value <= count + VALUES; value++) {
        operation->value = value;
        if (step(history, operation) == HD_STEP_DONE) {
            return true;
        }
    }
    operation->value = 0;
    for (size_t i = 0; object->has_timeouts && i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        operation->outcome = refusals[i];
        if (step(history, operation) == HD_STEP_DONE) {
            return true;
        }
    }
    return false;
}

static int compare_times(const void *a, const void *b)
{
    const uint32_t *left = *(uint32_t *const *)a;
    const uint32_t *right = *(uint32_t *const *)b;

    return (*left > *right) - (*left < *right);
}

/* Make times distinct and small, in the same order. */
static void rank_times(struct history *history)
{
    static uint32_t *times[2 * HD_HISTORY_OPERATIONS_MAX];
    uint32_t count = 0;

    for (uint32_t i = 0; i < history->problem.count; i++) {
        times[count++] = &history->intervals[i].called;
        if (!history->intervals[i].operation.is_pending) {
            times[count++] = &history->intervals[i].returned;
        }
    }
    qsort((void *)times, count, sizeof(times[0]), compare_times);
    for (uint32_t rank = 0; rank < count; rank++) {
        *times[rank] = rank + 1;
    }
}

static void leave_pending(struct hde_interval *interval)
{
    interval->operation.is_pending = true;
    interval->operation.outcome = HD_OK;
    interval->operation.value = HD_VALUE_UNKNOWN;
    interval->returned = UINT32_MAX;
}

static struct hd_operation
make_operation(const struct object *object, struct hde_rng *rng, uint32_t rank)
{
    struct hd_operation operation = {
        .code = object->codes[hde_rng_below(rng, (uint32_t)object->codes_count)],
        .argument = object->has_repeats ? hde_rng_below(rng, VALUES) : rank + 1,
        .thread = (uint16_t)(rank % 200),
    };

    /* A priority; of a set and a register the only key there is. */
    if (is_put(operation.code) && object->specification->monitor == HD_MONITOR_PRIORITY) {
        operation.key = hde_rng_below(rng, VALUES);
    }
    return operation;
}

void hd_history_make(struct history *history,
                     const struct object *object,
                     struct hde_rng *rng,
                     uint32_t count,
                     uint32_t width)
{
    history->problem = (struct hde_problem){
        .specification = object->specification,
        .parameter = object->parameter,
        .intervals = history->intervals,
        .stuck = HDE_NO_OPERATION,
    };
    begin(history);
    for (uint32_t i = 0; i < count; i++) {
        struct hde_interval *interval = &history->intervals[history->problem.count];
        uint32_t moment = (i + width) * SPACING;
        bool is_lost = object->has_pending && hde_rng_below(rng, 6) == 0;

        interval->operation = make_operation(object, rng, i);
        if (!settle(history, object, &interval->operation, count)) {
            continue;
        }
        interval->called = moment - hde_rng_below(rng, width * SPACING);
        interval->returned = moment + 1 + hde_rng_below(rng, width * SPACING);
        if (is_lost) {
            leave_pending(interval);
        }
        history->problem.count++;
    }
    rank_times(history);
}

static void
spoil_result(struct hde_interval *interval, const struct history *history, uint32_t with)
{
    struct hd_operation *operation = &interval->operation;
    const struct hde_interval *other = &history->intervals[with];

    if (operation->is_pending || other->operation.is_pending) {
        return;
    }
    operation->value = other->operation.value;
    operation->outcome =
        other->operation.code == operation->code ? other->operation.outcome : operation->outcome;
}

void hd_history_spoil(struct history *history, struct hde_rng *rng)
{
    uint32_t count = history->problem.count;

    if (count < 2) {
        return;
    }
    uint32_t one = hde_rng_below(rng, count);
    uint32_t other = hde_rng_below(rng, count);
    struct hde_interval *a = &history->intervals[one];
    struct hde_interval *b = &history->intervals[other];

    if (hde_rng_below(rng, 2) == 0) {
        spoil_result(a, history, other);
    } else if (!a->operation.is_pending && !b->operation.is_pending) {
        struct hd_operation operation = a->operation;

        a->operation = b->operation;
        b->operation = operation;
    }
}

/* ---- All orders ------------------------------------------------------------------------------ */

/* The next one in lexicographic order; false after the last. */
static bool permute(uint32_t *order, uint32_t count)
{
    uint32_t at = count;
    uint32_t last = count;

    while (at >= 2 && order[at - 2] > order[at - 1]) {
        at--;
    }
    if (at < 2) {
        return false;
    }
    uint32_t pivot = order[at - 2];

    while (order[last - 1] < pivot) {
        last--;
    }
    order[at - 2] = order[last - 1];
    order[last - 1] = pivot;
    for (uint32_t low = at - 1, high = count - 1; low < high; low++, high--) {
        uint32_t kept = order[low];

        order[low] = order[high];
        order[high] = kept;
    }
    return true;
}

/* Whether none comes after one that was called after it had returned. */
static bool keeps_time(const struct history *history, const uint32_t *order, uint32_t count)
{
    uint32_t latest = 0;
    bool does = true;

    for (uint32_t i = 0; i < count; i++) {
        const struct hde_interval *interval = &history->intervals[order[i]];

        does = does && interval->returned > latest;
        latest = interval->called > latest ? interval->called : latest;
    }
    return does;
}

/* `possibility' of all pending operations: good enough for few. */
static bool
gives_results(const struct history *history, const uint32_t *order, uint32_t count, uint16_t choice)
{
    begin(history);
    for (uint32_t i = 0; i < count; i++) {
        struct hd_operation operation = history->intervals[order[i]].operation;

        operation.possibility = operation.is_pending ? choice : 0;
        if (step(history, &operation) != HD_STEP_DONE) {
            return false;
        }
    }
    return true;
}

/* Those pending operations that a bit of `kept' stands for take effect. */
static bool has_order_of(const struct history *history, uint32_t kept, uint16_t choice)
{
    uint32_t order[HD_HISTORY_OPERATIONS_MAX];
    uint32_t count = 0;
    uint32_t pending = 0;

    for (uint32_t i = 0; i < history->problem.count; i++) {
        bool is_pending = history->intervals[i].operation.is_pending;

        if (!is_pending || (kept >> pending & 1U) != 0) {
            order[count++] = i;
        }
        pending += is_pending ? 1 : 0;
    }
    do {
        if (keeps_time(history, order, count) && gives_results(history, order, count, choice)) {
            return true;
        }
    } while (permute(order, count));
    return false;
}

bool hd_history_has_order(const struct history *history)
{
    uint32_t pending = 0;
    bool has = false;

    for (uint32_t i = 0; i < history->problem.count; i++) {
        pending += history->intervals[i].operation.is_pending ? 1 : 0;
    }
    for (uint32_t kept = 0; kept < UINT32_C(1) << pending && !has; kept++) {
        has = has_order_of(history, kept, 0) || (kept != 0 && has_order_of(history, kept, 1));
    }
    return has;
}

void hd_history_print(const struct history *history)
{
    for (uint32_t i = 0; i < history->problem.count; i++) {
        const struct hde_interval *interval = &history->intervals[i];

        (void)printf("[%u, %u] code %u key %llu argument %llu outcome %d value %lld\n",
                     interval->called, interval->returned, interval->operation.code,
                     (unsigned long long)interval->operation.key,
                     (unsigned long long)interval->operation.argument, interval->operation.outcome,
                     (long long)interval->operation.value);
    }
}
