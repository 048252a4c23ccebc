/*
 * Interrupt: a flag that signal handlers set.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/interrupt.h"

#include <signal.h>
#include <stddef.h>

#include "engine/explore.h"
#include "engine/fatal.h"
#include "engine/process.h"

static volatile sig_atomic_t came;

static void handle(int number)
{
    (void)number;
    came = 1;
    hde_explore_ticks = 1;
}

void hde_interrupt_install(bool second_ends)
{
    /* Without SA_ONSTACK it would run on the stack of the code under test. */
    struct sigaction action = {
        .sa_handler = handle,
        .sa_flags = (int)((second_ends ? SA_RESETHAND : 0U) | SA_ONSTACK | SA_RESTART),
    };

    if (sigemptyset(&action.sa_mask) != 0 || hde_process_handle(SIGINT, &action, NULL) != 0 ||
        hde_process_handle(SIGTERM, &action, NULL) != 0) {
        hde_fatal_errno("no handler for interrupts");
    }
}

bool hde_interrupt_came(void) { return came != 0; }
