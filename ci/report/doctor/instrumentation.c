/*
 * Whether all of the program is instrumented: what is not, a sanitizer does not see; and where such
 * code orders threads, ThreadSanitizer reports races that are none.
 *
 * Misses  See binary.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/check.h"

#define LIST_MAX 800
#define NAMES_MAX 10

/* Names, of which the first are kept. */
struct names {
    char text[LIST_MAX];
    size_t count;
};

static void add(struct names *names, const char *name)
{
    size_t length = strlen(names->text);

    if (names->count++ < NAMES_MAX) {
        (void)snprintf(names->text + length, sizeof(names->text) - length, "%s%s",
                       length == 0 ? "" : ", ", name);
    }
}

static void say(struct hdr_examination *examination, const struct names *names, const char *what)
{
    char more[32] = "";

    if (names->count > NAMES_MAX) {
        (void)snprintf(more, sizeof(more), ", ... (%zu)", names->count);
    }
    if (names->count != 0) {
        hdr_say_of(examination, HDR_WARN,
                   "compile them as the rest is; where they cannot be, what they order between\n"
                   "threads can be said with __tsan_acquire() and __tsan_release()",
                   "%s that are not instrumented: %s%s", what, names->text, more);
    }
}

static void run(struct hdr_examination *examination)
{
    const struct hdr_binary *binary = examination->binary;
    const struct hdr_runtime *runtimes = binary->runtimes;
    struct names units = {.count = 0};
    struct names functions = {.count = 0};

    if (!runtimes[HDR_TSAN].is_there && !runtimes[HDR_ASAN].is_there &&
        !runtimes[HDR_HEDDLE].is_there) {
        return;
    }
    if (!binary->is_decoded || !binary->has_symbols) {
        hdr_say(examination, HDR_NOTE,
                "cannot tell what is instrumented: it has no symbols, or is for another machine",
                NULL);
        return;
    }
    for (size_t i = 0; i < binary->units_count; i++) {
        if (hdr_unit_is_uninstrumented(binary, &binary->units[i])) {
            add(&units, binary->units[i].name);
        }
    }
    for (size_t i = 0; i < binary->functions_count; i++) {
        const struct hdr_function *function = &binary->functions[i];

        if (function->unit == HDR_NO_UNIT && hdr_function_is_uninstrumented(binary, function)) {
            add(&functions, function->name);
        }
    }
    say(examination, &units, "source files");
    say(examination, &functions, "functions without debug information");
    if (units.count + functions.count == 0) {
        hdr_say(examination, HDR_OK, "all of it is instrumented", NULL);
    }
}

const struct hdr_check hdr_check_instrumentation = {
    .name = "instrumentation",
    .summary = "whether all of the program is instrumented",
    .run = run,
};
