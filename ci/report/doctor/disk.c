/*
 * Whether there is room for reports, corpora and builds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/check.h"

#define MIB (UINT64_C(1) << 20)
#define ENOUGH (1024 * MIB) /* a build of one preset, and a night of fuzzing */
#define LEAST (64 * MIB)    /* the report of a hunt, several times over */

static void run(struct hdr_examination *examination)
{
    uint64_t free_bytes = examination->machine->free_bytes;
    unsigned long long free_mib = free_bytes / MIB;

    if (free_bytes == UINT64_MAX) {
        hdr_say(examination, HDR_NOTE, "not known how much room is left here", NULL);
    } else if (free_bytes < LEAST) {
        hdr_say_of(examination, HDR_FAIL, "make room: findings would be lost",
                   "%llu MiB are left here", free_mib);
    } else if (free_bytes < ENOUGH) {
        hdr_say_of(examination, HDR_WARN, "a night of fuzzing or a build may need more",
                   "%llu MiB are left here", free_mib);
    } else {
        hdr_say_of(examination, HDR_OK, NULL, "%llu GiB are left here", free_mib / 1024);
    }
}

const struct hdr_check hdr_check_disk = {
    .name = "disk",
    .summary = "whether there is room for what is found",
    .is_of_machine = true,
    .run = run,
};
