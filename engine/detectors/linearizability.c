/*
 * Linearizability: results that no order of the operations explains.
 *
 * When an execution has ended, each history that it recorded is compared with its specification.
 * The place is the return of the operation to blame; causes are others that ran at the same time.
 * If threads wait for ever, the deadlock's text says whether the specifications let them.
 *
 * Guarantee  A history that is reported has no explanation, unless a race was missed; the first
 *            operation whose return nothing explains is named. Without a race each call counts from
 *            the latest moment at which it can have been.
 * Misses     What no recorded operation shows. Histories that are too hard (linearize.h); a warning
 *            says that there were any. After a data race: what only the later call would show.
 * Source     Herlihy, Wing, Linearizability, TOPLAS 1990; Burckhardt et al., Line-Up, PLDI 2010.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "engine/contract.h"
#include "engine/detector.h"
#include "engine/execution.h"

#define CAUSES_MAX 3U

static struct hde_place place_of(uint32_t number)
{
    const struct hde_deed *deed = &hde_histories.operations[number].deed;

    return (struct hde_place){
        .pc = deed->pc,
        .context = deed->context,
        .event = deed->event,
        .thread = deed->thread,
    };
}

/* Operations on the same object that ran while the blamed one did. */
static void add_causes(struct hde_finding *finding, uint32_t blamed)
{
    const struct hde_operation *guilty = &hde_histories.operations[blamed];
    uint32_t called = hde_contract_call_time(guilty);

    for (uint32_t i = 0; i < hde_histories.operations_count; i++) {
        const struct hde_operation *other = &hde_histories.operations[i];
        bool overlaps =
            hde_contract_call_time(other) < guilty->returned && other->returned > called;

        if (i == blamed || other->history != guilty->history || !overlaps ||
            finding->places_count > CAUSES_MAX) {
            continue;
        }
        finding->places[finding->places_count] = place_of(i);
        finding->places[finding->places_count++].is_cause = true;
    }
}

static void append(char text[HDE_TEXT_MAX], const char *more)
{
    size_t length = strlen(text);

    (void)snprintf(text + length, HDE_TEXT_MAX - length, "%s", more);
}

/* "FIFO queue: get() = 2 cannot come after put(1) = HD_OK, put(2) = HD_OK". */
static void say(struct hde_finding *finding)
{
    const struct hde_history *history = &hde_histories.at[hde_breach.history];
    char operation[HDE_OPERATION_TEXT_MAX];

    hde_contract_text(hde_breach.blamed, operation);
    append(finding->text, history->specification->name);
    append(finding->text, ": ");
    append(finding->text, operation);
    append(finding->text,
           hde_breach.order_count == 0 ? " cannot be at first" : " cannot come after");
    for (uint32_t i = 0; i < hde_breach.order_count; i++) {
        hde_contract_text(hde_breach.order[i], operation);
        append(finding->text, i == 0 ? " " : ", ");
        append(finding->text, operation);
    }
}

static void report(void)
{
    struct hde_finding finding = {.kind = HD_NOT_LINEARIZABLE, .places_count = 1};

    finding.places[0] = place_of(hde_breach.blamed);
    add_causes(&finding, hde_breach.blamed);
    say(&finding);
    hde_execution_find(&finding);
}

/* ---- Deadlocks ------------------------------------------------------------------------------- */

/* The deadlock that ended the execution; NULL. */
static struct hde_finding *deadlock(void)
{
    struct hde_execution *execution = &hde_execution;
    uint32_t count = execution->findings_count;
    bool is_deadlock = execution->end == HDE_END_FAILED && count > 0 &&
                       execution->findings[count - 1].kind == HD_DEADLOCK;

    return is_deadlock ? &execution->findings[count - 1] : NULL;
}

static bool waits(const struct hde_finding *finding, unsigned thread)
{
    bool does = false;

    for (uint32_t i = 0; i < finding->places_count; i++) {
        does = does || (finding->places[i].thread == thread && !finding->places[i].is_cause);
    }
    return does;
}

/* Say of a pending operation whether it has to wait here; returns false if it has not. */
static bool comment(struct hde_finding *finding, uint32_t number)
{
    const struct hde_operation *record = &hde_histories.operations[number];
    bool others_run = !hde_set_is_empty(&hde_execution.ready);
    enum hde_linearizable answer = hde_contract_check_stuck(number, others_run);
    const char *need = answer == HDE_NOT_LINEARIZABLE ? "need not" : "has to";
    char operation[HDE_OPERATION_TEXT_MAX];

    if (answer == HDE_NOT_LINEARIZABLE ||
        (answer == HDE_LINEARIZABLE && finding->text[0] == '\0')) {
        hde_contract_text(number, operation);
        (void)snprintf(finding->text, HDE_TEXT_MAX,
                       "by the specification of the %s, thread %u %s wait in %s here",
                       hde_histories.at[record->history].specification->name,
                       record->operation.thread, need, operation);
    }
    return answer != HDE_NOT_LINEARIZABLE;
}

/* A wait that the specification does not know is said in place of one that it knows. */
static bool comment_deadlock(struct hde_finding *finding, uint32_t history)
{
    bool is_right = true;

    for (uint32_t i = 0; i < hde_histories.operations_count && is_right; i++) {
        const struct hde_operation *record = &hde_histories.operations[i];

        if (record->history == history && record->operation.is_pending &&
            waits(finding, record->operation.thread)) {
            is_right = comment(finding, i);
        }
    }
    return is_right;
}

/* ---- The end --------------------------------------------------------------------------------- */

static void ended(void)
{
    if (hde_histories.generation != hde_execution.generation ||
        (hde_execution.settings->ignored >> HD_NOT_LINEARIZABLE & 1U) != 0) {
        return;
    }
    struct hde_finding *stuck = deadlock();

    for (uint32_t i = 0; i < hde_histories.count; i++) {
        enum hde_linearizable answer = hde_contract_check(i);

        if (answer == HDE_NOT_LINEARIZABLE) {
            report();
            return;
        }
        if (stuck != NULL && answer == HDE_LINEARIZABLE && !comment_deadlock(stuck, i)) {
            stuck = NULL;
        }
    }
}

const struct hde_detector hde_detector_linearizability = {
    .name = "linearizability",
    .summary = "results that no order of the recorded operations explains",
    .ended = ended,
};
