/*
 * AddressSanitizer and UndefinedBehaviorSanitizer: what their two parts share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SANITIZERS_ADDRESS_H
#define HEDDLE_ENGINE_SANITIZERS_ADDRESS_H

#include <stdint.h>

#include "engine/finding.h"
#include "engine/thread.h"

/*
 * The runtime is called, and may call what is hooked: until the second call, which is given what
 * the first returned, nothing is taken for the program's. Returns NULL outside an execution.
 */
struct hde_thread *hde_address_enter(void);
void hde_address_leave(struct hde_thread *thread);

/*
 * Keep what the runtime says, the first time in an execution: a finding at `place', and what it
 * said in its report. Outside an execution that is printed.
 */
void hde_address_note(enum hd_verdict kind,
                      const struct hde_place *place,
                      const char *text,
                      const char *said);

/* A place of the thread that runs, or has entered the runtime; in thread 0 if there is none. */
struct hde_place hde_address_place(uint32_t pc);

/* If something was noted, and is not ignored, the execution ends here. */
void hde_address_end_if_noted(void);

#endif
