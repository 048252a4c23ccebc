/*
 * Simulator: the loop of an execution over lists of events.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/simulator.h"

#include <stdlib.h>

/* Objects are that far apart. */
#define OBJECT_BYTES 8U

static struct hde_event event_of(enum hde_event_kind kind, unsigned object)
{
    return (struct hde_event){
        .address = OBJECT_BYTES * (uint64_t)(object + 1),
        .kind = (uint8_t)kind,
        .size = OBJECT_BYTES,
        .writes = kind != HDE_EVENT_READ && kind != HDE_EVENT_ATOMIC_LOAD,
    };
}

void hd_sim_program_begin(struct sim_program *program, unsigned count)
{
    if (count >= SIM_THREADS_MAX) {
        abort();
    }
    program->threads_count = count + 1;
    program->creates = false;
    for (unsigned thread = 0; thread <= count; thread++) {
        program->events_count[thread] = 0;
    }
}

void hd_sim_add(struct sim_program *program,
                unsigned thread,
                enum hde_event_kind kind,
                unsigned object,
                void (*act)(struct sim *sim, unsigned thread, unsigned object))
{
    if (program->events_count[thread] == SIM_EVENTS_MAX || object >= SIM_OBJECTS_MAX) {
        abort();
    }
    unsigned position = program->events_count[thread]++;

    program->events[thread][position] = (struct sim_event){
        .event = event_of(kind, object),
        .object = object,
        .act = act,
    };
    /* Threads that do the same at the same place of their lists run the same function. */
    program->events[thread][position].event.pc =
        (position * HDE_EVENT_KINDS + (uint32_t)kind) * SIM_OBJECTS_MAX + object + 1;
}

void hd_sim_add_wait(struct sim_program *program,
                     unsigned thread,
                     unsigned condition,
                     unsigned lock)
{
    hd_sim_add(program, thread, HDE_EVENT_WAIT, condition, NULL);
    struct sim_event *wait = &program->events[thread][program->events_count[thread] - 1];

    wait->object2 = lock;
    wait->event.address2 = OBJECT_BYTES * (uint64_t)(lock + 1);
    hd_sim_add(program, thread, HDE_EVENT_AWAKE, condition, NULL);
    hd_sim_add(program, thread, HDE_EVENT_LOCK, lock, NULL);
}

void hd_sim_add_choose(struct sim_program *program, unsigned thread, uint32_t count)
{
    hd_sim_add(program, thread, HDE_EVENT_CHOOSE, 0, NULL);
    program->events[thread][program->events_count[thread] - 1].count = count;
}

void hd_sim_create_threads(struct sim_program *program)
{
    program->creates = true;
    for (unsigned thread = 1; thread < program->threads_count; thread++) {
        hd_sim_add(program, 0, HDE_EVENT_CREATE, 0, NULL);
        /* What creates a thread has nothing in common with what others do. */
        program->events[0][program->events_count[0] - 1].event.address = 0;
        program->events[0][program->events_count[0] - 1].object = thread;
    }
}

static const struct sim_event *pending_event(const struct sim *sim, unsigned thread)
{
    unsigned at = sim->threads[thread].at;

    return at < sim->program->events_count[thread] ? &sim->program->events[thread][at] : NULL;
}

static bool is_enabled(const struct sim *sim, unsigned thread)
{
    const struct sim_event *event = pending_event(sim, thread);

    if (!sim->threads[thread].is_there || event == NULL) {
        return false;
    }
    if (event->event.kind == HDE_EVENT_LOCK) {
        return !sim->is_locked[event->object];
    }
    return event->event.kind != HDE_EVENT_AWAKE || sim->threads[thread].is_notified;
}

static struct hde_choice begin_choice(struct sim *sim, enum hde_choice_kind kind)
{
    static const struct hde_set nobody;

    sim->alternatives = nobody;
    return (struct hde_choice){.kind = kind, .threads = &sim->alternatives, .timed = &nobody};
}

static uint32_t put(struct sim *sim, struct hde_choice *choice, unsigned thread)
{
    choice->thread = (uint8_t)thread;
    choice->event = sim->threads[thread].number;
    choice->pending = sim->pending;
    sim->choices++;
    sim->probability /= choice->count;
    uint32_t alternative = sim->strategy->choose(sim->strategy_state, choice);

    if (alternative != choice->normal) {
        const struct hde_entry entry = {
            .event = choice->event,
            .alternative = alternative,
            .thread = choice->thread,
            .choice = (uint8_t)choice->kind,
            .event_kind = sim->pending[thread].kind,
        };

        hde_schedule_append(&sim->schedule, &entry);
    }
    return alternative;
}

static void mix(struct sim *sim, uint64_t part)
{
    sim->order = (sim->order ^ (part + 1)) * UINT64_C(0x9e3779b97f4a7c15);
    sim->order ^= sim->order >> 29;
}

/* Who waits for `condition`: who does so longest is the normal one. */
static struct hde_choice waiters_of(struct sim *sim, unsigned condition)
{
    struct hde_choice choice = begin_choice(sim, HDE_CHOICE_WAKE);

    choice.normal = HDE_THREADS_MAX;
    for (unsigned id = 1; id < sim->program->threads_count; id++) {
        const struct sim_thread *waiter = &sim->threads[id];

        if (!waiter->is_waiting || waiter->is_notified ||
            pending_event(sim, id)->object != condition) {
            continue;
        }
        hde_set_add(&sim->alternatives, id);
        choice.count++;
        if (choice.normal == HDE_THREADS_MAX ||
            waiter->wait_began < sim->threads[choice.normal].wait_began) {
            choice.normal = id;
        }
    }
    return choice;
}

static void notify(struct sim *sim, unsigned thread, unsigned condition)
{
    struct hde_choice choice = waiters_of(sim, condition);

    if (choice.count > 1) {
        sim->threads[thread].number++;
        uint32_t woken = put(sim, &choice, thread);

        sim->threads[woken].is_notified = true;
        mix(sim, woken);
    } else if (choice.count == 1) {
        sim->threads[choice.normal].is_notified = true;
    }
}

static void choose_value(struct sim *sim, unsigned thread, uint32_t count)
{
    struct hde_choice choice = begin_choice(sim, HDE_CHOICE_VALUE);

    choice.count = count;
    sim->threads[thread].number++;
    sim->chosen = put(sim, &choice, thread);
    mix(sim, sim->chosen);
}

static void carry_out(struct sim *sim, unsigned thread)
{
    const struct sim_event *event = pending_event(sim, thread);
    struct sim_thread *self = &sim->threads[thread];

    if (sim->strategy->observe != NULL) {
        sim->strategy->observe(sim->strategy_state, thread, &event->event);
    }
    sim->steps++;
    mix(sim, thread);
    self->at++;
    switch (event->event.kind) {
    case HDE_EVENT_LOCK:
        sim->is_locked[event->object] = true;
        break;
    case HDE_EVENT_UNLOCK:
        sim->is_locked[event->object] = false;
        break;
    case HDE_EVENT_WAIT:
        sim->is_locked[event->object2] = false;
        self->is_waiting = true;
        self->is_notified = false;
        self->wait_began = sim->steps;
        break;
    case HDE_EVENT_AWAKE:
        self->is_waiting = false;
        break;
    case HDE_EVENT_NOTIFY:
        notify(sim, thread, event->object);
        break;
    case HDE_EVENT_CHOOSE:
        choose_value(sim, thread, event->count);
        break;
    case HDE_EVENT_CREATE:
        sim->threads[event->object].is_there = true;
        break;
    default:
        break;
    }
    if (event->act != NULL) {
        event->act(sim, thread, event->object);
    }
    self->number++;
}

static void reset(struct sim *sim)
{
    for (unsigned thread = 0; thread < sim->program->threads_count; thread++) {
        sim->threads[thread] =
            (struct sim_thread){.is_there = thread == 0 || !sim->program->creates};
    }
    for (unsigned object = 0; object < SIM_OBJECTS_MAX; object++) {
        sim->values[object] = 0;
        sim->is_locked[object] = false;
    }
    sim->has_failed = false;
    sim->is_deadlocked = false;
    sim->steps = 0;
    sim->choices = 0;
    sim->preemptions = 0;
    sim->order = 0;
    sim->probability = 1;
    sim->schedule.count = 0;
}

/* Note what each thread is about to do; returns the choice of who can do so. */
static struct hde_choice survey(struct sim *sim)
{
    struct hde_choice choice = begin_choice(sim, HDE_CHOICE_THREAD);

    for (unsigned id = 0; id < sim->program->threads_count; id++) {
        const struct sim_event *event = pending_event(sim, id);

        sim->pending[id] =
            event != NULL ? event->event : (struct hde_event){.kind = HDE_EVENT_NONE};
        if (is_enabled(sim, id)) {
            hde_set_add(&sim->alternatives, id);
            choice.count++;
        }
    }
    return choice;
}

static bool has_unfinished(const struct sim *sim)
{
    for (unsigned id = 1; id < sim->program->threads_count; id++) {
        if (pending_event(sim, id) != NULL) {
            return true;
        }
    }
    return false;
}

void hd_sim_run(struct sim *sim,
                const struct sim_program *program,
                const struct hde_strategy *strategy,
                void *strategy_state,
                uint64_t seed)
{
    unsigned current = 0;

    sim->program = program;
    sim->strategy = strategy;
    sim->strategy_state = strategy_state;
    reset(sim);
    strategy->begin(strategy_state, seed);
    for (;;) {
        struct hde_choice choice = survey(sim);
        unsigned next = hde_set_first(choice.threads);

        if (choice.count == 0) {
            break;
        }
        if (choice.count > 1) {
            bool goes_on = hde_set_has(choice.threads, current);

            choice.normal = goes_on ? current : next;
            choice.is_yield = sim->pending[current].kind == HDE_EVENT_YIELD;
            next = put(sim, &choice, current);
            sim->preemptions += goes_on && next != current && !choice.is_yield;
        }
        carry_out(sim, next);
        current = next;
    }
    sim->is_deadlocked = has_unfinished(sim);
}

static void count(struct sim_tally *tally, const struct sim *sim)
{
    tally->executions++;
    tally->failures += sim->has_failed;
    tally->deadlocks += sim->is_deadlocked;
    tally->probability += sim->probability;
    tally->failing_probability += sim->has_failed ? sim->probability : 0;
    for (unsigned bound = sim->preemptions; bound < SIM_EVENTS_MAX; bound++) {
        tally->with_preemptions[bound]++;
    }
}

struct sim_tally hd_sim_explore(const struct sim_program *program,
                                const struct hde_strategy *strategy,
                                const struct hde_strategy_options *options,
                                uint64_t executions_max,
                                void (*look)(const struct sim *sim, void *argument),
                                void *argument)
{
    struct sim_tally tally = {.executions = 0};
    struct sim *sim = calloc(1, sizeof(*sim));
    void *state = calloc(1, strategy->state_size);

    if (sim == NULL || state == NULL) {
        abort();
    }
    if (strategy->start != NULL) {
        strategy->start(state, options);
    }
    while (!tally.has_ended && tally.executions < executions_max) {
        hd_sim_run(sim, program, strategy, state, tally.executions + 1);
        tally.has_ended = !strategy->end(state);
        count(&tally, sim);
        if (look != NULL) {
            look(sim, argument);
        }
    }
    if (strategy->stop != NULL) {
        strategy->stop(state);
    }
    hde_schedule_release(&sim->schedule);
    free(state);
    free(sim);
    return tally;
}
