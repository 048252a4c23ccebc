/*
 * Known file: one of the two files in which users keep what they know of findings, line by line.
 *
 * The baseline has a line for each finding that was there before; only others are new:
 *
 *     6f1c0a9be2d47735  data-race: lost_update: increment lost_update.c:31  ~0f3a86b1c94e72d5
 *     data-race:*lost_update.c*
 *
 * The first word is an identity, or a pattern (pattern.h) for the title without its spaces. Behind
 * an identity a word of `~' and 16 hexadecimal digits is the fingerprint (fingerprint.h), by which
 * the finding is known when its lines have moved; the rest is for people. Suppressions are findings
 * that somebody answers for, until a day:
 *
 *     6f1c0a9be2d47735  owner=ada  expires=2027-03-01  reason="the statistics may be off by one"
 *
 * split as a shell splits (words.h); one that lacks a part is an error. Empty lines and lines that
 * begin with `#' are comments. fuzz/campaigns/baseline.py reads the same files in the same way, but
 * for the fingerprint, which it leaves alone: it has not the source.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_KNOWN_FILE_H
#define HEDDLE_CI_REPORT_KNOWN_FILE_H

#include <stdbool.h>

#include <jansson.h>

struct hdr_known_file {
    const char *path;
    json_t *lines;   /* array of text: the file, without the ends of lines */
    json_t *entries; /* array of {line, pattern, is_used}, and fields or fingerprint */
};

/* Read a file of either kind. False if that fails: it has said where and why on stderr then. */
bool hdr_known_file_read_baseline(struct hdr_known_file *file, const char *path);
bool hdr_known_file_read_suppressions(struct hdr_known_file *file, const char *path);

/*
 * One that is not there yet, with a comment that says what it is. False if its folder is not there
 * either: it has complained then.
 */
bool hdr_known_file_begin(struct hdr_known_file *file, const char *path);

/* Whether a text of this length is 16 hexadecimal digits, as identities and fingerprints are. */
bool hdr_known_file_is_hash(const char *text, size_t length);

/* Replace it by its lines, in one step. False if that fails: it has complained then. */
bool hdr_known_file_write(const struct hdr_known_file *file);

void hdr_known_file_release(struct hdr_known_file *file);

#endif
