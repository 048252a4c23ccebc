/*
 * Step: choosing who steps next, and switching to it.
 *
 * A thread can step if its pending event is enabled (`ready'), or, by timing out, if it waits with
 * a deadline (`timed'). So that a wait with a deadline does not time out all the time, waits (not
 * sleeps) time out while others could step at most so many times an execution. Threads that
 * spin are passed over until somebody changes what they read, or has gone on for SPIN_PATIENCE
 * steps; when there are no others they go on round and round, which is no choice, and after
 * HDE_SPIN_ROUNDS_MAX turns in which nobody changed anything, and each came to where it was before,
 * this is a livelock.
 *
 * A loop that changes something at each turn, until another thread tells it to end, is not known to
 * be one, and the strategy may keep that other thread back for ever. So long executions become
 * fair: from FAIR_FROM steps on, threads are owed a step in turn. Who is owed one has it, which is
 * no choice, as soon as it can step: it may be that it can do so only now and then.
 *
 * Source: fairness as in Musuvathi and Qadeer, Fair stateless model checking, PLDI 2008: a thread
 *         that yields is not scheduled before others that could.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/step.h"

#include <errno.h>
#include <stddef.h>

#include "engine/fatal.h"
#include "engine/fiber.h"
#include "engine/round.h"
#include "engine/sanitizer.h"

/* For so many steps of others a spinning thread is passed over. */
#define SPIN_PATIENCE 200U

/* So many steps an execution goes as the strategy wants it. Replays depend on this number. */
#define FAIR_FROM 10000U

#define OWED_EVERY 8U /* steps from one that was owed to the next */
#define OWED_MAX 64U  /* and so many until it is the next thread's turn, if the first cannot step */

static void *host; /* the fiber that called hde_step_enter() */

/* All threads run on one thread of the process, whose errno they share in turn. */
static int *shared_errno;

bool hde_execution_is_errno(uint64_t address)
{
    return address - (uintptr_t)shared_errno < sizeof(*shared_errno);
}

/* Without a sanitizer all is done before the switch: it is a tail call. */
static void switch_to(struct hde_thread *to)
{
    struct hde_thread *from = hde_self;

    hde_sanitizer_switch(to);
    from->saved_errno = *shared_errno;
    *shared_errno = to->saved_errno;
    hde_self = to;
    hde_fiber_switch(&from->fiber, to->fiber);
    hde_sanitizer_switched();
}

void hde_step_enter(void)
{
    shared_errno = &errno;
    hde_sanitizer_switch(&hde_execution.threads[0]);
    hde_self = &hde_execution.threads[0];
    hde_fiber_switch(&host, hde_self->fiber);
    hde_sanitizer_switched();
}

void hde_step_leave(void)
{
    void *nowhere;

    hde_sanitizer_switch(NULL);
    hde_self = NULL;
    hde_fiber_switch(&nowhere, host);
    hde_fatal("an execution that was left went on");
}

void hde_step_prime(struct hde_thread *thread)
{
    hde_set_add(&hde_execution.ready, thread->id);
    hde_execution.is_priming = true;
    switch_to(thread);
    hde_execution.is_priming = false;
}

static void log_choice(const struct hde_choice *choice, uint32_t alternative)
{
    const struct hde_event *event = &choice->pending[choice->thread];
    struct hde_entry *entry = hde_schedule_add(&hde_execution.schedule);

    entry->event = choice->event;
    entry->alternative = alternative;
    entry->pc = event->pc;
    entry->thread = choice->thread;
    entry->choice = (uint8_t)choice->kind;
    entry->event_kind = event->kind;
    entry->unused = 0;
}

/* End here if the strategy has no use for what would come. */
static inline void heed_strategy(void)
{
    const struct hde_strategy *strategy = hde_execution.strategy;

    if (__builtin_expect(strategy->gives_up != NULL, 0) &&
        strategy->gives_up(hde_execution.strategy_state)) {
        hde_execution.end = HDE_END_GIVEN_UP;
        hde_step_leave();
    }
}

uint32_t hde_step_choose(struct hde_choice *choice)
{
    choice->thread = hde_self->id;
    choice->event = hde_self->events;
    choice->pending = hde_execution.pending;
    hde_execution.choices++;

    uint32_t alternative = hde_execution.strategy->choose(hde_execution.strategy_state, choice);

    heed_strategy();
    if (choice->kind == HDE_CHOICE_VALUE ||
        (alternative != choice->normal && choice->kind != HDE_CHOICE_THREAD &&
         choice->kind != HDE_CHOICE_SPIN)) {
        hde_execution.draws++;
    }
    if (alternative != choice->normal) {
        log_choice(choice, alternative);
        if (choice->kind != HDE_CHOICE_THREAD) {
            hde_execution.budgets_left.of[choice->kind]--; /* HDE_UNLIMITED lasts long enough */
        }
    }
    if (__builtin_expect(hde_execution.is_scrubbed, 0)) {
        hde_round_scrub(); /* of what the strategy has left */
    }
    return alternative;
}

/* The member of `set` that comes after `thread`, round and round. Requires that there is one. */
static unsigned next_after(const struct hde_set *set, unsigned thread)
{
    unsigned next = hde_set_next(set, thread + 1);

    return next < HDE_THREADS_MAX ? next : hde_set_first(set);
}

static uint32_t normal_thread(const struct hde_set *open, bool is_yield)
{
    const struct hde_set *ready = &hde_execution.ready;
    unsigned self = hde_self->id;

    if (!is_yield && hde_set_has(ready, self)) {
        return self;
    }
    if (hde_set_is_empty(ready)) {
        return hde_set_first(open);
    }
    return is_yield ? next_after(ready, self) : hde_set_first(ready);
}

/* One of `open', `count' of them, of which those in `timed' would time out. */
static unsigned choose_thread(const struct hde_set *open,
                              const struct hde_set *timed,
                              uint32_t count,
                              bool is_yield)
{
    if (count == 1) {
        return hde_set_first(open);
    }
    struct hde_choice choice = {
        .kind = HDE_CHOICE_THREAD,
        .count = count,
        .threads = open,
        .timed = timed,
        .normal = normal_thread(open, is_yield),
        .is_yield = is_yield,
    };

    return hde_step_choose(&choice);
}

/* Whether each thread that spins has come to where it was before, with the same in hand. */
static bool are_repeating(const struct hde_set *spinning)
{
    bool are_all = true;

    for (unsigned id = hde_set_first(spinning); id < HDE_THREADS_MAX;
         id = hde_set_next(spinning, id + 1)) {
        are_all = are_all && hde_execution.threads[id].is_repeating;
    }
    return are_all;
}

static noreturn void fail_livelock(void)
{
    struct hde_finding finding = {.kind = HD_LIVELOCK};
    const struct hde_set *spinning = &hde_execution.spinning;

    for (unsigned id = hde_set_first(spinning);
         id < HDE_THREADS_MAX && finding.places_count < HDE_PLACES_MAX;
         id = hde_set_next(spinning, id + 1)) {
        finding.places[finding.places_count++] = hde_thread_place(&hde_execution.threads[id]);
    }
    hde_execution_fail(&finding);
}

/* All threads that could step only spin: the next one goes on, round and round. */
static unsigned choose_spinning(struct hde_set *spinning)
{
    unsigned next = next_after(spinning, hde_self->id);

    if (++hde_execution.spin_rounds > HDE_SPIN_ROUNDS_MAX) {
        if (are_repeating(spinning)) {
            fail_livelock();
        }
        hde_execution.spin_rounds = HDE_SPIN_ROUNDS_MAX / 2 + 1;
    }
    hde_set_remove(spinning, next);
    hde_set_add(&hde_execution.ready, next);
    hde_execution.threads[next].reads_count = 0;
    return next;
}

/* No thread will ever step again. */
static noreturn void fail_stuck(void)
{
    for (const struct hde_detector *const *detector = hde_detectors; *detector != NULL;
         detector++) {
        if ((*detector)->stuck != NULL) {
            (*detector)->stuck();
        }
    }
    hde_fatal("no thread can step, and no detector says why");
}

/* Nobody is ready and nobody may time out yet: who steps all the same? */
static unsigned choose_last_resort(void)
{
    uint32_t timed_count = hde_set_count(&hde_execution.timed);

    if (timed_count > 0) {
        return choose_thread(&hde_execution.timed, &hde_execution.timed, timed_count, false);
    }
    if (!hde_set_is_empty(&hde_execution.spinning)) {
        return choose_spinning(&hde_execution.spinning);
    }
    fail_stuck();
}

static void tell_expired(struct hde_thread *thread)
{
    for (unsigned i = 0; hde_watchers.expired[i] != NULL; i++) {
        hde_watchers.expired[i](thread);
    }
}

/* The thread that waits with a deadline steps: its deadline has come. */
static void time_out(struct hde_thread *thread, bool is_early)
{
    if (!is_early && hde_set_is_empty(&hde_execution.spinning)) {
        tell_expired(thread);
    }
    hde_set_remove(&hde_execution.timed, thread->id);
    hde_set_add(&hde_execution.ready, thread->id);
    thread->has_timed_out = true;
    hde_execution.draws++;
    if (hde_execution.now_ns < thread->deadline_ns) {
        hde_execution.now_ns = thread->deadline_ns;
    }
    if (hde_set_has(&hde_execution.sleeping, thread->id)) {
        hde_set_remove(&hde_execution.sleeping, thread->id);
    } else if (is_early) {
        hde_execution.budgets_left.of[HDE_CHOICE_THREAD]--;
    }
}

/*
 * Who has a step now because it is its turn; HDE_NOBODY if the strategy is to choose. Asked once
 * for each step that counts: at plain accesses only a replay would ask.
 */
static unsigned find_owed(void)
{
    struct hde_execution *execution = &hde_execution;
    uint64_t since = execution->steps - execution->owed_since;
    bool has_ready = !hde_set_is_empty(&execution->ready);
    struct hde_set open =
        hde_set_union(&execution->ready, has_ready ? &execution->sleeping : &execution->timed);
    unsigned owed = execution->owed;
    bool can_step = hde_set_has(&open, owed);

    if (since < OWED_EVERY || execution->owed_asked == execution->steps) {
        return HDE_NOBODY;
    }
    execution->owed_asked = execution->steps;
    if (can_step || execution->threads[owed].has_ended || since >= OWED_MAX) {
        execution->owed = (owed + 1) % execution->threads_count;
        execution->owed_since = execution->steps;
    }
    return can_step ? owed : HDE_NOBODY;
}

static unsigned choose_open(const struct hde_set *timed, bool is_yield)
{
    struct hde_set open = hde_set_union(&hde_execution.ready, timed);
    uint32_t count = hde_set_count(&open);

    return count > 0 ? choose_thread(&open, timed, count, is_yield) : choose_last_resort();
}

/* The thread that steps next, made ready. */
__attribute__((noinline)) static unsigned choose_rarely(bool is_yield)
{
    struct hde_execution *execution = &hde_execution;
    const struct hde_set *ready = &execution->ready;
    const struct hde_set *timed = execution->budgets_left.of[HDE_CHOICE_THREAD] > 0
                                      ? &execution->timed
                                      : &execution->sleeping;
    unsigned next = execution->steps > FAIR_FROM ? find_owed() : HDE_NOBODY;

    if (next == HDE_NOBODY) {
        next = choose_open(timed, is_yield);
    }
    if (!hde_set_has(ready, next)) {
        time_out(&execution->threads[next], !hde_set_is_empty(ready));
    }
    return next;
}

/* The same where, as a rule, nobody has a deadline or is owed a step, and somebody is ready. */
static unsigned choose_next(bool is_yield)
{
    struct hde_execution *execution = &hde_execution;
    uint32_t count = hde_set_count_below(&execution->ready, execution->threads_count);

    if (__builtin_expect(execution->has_deadlines || count == 0, 0)) {
        return choose_rarely(is_yield);
    }
    return choose_thread(&execution->ready, &execution->timed, count, is_yield);
}

void hde_step_spin(void)
{
    struct hde_execution *execution = &hde_execution;
    uint64_t until = execution->steps + SPIN_PATIENCE;

    hde_set_remove(&execution->ready, hde_self->id);
    hde_set_add(&execution->spinning, hde_self->id);
    execution->has_spun = true;
    if (execution->steps_alarm > until) {
        execution->steps_alarm = until;
    }
}

uint64_t hde_step_last_alarm(void)
{
    uint64_t steps_max = hde_execution.settings->steps_max;

    return hde_execution.steps <= FAIR_FROM && FAIR_FROM < steps_max ? FAIR_FROM : steps_max;
}

/*
 * The alarm has come. Those that spin go on if others made progress all the while: these may do so
 * for ever. If nobody did, they take turns anyway.
 */
__attribute__((noinline, cold)) static void heed_alarm(void)
{
    static const struct hde_set nobody;
    struct hde_execution *execution = &hde_execution;

    if (execution->steps > execution->settings->steps_max) {
        execution->end = HDE_END_STEPS;
        hde_step_leave();
    }
    execution->has_deadlines = execution->has_deadlines || execution->steps > FAIR_FROM;
    execution->steps_alarm = hde_step_last_alarm();
    if (execution->spin_rounds == 0) {
        execution->ready = hde_set_union(&execution->ready, &execution->spinning);
        execution->spinning = nobody;
    }
}

void hde_step_next(bool is_yield)
{
    struct hde_execution *execution = &hde_execution;

    if (__builtin_expect(execution->is_priming, 0)) {
        switch_to(&execution->threads[0]);
        return;
    }
    if (__builtin_expect(++execution->steps > execution->steps_alarm, 0)) {
        heed_alarm();
    }
    struct hde_thread *thread = &execution->threads[choose_next(is_yield)];

    if (thread != hde_self) {
        switch_to(thread);
    }
}

void hde_step(const struct hde_event *event)
{
    bool is_yield = event->kind == HDE_EVENT_YIELD;

    hde_step_announce(event);
    hde_step_always(is_yield);
}

void (*hde_thread_resumed)(void);

void hde_step_observe(bool is_visible)
{
    const struct hde_execution *execution = &hde_execution;
    const struct hde_event *event = &execution->pending[hde_self->id];

    if (hde_thread_resumed != NULL) {
        hde_thread_resumed();
    }
    if (execution->is_scrubbed) {
        hde_round_step();
    }
    if (execution->settings->observe != NULL) {
        execution->settings->observe(hde_self, event);
    }
    if (is_visible && execution->settings->observe_steps != NULL) {
        execution->settings->observe_steps(hde_self, event);
    }
    if (is_visible && execution->strategy->observe != NULL) {
        execution->strategy->observe(execution->strategy_state, hde_self->id, event);
        heed_strategy();
    }
    if (execution->is_scrubbed) {
        hde_round_scrub();
    }
}

void hde_time_passed(void)
{
    const struct hde_event event = {.kind = HDE_EVENT_SLEEP};
    const struct hde_execution *execution = &hde_execution;

    if (execution->strategy->observe != NULL) {
        execution->strategy->observe(execution->strategy_state, hde_self->id, &event);
    }
}

static uint32_t choose_number(enum hde_choice_kind kind, uint32_t count)
{
    static const struct hde_set nobody;
    struct hde_choice choice = {.kind = kind, .count = count, .threads = &nobody, .timed = &nobody};

    return hde_execution.budgets_left.of[kind] == 0 ? 0 : hde_step_choose(&choice);
}

uint32_t hde_choose_value(const struct hde_event *event, uint32_t count)
{
    hde_step(event);
    if (count < 2) {
        return 0;
    }
    hde_self->events++;
    return choose_number(HDE_CHOICE_VALUE, count);
}

/* Its event number is used up whether or not it is asked, and so does not depend on the budget. */
bool hde_choose_fault(enum hde_choice_kind kind)
{
    hde_self->events++;
    return choose_number(kind, 2) != 0;
}
