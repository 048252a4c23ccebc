/*
 * Credibility: what is known of how far to believe a sanitizer's report, as notes {note, text,
 * advice} in its record.
 *
 * A note is one function, in one table: credibility.c has those that a record shows by itself,
 * credibility_program.c those that need the program that it is about, where it is still there.
 *
 * Misses  A program that is not found, or was built anew since, has no notes of its code. What
 *         functions do is taken from their machine code, in its order: see binary.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_CREDIBILITY_H
#define HEDDLE_CI_REPORT_CREDIBILITY_H

#include "ci/report/collection.h"

/* Give each finding its `credibility'. To be called once, after hdr_collection_finish(). */
void hdr_credibility_add(struct hdr_collection *collection);

#endif
