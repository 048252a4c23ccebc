/*
 * Whether the program orders its threads by functions that its runtime knows.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>
#include <string.h>

#include "ci/report/check.h"
#include "ci/report/gap.h"

#define LIST_MAX 800

__attribute__((format(printf, 2, 3))) static void
append(char list[LIST_MAX], const char *format, ...)
{
    size_t length = strlen(list);
    va_list values;

    va_start(values, format);
    (void)vsnprintf(list + length, LIST_MAX - length, format, values);
    va_end(values);
}

static void run(struct hdr_examination *examination)
{
    const struct hdr_binary *binary = examination->binary;
    char names[LIST_MAX] = "";
    char advice[LIST_MAX] = "";

    if (!binary->runtimes[HDR_TSAN].is_there) {
        return;
    }
    for (const struct hdr_gap *gap = hdr_gaps; gap->function != NULL; gap++) {
        if (hdr_gap_is_in(binary, gap)) {
            append(names, "%s%s()", names[0] == '\0' ? "" : ", ", gap->function);
            append(advice, "%sinstead of %s(): %s", advice[0] == '\0' ? "" : "\n", gap->function,
                   gap->instead);
        }
    }
    if (names[0] == '\0') {
        hdr_say(examination, HDR_OK, "its runtime knows all functions that it orders threads by",
                NULL);
    } else {
        hdr_say_of(examination, HDR_WARN, advice,
                   "its runtime of ThreadSanitizer does not know %s: what that orders will be "
                   "reported as a data race",
                   names);
    }
}

const struct hdr_check hdr_check_runtime_gaps = {
    .name = "runtime_gaps",
    .summary = "whether its runtime knows the functions that it orders threads by",
    .run = run,
};
