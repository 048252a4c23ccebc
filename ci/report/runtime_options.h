/*
 * Runtime options: TSAN_OPTIONS and its like, taken apart as the runtimes do it.
 *
 * Source  compiler-rt, sanitizer_flag_parser.cpp.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_RUNTIME_OPTIONS_H
#define HEDDLE_CI_REPORT_RUNTIME_OPTIONS_H

#include <limits.h>
#include <stdbool.h>

#include "ci/report/check.h"

struct hdr_option {
    char name[64];
    char value[PATH_MAX];
};

/* The variables; the last has no name. */
struct hdr_option_variable {
    const char *name;
    enum hdr_runtime_kind runtime;
};

extern const struct hdr_option_variable hdr_option_variables[];

enum hdr_option_result { HDR_OPTION_IS, HDR_OPTION_END, HDR_OPTION_IS_MALFORMED };

/* The option at *text, which becomes what follows it. */
enum hdr_option_result hdr_option_next(const char **text, struct hdr_option *option);

/*
 * The value that a program's runtime gets for an option by its variable; false if it has none. The
 * last of several counts.
 */
bool hdr_option_find(const struct hdr_examination *examination,
                     const struct hdr_option_variable *variable,
                     const char *name,
                     struct hdr_option *option);

/* As a runtime reads them. */
bool hdr_option_is_true(const char *value);
bool hdr_option_is_false(const char *value);

#endif
