/*
 * Life: the beginning and the end of an object that threads synchronize through.
 *
 * While there are other threads both are steps, so that they come in the midst of what the others
 * do with the object; a thread that is alone only says where it is. Both also write the object's
 * memory, which hooks announce with hde_access(), so that a race of two of them is seen.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_LIFE_H
#define HEDDLE_ENGINE_HOOKS_LIFE_H

#include <stdint.h>

#include "engine/execution.h"
#include "engine/step.h"

/* The event INITIALIZE or DESTROY of the object at `address'. */
static inline void hde_life_step(uint64_t address, enum hde_event_kind kind, uint32_t pc)
{
    const struct hde_event event = {
        .address = address,
        .pc = pc,
        .kind = (uint8_t)kind,
        .size = 1,
        .writes = true,
    };

    if (hde_execution.is_concurrent) {
        hde_step(&event);
    } else {
        hde_step_announce(&event);
    }
}

#endif
