/*
 * Report lanes: rows as ci/report/lanes.h wants them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_lanes.h"

#include <stdlib.h>
#include <string.h>

#include "ci/report/lanes.h"
#include "engine/fatal.h"
#include "engine/report_words.h"
#include "engine/set.h"

/* What a thread runs, as its first row knows, or where the finding met it. */
static const char *
function_of(const struct hde_report *report, const struct hde_rows *rows, unsigned thread)
{
    const struct hde_finding *finding = report->finding;

    for (size_t i = 0; i < rows->count; i++) {
        const struct hde_trace_step *step = rows->rows[i].step;

        if (rows->rows[i].thread == thread && step != NULL) {
            return hde_report_outermost(step->context, step->event.pc);
        }
    }
    for (unsigned i = 0; i < finding->places_count; i++) {
        if (finding->places[i].thread == thread) {
            return hde_report_outermost(finding->places[i].context, finding->places[i].pc);
        }
    }
    return "?";
}

static size_t take_threads(struct hdr_lane_thread threads[HDE_THREADS_MAX],
                           const struct hde_report *report,
                           const struct hde_rows *rows)
{
    struct hde_set met = {{0}};
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        hde_set_add(&met, rows->rows[i].thread);
    }
    for (unsigned id = hde_set_first(&met); id < HDE_THREADS_MAX; id = hde_set_next(&met, id + 1)) {
        const char *function = function_of(report, rows, id);

        threads[count++] = (struct hdr_lane_thread){
            .id = id,
            .function = strcmp(function, "?") == 0 ? NULL : function,
        };
    }
    return count;
}

void hde_lanes_print(const struct hde_rows *rows, const struct hde_report *report, FILE *file)
{
    struct hdr_lane_thread threads[HDE_THREADS_MAX];
    struct hdr_lane_row *shown = calloc(rows->count + 1, sizeof(*shown));
    const struct hdr_lanes lanes = {
        .rows = shown,
        .rows_count = rows->count,
        .threads = threads,
        .threads_count = take_threads(threads, report, rows),
    };

    if (shown == NULL) {
        hde_fatal("no memory for a report");
    }
    for (size_t i = 0; i < rows->count; i++) {
        const struct hde_row *row = &rows->rows[i];

        shown[i] = (struct hdr_lane_row){
            .function = row->source.function,
            .file = row->source.file,
            .line = row->source.line,
            .code = hde_symbol_line(&row->source),
            .action = row->action,
            .left_out = row->left_out,
            .thread = row->thread,
            .is_marked = row->is_marked,
        };
    }
    hdr_lanes_print(&lanes, file);
    free(shown);
}
