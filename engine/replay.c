/*
 * Replay: one execution under the strategy `replay'.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/replay.h"

#include "engine/strategies/replay.h"

/* Kept from replay to replay: shrinking makes thousands. */
static struct hde_schedule followed;
static struct hde_replay state;

static struct hde_divergence divergence_of(const struct hde_replay *replay)
{
    struct hde_divergence divergence = {.has_diverged = replay->has_diverged};

    if (replay->has_diverged) {
        divergence.entry = replay->entry;
        divergence.wanted = followed.entries[replay->entry];
        divergence.found = replay->found;
        divergence.found_event = replay->found_event;
    }
    return divergence;
}

void hde_replay(const struct hde_program *program,
                const struct hde_settings *settings,
                const struct hde_schedule *schedule,
                struct hde_divergence *divergence,
                struct hde_trace *trace)
{
    const struct hde_strategy *strategy = &hde_strategy_replay;
    const struct hde_strategy_options options = {.schedule = &followed};
    struct hde_settings all = *settings;

    all.visibility = HDE_VISIBLE_ALL;
    if (trace != NULL) {
        hde_trace_begin(trace);
        all.observe = hde_trace_observe;
    }
    /* A copy, for `schedule' may be that of hde_execution, which begins anew. */
    hde_schedule_copy(&followed, schedule);
    strategy->start(&state, &options);
    state.is_strict = divergence != NULL;
    strategy->begin(&state, 0);
    hde_execution_run(program, &all, strategy, &state);
    (void)strategy->end(&state);
    if (trace != NULL) {
        hde_trace_end(trace);
    }
    if (divergence != NULL) {
        *divergence = divergence_of(&state);
    }
}
