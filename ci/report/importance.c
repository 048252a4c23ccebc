/*
 * Importance: status, credibility, kind, place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/importance.h"

#include <string.h>

#include "ci/report/record.h"

static const char *const statuses[] = {"new", "known", "suppressed", "owed"};

#define STATUSES ((int)(sizeof(statuses) / sizeof(statuses[0])))

/* One without a status, which nobody has judged yet, is new. */
static int rank_of_status(const json_t *finding)
{
    for (int rank = 0; rank < STATUSES; rank++) {
        if (strcmp(hdr_text(finding, "status"), statuses[rank]) == 0) {
            return rank;
        }
    }
    return 0;
}

static bool has_note(const json_t *finding, const char *name)
{
    const json_t *credibility = hdr_list(finding, "credibility");

    for (size_t i = 0; i < json_array_size(credibility); i++) {
        if (strcmp(hdr_text(json_array_get(credibility, i), "note"), name) == 0) {
            return true;
        }
    }
    return false;
}

bool hdr_importance_is_doubtful(const json_t *finding)
{
    /* What a sanitizer cannot see, and what makes a deadlock impossible. */
    static const char *const doubts[] = {"fence",       "uninstrumented", "assembly",
                                         "interceptor", "single-thread",  "gate-lock"};

    for (size_t i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
        if (has_note(finding, doubts[i])) {
            return !has_note(finding, "confirmed");
        }
    }
    return false;
}

static int compare_numbers(json_int_t a, json_int_t b) { return (a > b) - (a < b); }

static int compare_texts(const json_t *a, const json_t *b, const char *key)
{
    return strcmp(hdr_text(a, key), hdr_text(b, key));
}

static int compare_ranks(const json_t *a, const json_t *b)
{
    int order = compare_numbers(rank_of_status(a), rank_of_status(b));

    if (order == 0) {
        order = compare_numbers(hdr_importance_is_doubtful(a), hdr_importance_is_doubtful(b));
    }
    return order != 0
               ? order
               : compare_numbers(hdr_kind_rank(hdr_kind_of(a)), hdr_kind_rank(hdr_kind_of(b)));
}

int hdr_importance_compare(const json_t *a, const json_t *b)
{
    int order = compare_ranks(a, b);

    order = order == 0 ? compare_texts(a, b, "kind") : order;
    order = order == 0 ? compare_texts(a, b, "class") : order;
    order = order == 0 ? compare_texts(a, b, "file") : order;
    order = order == 0 ? compare_numbers(hdr_number(a, "line"), hdr_number(b, "line")) : order;
    return order == 0 ? compare_texts(a, b, "identity") : order;
}

enum hdr_level hdr_importance_level(const json_t *finding)
{
    return hdr_importance_is_doubtful(finding) ? HDR_LEVEL_WARNING : hdr_kind_of(finding)->level;
}

bool hdr_importance_is_open(const json_t *finding) { return rank_of_status(finding) <= 1; }
