/*
 * Outline: an execution as who runs until where, for shrinking.
 *
 * A segment says: this thread runs until it is about to do its event of that number. It can be
 * followed by an execution that goes otherwise: a thread that cannot step is passed over, one that
 * is there already too, and when all segments are over the normal choices are made. So segments can
 * be taken out, joined and drawn out, and something still runs.
 *
 * Source: Jalbert, Sen, A trace simplification technique for effective debugging of concurrent
 *         programs (Tinertia), FSE 2010.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_OUTLINE_H
#define HEDDLE_ENGINE_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/execution.h"

struct hde_segment {
    uint32_t until; /* the number of the event before which it stops; UINT32_MAX: where it must */
    uint8_t thread;
    bool may_time_out; /* it may begin by timing out */
};

/* What is simple: fewer preemptions, then fewer segments, then smaller data, then fewer steps. */
struct hde_cost {
    unsigned preemptions;
    unsigned segments;
    uint64_t data;    /* sum of all wake and value choices that are not normal */
    uint64_t entries; /* of the schedule: who goes first may be the normal one or another */
    uint64_t length;
};

struct hde_outline {
    struct hde_segment *segments;
    size_t count;
    size_t capacity;
    struct hde_schedule data; /* wake and value choices that are not normal */
    struct hde_cost cost;
};

bool hde_cost_is_lower(const struct hde_cost *a, const struct hde_cost *b);

void hde_outline_copy(struct hde_outline *to, const struct hde_outline *from);

/* Take out segments [first, first + count). */
void hde_outline_remove(struct hde_outline *outline, size_t first, size_t count);

void hde_outline_release(struct hde_outline *outline);

/*
 * Run the program once, every plain access a choice, under a strategy whose begin() has been
 * called, and note what happened in *seen: up to where `finding` had happened, if it has; whether
 * it has is returned.
 */
bool hde_outline_record(const struct hde_program *program,
                        const struct hde_settings *settings,
                        const struct hde_strategy *strategy,
                        void *strategy_state,
                        const struct hde_finding *finding,
                        struct hde_outline *seen);

/* The same under the strategy that follows an outline. */
bool hde_outline_run(const struct hde_program *program,
                     const struct hde_settings *settings,
                     const struct hde_outline *followed,
                     const struct hde_finding *finding,
                     struct hde_outline *seen);

#endif
