/*
 * UndefinedBehaviorSanitizer.
 *
 *     counter.c:39:55: runtime error: index 4 out of bounds for type 'int[4]'
 *         #0 ...                               with print_stacktrace=1
 *
 *     SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior counter.c:39:55
 *
 * The first line says all; the source line that it names is the place, and a stack only adds to it.
 *
 * Misses   With report_error_type=1 the kind of check; it is read off the message.
 * Source   compiler-rt/lib/ubsan/ubsan_diag.cpp and ubsan_handlers.cpp of LLVM 14 to 19.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/log_frame.h"
#include "ci/report/record.h"

/* What the message says, and which check that is. */
static const struct {
    const char *words;
    const char *class;
} classes[] = {
    {"signed integer overflow%s", "integer overflow"},
    {"unsigned integer overflow%s", "unsigned integer overflow"},
    {"negation of %s", "integer overflow"},
    {"division by zero", "division by zero"},
    {"shift exponent %s", "shift"},
    {"left shift of %s", "shift"},
    {"index %s out of bounds%s", "index out of bounds"},
    {"%snull pointer%s", "null pointer"},
    {"%smisaligned%s", "misaligned address"},
    {"%s insufficient space %s", "object size"},
    {"load of value %s", "invalid value"},
    {"%s outside the range of representable values%s", "conversion"},
    {"%spointer index expression%s", "pointer overflow"},
    {"applying %s offset %s", "pointer overflow"},
    {"execution reached an unreachable program point", "unreachable"},
    {"execution reached the end of a value-returning function%s", "missing return"},
    {"call to function %s through pointer to incorrect function type%s", "function type"},
    {"member %s on address %s", "virtual table"},
    {"variable length array bound%s", "array bound"},
    {"passing zero to %s", "builtin"},
    {"implicit conversion%s", "implicit conversion"},
};

static void name(struct hdr_log_report *report, struct hdr_capture words)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    json_t *said = hdr_capture_string(words);
    const char *class = NULL;

    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes) && class == NULL; i++) {
        bool fits = hdr_log_match(json_string_value(said), classes[i].words, captures);

        class = fits ? classes[i].class : NULL;
    }
    hdr_report_is(report, "undefined", class);
    hdr_report_message(report, said);
}

static void take_head(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    size_t length = captures[0].length;
    size_t start = length;

    while (start > 0 && captures[0].text[start - 1] != ' ') {
        start--;
    }

    json_t *path =
        hdr_capture_string((struct hdr_capture){captures[0].text + start, length - start});

    name(report, captures[1]);
    (void)hdr_log_frame_place(hdr_report_place(report, NULL, HDR_THREAD_UNKNOWN, 0),
                              json_string_value(path));
    json_decref(path);
}

static const struct hdr_log_rule heads[] = {
    {"%s: runtime error: %s", take_head, true},
    {NULL, NULL, false},
};

static const struct hdr_log_rule sections[] = {
    {"%s: note: %s", NULL, false},
    {NULL, NULL, false},
};

const struct hdr_log hdr_log_undefined = {
    .tool = "UndefinedBehaviorSanitizer",
    .name = name,
    .heads = heads,
    .sections = sections,
    .is_whole_at_once = true,
    .ends_at_blank = true,
};
