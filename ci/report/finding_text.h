/*
 * Finding text: what a record says, as the terminal would say it.
 *
 * Lines are at most as long as what they quote. Whatever is quoted within a line has blanks for its
 * control characters; only a sanitizer's own text keeps its lines.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_FINDING_TEXT_H
#define HEDDLE_CI_REPORT_FINDING_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

/* All of it. */
void hdr_finding_print(const json_t *finding, FILE *file);

/*
 * The schedule as lanes; nothing where a record has no rows. Of very many rows those next to the
 * marked ones are shown, and how many are left out is said.
 */
void hdr_finding_print_lanes(const json_t *finding, FILE *file);

/* What has part in it with stacks and locks, where all others were, and operations. */
void hdr_finding_print_places(const json_t *finding, FILE *file);

/* What a sanitizer said of it, in its own words. */
void hdr_finding_print_sanitizer(const json_t *finding, FILE *file);

/* Whether lines of a log report it; else it is a record of its own. */
bool hdr_finding_is_of_log(const json_t *finding);

/* Where it was seen, and how often; of a log, in which lines. Without a newline. */
void hdr_finding_print_sightings(const json_t *finding, FILE *file);

/* How it was found, and how often. One line each. */
void hdr_finding_print_origin(const json_t *finding, FILE *file);

#endif
