/*
 * Unjoined: a thread that ended, and was neither joined nor detached when the program was over:
 * what the system keeps of it is never given back.
 *
 * Place: where it was created. A scenario's .threads are the engine's to join. A thread that still
 * runs when main returns or calls exit() ends with the process, and is none.
 *
 * Guarantee  Reports each such thread of every execution that ends normally.
 * Misses     Executions that end with a finding or a status of failure. A thread that runs on in
 *            every execution. Detached ones that nobody waits for.
 * Source     ThreadSanitizer's report of thread leaks.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>

#include "engine/detector.h"
#include "engine/execution.h"

static bool is_unjoined(const struct hde_thread *thread)
{
    return thread->has_ended && !thread->is_of_engine && !thread->is_joined && !thread->is_detached;
}

static void find_unjoined(const struct hde_thread *thread)
{
    struct hde_finding finding = {
        .kind = HD_MISUSE, .class = HDE_CLASS_NEVER_JOINED, .places_count = 1};

    finding.places[0] = (struct hde_place){
        .pc = thread->created.pc,
        .context = thread->created.context,
        .event = thread->created.event,
        .thread = thread->created.thread,
        .event_kind = HDE_EVENT_CREATE,
        .size = 1,
    };
    hde_execution_find(&finding);
}

static void ended(void)
{
    const struct hde_execution *execution = &hde_execution;
    bool is_normal = execution->end == HDE_END_DONE ||
                     (execution->end == HDE_END_EXIT && execution->exit_status == 0);

    for (uint32_t id = 1; is_normal && id < execution->threads_count; id++) {
        if (is_unjoined(&execution->threads[id])) {
            find_unjoined(&execution->threads[id]);
        }
    }
}

const struct hde_detector hde_detector_unjoined = {
    .name = "unjoined",
    .summary = "threads that were neither joined nor detached",
    .ended = ended,
};
