/*
 * Scan: reading text from left to right, piece by piece. Never reads beyond the end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SCAN_H
#define HEDDLE_ENGINE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is still to be read: [at, end). */
struct hde_scan {
    const char *at;
    const char *end;
};

static inline bool hde_scan_is_over(const struct hde_scan *scan) { return scan->at == scan->end; }

/* Spaces and tabs. */
void hde_scan_skip_blanks(struct hde_scan *scan);

/* The rest of the line, without blanks around it; `scan` goes behind its end. */
struct hde_scan hde_scan_line(struct hde_scan *scan);

/* What comes up to the next blank, after blanks; empty at the end. */
struct hde_scan hde_scan_word(struct hde_scan *scan);

/* Whether the piece is this text. */
bool hde_scan_is(const struct hde_scan *piece, const char *text);

/* Whether `character` comes next; if so it is read. */
bool hde_scan_character(struct hde_scan *scan, char character);

/*
 * A decimal number, at most `max`; false if none is here, or a greater one: then nothing is read.
 */
bool hde_scan_number(struct hde_scan *scan, uint64_t max, uint64_t *number);

/* Copy a piece as a string; false if it does not fit. */
bool hde_scan_copy(const struct hde_scan *piece, char *text, size_t size);

#endif
