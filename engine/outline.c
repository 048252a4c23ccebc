/*
 * Outline: recorded by watching each step, followed by a strategy of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/outline.h"

#include "engine/array.h"
#include "engine/step.h"

/* One step that was carried out. */
struct step {
    uint32_t number; /* of the thread's event */
    uint8_t thread;
    bool is_preempting; /* another thread could have gone on */
    bool may_time_out;
    uint32_t left_at; /* if another thread stepped before: its pending event's number */
};

static struct step *steps; /* of the execution that runs */
static size_t steps_count;
static size_t steps_capacity;

bool hde_cost_is_lower(const struct hde_cost *a, const struct hde_cost *b)
{
    if (a->preemptions != b->preemptions) {
        return a->preemptions < b->preemptions;
    }
    if (a->segments != b->segments) {
        return a->segments < b->segments;
    }
    if (a->data != b->data) {
        return a->data < b->data;
    }
    if (a->entries != b->entries) {
        return a->entries < b->entries;
    }
    return a->length < b->length;
}

static void add_segment(struct hde_outline *outline, struct hde_segment segment)
{
    outline->segments = hde_array_grow(outline->segments, &outline->capacity, outline->count + 1,
                                       sizeof(*outline->segments));
    outline->segments[outline->count++] = segment;
}

void hde_outline_copy(struct hde_outline *to, const struct hde_outline *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        add_segment(to, from->segments[i]);
    }
    hde_schedule_copy(&to->data, &from->data);
    to->cost = from->cost;
}

void hde_outline_remove(struct hde_outline *outline, size_t first, size_t count)
{
    for (size_t i = first; i + count < outline->count; i++) {
        outline->segments[i] = outline->segments[i + count];
    }
    outline->count -= count;
}

void hde_outline_release(struct hde_outline *outline)
{
    hde_array_release(outline->segments, outline->capacity, sizeof(*outline->segments));
    hde_schedule_release(&outline->data);
    *outline = (struct hde_outline){.segments = NULL};
}

/* ---- Recording ------------------------------------------------------------------------------- */

/* Runs in the execution, before the event is carried out: `ready' is as the choice was. */
static void observe(const struct hde_thread *thread, const struct hde_event *event)
{
    struct step step = {.number = thread->events, .thread = thread->id};

    (void)event;
    step.may_time_out = thread->has_timed_out;
    if (steps_count > 0 && steps[steps_count - 1].thread != thread->id) {
        unsigned left = steps[steps_count - 1].thread;

        step.left_at = hde_execution.threads[left].events;
        step.is_preempting = hde_step_could_go_on(left);
    }
    steps = hde_array_grow(steps, &steps_capacity, steps_count + 1, sizeof(*steps));
    steps[steps_count++] = step;
}

static const struct hde_finding *find_same(const struct hde_finding *finding)
{
    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        if (hde_finding_is_same(&hde_execution.findings[i], finding)) {
            return &hde_execution.findings[i];
        }
    }
    return NULL;
}

/* Whether its places are where something began that has no end: it shows only when all is over. */
static bool is_of_the_end(const struct hde_finding *finding)
{
    return finding->kind == HD_LEAK ||
           (finding->kind == HD_MISUSE &&
            (finding->class == HDE_CLASS_NEVER_JOINED || finding->class == HDE_CLASS_HELD_AT_END));
}

/*
 * How many steps there were when all places of a finding had been carried out; all, if one was
 * not, or if that was not yet wrong.
 */
static size_t steps_until(const struct hde_finding *finding)
{
    size_t until = 0;

    if (is_of_the_end(finding)) {
        return steps_count;
    }
    for (uint32_t place = 0; place < finding->places_count; place++) {
        const struct hde_place *wanted = &finding->places[place];
        size_t i = 0;

        if (wanted->event == 0) {
            continue; /* the earlier access of a race */
        }
        while (i < steps_count &&
               (steps[i].thread != wanted->thread || steps[i].number != wanted->event)) {
            i++;
        }
        if (i == steps_count) {
            return steps_count;
        }
        until = i + 1 > until ? i + 1 : until;
    }
    return until == 0 ? steps_count : until;
}

static void note_segments(struct hde_outline *seen, size_t length)
{
    seen->count = 0;
    seen->cost = (struct hde_cost){.entries = hde_execution.schedule.count, .length = length};
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && steps[i].thread == steps[i - 1].thread) {
            continue;
        }
        if (i > 0) {
            seen->segments[seen->count - 1].until = steps[i].left_at;
        }
        seen->cost.preemptions += steps[i].is_preempting;
        add_segment(seen, (struct hde_segment){.until = UINT32_MAX,
                                               .thread = steps[i].thread,
                                               .may_time_out = steps[i].may_time_out});
    }
    seen->cost.segments = (unsigned)seen->count;
}

static void note_data(struct hde_outline *seen)
{
    const struct hde_schedule *schedule = &hde_execution.schedule;

    seen->data.count = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        const struct hde_entry *entry = &schedule->entries[i];

        if (entry->choice != HDE_CHOICE_THREAD) {
            hde_schedule_append(&seen->data, entry);
            seen->cost.data +=
                hde_choice_is_thread((enum hde_choice_kind)entry->choice) ? 1U : entry->alternative;
        }
    }
}

bool hde_outline_record(const struct hde_program *program,
                        const struct hde_settings *settings,
                        const struct hde_strategy *strategy,
                        void *strategy_state,
                        const struct hde_finding *finding,
                        struct hde_outline *seen)
{
    struct hde_settings all = *settings;

    all.visibility = HDE_VISIBLE_ALL;
    all.observe = observe;
    steps_count = 0;
    hde_execution_run(program, &all, strategy, strategy_state);
    const struct hde_finding *found = find_same(finding);

    note_segments(seen, found != NULL ? steps_until(found) : steps_count);
    note_data(seen);
    return found != NULL;
}

/* ---- Following ------------------------------------------------------------------------------- */

struct follower {
    const struct hde_outline *outline;
    size_t at; /* the segment that runs */
};

static bool can_run(const struct hde_segment *segment, const struct hde_choice *choice)
{
    return hde_set_has(choice->threads, segment->thread) &&
           (segment->may_time_out || !hde_set_has(choice->timed, segment->thread)) &&
           hde_execution.threads[segment->thread].events < segment->until;
}

static uint32_t choose_data(const struct hde_schedule *data, const struct hde_choice *choice)
{
    for (size_t i = 0; i < data->count; i++) {
        const struct hde_entry *entry = &data->entries[i];

        if (entry->thread != choice->thread || entry->event != choice->event ||
            entry->choice != choice->kind) {
            continue;
        }
        if (!hde_choice_is_thread(choice->kind)
                ? entry->alternative < choice->count
                : hde_set_has(choice->threads, entry->alternative)) {
            return entry->alternative;
        }
    }
    return choice->normal;
}

static uint32_t choose(void *state, const struct hde_choice *choice)
{
    struct follower *follower = state;
    const struct hde_outline *outline = follower->outline;

    if (choice->kind != HDE_CHOICE_THREAD) {
        return choose_data(&outline->data, choice);
    }
    for (; follower->at < outline->count; follower->at++) {
        const struct hde_segment *segment = &outline->segments[follower->at];

        if (can_run(segment, choice)) {
            return segment->thread;
        }
    }
    return choice->normal;
}

bool hde_outline_run(const struct hde_program *program,
                     const struct hde_settings *settings,
                     const struct hde_outline *followed,
                     const struct hde_finding *finding,
                     struct hde_outline *seen)
{
    static const struct hde_strategy strategy = {.name = "outline", .choose = choose};
    struct follower follower = {.outline = followed};

    return hde_outline_record(program, settings, &strategy, &follower, finding, seen);
}
