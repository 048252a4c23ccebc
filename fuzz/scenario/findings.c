/*
 * Findings: replayed, shrunk, told of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/scenario/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/collection.h"
#include "engine/fatal.h"
#include "engine/report.h"
#include "engine/schedule_text.h"
#include "engine/seen.h"
#include "fuzz/scenario/deposit.h"
#include "fuzz/scenario/program.h"

/* As the command's, where nothing is certain: what was found could not be kept. */
enum { EXIT_INCONCLUSIVE = 3 };

static const struct hd_target *the_target;
static const char *folder; /* NULL: the first finding ends the process */
static char target_name[HD_TARGET_NAME_MAX];
static struct hde_collection collection;
static struct hde_seen seen;

/* The input that is told of. */
static const uint8_t *input;
static size_t input_size;

/* ---- What is told ---------------------------------------------------------------------------- */

static void print(const struct hde_report *report)
{
    hde_report_text(report, stderr);
    (void)fprintf(stderr, "  input: %s replay %s --input=FILE, the file that the fuzzer writes\n",
                  hd_target_command, report->program);
}

static void deposit(const struct hde_report *report)
{
    const struct hd_deposit all = {
        .folder = folder,
        .target = target_name,
        .report = report,
        .input = input,
        .input_size = input_size,
    };

    if (!hd_deposit_write(&all)) {
        (void)fprintf(stderr, "heddle: %s ends: it has a finding and no place for it\n",
                      target_name);
        _exit(EXIT_INCONCLUSIVE);
    }
}

static void caught(void *listener, const struct hde_caught *caught, const struct hde_trace *trace)
{
    char *schedule = hde_schedule_shorten(&caught->schedule);
    char *replay = NULL;

    (void)listener;
    if (schedule == NULL || asprintf(&replay, "%s replay %s --schedule=%s", hd_target_command,
                                     the_target->program.name, schedule) < 0) {
        hde_fatal_errno("no memory for a schedule");
    }
    const struct hde_report report = {
        .program = the_target->program.name,
        .strategy = "input",
        .executions = caught->execution,
        .preemptions = caught->shrunk.preemptions,
        .finding = &caught->finding,
        .trace = trace,
        .schedule = schedule,
        .replay = replay,
    };

    if (folder == NULL) {
        print(&report);
    } else {
        deposit(&report);
    }
    free(schedule);
    free(replay);
}

/* ---- What is found --------------------------------------------------------------------------- */

bool hd_findings_begin(const struct hd_target *target)
{
    folder = getenv("HEDDLE_FINDINGS");
    the_target = target;
    hd_program_target(&target->program, target_name);
    collection = (struct hde_collection){
        .program = &target->program,
        .settings = &target->settings,
        .caught = caught,
    };
    return folder == NULL || hd_deposit_prepare(folder);
}

void hd_findings_take(const uint8_t *bytes, size_t size, uint64_t run)
{
    struct hde_schedule schedule = {.count = 0};
    unsigned unreplayable = collection.unreplayable;

    if (!hde_seen_add(&seen)) {
        return;
    }
    input = bytes;
    input_size = size;
    hde_schedule_copy(&schedule, &hde_execution.schedule);
    hde_collection_add(&collection, run, &schedule);
    hde_schedule_release(&schedule);
    if (collection.unreplayable > unreplayable) {
        (void)fprintf(stderr, "heddle: %s: a finding was not there any more when it was replayed\n",
                      target_name);
    }
    if (folder == NULL) {
        abort();
    }
}
