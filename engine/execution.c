/*
 * Execution: begin, end, threads, and what was found.
 *
 * Nothing is allocated or cleared in proportion to memory: threads, objects and the arena are used
 * anew from their starts, and what the shadow memory says of earlier executions is void by its
 * generation.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/execution.h"

#include <errno.h>
#include <stddef.h>

#include "engine/arena.h"
#include "engine/context.h"
#include "engine/fatal.h"
#include "engine/fiber.h"
#include "engine/globals.h"
#include "engine/pages.h"
#include "engine/process.h"
#include "engine/round.h"
#include "engine/sanitizer.h"
#include "engine/step.h"

struct hde_execution hde_execution = {.base = 1};
_Thread_local struct hde_thread *hde_self;

static const struct hde_program *the_program;
static void (*const *engine_functions)(void *);
static unsigned engine_first; /* id of the thread that runs engine_functions[0] */

void hde_execution_start(void)
{
    if (hde_execution.threads != NULL) {
        return;
    }
    hde_execution.threads =
        hde_pages_reserve(HDE_THREADS_MAX * sizeof(struct hde_thread), "threads");
    hde_fiber_map_stacks();
    hde_arena_map();
    hde_context_map();
    hde_shadow_map();
    hde_detectors_start();
    hde_sanitizer_start();
    hde_process_install_handlers();
}

void hde_execution_forget_visible(void)
{
    hde_shadow_forget_visible();
    hde_round_forget();
}

/* ---- Threads --------------------------------------------------------------------------------- */

static void run_thread(void)
{
    struct hde_thread *self = hde_self;

    hde_sanitizer_started();
    errno = 0;
    if (!self->is_of_engine) {
        hde_step_carry_out();
    }
    hde_thread_finish(self->function(self->argument));
}

static struct hde_thread *make_thread(unsigned id, void (*entry)(void))
{
    struct hde_thread *thread = &hde_execution.threads[id];

    if (hde_execution.is_scrubbed) {
        hde_fiber_clear(id);
    }
    thread->fiber = hde_fiber_prepare(id, entry);
    thread->id = (uint8_t)id;
    thread->has_ended = false;
    thread->is_ending = false;
    thread->is_detached = false;
    thread->is_joined = false;
    thread->is_of_engine = false;
    thread->has_timed_out = false;
    thread->events = 0;
    thread->syncs = 0;
    hde_thread_set_quiet(thread);
    thread->fast_until = 0; /* its first event is not quiet: priming ends there */
    thread->context = 0;
    thread->depth = 0;
    thread->clock.size = 0;
    thread->at_fence.size = 0;
    thread->for_fence.size = 0;
    thread->waits_for = NULL;
    thread->wants = NULL;
    thread->deadline_ns = HDE_FOREVER;
    thread->held_count = 0;
    thread->result = NULL;
    thread->reads_count = 0;
    thread->spin_passes = 0;
    thread->is_repeating = false;
    for (unsigned i = 0; i < HDE_LAPS; i++) {
        thread->laps[i].pc = 0;
    }
    thread->saved_errno = 0;
    return thread;
}

struct hde_thread *
hde_thread_create(void *(*function)(void *), void *argument, const struct hde_event *event)
{
    struct hde_execution *execution = &hde_execution;
    struct hde_thread *parent = hde_self;

    if (execution->threads_count == HDE_THREADS_MAX) {
        return NULL;
    }
    struct hde_thread *thread = make_thread(execution->threads_count++, run_thread);

    thread->function = function;
    thread->argument = argument;
    thread->created = (struct hde_deed){
        .pc = event->pc,
        .context = parent->context,
        .event = parent->events,
        .thread = parent->id,
    };
    hde_clock_copy(&thread->clock, &parent->clock);
    hde_clock_set(&thread->clock, thread->id, 1);
    hde_thread_set_stamp(thread);
    hde_thread_tick(parent);
    hde_sanitizer_created(thread);
    thread->events = 1;
    thread->syncs = 1;
    execution->pending[thread->id] = (struct hde_event){.kind = HDE_EVENT_START, .pc = event->pc};
    execution->live_count++;
    execution->is_concurrent = true;
    execution->is_watched = true;
    hde_set_add(&execution->ready, thread->id);
    for (unsigned i = 0; hde_watchers.created[i] != NULL; i++) {
        hde_watchers.created[i](parent, thread);
    }
    return thread;
}

void hde_thread_joined(const struct hde_thread *thread)
{
    for (unsigned i = 0; hde_watchers.joined[i] != NULL; i++) {
        hde_watchers.joined[i](hde_self, thread);
    }
}

struct hde_object *hde_thread_end_gate(const struct hde_thread *thread)
{
    bool is_new = hde_object_find(HDE_OBJECT_THREAD_END, (uint64_t)(uintptr_t)thread) == NULL;
    struct hde_object *gate = hde_object_at(HDE_OBJECT_THREAD_END, (uint64_t)(uintptr_t)thread);

    if (is_new && !thread->has_ended) {
        gate->is_open = false;
        gate->owner = thread->id;
    } else if (is_new) {
        hde_clock_copy(&gate->clock, &thread->clock); /* one of the engine's, which opens no gate */
    }
    return gate;
}

static void open_end_gate(const struct hde_thread *thread)
{
    struct hde_object *gate = hde_thread_end_gate(thread);

    hde_release(gate);
    gate->owner = HDE_NOBODY;
    hde_gate_open(gate);
}

/* Thread 0 has called pthread_exit(): the others go on, and the program is over when they are. */
static noreturn void finish_main(void)
{
    open_end_gate(hde_self);
    hde_execution_await_threads();
    if (the_program->rest != NULL) {
        the_program->rest(the_program->argument);
    }
    hde_execution.end = HDE_END_DONE;
    hde_step_leave();
}

void (*hde_thread_ending)(void);
void (*hde_thread_abandoning)(void);

static void abandon_locks(void)
{
    if (hde_thread_abandoning != NULL) {
        hde_thread_abandoning();
    }
    hde_execution.has_abandoned |= hde_self->held_count > 0;
}

void hde_thread_finish(void *result)
{
    struct hde_execution *execution = &hde_execution;
    struct hde_thread *self = hde_self;
    const struct hde_event event = {
        .address = (uintptr_t)self, /* of its end gate */
        .kind = HDE_EVENT_END,
        .size = 1,
        .writes = true,
    };

    self->is_ending = true;
    if (hde_thread_ending != NULL) {
        hde_thread_ending();
    }
    if (__builtin_expect(self->held_count > 0, 0)) {
        abandon_locks();
    }
    if (!self->is_of_engine) {
        hde_step(&event);
    }
    self->result = result;
    if (self->id == 0) {
        finish_main();
    }
    self->has_ended = true;
    hde_sanitizer_ended();
    if (!self->is_of_engine || self->is_joined) {
        open_end_gate(self);
    }
    hde_set_remove(&execution->ready, self->id);
    if (--execution->live_count == 0) {
        execution->end = HDE_END_DONE;
        hde_step_leave();
    }
    if (execution->live_count == 1 && execution->is_awaiting) {
        hde_set_add(&execution->ready, 0);
    }
    /* Who goes on instead is a choice of its own, and needs a number of its own. */
    hde_step_announce(&event);
    hde_step_next(false);
    hde_fatal("a thread that had ended went on");
}

/* ---- Programs -------------------------------------------------------------------------------- */

static void *run_engine_function(void *argument)
{
    engine_functions[hde_self->id - engine_first](argument);
    return NULL;
}

/* Only thread 0 is left, and everything happened before what it does now: nothing can race. */
static void end_concurrency(void)
{
    hde_execution.is_concurrent = false;
    hde_execution.is_watched = hde_execution.settings->observe != NULL;
}

void hde_execution_await_threads(void)
{
    struct hde_execution *execution = &hde_execution;
    struct hde_thread *self = hde_self;

    if (execution->live_count > 1) {
        const struct hde_event event = {.kind = HDE_EVENT_JOIN};

        hde_step_announce(&event);
        execution->is_awaiting = true;
        hde_set_remove(&execution->ready, 0);
        hde_step_next(false);
        execution->is_awaiting = false;
    }
    /* Nobody knows more of a thread that has ended than it did itself. */
    for (uint32_t id = 1; id < execution->threads_count; id++) {
        hde_clock_set(&self->clock, id, execution->threads[id].clock.at[id]);
        hde_sanitizer_awaited(&execution->threads[id]);
    }
    end_concurrency();
}

/* Who opens a gate or wakes waiters from here on makes nobody ready of those that stop. */
static void leave_objects(void)
{
    static const struct hde_set nobody;

    for (uint32_t number = 1; number < hde_object_count(); number++) {
        struct hde_object *object = hde_object_number(number);

        object->at_gate = nobody;
        object->waiters = nobody;
    }
}

void hde_execution_stop_threads(void)
{
    static const struct hde_set nobody;

    hde_execution.ready = nobody;
    hde_execution.timed = nobody;
    hde_execution.sleeping = nobody;
    hde_execution.spinning = nobody;
    hde_execution.with_deadline = nobody;
    hde_execution.has_stopped = hde_execution.has_stopped || hde_execution.live_count > 1;
    leave_objects();
    for (uint32_t id = 1; id < hde_execution.threads_count; id++) {
        hde_execution.threads[id].has_ended = true; /* what it holds is never released */
    }
    hde_set_add(&hde_execution.ready, hde_self->id);
    hde_execution.live_count = 1;
    end_concurrency();
}

void hde_execution_run_threads(void (*const *functions)(void *), unsigned count, void *argument)
{
    const struct hde_event event = {.kind = HDE_EVENT_CREATE};

    engine_functions = functions;
    engine_first = hde_execution.threads_count;
    for (unsigned i = 0; i < count; i++) {
        struct hde_thread *thread = hde_thread_create(run_engine_function, argument, &event);

        if (thread == NULL) {
            hde_fatal("a scenario has too many threads");
        }
        thread->is_of_engine = true;
        thread->events = 0;
        thread->syncs = 0;
        hde_set_remove(&hde_execution.ready, thread->id);
    }
    for (unsigned id = engine_first; id < engine_first + count; id++) {
        hde_step_prime(&hde_execution.threads[id]);
    }
    hde_execution_await_threads();
}

static void run_main(void)
{
    hde_sanitizer_started();
    errno = 0;
    the_program->body(the_program->argument);
    hde_execution.end = hde_execution.live_count > 1 ? HDE_END_EXIT : HDE_END_DONE;
    hde_step_leave();
}

void hde_execution_exit(int status)
{
    hde_execution.end = HDE_END_EXIT;
    hde_execution.exit_status = status;
    hde_step_leave();
}

/* ---- The run --------------------------------------------------------------------------------- */

static void begin_execution(const struct hde_settings *settings)
{
    static const struct hde_set nobody;
    struct hde_execution *execution = &hde_execution;

    execution->settings = settings;
    execution->sees_all = settings->visibility == HDE_VISIBLE_ALL;
    execution->fast_mask = execution->sees_all || settings->observe != NULL ? 0 : UINT32_MAX;
    execution->budgets_left = settings->budgets;
    execution->is_observed = settings->observe != NULL || settings->observe_steps != NULL ||
                             execution->strategy->observe != NULL;
    execution->ready = nobody;
    execution->timed = nobody;
    execution->sleeping = nobody;
    execution->spinning = nobody;
    execution->with_deadline = nobody;
    execution->has_deadlines = false;
    execution->has_spun = false;
    execution->generation++;
    execution->is_scrubbed = hde_round_begin();
    execution->void_below = (execution->base + 1) << HDE_CELL_TIME_SHIFT;
    execution->now_ns = 0;
    execution->steps = 0;
    execution->steps_alarm = hde_step_last_alarm();
    execution->owed = 0;
    execution->owed_since = 0;
    execution->owed_asked = 0;
    execution->choices = 0;
    execution->spin_rounds = 0;
    execution->draws = 0;
    execution->is_concurrent = false;
    execution->is_watched = settings->observe != NULL;
    execution->is_priming = false;
    execution->has_stopped = false;
    execution->is_awaiting = false;
    execution->has_abandoned = false;
    execution->findings_count = 0;
    execution->has_raced = false;
    execution->exit_status = 0;
    execution->schedule.count = 0;
    hde_object_begin();
    hde_arena_begin(settings->reuses_memory);

    struct hde_thread *main_thread = make_thread(0, run_main);

    main_thread->created.pc = 0;
    hde_clock_set(&main_thread->clock, 0, 1);
    hde_thread_set_stamp(main_thread);
    execution->threads_count = 1;
    execution->live_count = 1;
    execution->pending[0] = (struct hde_event){.kind = HDE_EVENT_NONE};
    hde_set_add(&execution->ready, 0);
}

/* No record of this execution may be taken for one of the next. */
static void advance_base(void)
{
    uint32_t latest = 0;

    for (uint32_t id = 0; id < hde_execution.threads_count; id++) {
        uint32_t own = hde_execution.threads[id].clock.at[id];

        latest = latest < own ? own : latest;
    }
    hde_execution.base += latest;
    if (hde_execution.base >> HDE_TIME_BITS != 0 || hde_execution.generation == UINT32_MAX) {
        hde_fatal("this process has run for so long that its clock is full: start it again");
    }
}

void hde_execution_run(const struct hde_program *program,
                       const struct hde_settings *settings,
                       const struct hde_strategy *strategy,
                       void *strategy_state)
{
    the_program = program;
    hde_execution.strategy = strategy;
    hde_execution.strategy_state = strategy_state;
    begin_execution(settings);
    for (const struct hde_detector *const *detector = hde_detectors; *detector != NULL;
         detector++) {
        if ((*detector)->begin != NULL) {
            (*detector)->begin();
        }
    }
    hde_sanitizer_begin();
    hde_step_enter();
    hde_sanitizer_end();
    for (unsigned i = 0; hde_execution.end != HDE_END_GIVEN_UP && hde_watchers.ended[i] != NULL;
         i++) {
        hde_watchers.ended[i]();
    }
    advance_base();
    hde_globals_restore();
}

/* ---- Findings -------------------------------------------------------------------------------- */

struct hde_place hde_thread_place(const struct hde_thread *thread)
{
    const struct hde_event *event = &hde_execution.pending[thread->id];

    return (struct hde_place){
        .address = event->address,
        .pc = event->pc,
        .context = thread->context,
        .event = thread->events,
        .thread = thread->id,
        .event_kind = event->kind,
        .size = event->size,
    };
}

static bool was_noted(const struct hde_finding *finding)
{
    for (uint32_t i = 0; i < hde_execution.findings_count; i++) {
        struct hde_finding *noted = &hde_execution.findings[i];
        bool is_same = noted->kind == finding->kind && noted->places_count == finding->places_count;

        for (uint32_t place = 0; is_same && place < finding->places_count; place++) {
            is_same = noted->places[place].pc == finding->places[place].pc;
        }
        if (is_same) {
            noted->seen_by = hde_seen_by_either(noted->seen_by, finding->seen_by);
            return true;
        }
    }
    return false;
}

void hde_execution_find(const struct hde_finding *finding)
{
    bool is_ignored = (hde_execution.settings->ignored >> finding->kind & 1U) != 0;

    hde_execution.has_raced |= finding->kind == HD_DATA_RACE;
    if (!is_ignored && hde_execution.findings_count < HDE_FINDINGS_MAX && !was_noted(finding)) {
        hde_execution.findings[hde_execution.findings_count++] = *finding;
    }
}

void hde_execution_fail(const struct hde_finding *finding)
{
    if (hde_execution.findings_count == HDE_FINDINGS_MAX) {
        hde_execution.findings_count--;
    }
    hde_execution.findings[hde_execution.findings_count++] = *finding;
    hde_execution.end = HDE_END_FAILED;
    hde_step_leave();
}
