/*
 * CPU: whether this machine has the instructions that the build assumes. One file a machine: arch/.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CPU_H
#define HEDDLE_ENGINE_CPU_H

#include <stdbool.h>

bool hde_cpu_is_able(void);

#endif
