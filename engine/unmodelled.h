/*
 * Calls that are not modelled: what the code under test called in an execution although the engine
 * knows nothing of it, or not enough.
 *
 * Each is noted once a process, with the place of its first call, for the command to warn of.
 * Nothing is printed in an execution.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_UNMODELLED_H
#define HEDDLE_ENGINE_UNMODELLED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>

struct hde_unmodelled {
    const char *call;    /* "read" */
    const char *instead; /* what is done: "passes through" */
    uint32_t pc;         /* of its first call, packed */
    uint32_t context;
};

/*
 * The first of those that were noted since the last time; false if there is none. Outside
 * executions.
 */
bool hde_unmodelled_next(struct hde_unmodelled *unmodelled);

/* ---- For hooks ------------------------------------------------------------------------------- */

/* Note a call that passes through. `call' stays valid. */
void hde_unmodelled_note(const char *call, uint32_t pc);

/* Note a call that does `instead'. */
void hde_unmodelled_note_instead(const char *call, const char *instead, uint32_t pc);

/*
 * End the execution: the call would block the process for ever, or cannot work in an execution.
 * `why' says so, or what to do instead.
 */
noreturn void hde_unmodelled_fail(const char *call, const char *why, uint32_t pc);

#endif
