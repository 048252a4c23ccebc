/*
 * Misuse: the finding.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/misuse.h"

#include <stddef.h>

#include "engine/execution.h"

struct hde_deed hde_misuse_deed(uint32_t pc)
{
    return (struct hde_deed){
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
    };
}

static struct hde_finding finding_of(enum hde_finding_class class, uint64_t address, uint32_t pc)
{
    struct hde_finding finding = {.kind = HD_MISUSE, .class = class, .places_count = 1};

    finding.places[0] = hde_thread_place(hde_self);
    finding.places[0].address = address;
    finding.places[0].pc = pc;
    return finding;
}

void hde_misuse_end(enum hde_finding_class class, uint64_t address, uint32_t pc)
{
    const struct hde_finding finding = finding_of(class, address, pc);

    hde_execution_fail(&finding);
}

void hde_misuse(enum hde_finding_class class,
                uint64_t address,
                uint32_t pc,
                const struct hde_deed *cause,
                enum hde_event_kind cause_kind)
{
    struct hde_finding finding = finding_of(class, address, pc);

    if (cause != NULL && cause->pc != 0) {
        finding.places[finding.places_count++] = (struct hde_place){
            .address = address,
            .pc = cause->pc,
            .context = cause->context,
            .event = cause->event,
            .thread = cause->thread,
            .event_kind = (uint8_t)cause_kind,
            .size = 1,
            .is_cause = true,
        };
    }
    hde_execution_find(&finding);
}
