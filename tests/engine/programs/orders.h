/*
 * Orders: small programs of which it is known whether what they call orders their accesses.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_ORDERS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_ORDERS_H

#include "tests/engine/programs/races.h"

/* What the programs read ends here. */
extern int order_sink;

/* The last of each has no name. */
extern const struct race_program order_programs[];
extern const struct race_program order_thread_programs[];
extern const struct race_program order_lock_programs[];

#endif
