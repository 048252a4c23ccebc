/*
 * Check: running checks, and one line for each thing that they say.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/check.h"

#include <stdarg.h>
#include <string.h>

#define TEXT_MAX 1024

static const char *const severities[HDR_SEVERITIES] = {
    [HDR_OK] = "ok",
    [HDR_NOTE] = "note",
    [HDR_WARN] = "warn",
    [HDR_FAIL] = "FAIL",
};

void hdr_say(struct hdr_examination *examination,
             enum hdr_severity severity,
             const char *what,
             const char *advice)
{
    examination->count[severity]++;
    (void)fprintf(examination->stream, "%-4s  %s: %s\n", severities[severity],
                  examination->check->name, what);
    while (advice != NULL && *advice != '\0') {
        size_t length = strcspn(advice, "\n");

        (void)fprintf(examination->stream, "        %.*s\n", (int)length, advice);
        advice += length + (advice[length] == '\n' ? 1 : 0);
    }
}

void hdr_say_of(struct hdr_examination *examination,
                enum hdr_severity severity,
                const char *advice,
                const char *what,
                ...)
{
    char text[TEXT_MAX];
    va_list values;

    va_start(values, what);
    (void)vsnprintf(text, sizeof(text), what, values);
    va_end(values);
    hdr_say(examination, severity, text, advice);
}

static bool is_named(const char *list, const char *name)
{
    size_t length = strlen(name);

    while (list != NULL && *list != '\0') {
        size_t word = strcspn(list, ",");

        if (word == length && strncmp(list, name, length) == 0) {
            return true;
        }
        list += word + (list[word] == ',' ? 1 : 0);
    }
    return list == NULL;
}

void hdr_examine(struct hdr_examination *examination, const char *only)
{
    for (const struct hdr_check *const *check = hdr_doctor; *check != NULL; check++) {
        if ((*check)->is_of_machine == (examination->binary == NULL) &&
            is_named(only, (*check)->name)) {
            examination->check = *check;
            (*check)->run(examination);
        }
    }
}
