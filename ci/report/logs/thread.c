/*
 * ThreadSanitizer.
 *
 *     ==================
 *     WARNING: ThreadSanitizer: data race (pid=7)
 *       Write of size 4 at 0x1234 by thread T1 (mutexes: write M0):
 *         #0 ...
 *
 *       Previous read of size 4 at 0x1234 by main thread:
 *         #0 ...
 *       ...
 *     SUMMARY: ThreadSanitizer: data race counter.c:18:39 in add
 *     ==================
 *
 * Misses   That an inversion cannot deadlock because a third lock is always held: the report names
 *          the locks of the circle only.
 * Source   compiler-rt/lib/tsan/rtl/tsan_report.cpp of LLVM 14 to 19; gcc 12 has that of LLVM 14.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

#define LOCK_SIZE 32U

/* What the reports are called, and what they are here. */
static const struct {
    const char *words;
    const char *kind;
    const char *class;
    const char *event; /* of the stack that follows the head at once */
} names[] = {
    {"data race", "data-race", NULL, NULL},
    {"data race on vptr%s", "data-race", "virtual table pointer", NULL},
    {"race on %s", "data-race", "external object", NULL},
    {"heap-use-after-free", "use-after-free", NULL, NULL},
    {"heap-use-after-free (virtual%s", "use-after-free", "virtual call", NULL},
    {"use-after-free%s", "use-after-free", NULL, NULL},
    {"lock-order-inversion%s", "lock-order", NULL, NULL},
    {"thread leak", "misuse", "never joined", NULL},
    {"destroy of a locked mutex", "misuse", "destroyed in use", "destroy"},
    {"double lock of a mutex", "misuse", "locked twice", "lock"},
    {"use of an invalid mutex%s", "misuse", "use of an invalid mutex", NULL},
    {"unlock of an unlocked mutex%s", "misuse", "release of a lock not held", "unlock"},
    {"read lock of a write locked mutex", "misuse", "read lock of a write lock", "shared_lock"},
    {"read unlock of a write locked mutex", "misuse", "read unlock of a write lock",
     "shared_unlock"},
    {"mutex held in the wrong context", "misuse", "lock held in the wrong context", NULL},
    {"signal-unsafe call%s", "signal-unsafe", NULL, NULL},
    {"signal handler spoils errno", "misuse", "signal handler changes errno", NULL},
};

static void name(struct hdr_log_report *report, struct hdr_capture words)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    json_t *said = hdr_capture_string(words);

    hdr_report_message(report, said);
    hdr_report_is(report, "misuse", NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (hdr_log_match(json_string_value(said), names[i].words, captures)) {
            hdr_report_is(report, names[i].kind, names[i].class);
        }
    }
}

static const char *event_of(const struct hdr_log_report *report)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    const char *message = hdr_text(report->record, "message");

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (hdr_log_match(message, names[i].words, captures)) {
            return names[i].event;
        }
    }
    return NULL;
}

/* Where a report has no heading before its first stack, that is the place. */
static void take_head(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    static const char *const with_headings[] = {"data-race", "use-after-free", "lock-order"};
    bool has_headings = false;

    name(report, captures[1]);
    for (size_t i = 0; i < 3; i++) {
        has_headings |= strcmp(hdr_text(report->record, "kind"), with_headings[i]) == 0;
    }
    if (!has_headings && strcmp(hdr_text(report->record, "class"), "never joined") != 0) {
        (void)hdr_report_place(report, event_of(report), HDR_THREAD_UNKNOWN, 0);
    }
}

/* Locks are M0, M1 ... in each report. */
static void name_mutex(char name[LOCK_SIZE], struct hdr_capture number)
{
    (void)snprintf(name, LOCK_SIZE, "mutex %.*s", number.length > 16 ? 16 : (int)number.length,
                   number.text);
}

/* ---- Accesses -------------------------------------------------------------------------------- */

static const char *event_of_access(struct hdr_capture access)
{
    bool is_atomic = memmem(access.text, access.length, "tomic", 5) != NULL;

    if (memmem(access.text, access.length, "rite", 4) != NULL ||
        memmem(access.text, access.length, "odifying", 8) != NULL) {
        return is_atomic ? "atomic_store" : "write";
    }
    return is_atomic ? "atomic_load" : "read";
}

/* "write M0, read M1": the locks that are held. */
static void hold(json_t *place, struct hdr_capture locks)
{
    const char *at = locks.text;
    const char *end = locks.text + locks.length;

    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *next = comma == NULL ? end : comma;
        bool is_read = strncmp(at, "read ", 5) == 0;
        const char *lock = memchr(at, 'M', (size_t)(next - at));
        char name[LOCK_SIZE];

        if (lock != NULL) {
            name_mutex(name, (struct hdr_capture){lock, (size_t)(next - lock)});
            hdr_report_hold(place, name, is_read ? "for reading" : NULL);
        }
        at = next + 1;
        at += at < end && *at == ' ';
    }
}

static void take_access(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)hdr_report_place(report, event_of_access(captures[0]),
                           hdr_report_thread(report, captures[3]), hdr_capture_number(captures[1]));
}

static void take_access_with_locks(struct hdr_log_report *report,
                                   const struct hdr_capture *captures)
{
    take_access(report, captures);
    hold(hdr_report_last(report), captures[4]);
}

static void take_external(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)hdr_report_place(report, event_of_access(captures[0]),
                           hdr_report_thread(report, captures[3]), 0);
    hdr_report_object(report, hdr_capture_string(captures[1]), json_null());
}

static void take_sleep(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_text(hdr_report_cause(report, "sleep", HDR_THREAD_UNKNOWN),
                    hdr_string("sleeps here, which looks like an order and is none"));
}

/* ---- What it is about ------------------------------------------------------------------------ */

/* Then the location is that of a mutex, which has no name. */
static bool is_misuse(const struct hdr_log_report *report)
{
    return strcmp(hdr_text(report->record, "kind"), "misuse") == 0;
}

static void take_global(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    report->stack = NULL;
    /* gcc calls a stack the global `<null>'. */
    if (report->object == NULL && captures[0].length > 0 && captures[0].text[0] != '<') {
        hdr_report_object(report, hdr_capture_string(captures[0]), json_null());
    }
}

static void take_heap(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *block = hdr_phrase_of("heap block of %zu bytes", hdr_capture_number(captures[0]));

    if (is_misuse(report)) {
        hdr_report_object(report, hdr_string("a mutex"), block);
    } else {
        hdr_report_object(report, block, json_null());
    }
    hdr_report_text(hdr_report_cause(report, "allocate", hdr_report_thread(report, captures[2])),
                    hdr_string("the block was allocated here"));
}

static void take_stack(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    report->stack = NULL;
    if (is_misuse(report)) {
        hdr_report_object(report, hdr_string("a mutex"),
                          hdr_phrase_of("on the %.*s of %.*s", (int)captures[0].length,
                                        captures[0].text, (int)captures[1].length,
                                        captures[1].text));
        return;
    }
    hdr_report_object(report,
                      hdr_phrase_of("%.*s of %.*s", (int)captures[0].length, captures[0].text,
                                    (int)captures[1].length, captures[1].text),
                      json_null());
}

static void take_descriptor(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_object(report, hdr_phrase_of("file descriptor %zu", hdr_capture_number(captures[0])),
                      json_null());
    hdr_report_text(hdr_report_cause(report, NULL, hdr_report_thread(report, captures[2])),
                    hdr_phrase_of("the file descriptor was %.*s here", (int)captures[1].length,
                                  captures[1].text));
}

static void take_and(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_text(hdr_report_cause(report, "lock", HDR_THREAD_UNKNOWN),
                    hdr_string("the mutex was acquired here"));
}

static void take_mutex(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    char name[LOCK_SIZE];

    name_mutex(name, captures[0]);
    hdr_report_lock(report, name);
}

/* ---- Lock-order inversions ------------------------------------------------------------------- */

static void take_acquired(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *place = hdr_report_place(report, "lock", hdr_report_thread(report, captures[2]), 0);
    char name[LOCK_SIZE];

    name_mutex(name, captures[0]);
    hdr_report_want(place, name);
    name_mutex(name, captures[1]);
    hdr_report_hold(place, name, NULL);
}

/* It is the lock that the place before it holds. */
static void take_acquired_before(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    const json_t *holder = hdr_report_last(report);
    json_int_t thread = holder != NULL && hdr_has(holder, "thread") ? hdr_number(holder, "thread")
                                                                    : HDR_THREAD_UNKNOWN;

    hdr_report_text(
        hdr_report_cause(report, "lock", thread),
        hdr_phrase_of("mutex %.*s was acquired here", (int)captures[0].length, captures[0].text));
}

/* ---- Threads --------------------------------------------------------------------------------- */

static void created(struct hdr_log_report *report, struct hdr_capture thread, json_int_t creator)
{
    json_int_t id = hdr_report_thread(report, thread);

    if (strcmp(hdr_text(report->record, "class"), "never joined") == 0) {
        hdr_report_text(hdr_report_place(report, "create", creator, 0),
                        hdr_phrase_of("creates thread %.*s, which is never joined nor detached",
                                      (int)strcspn(thread.text, " "), thread.text));
        return;
    }
    hdr_report_created(report, id, creator);
}

static void take_thread(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    created(report, captures[0], hdr_report_thread(report, captures[2]));
}

static void take_thread_of_unknown(struct hdr_log_report *report,
                                   const struct hdr_capture *captures)
{
    created(report, captures[0], HDR_THREAD_UNKNOWN);
}

static void take_nothing(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    report->stack = NULL;
}

static void take_lost(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_stack_is_lost(report);
}

static const struct hdr_log_rule heads[] = {
    {"%sWARNING: ThreadSanitizer: %s (pid=%d)", take_head, false},
    {"%sWARNING: ThreadSanitizer: %s", take_head, false},
    {NULL, NULL, false},
};

static const struct hdr_log_rule sections[] = {
    {"%s of size %d at %x by %s (mutexes: %s):", take_access_with_locks, false},
    {"%s of size %d at %x by %s:", take_access, false},
    {"%s access of %s at %x by %s:", take_external, false},
    {"As if synchronized via sleep:", take_sleep, false},
    {"Location is global '%s' of size %d at %s", take_global, false},
    {"Location is global '%s' at %s", take_global, false},
    {"Location is heap block of size %d at %x allocated by %s:", take_heap, false},
    {"Location is %s of %s.", take_stack, false},
    {"Location is file descriptor %d %s by %s at:", take_descriptor, false},
    {"Location is %s of size %d at %x allocated by %s:", take_nothing, false},
    {"and:", take_and, false},
    {"Mutex %s acquired here while holding mutex %s in %s:", take_acquired, false},
    {"Mutex %s previously acquired by the same thread here:", take_acquired_before, false},
    {"Mutex %s (%x) created at:", take_mutex, false},
    {"Mutex %s is already destroyed.", take_nothing, false},
    {"Cycle in lock order graph: %s", take_nothing, false},
    {"Hint: use TSAN_OPTIONS=second_deadlock_stack=1 %s", take_nothing, false},
    {"Thread %s (tid=%s) created by %s at:", take_thread, false},
    {"Thread %s (tid=%s) created at:", take_thread_of_unknown, false},
    {"Thread %s (tid=%s) is a GCD worker thread", take_nothing, false},
    {"And %d more similar thread leaks.", take_nothing, false},
    {"[failed to restore the stack]", take_lost, false},
    {"==================", take_nothing, true},
    {NULL, NULL, false},
};

const struct hdr_log hdr_log_thread = {
    .tool = "ThreadSanitizer",
    .name = name,
    .heads = heads,
    .sections = sections,
};
