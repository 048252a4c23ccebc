/*
 * Hooks for the end of the process: exit, abort, failed assertions, and crashes.
 *
 * In an execution each of them ends the execution instead. Functions registered with atexit() do
 * not run then: they belong to the process.
 *
 * A crash arrives as a signal, whose handler never returns: it leaves for whoever runs executions,
 * on that one's own stack. Therefore no signal is masked while it runs, and it has a stack of its
 * own, since a full one is among what it is there for. A fault in the guard below the thread's own
 * stack is an overflow of it.
 *
 * Modelled   exit _exit _Exit quick_exit abort __assert_fail __assert_perror_fail __stack_chk_fail:
 *            ends the execution.
 * Modelled   raise: a signal of a crash ends the execution.
 *
 * SPDX-License-Identifier: MIT
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#include <heddle/check.h>

#include "engine/code.h"
#include "engine/context.h"
#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/fault.h"
#include "engine/fiber.h"
#include "engine/hooks/libc_call.h"
#include "engine/hooks/real.h"
#include "engine/pages.h"
#include "engine/process.h"
#include "engine/symbol.h"

#define HANDLER_STACK_SIZE ((size_t)1024 * 1024) /* the watchdog looks up symbols on it */

noreturn void
__assert_fail(const char *condition, const char *file, unsigned line, const char *function);
noreturn void
__assert_perror_fail(int error, const char *file, unsigned line, const char *function);

noreturn void __stack_chk_fail(void);

/* The finding that the running thread fails at `pc`. */
static struct hde_finding finding_at(enum hd_verdict kind, uint32_t pc, uint64_t address)
{
    return (struct hde_finding){
        .kind = kind,
        .places_count = 1,
        .places[0] = {.address = address,
                      .pc = pc,
                      .context = hde_self->context,
                      .event = hde_self->events,
                      .thread = hde_self->id},
    };
}

/* ---- Failures -------------------------------------------------------------------------------- */

/* Its place says where. */
static noreturn void fail_condition(const char *what, const char *condition, uint32_t pc)
{
    struct hde_finding finding = finding_at(HD_FAILURE, pc, 0);

    (void)snprintf(finding.text, sizeof(finding.text), "%s `%s' failed", what, condition);
    hde_execution_fail(&finding);
}

void hd_expect_failed(const char *condition, const char *file, int line)
{
    if (hde_self != NULL) {
        fail_condition("expectation", condition, HDE_CALLER());
    }
    (void)fprintf(stderr, "%s:%d: expectation `%s' failed\n", file, line, condition);
    abort();
}

void __assert_fail(const char *condition, const char *file, unsigned line, const char *function)
{
    if (hde_self != NULL) {
        fail_condition("assertion", condition, HDE_CALLER());
    }
    (void)fprintf(stderr, "%s:%u: %s: assertion `%s' failed\n", file, line, function, condition);
    abort();
}

void __assert_perror_fail(int error, const char *file, unsigned line, const char *function)
{
    const char *text = strerrordesc_np(error);

    if (hde_self != NULL) {
        fail_condition("assertion of no error, but", text, HDE_CALLER());
    }
    (void)fprintf(stderr, "%s:%u: %s: unexpected error: %s\n", file, line, function, text);
    abort();
}

/* What ends the process without a word of the program's. */
static noreturn void fail_or(hde_function *real, const char *name, const char *text, uint32_t pc)
{
    if (hde_self != NULL) {
        struct hde_finding finding = finding_at(HD_FAILURE, pc, 0);

        (void)snprintf(finding.text, sizeof(finding.text), "%s", text);
        hde_execution_fail(&finding);
    }
    hde_real_find(real, name)();
    hde_fatal("a function that ends the process returned");
}

void abort(void)
{
    static hde_function real;

    fail_or(&real, "abort", "abort() was called", HDE_CALLER());
}

void __stack_chk_fail(void)
{
    static hde_function real;

    fail_or(&real, "__stack_chk_fail", "the stack was overwritten", HDE_CALLER());
}

void hde_libc_call_overflows(uint32_t pc)
{
    static hde_function real;

    fail_or(&real, "__chk_fail", "more is written than there is room for", pc);
}

/* ---- The end --------------------------------------------------------------------------------- */

/* Who ends with a status other than 0 says that something failed. */
static noreturn void end(hde_function *found, const char *name, int status, uint32_t pc)
{
    if (hde_self != NULL && status != 0) {
        struct hde_finding finding = finding_at(HD_FAILURE, pc, 0);

        (void)snprintf(finding.text, sizeof(finding.text), "%s(%d) was called", name, status);
        hde_execution_fail(&finding);
    }
    if (hde_self != NULL) {
        hde_execution_exit(status);
    }
    ((void (*)(int))hde_real_find(found, name))(status);
    hde_fatal("a function that ends the process returned");
}

void exit(int status)
{
    static hde_function real;

    end(&real, "exit", status, HDE_CALLER());
}

void quick_exit(int status)
{
    static hde_function real;

    end(&real, "quick_exit", status, HDE_CALLER());
}

void _exit(int status)
{
    static hde_function real;

    end(&real, "_exit", status, HDE_CALLER());
}

void _Exit(int status)
{
    static hde_function real;

    end(&real, "_Exit", status, HDE_CALLER());
}

/* ---- Crashes --------------------------------------------------------------------------------- */

static const struct {
    int number;
    enum hd_verdict kind;
    const char *text;
} crashes[] = {
    {SIGSEGV, HD_CRASH, "access to memory that is not there, or not to be accessed so"},
    {SIGBUS, HD_CRASH, "access to memory that is not there: bus error"},
    {SIGFPE, HD_CRASH, "arithmetic that has no result: a division by zero or an overflow"},
    {SIGILL, HD_CRASH, "illegal instruction"},
    {SIGABRT, HD_FAILURE, "aborted"},
};

#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))

static struct sigaction previous[CRASHES];

struct hde_libc_call hde_libc_calls[HDE_THREADS_MAX];

/* The place becomes the call of the function that the thread is in. */
static void leave_function(struct hde_place *place)
{
    if (place->context != 0) {
        place->pc = hde_contexts[place->context].call_pc;
        place->context = hde_contexts[place->context].parent;
    }
}

/*
 * Code that reports do not name: of libc, or in its place of the engine or a sanitizer's runtime,
 * of which no lines are known.
 */
static bool is_unnamed(uint32_t pc)
{
    struct hde_source source = hde_symbol_source(pc);

    return (pc & HDE_CODE_FAR) != 0 || source.origin == HDE_ORIGIN_ENGINE || source.line == 0;
}

struct walk {
    bool is_below_fault; /* the function that crashed has been passed */
    uint32_t pc;         /* where the program called what crashed; 0 if not known */
};

static _Unwind_Reason_Code walk_up(struct _Unwind_Context *context, void *state)
{
    struct walk *walk = state;
    int is_fault = 0; /* what was interrupted, and did not call */
    uintptr_t pc = _Unwind_GetIPInfo(context, &is_fault);

    if (walk->is_below_fault) {
        walk->pc = hde_code_pack((const char *)pc);
    }
    walk->is_below_fault = walk->is_below_fault || is_fault != 0;
    return walk->pc == 0 || is_unnamed(walk->pc) ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

/*
 * Where the program called what crashed at `pc`; 0 if it crashed itself. In libc, it is the call
 * that was seen, else what the stack says.
 */
static uint32_t call_of_crashed(uint32_t pc)
{
    struct hde_thread *self = hde_self;
    const struct hde_libc_call *call = &hde_libc_calls[self->id];
    struct walk walk = {.pc = 0};

    if ((pc & HDE_CODE_FAR) != 0 && call->pc != 0 && call->events == self->events) {
        return call->pc;
    }
    hde_self = NULL; /* what is called here is hooked */
    if (is_unnamed(pc)) {
        (void)_Unwind_Backtrace(walk_up, &walk);
        walk.pc = is_unnamed(walk.pc) ? 0 : walk.pc;
    }
    hde_self = self;
    return walk.pc;
}

/*
 * Places are return addresses, the byte behind a call; so is a fault's, behind its instruction. If
 * there is no code at all where the thread went on, it is the call that led there.
 */
static uint32_t pc_of_crash(const siginfo_t *info, const void *context)
{
    uintptr_t fault = hde_fault_pc(context);
    bool is_jump = info->si_signo == SIGSEGV && fault == (uintptr_t)info->si_addr;
    uint32_t pc =
        hde_code_pack((const char *)(is_jump ? hde_fault_return_address(context) : fault + 1));
    uint32_t call = call_of_crashed(pc);

    return call != 0 ? call : pc;
}

static noreturn void fail_crash(size_t crash, const siginfo_t *info, const void *context)
{
    bool is_fault = info->si_code > 0 && crashes[crash].number != SIGABRT;
    uint64_t address = is_fault ? (uint64_t)info->si_addr : 0;
    struct hde_finding finding = finding_at(crashes[crash].kind, 0, address);

    if (is_fault && hde_fiber_guard_owner(address) == hde_self->id) {
        /* Not where it was found: that may be in any function that the one that is too deep
         * calls. */
        leave_function(&finding.places[0]);
        finding.kind = HD_STACK_OVERFLOW;
        (void)snprintf(finding.text, sizeof(finding.text), "the stack of thread %u overflowed",
                       hde_self->id);
    } else {
        finding.places[0].pc = pc_of_crash(info, context);
        (void)snprintf(finding.text, sizeof(finding.text), "%s", crashes[crash].text);
    }
    hde_execution_fail(&finding);
}

static size_t crash_of(int number)
{
    size_t crash = 0;

    while (crashes[crash].number != number) {
        crash++;
    }
    return crash;
}

/* So that the place is known, should the signal be one of those. */
int raise(int number)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
    }
    return HDE_REAL(raise)(number);
}

int hde_process_handle(int number, const struct sigaction *action, struct sigaction *before)
{
    return HDE_REAL(sigaction)(number, action, before);
}

static void handle(int number, siginfo_t *info, void *context)
{
    size_t crash = crash_of(number);

    if (hde_self != NULL) {
        fail_crash(crash, info, context);
    }
    (void)hde_process_handle(number, &previous[crash], NULL);
    /* A fault happens again as soon as the handler returns; what was sent has to be sent again. */
    if (info->si_code <= 0) {
        (void)raise(number);
    }
}

void hde_process_install_handlers(void)
{
    stack_t stack = {
        .ss_sp = hde_pages_reserve(HANDLER_STACK_SIZE, "the stack of signal handlers"),
        .ss_size = HANDLER_STACK_SIZE,
    };
    struct sigaction action = {
        .sa_sigaction = handle,
        .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
    };

    if (sigaltstack(&stack, NULL) != 0) {
        hde_fatal_errno("cannot give signal handlers a stack of their own");
    }
    for (size_t crash = 0; crash < CRASHES; crash++) {
        if (hde_process_handle(crashes[crash].number, &action, &previous[crash]) != 0) {
            hde_fatal_errno("cannot handle crash signals");
        }
    }
}

/* ---- Choices that the program asks for ------------------------------------------------------- */

uint32_t hd_choose(uint32_t count)
{
    const struct hde_event event = {.kind = HDE_EVENT_CHOOSE, .pc = HDE_CALLER()};

    if (hde_self == NULL || count == 0) {
        return 0;
    }
    return hde_choose_value(&event, count);
}
