/*
 * LeakSanitizer, alone or as part of AddressSanitizer: each leak is a finding.
 *
 *     ==7==ERROR: LeakSanitizer: detected memory leaks
 *
 *     Direct leak of 16 byte(s) in 1 object(s) allocated from:
 *         #0 ...
 *
 *     SUMMARY: LeakSanitizer: 16 byte(s) leaked in 1 allocation(s).
 *
 * Source   compiler-rt/lib/lsan/lsan_common.cpp of LLVM 14 to 19.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

static void name(struct hdr_log_report *report, struct hdr_capture words)
{
    hdr_report_is(report, "leak", NULL);
    hdr_report_message(report, hdr_capture_string(words));
}

static void
take_leak(struct hdr_log_report *report, const struct hdr_capture *captures, const char *class)
{
    size_t bytes = hdr_capture_number(captures[1]);
    size_t objects = hdr_capture_number(captures[2]);
    json_t *place = hdr_report_place(report, "allocate", HDR_THREAD_UNKNOWN, bytes);

    hdr_report_is(report, "leak", class);
    hdr_report_text(place, hdr_string("allocated here"));
    hdr_report_message(report,
                       hdr_phrase_of("%zu byte%s in %zu block%s leaked%s", bytes,
                                     bytes == 1 ? "" : "s", objects, objects == 1 ? "" : "s",
                                     class[0] == 'i' ? " with what points to them" : ""));
}

static void take_direct(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    take_leak(report, captures, "direct");
}

static void take_indirect(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    take_leak(report, captures, "indirect");
}

static void take_heading(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_is(report, "leak", NULL);
    hdr_report_message(report, hdr_string("memory leaked"));
}

static const struct hdr_log_rule heads[] = {
    {"%sERROR: LeakSanitizer: detected memory leaks", take_heading, false},
    {"%sDirect leak of %d byte(s) in %d object(s) allocated from:", take_direct, false},
    {"%sIndirect leak of %d byte(s) in %d object(s) allocated from:", take_indirect, false},
    {NULL, NULL, false},
};

static const struct hdr_log_rule sections[] = {
    {"Objects leaked above:", NULL, true},
    {NULL, NULL, false},
};

const struct hdr_log hdr_log_leak = {
    .tool = "LeakSanitizer",
    .name = name,
    .heads = heads,
    .sections = sections,
    .ends_at_blank = true,
};
