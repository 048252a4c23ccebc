/*
 * AddressSanitizer, and what ends a process under any of its siblings: SEGV, memory that is not
 * initialized, tags that do not match.
 *
 *     ==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1234 at pc ...
 *     READ of size 4 at 0x1234 thread T0
 *         #0 ...
 *
 *     0x1234 is located 4 bytes inside of 16-byte region [0x1230,0x1240)
 *     freed by thread T0 here:
 *         #0 ...
 *     ...
 *     SUMMARY: AddressSanitizer: heap-use-after-free counter.c:15 in use
 *
 * Source   compiler-rt/lib/asan/asan_errors.cpp and asan_descriptions.cpp of LLVM 14 to 19.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

/* What the errors are called, and what they are here; class is what AddressSanitizer says. */
static const struct {
    const char *words;
    const char *kind;
    const char *class;
} names[] = {
    {"heap-use-after-free%s", "use-after-free", NULL},
    {"stack-use-after-return%s", "use-after-return", NULL},
    {"stack-use-after-scope%s", "use-after-scope", NULL},
    {"use-after-poison%s", "use-after-free", "poisoned by the program"},
    {"heap-buffer-overflow%s", "out-of-bounds", "heap"},
    {"stack-buffer-overflow%s", "out-of-bounds", "stack"},
    {"stack-buffer-underflow%s", "out-of-bounds", "stack"},
    {"dynamic-stack-buffer-overflow%s", "out-of-bounds", "stack"},
    {"global-buffer-overflow%s", "out-of-bounds", "global"},
    {"container-overflow%s", "out-of-bounds", "container"},
    {"intra-object-overflow%s", "out-of-bounds", "object"},
    {"negative-size-param%s", "out-of-bounds", "negative size"},
    {"stack-overflow%s", "stack-overflow", NULL},
    {"attempting double-free%s", "double-free", NULL},
    {"double-free%s", "double-free", NULL},
    {"attempting free on address which was not malloc()-ed%s", "invalid-free", NULL},
    {"bad-free%s", "invalid-free", NULL},
    {"alloc-dealloc-mismatch%s", "invalid-free", "other family of functions"},
    {"new-delete-type-mismatch%s", "invalid-free", "other type"},
    {"%s-param-overlap%s", "undefined", "overlapping memory"},
    {"initialization-order-fiasco%s", "undefined", "initialization order"},
    {"odr-violation%s", "undefined", "one definition rule"},
    {"use-of-uninitialized-value%s", "uninitialized", NULL},
    {"tag-mismatch%s", "use-after-free", "tag mismatch"},
    {"requested allocation size %s", "misuse", "allocation too big"},
    {"allocation-size-too-big%s", "misuse", "allocation too big"},
    {"calloc%s", "misuse", "allocation too big"},
    {"reallocarray%s", "misuse", "allocation too big"},
    {"pvalloc%s", "misuse", "allocation too big"},
    {"out of memory%s", "misuse", "out of memory"},
    {"out-of-memory%s", "misuse", "out of memory"},
    {"invalid alignment %s", "misuse", "invalid alignment"},
    {"invalid-%salignment%s", "misuse", "invalid alignment"},
    {"attempting to call %s", "misuse", "not a heap block"},
    {"bad parameters %s", "misuse", "bad parameters"},
    {"ABRT%s", "failure", "abort"},
    {"SEGV%s", "crash", "SEGV"},
    {"BUS%s", "crash", "BUS"},
    {"FPE%s", "crash", "FPE"},
    {"ILL%s", "crash", "ILL"},
    {"TRAP%s", "crash", "TRAP"},
    {"wild jump%s", "crash", "wild jump"},
    {"deadly signal%s", "crash", NULL},
    {"timeout %s", "livelock", "time-out"},
};

/* The words before what differs from run to run. */
static size_t plain_length(struct hdr_capture words)
{
    static const char *const ends[] = {" on address 0x",
                                       " on unknown address",
                                       " on 0x",
                                       " in thread ",
                                       " (0x",
                                       " (thread ",
                                       ": (size",
                                       " (pc ",
                                       ": 0x"};
    size_t length = words.length;

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        const char *end = memmem(words.text, length, ends[i], strlen(ends[i]));

        length = end == NULL ? length : (size_t)(end - words.text);
    }
    return length;
}

static void name(struct hdr_log_report *report, struct hdr_capture words)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    json_t *said = hdr_capture_string(words);
    size_t count = sizeof(names) / sizeof(*names);
    size_t i = 0;

    while (i < count && !hdr_log_match(json_string_value(said), names[i].words, captures)) {
        i++;
    }
    hdr_report_is(report, i < count ? names[i].kind : "crash", i < count ? names[i].class : NULL);
    words.length = plain_length(words);
    hdr_report_message(report, hdr_capture_string(words));
    json_decref(said);
}

/* Where the address that it is about is known, but not yet who used it. */
static void open_place(struct hdr_log_report *report, struct hdr_capture words)
{
    const char *kind = hdr_text(report->record, "kind");
    bool is_free = strcmp(kind, "double-free") == 0 || strcmp(kind, "invalid-free") == 0;
    const char *thread = memmem(words.text, words.length, "thread T", 8);
    struct hdr_capture of = {thread, 0};
    json_int_t id = HDR_THREAD_UNKNOWN;

    if (thread == NULL && strcmp(hdr_text(report->record, "noticed_by"), report->log->tool) == 0) {
        /* "(pc 0x... T0)": of a signal; others than AddressSanitizer have no numbers there. */
        thread = words.length > 0 && words.text[words.length - 1] == ')' ? strrchr(words.text, 'T')
                                                                         : NULL;
        of.text = thread;
    }
    if (thread != NULL) {
        of.length = strcspn(of.text, ":)");
        id = hdr_report_thread(report, of);
    }
    (void)hdr_report_place(report, is_free ? "free" : NULL, id, 0);
}

static void take_head(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *tool = hdr_phrase_of("%.*sSanitizer", (int)captures[1].length, captures[1].text);

    hdr_set(report->record, "noticed_by", tool);
    name(report, captures[2]);
    open_place(report, captures[2]);
}

/* The sanitizer could not do its work. */
static void take_failure(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_set(report->record, "noticed_by",
            hdr_phrase_of("%.*sSanitizer", (int)captures[1].length, captures[1].text));
    hdr_report_is(report, "failure", "of the sanitizer");
    hdr_report_message(report, hdr_capture_string(captures[2]));
    (void)hdr_report_place(report, NULL, HDR_THREAD_UNKNOWN, 0);
}

/* That has no stack. */
static void take_fatal(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    take_failure(report, captures);
    hdr_report_stack_is_lost(report);
}

/* Its name may stand behind what the program was printing. */
static void take_check(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    static const char *const tools[] = {"Address",           "Thread", "Memory",
                                        "UndefinedBehavior", "Leak",   "HWAddress"};
    struct hdr_capture pieces[3] = {captures[0], {"", 0}, captures[1]};

    for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
        size_t length = strlen(tools[i]);

        if (captures[0].length >= length &&
            memcmp(captures[0].text + captures[0].length - length, tools[i], length) == 0) {
            pieces[1] = (struct hdr_capture){tools[i], length};
        }
    }
    take_failure(report, pieces);
}

static void take_fuzzer(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_set(report->record, "noticed_by", hdr_string("libFuzzer"));
    name(report, captures[1]);
    open_place(report, captures[1]);
}

static void take_access(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *place = hdr_report_last(report);
    json_int_t thread = hdr_report_thread(report, captures[3]);

    if (place != NULL) {
        bool is_write = captures[0].text[0] == 'W';

        hdr_set(place, "event", hdr_string(is_write ? "write" : "read"));
        hdr_set(place, "size",
                json_integer((json_int_t)(hdr_capture_number(captures[1]) & INT32_MAX)));
        hdr_set(place, "thread", thread == HDR_THREAD_UNKNOWN ? json_null() : json_integer(thread));
    }
}

static void take_signal(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *place = hdr_report_last(report);

    if (place != NULL) {
        hdr_set(place, "event", hdr_string(captures[1].text[0] == 'W' ? "write" : "read"));
    }
}

/* ---- What it is about ------------------------------------------------------------------------ */

/* "0 bytes after 16-byte region", "4 bytes to the right of 16-byte region", "... inside of ..." */
static void take_region(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    const char *words = captures[2].text;
    size_t end = captures[2].length;

    while (end > 0 && words[end - 1] != ' ') {
        end--;
    }

    struct hdr_capture size = {words + end, captures[2].length - end};

    report->stack = NULL;
    hdr_report_object(
        report, hdr_phrase_of("heap block of %zu bytes", hdr_capture_number(size)),
        hdr_phrase_of("%zu bytes %.*sit", hdr_capture_number(captures[1]), (int)end, words));
}

static void take_global(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_int_t distance = (json_int_t)(hdr_capture_number(captures[1]) & INT32_MAX);

    report->stack = NULL;
    /* It names all that are near; the nearest is meant. */
    if (report->object != NULL &&
        strtoll(hdr_text(report->object, "whereabouts"), NULL, 10) <= distance) {
        return;
    }
    hdr_report_object(report, hdr_capture_string(captures[3]),
                      hdr_phrase_of("%zu bytes %.*s it", hdr_capture_number(captures[1]),
                                    (int)captures[2].length, captures[2].text));
}

static void take_frame(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_text(hdr_report_cause(report, NULL, HDR_THREAD_UNKNOWN),
                    hdr_string("the function whose stack it is"));
}

static void take_variable(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_object(report, hdr_capture_string(captures[2]), hdr_string("on the stack"));
}

static void take_freed(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_text(hdr_report_cause(report, "free", hdr_report_thread(report, captures[0])),
                    hdr_string("the block was freed here"));
}

static void take_allocated(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_text(hdr_report_cause(report, "allocate", hdr_report_thread(report, captures[0])),
                    hdr_string("the block was allocated here"));
}

static void take_thread(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_int_t thread = hdr_report_thread(report, captures[0]);

    hdr_report_created(report, thread, hdr_report_thread(report, captures[1]));
}

static void take_nothing(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    report->stack = NULL;
}

static const struct hdr_log_rule heads[] = {
    {"%sWARNING: ThreadSanitizer: %s", NULL, false}, /* of others */
    {"%sERROR: LeakSanitizer: detected memory leaks", NULL, false},
    {"%sERROR: %sSanitizer: %s", take_head, false},
    {"%sFATAL: %sSanitizer: %s", take_fatal, true},
    {"%sFATAL: %sSanitizer CHECK failed: %s", take_failure, false},
    {"%sSanitizer: CHECK failed: %s", take_check, false},
    {"%s==WARNING: %sSanitizer: %s", take_head, false},
    {"%sERROR: libFuzzer: %s", take_fuzzer, false},
    {NULL, NULL, false},
};

static const struct hdr_log_rule sections[] = {
    {"%s of size %d at %x thread %s", take_access, false},
    {"%sThe signal is caused by a %s memory access.", take_signal, false},
    {"%x is located %d bytes %s global variable '%s' defined in %s", take_global, false},
    {"%x is located %d bytes %s-byte region [%s)", take_region, false},
    {"Address %x is located in stack of thread %s at offset %d in frame%s", take_frame, false},
    {"[%d, %d) '%s' (line %d) <== %s", take_variable, false},
    {"[%d, %d) '%s' <== %s", take_variable, false},
    {"freed by thread %s here:%s", take_freed, false},
    {"previously allocated by thread %s here:%s", take_allocated, false},
    {"allocated by thread %s here:%s", take_allocated, false},
    {"Thread %s created by %s here:%s", take_thread, false},
    {"Uninitialized value was created by %s", take_nothing, false},
    {"Uninitialized value was stored to memory at", take_nothing, false},
    {"Address %x is %s", take_nothing, false},
    {"This frame has %d object(s):", take_nothing, false},
    {"HINT: %s", take_nothing, false},
    {"%sSanitizer can not %s", NULL, false},
    {"Shadow bytes around the buggy address:", NULL, true},
    {"%s==ABORTING", NULL, true},
    {NULL, NULL, false},
};

const struct hdr_log hdr_log_address = {
    .tool = "AddressSanitizer",
    .name = name,
    .heads = heads,
    .sections = sections,
};
