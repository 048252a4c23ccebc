/*
 * Credibility, its own parts: shared by credibility*.c, and nobody else.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_CREDIBILITY_PARTS_H
#define HEDDLE_CI_REPORT_CREDIBILITY_PARTS_H

#include <jansson.h>

#include "ci/report/binary.h"

#define HDR_NOTE_TEXT_MAX 1024

/* What a finding is judged by. */
struct hdr_judged {
    const json_t *finding;
    const struct hdr_binary *binary; /* of its program; NULL: not found */
};

struct hdr_note {
    const char *name;
    const char *advice;

    /* Whether it holds; *text then says why. */
    bool (*holds)(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX]);
};

/* Those that need the program; the last has no name. */
extern const struct hdr_note hdr_program_notes[];

/* Whether ThreadSanitizer, alone or not, noticed it. */
bool hdr_judged_is_tsans(const struct hdr_judged *judged);

bool hdr_judged_is_of_kind(const struct hdr_judged *judged, const char *kind);

#endif
