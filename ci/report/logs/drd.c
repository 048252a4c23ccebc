/*
 * drd, of valgrind. Each of its lines begins with ==PID==, which is taken away before.
 *
 *     Conflicting store by thread 3 at 0x0010c0e0 size 4
 *        at 0x10928E: add (counter.c:18)
 *        ...
 *     Allocation context: BSS section of counter
 *     Other segment start (thread 2)
 *        at 0x4854677: pthread_mutex_lock (in ...)
 *        ...
 *
 * It knows between which two operations the other access was, and not the access itself.
 *
 * Source   drd/drd_error.c of valgrind 3.19.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

static void take_race(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_is(report, "data-race", NULL);
    hdr_report_message(report, hdr_string("conflicting access"));
    (void)hdr_report_place(report, hdr_capture_is(captures[0], "store") ? "write" : "read",
                           hdr_report_thread(report, captures[1]), hdr_capture_number(captures[3]));
}

static void take_allocated(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_object(report, hdr_string("heap block"), json_null());
    hdr_report_text(hdr_report_cause(report, "allocate", HDR_THREAD_UNKNOWN),
                    hdr_string("the block was allocated here"));
}

static void take_segment(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_text(hdr_report_cause(report, NULL, hdr_report_thread(report, captures[1])),
                    hdr_phrase_of("the other access comes %s this",
                                  hdr_capture_is(captures[0], "start") ? "after" : "before"));
}

/* What else it finds is said in one line; addresses in it are of no use. */
static void take_misuse(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    static const struct {
        const char *words;
        const char *class;
        const char *event;
    } classes[] = {
        {"Destroying locked %s", "destroyed in use", "destroy"},
        {"Destruction of %s", "destroyed in use", "destroy"},
        {"Recursive locking not allowed", "locked twice", "lock"},
        {"Mutex not locked%s", "release of a lock not held", "unlock"},
        {"Reader-writer lock not locked%s", "release of a lock not held", "unlock"},
        {"The object at address", "use of an invalid mutex", NULL},
        {"Probably a race condition", "lock not held", "notify"},
    };
    json_t *said = hdr_capture_string(captures[0]);
    struct hdr_capture pieces[HDR_CAPTURES_MAX];
    size_t count = sizeof(classes) / sizeof(*classes);
    size_t i = 0;

    while (i < count && !hdr_log_match(json_string_value(said), classes[i].words, pieces)) {
        i++;
    }
    hdr_report_is(report, "misuse", i < count ? classes[i].class : NULL);
    hdr_report_message(report, said);
    (void)hdr_report_place(report, i < count ? classes[i].event : NULL, HDR_THREAD_UNKNOWN, 0);
}

static void take_not_a_mutex(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_is(report, "misuse", "use of an invalid mutex");
    hdr_report_message(report, hdr_string("the object is not a mutex"));
    (void)hdr_report_place(report, NULL, HDR_THREAD_UNKNOWN, 0);
}

static void take_first_seen(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_text(hdr_report_cause(report, "initialize", HDR_THREAD_UNKNOWN),
                    hdr_string("the object was first seen here"));
}

static const struct hdr_log_rule heads[] = {
    {"Conflicting %s by thread %d at %x size %d", take_race, false},
    {"The object at address %x is not a mutex.", take_not_a_mutex, false},
    {"Probably a race condition: %s", take_misuse, false},
    {"%s: mutex %x, recursion count %s", take_misuse, false},
    {"%s: cond %x%s", take_misuse, false},
    {"%s: condition variable %x, mutexes %s", take_misuse, false},
    {"%s: semaphore %x%s", take_misuse, false},
    {"%s: barrier %x%s", take_misuse, false},
    {"%s: rwlock %x.%s", take_misuse, false},
    {NULL, NULL, false},
};

static const struct hdr_log_rule sections[] = {
    {"Address %x is at offset %s from %s. Allocation context:", take_allocated, false},
    {"Allocation context: %s", NULL, false},
    {"Other segment %s (thread %d)", take_segment, false},
    {"(thread finished, call stack no longer available)", NULL, false},
    {"%s was first observed at:", take_first_seen, false},
    {"For lists of detected and suppressed errors%s", NULL, true},
    {"ERROR SUMMARY: %s", NULL, true},
    {NULL, NULL, false},
};

const struct hdr_log hdr_log_drd = {
    .tool = "drd",
    .heads = heads,
    .sections = sections,
    .has_process = true,
    .ends_at_blank = true,
};
