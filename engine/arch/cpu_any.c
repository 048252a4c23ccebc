/*
 * CPU: nothing is assumed beyond what every machine of its kind has.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/cpu.h"

bool hde_cpu_is_able(void) { return true; }
