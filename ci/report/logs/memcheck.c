/*
 * memcheck, of valgrind, which is what `ctest -T memcheck' runs unless told otherwise; and what
 * ends a process under any of valgrind's tools. Each line begins with ==PID==, taken away before.
 *
 *     Invalid write of size 4
 *        at 0x10916D: fill (counter.c:8)
 *        by 0x10919A: main (counter.c:14)
 *      Address 0x4a4b050 is 0 bytes after a block of size 16 alloc'd
 *        at ...
 *
 * Source   memcheck/mc_errors.c and coregrind/m_signals.c of valgrind 3.19.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

static void add(struct hdr_log_report *report,
                const char *kind,
                const char *class,
                const char *message,
                const char *event)
{
    hdr_report_is(report, kind, class);
    hdr_report_message(report, hdr_string(message));
    (void)hdr_report_place(report, event, HDR_THREAD_UNKNOWN, 0);
}

static void take_access(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    bool is_write = hdr_capture_is(captures[0], "write");

    add(report, "out-of-bounds", NULL, is_write ? "invalid write" : "invalid read",
        is_write ? "write" : "read");
    hdr_set(hdr_report_last(report), "size",
            json_integer((json_int_t)(hdr_capture_number(captures[1]) & INT32_MAX)));
}

static void take_free(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    add(report, "invalid-free", NULL, "invalid free", "free");
}

static void take_mismatch(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    add(report, "invalid-free", "other family of functions", "mismatched free", "free");
}

static void take_uninitialized(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    add(report, "uninitialized", NULL, "use of a value that is not initialized", NULL);
}

static void take_overlap(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    add(report, "undefined", "overlapping memory", "source and destination overlap", NULL);
}

static void take_leak(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    add(report, "leak", hdr_capture_is(captures[2], "definitely") ? "direct" : "indirect", "",
        "allocate");
    hdr_report_message(report, hdr_phrase_of("%.*s bytes in %.*s blocks are %.*s lost",
                                             (int)captures[0].length, captures[0].text,
                                             (int)captures[1].length, captures[1].text,
                                             (int)captures[2].length, captures[2].text));
    hdr_report_text(hdr_report_last(report), hdr_string("allocated here"));
}

static void take_signal(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    bool is_abort = hdr_capture_is(captures[1], "SIGABRT");

    add(report, is_abort ? "failure" : "crash", is_abort ? "abort" : NULL, "", NULL);
    hdr_report_message(
        report, hdr_phrase_of("ended by signal %.*s", (int)captures[1].length, captures[1].text));
    /* SEGV and the like, as the sanitizers say. */
    if (!is_abort && captures[1].length > 3) {
        hdr_set(
            report->record, "class",
            hdr_capture_string((struct hdr_capture){captures[1].text + 3, captures[1].length - 3}));
    }
}

/* ---- What it is about ------------------------------------------------------------------------ */

static void take_block(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    bool is_freed = hdr_capture_is(captures[4], "free'd");
    const char *kind = hdr_text(report->record, "kind");

    hdr_report_object(
        report,
        hdr_phrase_of("heap block of %.*s bytes", (int)captures[3].length, captures[3].text),
        hdr_phrase_of("%.*s bytes %.*s it", (int)captures[1].length, captures[1].text,
                      (int)captures[2].length, captures[2].text));
    if (is_freed && strcmp(kind, "out-of-bounds") == 0) {
        hdr_report_is(report, "use-after-free", NULL);
    } else if (is_freed && strcmp(kind, "invalid-free") == 0) {
        hdr_report_is(report, "double-free", NULL);
    }
    hdr_report_text(hdr_report_cause(report, is_freed ? "free" : "allocate", HDR_THREAD_UNKNOWN),
                    hdr_phrase_of("the block was %s here", is_freed ? "freed" : "allocated"));
}

static void take_allocated(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_text(hdr_report_cause(report, "allocate", HDR_THREAD_UNKNOWN),
                    hdr_string("the block was allocated here"));
}

static void take_nowhere(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_object(report, hdr_string("memory that is nothing's"), json_null());
}

static const struct hdr_log_rule heads[] = {
    {"Invalid %s of size %d", take_access, false},
    {"Invalid free()%s", take_free, false},
    {"Mismatched free()%s", take_mismatch, false},
    {"Conditional jump or move depends on uninitialised value(s)", take_uninitialized, false},
    {"Use of uninitialised value of size %d", take_uninitialized, false},
    {"Syscall param %s points to uninitialised byte(s)", take_uninitialized, false},
    {"Source and destination overlap in %s", take_overlap, false},
    {"%s bytes in %s blocks are %s lost in loss record %s", take_leak, false},
    {"Process terminating with default action of signal %d (%s)%s", take_signal, false},
    {NULL, NULL, false},
};

static const struct hdr_log_rule sections[] = {
    {"Address %x is %s bytes %s a block of size %s %s", take_block, false},
    {"Address %x is not stack'd, malloc'd or (recently) free'd", take_nowhere, false},
    {"Address %x is on thread %s's stack", NULL, false},
    {"Access not within mapped region at address %x", NULL, false},
    {"Block was alloc'd at", take_allocated, false},
    {"If you believe this happened as a result of a stack", NULL, true},
    {"HEAP SUMMARY:", NULL, true},
    {"For lists of detected and suppressed errors%s", NULL, true},
    {"ERROR SUMMARY: %s", NULL, true},
    {NULL, NULL, false},
};

const struct hdr_log hdr_log_memcheck = {
    .tool = "memcheck",
    .heads = heads,
    .sections = sections,
    .has_process = true,
    .ends_at_blank = true,
};
