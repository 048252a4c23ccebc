/*
 * Interrupt: SIGINT and SIGTERM ask for an end, which comes when what was found is written.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_INTERRUPT_H
#define HEDDLE_ENGINE_INTERRUPT_H

#include <stdbool.h>

/* From now on these signals are noted; with `second_ends` a second one ends the process at once. */
void hde_interrupt_install(bool second_ends);

/* Whether one has come. */
bool hde_interrupt_came(void);

#endif
