/*
 * Whether the processor has what Heddle is built for, and how many there are.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/check.h"

static void run(struct hdr_examination *examination)
{
    static const char *const needed[] = {" sse4_2 ", " popcnt "};
    const struct hdr_machine *machine = examination->machine;
    bool is_able = true;

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        is_able = is_able && strstr(machine->processor, needed[i]) != NULL;
    }
    if (machine->processor[0] == '\0') {
        hdr_say_of(examination, HDR_OK, NULL, "%u, of which nothing is known", machine->processors);
    } else if (!is_able) {
        hdr_say(examination, HDR_FAIL, "it lacks SSE 4.2 or POPCNT, which `heddle' is built for",
                "use another machine; in a virtual one, pass the features of its host on");
    } else {
        hdr_say_of(examination, HDR_OK, NULL, "%u, with SSE 4.2 and POPCNT", machine->processors);
    }
    if (machine->processors == 1) {
        hdr_say(examination, HDR_NOTE, "only one processor: threads meet rarely in stress tests",
                "what `heddle' explores does not depend on it");
    }
}

const struct hdr_check hdr_check_processor = {
    .name = "processor",
    .summary = "whether the processor has what Heddle is built for",
    .is_of_machine = true,
    .run = run,
};
