/*
 * Report words for blocks of the heap: use after free, double and invalid free, out of bounds,
 * leak.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_REPORT_BLOCK_H
#define HEDDLE_ENGINE_REPORT_BLOCK_H

#include <stdbool.h>

#include "engine/report_words.h"

/* Whether it is one of these. */
bool hde_report_is_of_block(const struct hde_finding *finding);

/* As hde_report_deed() and hde_report_sentence(), for these. */
struct hde_phrase hde_report_block_deed(const struct hde_report *report, unsigned place);
struct hde_phrase hde_report_block_sentence(const struct hde_report *report);

#endif
