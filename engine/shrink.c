/*
 * Shrink: delta debugging over the outline of the execution, then a search from below.
 *
 * Each round takes out chunks of segments, halving their size; joins a segment with the next one of
 * its thread; draws segments out until the thread must stop; makes data choices normal or smaller;
 * and moves ends of segments a little. What still shows the finding at a lower cost is kept. When
 * nothing helps any more, it may be a local optimum: a cycle of six philosophers stays at two
 * preemptions or three, and needs one. So at last the strategy `dfs' looks for the finding in all
 * executions with fewer preemptions, the fewest first, as far as the budget goes.
 *
 * Source: Zeller, Hildebrandt, Simplifying and isolating failure-inducing input, TSE 2002; Choi,
 *         Zeller, Isolating failure-inducing thread schedules, ISSTA 2002; Tinertia (outline.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/shrink.h"

#include <stdlib.h>

#include "engine/fatal.h"
#include "engine/outline.h"
#include "engine/strategies/replay.h"

extern const struct hde_strategy hde_strategy_dfs;

struct shrinking {
    const struct hde_program *program;
    const struct hde_settings *settings;
    const struct hde_finding *finding;
    struct hde_schedule *schedule; /* of the best */
    unsigned replays;
    unsigned replays_max; /* of this phase */
    struct hde_outline best;
    struct hde_outline candidate;
    struct hde_outline seen;
};

static bool has_budget(const struct shrinking *shrinking)
{
    return shrinking->replays < shrinking->replays_max;
}

/* What was just seen shows the finding, and is simpler. */
static void accept(struct shrinking *shrinking)
{
    hde_outline_copy(&shrinking->best, &shrinking->seen);
    hde_schedule_copy(shrinking->schedule, &hde_execution.schedule);
}

/* Run the candidate; whether it became the best. */
static bool try_candidate(struct shrinking *shrinking)
{
    if (!has_budget(shrinking)) {
        return false;
    }
    shrinking->replays++;
    if (!hde_outline_run(shrinking->program, shrinking->settings, &shrinking->candidate,
                         shrinking->finding, &shrinking->seen) ||
        !hde_cost_is_lower(&shrinking->seen.cost, &shrinking->best.cost)) {
        return false;
    }
    accept(shrinking);
    return true;
}

/* A candidate that is like the best. */
static struct hde_outline *begin_candidate(struct shrinking *shrinking)
{
    hde_outline_copy(&shrinking->candidate, &shrinking->best);
    return &shrinking->candidate;
}

static bool remove_chunks_of(struct shrinking *shrinking, size_t size)
{
    bool has_gained = false;

    for (size_t first = 0; first < shrinking->best.count && has_budget(shrinking);) {
        size_t rest = shrinking->best.count - first;

        hde_outline_remove(begin_candidate(shrinking), first, size < rest ? size : rest);
        if (try_candidate(shrinking)) {
            has_gained = true;
        } else {
            first += size;
        }
    }
    return has_gained;
}

static bool remove_chunks(struct shrinking *shrinking)
{
    bool has_gained = false;

    for (size_t size = shrinking->best.count; size > 0; size /= 2) {
        has_gained = remove_chunks_of(shrinking, size) || has_gained;
    }
    return has_gained;
}

/* The next segment of the same thread; the count if there is none. */
static size_t next_of_thread(const struct hde_outline *outline, size_t segment)
{
    size_t next = segment + 1;

    while (next < outline->count &&
           outline->segments[next].thread != outline->segments[segment].thread) {
        next++;
    }
    return next;
}

/* Let a segment do what the next one of its thread does, too. */
static bool join_segments(struct shrinking *shrinking)
{
    bool has_gained = false;

    for (size_t i = 0; i < shrinking->best.count && has_budget(shrinking); i++) {
        size_t next = next_of_thread(&shrinking->best, i);

        if (next < shrinking->best.count) {
            struct hde_outline *candidate = begin_candidate(shrinking);

            candidate->segments[i].until = candidate->segments[next].until;
            hde_outline_remove(candidate, next, 1);
            has_gained = try_candidate(shrinking) || has_gained;
        }
    }
    return has_gained;
}

/* Let a segment go on until its thread must stop. */
static bool draw_out(struct shrinking *shrinking)
{
    bool has_gained = false;

    for (size_t i = 0; i < shrinking->best.count && has_budget(shrinking); i++) {
        begin_candidate(shrinking)->segments[i].until = UINT32_MAX;
        has_gained = try_candidate(shrinking) || has_gained;
    }
    return has_gained;
}

/* Let a segment stop somewhat later, or else earlier. */
static bool shift_by(struct shrinking *shrinking, size_t segment, uint32_t distance)
{
    uint32_t until = shrinking->best.segments[segment].until;

    if (until > UINT32_MAX - distance) {
        return false; /* it stops where it must */
    }
    begin_candidate(shrinking)->segments[segment].until = until + distance;
    if (try_candidate(shrinking)) {
        return true;
    }
    begin_candidate(shrinking)->segments[segment].until = until > distance ? until - distance : 1;
    return try_candidate(shrinking);
}

/* A switch may come just before what matters, or just after it. */
static bool shift(struct shrinking *shrinking)
{
    static const uint32_t distances[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
    bool has_gained = false;

    for (size_t i = 0; i < shrinking->best.count && has_budget(shrinking); i++) {
        bool is_better = false;

        for (size_t d = 0; d < sizeof(distances) / sizeof(distances[0]) && !is_better; d++) {
            is_better = shift_by(shrinking, i, distances[d]);
        }
        has_gained = has_gained || is_better;
    }
    return has_gained;
}

static void remove_data(struct hde_schedule *data, size_t entry)
{
    for (size_t i = entry; i + 1 < data->count; i++) {
        data->entries[i] = data->entries[i + 1];
    }
    data->count--;
}

/* What a thread does after its event `after' comes so many events later: up, or down. */
static void move_thread(struct hde_outline *outline, uint8_t thread, uint32_t after, int distance)
{
    for (size_t i = 0; i < outline->data.count; i++) {
        struct hde_entry *entry = &outline->data.entries[i];

        if (entry->thread == thread && entry->event > after) {
            entry->event += (uint32_t)distance;
        }
    }
    for (size_t i = 0; i < outline->count; i++) {
        struct hde_segment *segment = &outline->segments[i];

        if (segment->thread == thread && segment->until > after && segment->until != UINT32_MAX) {
            segment->until += (uint32_t)distance;
        }
    }
}

/*
 * Leave a fault out. What it made the thread do (wait again, or not wait) is then not done, or is:
 * all that follows has other numbers.
 */
static bool leave_out(struct shrinking *shrinking, size_t entry)
{
    static const int distances[] = {-1, 1, -2, 2, -3, 3, -4, -5, -6, -7, -8, -9, -10};
    const struct hde_entry fault = shrinking->best.data.entries[entry];
    bool is_better = false;

    for (size_t d = 0; d < sizeof(distances) / sizeof(distances[0]) && !is_better; d++) {
        struct hde_outline *candidate = begin_candidate(shrinking);

        remove_data(&candidate->data, entry);
        move_thread(candidate, fault.thread, fault.event, distances[d]);
        is_better = try_candidate(shrinking);
    }
    return is_better;
}

/* Make one data choice normal, or else half as large, or else one less. */
static bool lessen(struct shrinking *shrinking, size_t entry)
{
    uint32_t value = shrinking->best.data.entries[entry].alternative;
    enum hde_choice_kind kind = (enum hde_choice_kind)shrinking->best.data.entries[entry].choice;

    remove_data(&begin_candidate(shrinking)->data, entry);
    if (try_candidate(shrinking)) {
        return true;
    }
    if (kind >= HDE_CHOICE_FIRST_FAULT) {
        return leave_out(shrinking, entry);
    }
    if (hde_choice_is_thread(kind)) {
        return false;
    }
    begin_candidate(shrinking)->data.entries[entry].alternative = value / 2;
    if (try_candidate(shrinking)) {
        return true;
    }
    begin_candidate(shrinking)->data.entries[entry].alternative = value - 1;
    return try_candidate(shrinking);
}

static bool lessen_data(struct shrinking *shrinking)
{
    bool has_gained = false;

    for (size_t entry = 0; entry < shrinking->best.data.count && has_budget(shrinking);) {
        if (lessen(shrinking, entry)) {
            has_gained = true;
        } else {
            entry++;
        }
    }
    return has_gained;
}

static void descend(struct shrinking *shrinking)
{
    bool has_gained = true;

    while (has_gained && has_budget(shrinking)) {
        has_gained = remove_chunks(shrinking);
        has_gained = join_segments(shrinking) || has_gained;
        has_gained = draw_out(shrinking) || has_gained;
        has_gained = lessen_data(shrinking) || has_gained;
        has_gained = has_gained || shift(shrinking);
    }
}

/* Look through the executions with fewer preemptions; whether one became the best. */
static bool search_below(struct shrinking *shrinking)
{
    const struct hde_strategy *dfs = &hde_strategy_dfs;
    const struct hde_strategy_options options = {.preemptions =
                                                     shrinking->best.cost.preemptions - 1};
    void *state = calloc(1, dfs->state_size);
    bool has_more = true;
    bool has_found = false;

    if (state == NULL) {
        hde_fatal_errno("no memory for a search");
    }
    dfs->start(state, &options);
    while (has_more && !has_found && has_budget(shrinking)) {
        shrinking->replays++;
        dfs->begin(state, 0);
        has_found = hde_outline_record(shrinking->program, shrinking->settings, dfs, state,
                                       shrinking->finding, &shrinking->seen) &&
                    hde_cost_is_lower(&shrinking->seen.cost, &shrinking->best.cost);
        if (has_found) {
            accept(shrinking);
        }
        has_more = dfs->end(state);
    }
    dfs->stop(state);
    free(state);
    return has_found;
}

/* What happened under the schedule that was given; false if it does not show the finding. */
static bool record_given(struct shrinking *shrinking)
{
    const struct hde_strategy *strategy = &hde_strategy_replay;
    struct hde_replay *state = calloc(1, sizeof(*state));
    struct hde_strategy_options options = {.schedule = shrinking->schedule};

    if (state == NULL) {
        hde_fatal_errno("no memory for a replay");
    }
    strategy->start(state, &options);
    strategy->begin(state, 0);
    bool shows = hde_outline_record(shrinking->program, shrinking->settings, strategy, state,
                                    shrinking->finding, &shrinking->best);

    (void)strategy->end(state);
    strategy->stop(state);
    free(state);
    shrinking->replays++;
    return shows;
}

/* What the best schedule does after the finding is not needed for it. */
static void cut_off(struct shrinking *shrinking)
{
    if (hde_outline_run(shrinking->program, shrinking->settings, &shrinking->best,
                        shrinking->finding, &shrinking->seen) &&
        !hde_cost_is_lower(&shrinking->best.cost, &shrinking->seen.cost) &&
        hde_execution.schedule.count <= shrinking->schedule->count) {
        hde_schedule_copy(shrinking->schedule, &hde_execution.schedule);
    }
    shrinking->replays++;
}

struct hde_shrunk hde_shrink(const struct hde_program *program,
                             const struct hde_settings *settings,
                             const struct hde_finding *finding,
                             struct hde_schedule *schedule,
                             unsigned replays_max)
{
    struct hde_finding wanted = *finding; /* it may be one of hde_execution's */
    struct shrinking shrinking = {
        .program = program,
        .settings = settings,
        .finding = &wanted,
        .schedule = schedule,
        .replays_max = replays_max / 2,
    };

    if (record_given(&shrinking)) {
        descend(&shrinking);
        shrinking.replays_max = replays_max;
        if (shrinking.best.cost.preemptions > 0 && search_below(&shrinking)) {
            descend(&shrinking);
        }
        cut_off(&shrinking);
    }
    const struct hde_shrunk shrunk = {
        .preemptions = shrinking.best.cost.preemptions,
        .switches = shrinking.best.cost.segments > 0 ? shrinking.best.cost.segments - 1 : 0,
        .replays = shrinking.replays,
    };

    hde_outline_release(&shrinking.best);
    hde_outline_release(&shrinking.candidate);
    hde_outline_release(&shrinking.seen);
    return shrunk;
}
