/*
 * Report misuse: the phrases for an object that was used in a way that its interface forbids.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_MISUSE_H
#define HEDDLE_ENGINE_REPORT_MISUSE_H

#include "engine/report_words.h"

/* The same as hde_report_sentence() and hde_report_deed(), of the kind HD_MISUSE with places. */
struct hde_phrase hde_report_misuse(const struct hde_report *report);
struct hde_phrase hde_report_misuse_deed(const struct hde_report *report, unsigned place);

#endif
