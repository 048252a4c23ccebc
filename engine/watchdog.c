/*
 * Watchdog: a timer whose signal compares the execution's progress with what it was before.
 *
 * The signal goes to the thread that runs executions, so its handler sees an execution that stands
 * still. It has the stack of its own that crashes have. Naming source lines takes malloc() and
 * libdw, which what is stuck may have left locked: the first line is written without them, and a
 * second signal ends the process should the rest hang.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/watchdog.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "engine/backtrace.h"
#include "engine/code.h"
#include "engine/execution.h"
#include "engine/explore.h"
#include "engine/fatal.h"
#include "engine/pages.h"
#include "engine/process.h"
#include "engine/warning.h"

#define TICKS_PER_S 10U
#define TICK_NS (1000000000L / (long)TICKS_PER_S)
#define DUMP_LIMIT_S 5
#define DUMP_STACK_SIZE ((size_t)4 * 1024 * 1024)

/* How far an execution has come; equal only if nothing happened in between. */
struct progress {
    const struct hde_thread *thread;
    uint64_t steps;
    uint32_t generation;
    uint32_t events;
};

static timer_t timer;
static unsigned ticks_max;
static const char *reproduce_command; /* may be NULL */

/* Owned by the handler. */
static struct progress last;
static unsigned ticks_without_step;
static bool is_dumping;
static void *dump_stack;
static const struct hde_thread *stuck_thread;
static uint32_t stuck_pc; /* where it is, packed */

static struct progress take_progress(void)
{
    return (struct progress){
        .thread = hde_self,
        .steps = hde_execution.steps,
        .generation = hde_execution.generation,
        .events = hde_self == NULL ? 0 : hde_self->events,
    };
}

static bool is_same(const struct progress *a, const struct progress *b)
{
    return a->thread == b->thread && a->steps == b->steps && a->generation == b->generation &&
           a->events == b->events;
}

/* ---- The dump -------------------------------------------------------------------------------- */

static void print_stack(uint32_t context, uint32_t pc)
{
    static struct hde_backtrace backtrace;

    hde_backtrace_take(&backtrace, context, pc);
    for (unsigned i = 0; i < backtrace.count; i++) {
        const struct hde_source *frame = &backtrace.frames[i];

        (void)fprintf(stderr, "    #%u %s %s:%d\n", i, frame->function, frame->file, frame->line);
    }
}

static void print_wait(const struct hde_thread *thread)
{
    const struct hde_object *object = thread->waits_for;

    if (object == NULL) {
        return;
    }
    (void)fprintf(stderr, ", waits for a %s", hde_object_kind_name(object->kind));
    if (object->owner != HDE_NOBODY) {
        (void)fprintf(stderr, " that thread %u holds", object->owner);
    }
}

static void
print_thread(const struct hde_thread *thread, const struct hde_thread *running, uint32_t pc)
{
    const struct hde_event *event = &hde_execution.pending[thread->id];

    (void)fprintf(stderr, "  thread %u", thread->id);
    if (thread->has_ended) {
        (void)fputs(" has ended\n", stderr);
    } else if (thread == running) {
        (void)fputs(" runs and announces nothing any more:\n", stderr);
        print_stack(thread->context, pc);
    } else {
        (void)fprintf(stderr, ": next %s", hde_event_name(event->kind));
        print_wait(thread);
        (void)fputs(":\n", stderr);
        print_stack(thread->context, event->pc);
    }
}

static void write_line(const char *text)
{
    /* Nothing can be done about what cannot be written. */
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

    (void)ignored;
}

static noreturn void leave(void)
{
    (void)syscall(SYS_exit_group, HDE_WATCHDOG_EXIT);
    __builtin_trap();
}

static void dump(void)
{
    char warning[HDE_WARNING_MAX];

    write_line("heddle: an execution is stuck: no step any more; its threads:\n");
    for (uint32_t id = 0; id < hde_execution.threads_count; id++) {
        print_thread(&hde_execution.threads[id], stuck_thread, stuck_pc);
    }
    while (hde_warning_next(warning)) {
        hde_warning_print(warning);
    }
    (void)fputs("It computes for ever, or waits in a call that is not modelled.\n", stderr);
    if (reproduce_command != NULL) {
        (void)fprintf(stderr, "reproduce: %s\n", reproduce_command);
    }
    leave();
}

/* Go over to the stack on which dump() runs. */
static noreturn void begin_dump(const void *context)
{
    static ucontext_t dumping;
    const struct itimerspec limit = {.it_value = {.tv_sec = DUMP_LIMIT_S}};

    is_dumping = true;
    stuck_thread = hde_self;
    stuck_pc = hde_code_pack((const char *)hde_fault_pc(context) + 1);
    hde_self = NULL;
    (void)timer_settime(timer, 0, &limit, NULL);
    if (getcontext(&dumping) == 0) {
        dumping.uc_stack.ss_sp = dump_stack;
        dumping.uc_stack.ss_size = DUMP_STACK_SIZE;
        makecontext(&dumping, dump, 0);
        (void)setcontext(&dumping);
    }
    leave();
}

/* ---- The timer ------------------------------------------------------------------------------- */

static void handle(int number, siginfo_t *info, void *context)
{
    int saved_errno = errno;
    struct progress now = take_progress();

    (void)number;
    (void)info;
    if (is_dumping) {
        leave();
    }
    hde_explore_ticks = 1;
    if (now.thread == NULL || !is_same(&now, &last)) {
        ticks_without_step = 0;
    } else if (++ticks_without_step >= ticks_max) {
        begin_dump(context);
    }
    last = now;
    errno = saved_errno;
}

void hde_watchdog_start(unsigned limit_s, const char *reproduce)
{
    int number = SIGRTMIN + 5; /* the last ones some emulators keep for themselves */
    struct sigaction action = {
        .sa_sigaction = handle,
        .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER,
    };
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number};
    const struct timespec tick = {.tv_nsec = TICK_NS};
    const struct itimerspec times = {.it_interval = tick, .it_value = tick};

    if (dump_stack == NULL) {
        dump_stack = hde_pages_reserve(DUMP_STACK_SIZE, "the watchdog's stack");
    }
    event._sigev_un._tid = gettid();
    ticks_max = limit_s * TICKS_PER_S;
    ticks_without_step = 0;
    reproduce_command = reproduce != NULL ? reproduce : reproduce_command;
    if (sigemptyset(&action.sa_mask) != 0 || hde_process_handle(number, &action, NULL) != 0 ||
        timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
        timer_settime(timer, 0, &times, NULL) != 0) {
        hde_fatal_errno("no timer for the watchdog");
    }
}

void hde_watchdog_set_reproduce(const char *reproduce) { reproduce_command = reproduce; }

void hde_watchdog_stop(void) { (void)timer_delete(timer); }
