/*
 * What becomes of a crash: each crash that a fuzzer finds would be handed to another program, or
 * leave a file as large as what it has mapped.
 *
 * Source  core(5).
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/check.h"

static void run(struct hdr_examination *examination)
{
    const struct hdr_machine *machine = examination->machine;

    if (machine->core_pattern[0] == '|') {
        hdr_say_of(examination, HDR_NOTE,
                   "fuzzers find many crashes, and afl-fuzz does not start like this; as root:\n"
                   "sysctl kernel.core_pattern=core",
                   "each crash starts a program: %.200s", machine->core_pattern + 1);
    } else if (machine->core_size != 0 && machine->core_size != UINT64_MAX) {
        hdr_say_of(examination, HDR_OK, NULL, "core files of up to %llu MiB",
                   (unsigned long long)(machine->core_size >> 20));
    } else {
        hdr_say(examination, HDR_OK, machine->core_size == 0 ? "no core files" : "core files",
                NULL);
    }
}

const struct hdr_check hdr_check_core_files = {
    .name = "core_files",
    .summary = "what becomes of a crash",
    .is_of_machine = true,
    .run = run,
};
