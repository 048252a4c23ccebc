/*
 * CPU: sets are counted with POPCNT, which the first x86-64 machines lack.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/cpu.h"

bool hde_cpu_is_able(void)
{
    return __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("sse4.2");
}
