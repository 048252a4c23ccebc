/*
 * Misuse: an object used in a way that its interface forbids.
 *
 * Who models the object knows the rules, so hooks say it themselves; the execution goes on as libc
 * would.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_MISUSE_H
#define HEDDLE_ENGINE_MISUSE_H

#include <stdint.h>
#include <stdnoreturn.h>

#include "engine/event.h"
#include "engine/finding.h"
#include "engine/object.h"

/*
 * The running thread, at its pending event or at `pc', misuses the object at `address'; `cause' is
 * what was done to it before, of `cause_kind' (its destruction, who holds it); NULL: nothing.
 */
void hde_misuse(enum hde_finding_class class,
                uint64_t address,
                uint32_t pc,
                const struct hde_deed *cause,
                enum hde_event_kind cause_kind);

/* The same, where the call cannot go on at all: ends the execution. */
noreturn void hde_misuse_end(enum hde_finding_class class, uint64_t address, uint32_t pc);

/* The deed of the running thread at its pending event, for a later hde_misuse(). */
struct hde_deed hde_misuse_deed(uint32_t pc);

#endif
