/*
 * Weak compare-and-exchange: whether one fails for no reason (weak_cas.h). It is announced, so that
 * the choice has an event to be anchored on; the operation then steps as usual.
 *
 * Modelled   __heddle_weak_cas_fails: what weak_cas.h asks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/weak_cas.h"

#include <stddef.h>
#include <stdint.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/step.h"

int __heddle_weak_cas_fails(const volatile void *object)
{
    if (hde_self == NULL) {
        return 0;
    }
    const struct hde_event event = {
        .address = (uintptr_t)object,
        .pc = HDE_CALLER(),
        .kind = HDE_EVENT_ATOMIC_UPDATE,
        .size = 1,
        .writes = true,
    };

    hde_step_announce(&event);
    return hde_choose_fault(HDE_CHOICE_WEAK_CAS);
}
