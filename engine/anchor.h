/*
 * Anchors: where in the source the choices of a schedule are made, so that they are found again
 * after the program was edited and its events have other numbers.
 *
 * An anchor is a source line, a kind of event, and the how manieth time the thread carries out such
 * an event there. It survives every edit that leaves that line where it is and the thread's way to
 * it as it was: more code before and after it in the same line range, other optimization, another
 * compiler.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_ANCHOR_H
#define HEDDLE_ENGINE_ANCHOR_H

#include <stddef.h>

#include "engine/execution.h"
#include "engine/schedule_text.h"
#include "engine/trace.h"

/* Append a schedule to *text, with its anchors. `trace` is that of its replay. */
void hde_anchor_append(struct hde_schedule_text *text,
                       const struct hde_schedule *schedule,
                       const struct hde_trace *trace);

/*
 * Give the entries of *text the event numbers that their anchors have in this build of the program,
 * by running it once for each entry. An entry without an anchor, or whose anchor is not found,
 * stays as it is. Returns how many were not found.
 */
size_t hde_anchor_find(const struct hde_program *program,
                       const struct hde_settings *settings,
                       struct hde_schedule_text *text);

#endif
