/*
 * Report: a finding for people, and for programs.
 *
 * Both say the same: what happened in one sentence, the shortest schedule that shows it, the
 * stacks, what was held, where threads come from, and how to see it again. Neither contains an
 * address, a process id or a time, so two reports of one schedule are equal.
 *
 * Taken right after its schedule was replayed with a trace, while hde_execution still holds that
 * execution's threads and objects; never within an execution.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_H
#define HEDDLE_ENGINE_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "engine/finding.h"
#include "engine/trace.h"

/* Whether a finding is one that the program declares. */
enum hde_owed {
    HDE_OWED_NOT_DECLARED, /* it declares nothing */
    HDE_OWED_NOT,
    HDE_OWED,
};

struct hde_report {
    const char *program;  /* name of the scenario */
    const char *flavour;  /* "explore"; NULL is that of this build */
    const char *model;    /* memory model; NULL is "sc" */
    const char *strategy; /* that found it; NULL if it was replayed from a file */
    uint64_t seed;
    uint64_t executions; /* until it was found; 0 if not counted */
    unsigned preemptions;
    enum hde_owed owed;
    const struct hde_finding
        *finding; /* as the replay noted it: its events are those of the trace */
    const struct hde_trace *trace;
    const char *schedule; /* short form */
    const char *replay;   /* the command */
};

void hde_report_text(const struct hde_report *report, FILE *file);

/* One JSON object, and a newline. Returns 0, or -1 if it could not be written. */
int hde_report_json(const struct hde_report *report, FILE *file);

#endif
