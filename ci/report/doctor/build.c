/*
 * What the program is: its runtimes, compilers, build id, debug information.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/check.h"

#define LIST_MAX 512

static void append(char list[LIST_MAX], const char *text)
{
    size_t length = strlen(list);

    (void)snprintf(list + length, LIST_MAX - length, "%s%s", length == 0 ? "" : ", ", text);
}

static void run(struct hdr_examination *examination)
{
    const struct hdr_binary *binary = examination->binary;
    char runtimes[LIST_MAX] = "";
    char compilers[LIST_MAX] = "";

    for (int kind = 0; kind < HDR_RUNTIMES; kind++) {
        if (binary->runtimes[kind].is_there) {
            append(runtimes, hdr_runtime_names[kind]);
        }
    }
    for (size_t i = 0; i < binary->compilers_count; i++) {
        append(compilers, binary->compilers[i]);
    }
    hdr_say_of(examination, runtimes[0] == '\0' ? HDR_NOTE : HDR_OK,
               runtimes[0] == '\0' ? "compile and link it with -fsanitize=thread, or address"
                                   : NULL,
               "%s; compiled by %s; build id %s",
               runtimes[0] == '\0' ? "no sanitizer watches it" : runtimes,
               compilers[0] == '\0' ? "an unknown compiler" : compilers,
               binary->build_id[0] == '\0' ? "none" : binary->build_id);
    if (!binary->has_debug_info && runtimes[0] != '\0') {
        hdr_say(examination, HDR_WARN, "no debug information: reports will name no source lines",
                "compile with -g, and do not strip it");
    }
    for (int kind = 0; kind < HDR_RUNTIMES; kind++) {
        if (binary->runtimes[kind].is_shared && binary->runtimes[kind].library == NULL) {
            hdr_say_of(examination, HDR_FAIL, "install it, or name its folder in LD_LIBRARY_PATH",
                       "the library of %s is not found", hdr_runtime_names[kind]);
        }
    }
}

const struct hdr_check hdr_check_build = {
    .name = "build",
    .summary = "what the program is, and whether it has debug information",
    .run = run,
};
