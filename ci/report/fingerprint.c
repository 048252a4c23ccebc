/*
 * Fingerprint: a hash (FNV-1a) of kind, class and the sorted places, and a number.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/fingerprint.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/excerpt.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

struct print {
    const json_t *finding;
    uint64_t hash;
};

static uint64_t hash_text(uint64_t hash, const char *text)
{
    /* With the zero at its end: "ab" and "c" is not "a" and "bc". */
    for (size_t i = 0; i <= strlen(text); i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* The line without the blanks around it, which formatters change. */
static uint64_t hash_code(uint64_t hash, const char *code)
{
    code += strspn(code, " \t");

    size_t length = strlen(code);

    while (length > 0 && strchr(" \t\r", code[length - 1]) != NULL) {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)code[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* A place whose line nobody has seen counts by its number: better too many than too few. */
static uint64_t hash_place(const json_t *finding, const json_t *place)
{
    json_int_t line = hdr_number(place, "line");
    const char *code = hdr_excerpt_line(finding, hdr_text(place, "file"), line);
    uint64_t hash = hash_text(UINT64_C(0xcbf29ce484222325), hdr_text(place, "file"));
    char number[24];

    hash = hash_text(hash, hdr_text(place, "function"));
    if (code != NULL) {
        return hash_code(hash, code);
    }
    (void)snprintf(number, sizeof(number), "%lld", (long long)line);
    return hash_text(hash, number);
}

/* A sum does not know the order of the places. */
static uint64_t hash_finding(const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    uint64_t sum = 0;
    char number[24];

    for (size_t i = 0; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);

        sum += hdr_is(place, "is_cause") ? 0 : hash_place(finding, place);
    }
    if (sum == 0) {
        sum = hash_place(finding, finding);
    }
    (void)snprintf(number, sizeof(number), "%" PRIx64, sum);

    uint64_t hash = hash_text(UINT64_C(0xcbf29ce484222325), hdr_text(finding, "kind"));

    return hash_text(hash_text(hash, hdr_text(finding, "class")), number);
}

static bool has_code(const json_t *finding, const json_t *place)
{
    return hdr_excerpt_line(finding, hdr_text(place, "file"), hdr_number(place, "line")) != NULL;
}

json_t *hdr_fingerprint_of_code(const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    bool is_known = json_array_size(places) == 0 && has_code(finding, finding);

    for (size_t i = 0; i < json_array_size(places) && !is_known; i++) {
        const json_t *place = json_array_get(places, i);

        is_known = !hdr_is(place, "is_cause") && has_code(finding, place);
    }
    return is_known ? json_sprintf("%016" PRIx64, hash_finding(finding)) : NULL;
}

static int by_hash(const void *left, const void *right)
{
    const struct print *a = left;
    const struct print *b = right;
    json_int_t a_line = hdr_number(a->finding, "line");
    json_int_t b_line = hdr_number(b->finding, "line");
    int order = (a->hash > b->hash) - (a->hash < b->hash);

    order = order == 0 ? (a_line > b_line) - (a_line < b_line) : order;
    return order != 0 ? order
                      : strcmp(hdr_text(a->finding, "identity"), hdr_text(b->finding, "identity"));
}

json_t *hdr_fingerprints(const json_t *findings)
{
    size_t count = json_array_size(findings);
    struct print *prints = calloc(count + 1, sizeof(*prints));
    json_t *all = json_object();
    size_t number = 1;

    if (prints == NULL) {
        hde_fatal("no memory for fingerprints");
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *finding = json_array_get(findings, i);

        prints[i] = (struct print){.finding = finding, .hash = hash_finding(finding)};
    }
    qsort(prints, count, sizeof(*prints), by_hash);
    for (size_t i = 0; i < count; i++) {
        char text[48];

        number = i > 0 && prints[i].hash == prints[i - 1].hash ? number + 1 : 1;
        (void)snprintf(text, sizeof(text), "%016" PRIx64 ":%zu", prints[i].hash, number);
        hdr_set(all, hdr_text(prints[i].finding, "identity"), hdr_string(text));
    }
    free(prints);
    return all;
}
