/*
 * Importance: status, then kind, then place.
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

static int compare_numbers(json_int_t a, json_int_t b) { return (a > b) - (a < b); }

static int compare_texts(const json_t *a, const json_t *b, const char *key)
{
    return strcmp(hdr_text(a, key), hdr_text(b, key));
}

static int compare_ranks(const json_t *a, const json_t *b)
{
    int order = compare_numbers(rank_of_status(a), rank_of_status(b));

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

enum hdr_level hdr_importance_level(const json_t *finding) { return hdr_kind_of(finding)->level; }

bool hdr_importance_is_open(const json_t *finding) { return rank_of_status(finding) <= 1; }
