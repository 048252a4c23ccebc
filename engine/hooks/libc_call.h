/*
 * Calls of libc that may crash there, because of what the program calls it with: a crash in libc
 * then has the program's place.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_LIBC_CALL_H
#define HEDDLE_ENGINE_HOOKS_LIBC_CALL_H

#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "engine/execution.h"

/* The last call that a thread was seen to make. */
struct hde_libc_call {
    uint32_t pc;     /* packed */
    uint32_t events; /* of the thread, then: it is still in the call if it has had no other */
};

extern struct hde_libc_call hde_libc_calls[HDE_THREADS_MAX]; /* by thread; process.c */

/* The running thread now calls libc at `pc`. */
static inline void hde_libc_call_begins(uint32_t pc)
{
    hde_libc_calls[hde_self->id] = (struct hde_libc_call){.pc = pc, .events = hde_self->events};
}

/* The call at `pc` writes more than there is room for: a failure, as if libc had noticed. */
noreturn void hde_libc_call_overflows(uint32_t pc);

static inline void hde_libc_call_expect_room(size_t size, size_t room, uint32_t pc)
{
    if (size > room) {
        hde_libc_call_overflows(pc);
    }
}

#endif
