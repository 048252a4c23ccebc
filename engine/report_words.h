/*
 * Report words: the phrases that reports are made of.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_WORDS_H
#define HEDDLE_ENGINE_REPORT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/memory_name.h"
#include "engine/object.h"
#include "engine/report.h"
#include "engine/set.h"

#define HDE_PHRASE_SIZE 512U

struct hde_phrase {
    char text[HDE_PHRASE_SIZE];
};

/* What happened, in one sentence without a full stop. */
struct hde_phrase hde_report_sentence(const struct hde_report *report);

/* What the thread of a place does there: "thread 1 writes 4 bytes of `state.counter'". */
struct hde_phrase hde_report_deed(const struct hde_report *report, unsigned place);

/* "`state.lock'", or with its whereabouts "`node.next' (24 bytes that ...)". */
struct hde_phrase hde_report_memory(const struct hde_memory_name *name, bool with_whereabouts);

/* What a place touches. */
struct hde_memory_name hde_report_touched(const struct hde_report *report, unsigned place);

/* "f.c:12", for a deed; "" if it is not known. */
struct hde_phrase hde_report_line(const struct hde_deed *deed);

/* Whoever holds the lock at `address` as the execution ended; HDE_NOBODY if nobody does. */
unsigned hde_report_holder(uint64_t address, struct hde_deed *acquired);

/* A lock that the thread of a place held there, in the order of acquiring; false: no more. */
bool hde_report_held(const struct hde_report *report,
                     unsigned place,
                     unsigned rank,
                     struct hde_trace_lock *lock);

/*
 * The threads that had not ended and have no part in a finding that ended the execution: those in
 * the program's own code. Empty for a data race: there the others went on.
 */
struct hde_set hde_report_others(const struct hde_finding *finding);

/* The outermost function of the program on a stack: what its thread runs; "?" if not known. */
const char *hde_report_outermost(uint32_t context, uint32_t pc);

#endif
