/*
 * Contract: whether what an execution recorded (history.h) keeps to its specifications, and which
 * operation does not.
 *
 * The one to blame is the first whose return makes the history one that no order explains: what was
 * recorded up to that moment does not keep to the specification, what was recorded before it does.
 * That does not depend on how the order is searched.
 *
 * On the host, after an execution.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CONTRACT_H
#define HEDDLE_ENGINE_CONTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/history.h"
#include "engine/linearize.h"

#define HDE_OPERATION_TEXT_MAX 96U

/* An order that explains most of what was there when the operation to blame returned. */
struct hde_breach {
    uint32_t history;
    uint32_t blamed;                                          /* number of an operation */
    uint32_t order_count;                                     /* parts that took effect */
    uint16_t order[HD_HISTORY_OPERATIONS_MAX * HD_PARTS_MAX]; /* numbers of operations */
};

/* Of the last execution: the breach that was found; generation 0 or another one: there is none. */
extern struct hde_breach hde_breach;
extern uint32_t hde_breach_generation;

/*
 * Whether history number `history' can be explained. If not, hde_breach says more. UNKNOWN: it is
 * too hard to say.
 */
enum hde_linearizable hde_contract_check(uint32_t history);

/*
 * The specification of a history that was too hard, or had no room, since this was last asked;
 * NULL: there was none.
 */
const struct hd_specification *hde_contract_unjudged(void);

/*
 * Whether the specification lets the operation wait for ever, where the execution ended; it is
 * pending, and its history can be explained. `others_run': not all pending operations wait.
 */
enum hde_linearizable hde_contract_check_stuck(uint32_t operation, bool others_run);

/* The latest moment at which the operation can have been called, for all that is known. */
uint32_t hde_contract_call_time(const struct hde_operation *operation);

/* How an operation reads: "get() = 7"; of one that did not return "get()". */
void hde_contract_text(uint32_t operation, char text[HDE_OPERATION_TEXT_MAX]);

/* The name of an outcome: "HD_TIMEOUT"; "?" if it is no enum hd_result. */
const char *hde_contract_outcome(int outcome);

#endif
