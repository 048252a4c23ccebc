/*
 * ThreadSanitizer's reports: each becomes a finding of the execution that runs.
 *
 * The runtime calls at the access itself, with its locks held: the finding is noted there, from
 * what the runtime says in pieces, and nothing of its is called but that. Where an atomic is, the
 * innermost frame is of the engine, which carried it out. The runtime's text is kept only of
 * executions that are looked at step by step, as replays for a report are; it names addresses, and
 * we know what is there.
 *
 * Source: compiler-rt, tsan_interface.h and tsan_debugging.cpp.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/sanitizers/thread_report.h"

#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/tsan_interface.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/context.h"
#include "engine/execution.h"
#include "engine/fatal.h"
#include "engine/sanitizer.h"
#include "engine/sanitizers/thread_calls.h"
#include "engine/symbol.h"

#define FRAMES_MAX 64U
#define RACED_MAX 64U
#define LINE_SIZE 512U
#define NAME_FIRST "thread "

const char *hde_thread_default_options(void) __asm__("__tsan_default_options");

/*
 * __tsan::OnReport(), which programs may define: of each report, before it is written. Returns
 * whether it is to be dropped, as if it had never been.
 */
bool hde_thread_report_take(void *report,
                            bool is_suppressed) __asm__("_ZN6__tsan8OnReportEPKNS_10ReportDescEb");

/* __tsan::PrintReport(): nine tenths of the time that a report takes. */
void hde_thread_report_write(const void *report) __asm__(
    "_ZN6__tsan11PrintReportEPKNS_10ReportDescE");

/*
 * Of every program that has the engine in it; the user's TSAN_OPTIONS come after them. Reports are
 * findings, so none is left out because it was made before, and the process does not fail for them.
 * Deadlocks are the engine's business. Of the past only one execution matters.
 */
const char *hde_thread_default_options(void)
{
    return "symbolize=0:suppress_equal_stacks=0:suppress_equal_addresses=0:"
           "atexit_sleep_ms=0:detect_deadlocks=0:report_thread_leaks=0:"
           "report_signal_unsafe=0:history_size=0:stack_trace_format='    #%n %p'";
}

/* ---- The runtime's own text ------------------------------------------------------------------ */

/* Where it is written of executions that are looked at step by step: memory. */
static int text = -1;
static uint32_t text_generation; /* the execution that it is of */

static void write_to(int file) { __sanitizer_set_report_fd((void *)(intptr_t)file); }

/* Write it; those of an earlier execution are forgotten. */
static void write_text(const void *report)
{
    if (text < 0) {
        text = memfd_create("ThreadSanitizer", MFD_CLOEXEC);
    }
    if (text < 0) {
        hde_fatal_errno("no memory for ThreadSanitizer's report");
    }
    if (text_generation != hde_execution.generation) {
        text_generation = hde_execution.generation;
        if (ftruncate(text, 0) != 0 || lseek(text, 0, SEEK_SET) != 0) {
            hde_fatal_errno("cannot forget ThreadSanitizer's last report");
        }
    }
    write_to(text);
    hde_thread_report_write(report);
    write_to(STDERR_FILENO);
}

/* What is at an address, innermost inlined function first; nothing of the engine. */
static void print_frames(const void *pc, FILE *file)
{
    struct hde_source frames[HDE_INLINED_MAX];
    unsigned count = hde_symbol_frames(hde_code_pack(pc), frames);

    for (unsigned i = 0; i < count; i++) {
        if (frames[i].origin != HDE_ORIGIN_ENGINE) {
            (void)fprintf(file, "    %s %s:%d\n", frames[i].function, frames[i].file,
                          frames[i].line);
        }
    }
}

/*
 * A line of a stack is #<number> 0x<address>. Others are cut where numbers of processes begin; the
 * location, which is what announce_memory() has announced, and the like say nothing.
 */
static void print_line(const char *line, FILE *file)
{
    static const char *const empty[] = {"SUMMARY",  "  Location", "    [failed",
                                        "  Thread", "=====",      "\n"};
    const char *address = strstr(line, " 0x");

    if (strncmp(line, "    #", 5) == 0 && address != NULL) {
        print_frames((const void *)strtoull(address, NULL, 16), file);
        return;
    }
    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
        if (strncmp(line, empty[i], strlen(empty[i])) == 0) {
            return;
        }
    }
    (void)fprintf(file, "%.*s\n", (int)strcspn(line, "(\n"), line);
}

const char *hde_sanitizer_text(void)
{
    static char *said;
    size_t size;
    char line[LINE_SIZE];
    int copy = text_generation == hde_execution.generation ? dup(text) : -1;
    FILE *input = copy < 0 || lseek(copy, 0, SEEK_SET) != 0 ? NULL : fdopen(copy, "r");
    FILE *output;

    free(said);
    said = NULL;
    if (input == NULL) {
        return "";
    }
    output = open_memstream(&said, &size);
    while (output != NULL && fgets(line, sizeof(line), input) != NULL) {
        print_line(line, output);
    }
    (void)fclose(input);
    if (output != NULL) {
        (void)fclose(output);
    }
    return said == NULL ? "" : said;
}

/* ---- Which thread ---------------------------------------------------------------------------- */

void hde_thread_report_name(void *fiber, unsigned id)
{
    char name[] = NAME_FIRST "\0\0\0";
    size_t end = sizeof(NAME_FIRST) - 1;

    if (id >= 100) {
        name[end++] = (char)('0' + id / 100);
    }
    if (id >= 10) {
        name[end++] = (char)('0' + id / 10 % 10);
    }
    name[end] = (char)('0' + id % 10);
    __tsan_set_fiber_name(fiber, name);
}

/* The thread that a name says; 0, which has none, if it says none. */
static unsigned id_named(const char *name)
{
    unsigned id = 0;

    if (name == NULL || strncmp(name, NAME_FIRST, sizeof(NAME_FIRST) - 1) != 0) {
        return 0;
    }
    for (name += sizeof(NAME_FIRST) - 1; *name >= '0' && *name <= '9'; name++) {
        id = id * 10 + (unsigned)(*name - '0');
    }
    return id < HDE_THREADS_MAX ? id : 0;
}

/* The thread that the runtime calls `tid'. */
static unsigned id_of(void *report, int threads_count, int tid)
{
    for (int i = 0; i < threads_count; i++) {
        int its_tid = -1;
        int is_running;
        int parent;
        uint64_t os_id;
        const char *name = NULL;
        void *trace[1];

        if (hde_tsan_report_thread(report, (unsigned long)i, &its_tid, &os_id, &is_running, &name,
                                   &parent, trace, 1) != 0 &&
            its_tid == tid) {
            return id_named(name);
        }
    }
    return 0;
}

/* ---- The finding ----------------------------------------------------------------------------- */

static uint64_t raced[RACED_MAX];
static unsigned raced_count;

static unsigned count_frames(void *const *trace)
{
    unsigned count = 0;

    while (count < FRAMES_MAX && trace[count] != NULL) {
        count++;
    }
    return count;
}

static uint8_t kind_of(bool writes, bool is_atomic)
{
    if (is_atomic) {
        return writes ? HDE_EVENT_ATOMIC_STORE : HDE_EVENT_ATOMIC_LOAD;
    }
    return writes ? HDE_EVENT_WRITE : HDE_EVENT_READ;
}

/* Operation `number' of the report; the first one is the running thread's. */
static struct hde_place place_of(void *report, unsigned number, int threads_count)
{
    void *trace[FRAMES_MAX] = {NULL};
    void *address = NULL;
    int tid = 0;
    int size = 0;
    int writes = 0;
    int is_atomic = 0;
    struct hde_place place = {.context = 0};

    (void)hde_tsan_report_mop(report, number, &tid, &address, &size, &writes, &is_atomic, trace,
                              FRAMES_MAX);
    unsigned innermost = is_atomic != 0 ? 1 : 0;

    for (unsigned frame = count_frames(trace); frame > innermost + 1; frame--) {
        place.context = hde_context_enter(place.context, hde_code_pack(trace[frame - 1]));
    }
    place.pc = trace[innermost] == NULL ? 0 : hde_code_pack(trace[innermost]);
    place.address = (uint64_t)address;
    place.size = (uint8_t)size;
    place.thread = (uint8_t)id_of(report, threads_count, tid);
    place.event_kind = kind_of(writes != 0, is_atomic != 0);
    place.event = number == 0 ? hde_self->events : 0;
    if (raced_count < RACED_MAX) {
        raced[raced_count++] = place.address & ~(uint64_t)(HDE_GRANULE_BYTES - 1);
    }
    return place;
}

/* What the runtime calls it; most of its kinds need locks, of which it is told nothing. */
static enum hd_verdict verdict_of(const char *description)
{
    if (strncmp(description, "data-race", strlen("data-race")) == 0) {
        return HD_DATA_RACE;
    }
    return strncmp(description, "heap-use-after-free", strlen("heap-use-after-free")) == 0
               ? HD_USE_AFTER_FREE
               : HD_MISUSE;
}

/* Note what the runtime reports; it has noticed it just now. */
static void note(void *report)
{
    const char *description = "";
    int count;
    int stacks_count;
    int mops_count = 0;
    int locations_count;
    int mutexes_count;
    int threads_count = 0;
    int unique_tids_count;
    void *sleep_trace[1];
    struct hde_finding finding = {.seen_by = HDE_SEEN_BY_SANITIZER};

    if (hde_self == NULL) {
        return;
    }
    (void)hde_tsan_report_data(report, &description, &count, &stacks_count, &mops_count,
                               &locations_count, &mutexes_count, &threads_count, &unique_tids_count,
                               sleep_trace, 1);
    finding.kind = verdict_of(description);
    finding.places_count = mops_count < 2 ? (uint32_t)mops_count : 2;
    for (unsigned i = 0; i < finding.places_count; i++) {
        finding.places[i] = place_of(report, i, threads_count);
    }
    hde_execution_find(&finding);
}

bool hde_thread_report_take(void *report, bool is_suppressed)
{
    if (is_suppressed || hde_self == NULL) {
        return is_suppressed;
    }
    if (hde_execution.settings->observe != NULL) {
        write_text(report);
    }
    note(report);
    return true;
}

/* Clearing is the side effect of a block's beginning, which is then forgotten. */
void hde_thread_report_forget_raced(void)
{
    for (; raced_count > 0; raced_count--) {
        uint64_t granule = raced[raced_count - 1];

        __tsan_java_free(granule, HDE_GRANULE_BYTES);
        __tsan_java_alloc(granule, HDE_GRANULE_BYTES);
        __tsan_java_free(granule, HDE_GRANULE_BYTES);
    }
}
