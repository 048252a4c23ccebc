/*
 * AddressSanitizer: stacks, globals, and memory that libraries read and write.
 *
 * Code under test is compiled for both sanitizers at once, -fsanitize=address by the driver and
 * -fsanitize=thread by clang's frontend (docs/decisions/0008-two-sanitizers-at-once.md): each
 * access is a call of the engine, then AddressSanitizer's own check, then the access. So the events
 * are those of flavour explore, and the check is made when it is the thread's turn.
 *
 * The heap is not AddressSanitizer's: its allocator would make addresses depend on the
 * interleaving. Blocks come from the arena, and poison.h, which is asked first, knows them better.
 * What hooks access on behalf of the program, atomics among it, is checked here.
 *
 * Reports come back in process. Instrumented code calls __asan_report_* with the linker's --wrap
 * here, so that the execution ends as soon as the runtime has said what it has to. What is found
 * elsewhere, in an interceptor of the runtime's, is noted, and becomes a finding at the end.
 *
 * Frames that an execution has abandoned leave red zones on their stacks: they are cleaned when it
 * has ended, as far down as each thread was.
 *
 * Source: Serebryany and others, AddressSanitizer, USENIX ATC 2012; the runtime's interface is that
 *         of sanitizer/asan_interface.h and common_interface_defs.h, clang 14 to 19.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/sanitizers/address.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/fiber.h"
#include "engine/sanitizer.h"

#define WORDS_SIZE 8192U
#define NAME_SIZE 128U

/* The runtime's interface. */
void __real___asan_handle_no_return(void);
void __asan_report_error(uintptr_t pc,
                         uintptr_t frame,
                         uintptr_t stack,
                         uintptr_t address,
                         int writes,
                         size_t size,
                         uint32_t experiment);
void __asan_set_error_report_callback(void (*callback)(const char *));
void *__asan_get_report_pc(void);
void *__asan_get_report_address(void);
int __asan_get_report_access_type(void);
size_t __asan_get_report_access_size(void);
const char *__asan_get_report_description(void);
const char *__asan_locate_address(
    void *address, char *name, size_t name_size, void **region, size_t *region_size);
void *__asan_region_is_poisoned(void *begin, size_t size);
void __asan_unpoison_memory_region(const volatile void *address, size_t size);
void __sanitizer_start_switch_fiber(void **fake_stack, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *fake_stack, const void **bottom, size_t *size);
void __sanitizer_set_death_callback(void (*callback)(void));
void __sanitizer_set_report_fd(void *file);

/* What instrumented code calls. */
void __wrap___asan_handle_no_return(void);
void __wrap___asan_report_load1_noabort(uintptr_t address);
void __wrap___asan_report_load2_noabort(uintptr_t address);
void __wrap___asan_report_load4_noabort(uintptr_t address);
void __wrap___asan_report_load8_noabort(uintptr_t address);
void __wrap___asan_report_load16_noabort(uintptr_t address);
void __wrap___asan_report_load_n_noabort(uintptr_t address, size_t size);
void __wrap___asan_report_store1_noabort(uintptr_t address);
void __wrap___asan_report_store2_noabort(uintptr_t address);
void __wrap___asan_report_store4_noabort(uintptr_t address);
void __wrap___asan_report_store8_noabort(uintptr_t address);
void __wrap___asan_report_store16_noabort(uintptr_t address);
void __wrap___asan_report_store_n_noabort(uintptr_t address, size_t size);

const char *const hde_sanitizer_name = "AddressSanitizer";
const char *const hde_sanitizer_flavour = "asan";

/* ---- What was reported in this execution ----------------------------------------------------- */

static struct hde_finding noted; /* kind HD_CLEAN: nothing */
static char words[WORDS_SIZE];
static struct hde_thread *entered; /* who called the runtime; NULL: nobody */

const char *hde_sanitizer_text(void) { return words; }

struct hde_thread *hde_address_enter(void)
{
    entered = hde_self;
    hde_self = NULL;
    return entered;
}

void hde_address_leave(struct hde_thread *thread)
{
    entered = NULL;
    hde_self = thread;
}

static const struct hde_thread *culprit(void) { return entered != NULL ? entered : hde_self; }

struct hde_place hde_address_place(uint32_t pc)
{
    const struct hde_thread *thread = culprit();

    return (struct hde_place){
        .pc = pc,
        .context = thread == NULL ? 0 : thread->context,
        .event = thread == NULL ? 0 : thread->events,
        .thread = thread == NULL ? 0 : thread->id,
        .size = 1,
    };
}

void hde_address_note(enum hd_verdict kind,
                      const struct hde_place *place,
                      const char *text,
                      const char *said)
{
    if (culprit() == NULL) {
        (void)fputs(said, stderr);
        return;
    }
    if (noted.kind != HD_CLEAN) {
        return;
    }
    noted = (struct hde_finding){
        .kind = kind,
        .seen_by = HDE_SEEN_BY_SANITIZER,
        .places_count = 1,
        .places[0] = *place,
    };
    (void)snprintf(noted.text, sizeof(noted.text), "%s", text);
    (void)snprintf(words, sizeof(words), "%s", said);
}

static bool is_ignored(void) { return (hde_execution.settings->ignored >> noted.kind & 1U) != 0; }

void hde_address_end_if_noted(void)
{
    if (hde_self != NULL && noted.kind != HD_CLEAN && !is_ignored()) {
        hde_execution_fail(&noted);
    }
}

/* ---- Reports --------------------------------------------------------------------------------- */

static const struct {
    const char *description;
    enum hd_verdict kind;
    const char *where; /* where the access is, before the variable's name and behind it */
    const char *what;
} errors[] = {
    {"stack-buffer-overflow", HD_OUT_OF_BOUNDS, "beside", "a local variable"},
    {"stack-buffer-underflow", HD_OUT_OF_BOUNDS, "beside", "a local variable"},
    {"dynamic-stack-buffer-overflow", HD_OUT_OF_BOUNDS, "beside", "an array on the stack"},
    {"global-buffer-overflow", HD_OUT_OF_BOUNDS, "beside", "a global variable"},
    {"stack-use-after-scope", HD_USE_AFTER_FREE, "of", "a local variable that has gone"},
    {"stack-use-after-return", HD_USE_AFTER_FREE, "of", "a local variable that has gone"},
    {NULL, HD_OUT_OF_BOUNDS, "of", "memory that is not to be touched"},
};

static size_t error_of(const char *description)
{
    size_t error = 0;

    while (errors[error].description != NULL &&
           strcmp(errors[error].description, description) != 0) {
        error++;
    }
    return error;
}

/* Without the process's number before it, and the picture of the shadow memory behind it. */
static void cut(const char *said, char kept[WORDS_SIZE])
{
    const char *begin = strstr(said, "ERROR: ");
    const char *end = strstr(said, "\nSUMMARY: ");
    bool is_known = begin != NULL && end != NULL && begin < end;

    (void)snprintf(kept, WORDS_SIZE, "%.*s", is_known ? (int)(end + 1 - begin) : INT_MAX,
                   is_known ? begin : said);
}

/* Called by the runtime, with its locks held: what follows, follows when it has returned. */
static void take_report(const char *said)
{
    const char *description = __asan_get_report_description();
    size_t error = error_of(description);
    size_t size = __asan_get_report_access_size();
    struct hde_place place = hde_address_place(hde_code_pack(__asan_get_report_pc()));
    char name[NAME_SIZE] = "";
    char kept[WORDS_SIZE];
    char text[HDE_TEXT_MAX];
    void *region;
    size_t region_size;

    (void)__asan_locate_address(__asan_get_report_address(), name, sizeof(name), &region,
                                &region_size);
    place.address = (uintptr_t)__asan_get_report_address();
    place.event_kind = __asan_get_report_access_type() != 0 ? HDE_EVENT_WRITE : HDE_EVENT_READ;
    place.size = size < UINT8_MAX ? (uint8_t)size : UINT8_MAX;
    (void)snprintf(text, sizeof(text), "%s %s%s%s%s (%s)", errors[error].where,
                   name[0] == '\0' ? "" : "`", name, name[0] == '\0' ? "" : "', ",
                   errors[error].what, description);
    cut(said, kept);
    hde_address_note(errors[error].kind, &place, text, kept);
}

__attribute__((noinline)) static void
report(uintptr_t address, size_t size, bool writes, const void *caller, const void *frame)
{
    struct hde_thread *self = hde_address_enter();

    __asan_report_error((uintptr_t)caller, (uintptr_t)frame, (uintptr_t)frame, address, writes,
                        size, 0);
    hde_address_leave(self);
    hde_address_end_if_noted();
}

void hde_sanitizer_access(uint64_t address, uint64_t size, bool writes, const void *caller)
{
    void *poisoned = __asan_region_is_poisoned((void *)address, size);

    if (__builtin_expect(poisoned != NULL, 0)) {
        report((uintptr_t)poisoned, size, writes, caller, __builtin_frame_address(0));
    }
}

void hde_sanitizer_atomic(
    const volatile void *object, uint8_t size, uint8_t kind, int order, uint32_t pc)
{
    (void)order;
    hde_sanitizer_access((uint64_t)(uintptr_t)object, size, kind != HDE_EVENT_ATOMIC_LOAD,
                         (const void *)hde_code_unpack(pc));
}

void __wrap___asan_report_load1_noabort(uintptr_t address)
{
    report(address, 1, false, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_load2_noabort(uintptr_t address)
{
    report(address, 2, false, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_load4_noabort(uintptr_t address)
{
    report(address, 4, false, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_load8_noabort(uintptr_t address)
{
    report(address, 8, false, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_load16_noabort(uintptr_t address)
{
    report(address, 16, false, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_load_n_noabort(uintptr_t address, size_t size)
{
    report(address, size, false, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_store1_noabort(uintptr_t address)
{
    report(address, 1, true, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_store2_noabort(uintptr_t address)
{
    report(address, 2, true, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_store4_noabort(uintptr_t address)
{
    report(address, 4, true, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_store8_noabort(uintptr_t address)
{
    report(address, 8, true, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_store16_noabort(uintptr_t address)
{
    report(address, 16, true, __builtin_return_address(0), __builtin_frame_address(0));
}

void __wrap___asan_report_store_n_noabort(uintptr_t address, size_t size)
{
    report(address, size, true, __builtin_return_address(0), __builtin_frame_address(0));
}

/* ---- Where reports are written --------------------------------------------------------------- */

static int nowhere; /* what the runtimes print is not to be seen: the words are kept */

/* Each process says so for itself: else the runtime would open a file after a fork. */
static void silence(void) { __sanitizer_set_report_fd((void *)(intptr_t)nowhere); }

/* The user wants it to stop at a report (halt_on_error): then that is all there will be. */
static void print_last_words(void)
{
    if (write(STDERR_FILENO, words, strlen(words)) < 0) {
        return; /* nobody can be told */
    }
}

void hde_sanitizer_start(void)
{
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0 || pthread_atfork(NULL, NULL, silence) != 0) {
        hde_fatal_errno("cannot keep the sanitizer from printing");
    }
    silence();
    __asan_set_error_report_callback(take_report);
    __sanitizer_set_death_callback(print_last_words);
}

/* ---- Stacks ---------------------------------------------------------------------------------- */

static const void *host_bottom; /* of the stack of whoever runs executions */
static size_t host_size;
static void *host_frames; /* those that AddressSanitizer keeps elsewhere; NULL: none */

static uintptr_t reached[HDE_THREADS_MAX]; /* where each thread of the execution stopped */

/* Frames that were abandoned have left their red zones there. */
static void clean_stack(unsigned thread)
{
    uintptr_t top = hde_fiber_stack_top(thread);

    /* Who crashed was left on the stack of signal handlers: nobody knows how deep it was. */
    if (top - reached[thread] > HDE_STACK_SIZE) {
        reached[thread] = top - HDE_STACK_SIZE;
    }
    __asan_unpoison_memory_region((const void *)reached[thread], top - reached[thread]);
}

/*
 * Both halves of the announcement at once: no instrumented code runs between it and the switch. The
 * runtime asks pthread_getspecific() for its own thread, which in an execution is hooked.
 */
static void move_to(void **frames_left,
                    void *frames,
                    const void *bottom,
                    size_t size,
                    const void **bottom_left,
                    size_t *size_left)
{
    struct hde_thread *self = hde_self;

    hde_self = NULL;
    __sanitizer_start_switch_fiber(frames_left, bottom, size);
    __sanitizer_finish_switch_fiber(frames, bottom_left, size_left);
    hde_self = self;
}

static void move_to_thread(const struct hde_thread *to)
{
    const void *bottom = (const void *)(hde_fiber_stack_top(to->id) - HDE_STACK_SIZE);
    const void *bottom_left;
    size_t size_left;

    if (hde_self == NULL) {
        move_to(&host_frames, NULL, bottom, HDE_STACK_SIZE, &host_bottom, &host_size);
    } else {
        move_to(NULL, NULL, bottom, HDE_STACK_SIZE, &bottom_left, &size_left);
    }
}

void hde_sanitizer_switch(const struct hde_thread *to)
{
    const void *bottom_left;
    size_t size_left;

    if (hde_self != NULL) {
        reached[hde_self->id] = (uintptr_t)__builtin_frame_address(0);
    }
    if (to != NULL) {
        move_to_thread(to);
    } else {
        move_to(NULL, host_frames, host_bottom, host_size, &bottom_left, &size_left);
    }
}

/* Before a function that does not return: it cleans the stack. */
void __wrap___asan_handle_no_return(void)
{
    struct hde_thread *self = hde_address_enter();

    __real___asan_handle_no_return();
    hde_address_leave(self);
}

/* ---- Executions ------------------------------------------------------------------------------ */

void hde_sanitizer_begin(void)
{
    noted.kind = HD_CLEAN;
    words[0] = '\0';
}

/* What crashed is told of as a crash: the words say why. */
static bool has_crashed(const struct hde_execution *execution)
{
    uint32_t count = execution->findings_count;

    return execution->end == HDE_END_FAILED && count > 0 &&
           execution->findings[count - 1].kind == HD_CRASH;
}

void hde_sanitizer_end(void)
{
    if (noted.kind != HD_CLEAN && !has_crashed(&hde_execution)) {
        hde_execution_find(&noted);
    }
    for (uint32_t thread = 0; thread < hde_execution.threads_count; thread++) {
        clean_stack(thread);
    }
}
