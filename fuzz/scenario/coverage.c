/*
 * Coverage: what the environment asks for, and the counters of the compiler.
 *
 * Code under test is compiled with counters for its edges, in a section of the program; where they
 * are not to count they are 0 again before the fuzzer looks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/scenario/coverage.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/interleaving.h"

/* The linker's; NULL where code is not compiled with -fsanitize-coverage=inline-8bit-counters. */
extern uint8_t edges_begin[] __asm__("__start___sancov_cntrs") __attribute__((weak));
extern uint8_t edges_end[] __asm__("__stop___sancov_cntrs") __attribute__((weak));

static uint32_t kinds = HDE_INTERLEAVING_ALL;
static bool counts_code = true;
static bool is_measured;

/* One word of the list, `length' long; returns whether there is such a word. */
static bool read_word(const char *word, size_t length)
{
    bool is_known = false;

    for (uint32_t kind = 0; kind < HDE_INTERLEAVING_KINDS; kind++) {
        const char *name = hde_interleaving_kind_name(kind);

        if (strlen(name) == length && strncmp(word, name, length) == 0) {
            kinds |= 1U << kind;
            is_known = true;
        }
    }
    if (strncmp(word, "interleaving", length) == 0 && length == strlen("interleaving")) {
        kinds = HDE_INTERLEAVING_ALL;
        is_known = true;
    } else if (strncmp(word, "code", length) == 0 && length == strlen("code")) {
        counts_code = true;
        is_known = true;
    } else if (strncmp(word, "measure", length) == 0 && length == strlen("measure")) {
        is_measured = true;
        is_known = true;
    }
    return is_known || (strncmp(word, "none", length) == 0 && length == strlen("none"));
}

bool hd_coverage_read(void)
{
    const char *words = getenv("HEDDLE_COVERAGE");

    if (words == NULL) {
        return true;
    }
    kinds = 0;
    counts_code = false;
    for (const char *word = words; word != NULL;) {
        size_t length = strcspn(word, ",");

        if (!read_word(word, length)) {
            (void)fprintf(stderr,
                          "heddle: HEDDLE_COVERAGE has `%.*s', which is none of: code "
                          "interleaving reads-from conflict hand-over blocked-at measure none\n",
                          (int)length, word);
            return false;
        }
        word = word[length] == ',' ? word + length + 1 : NULL;
    }
    return true;
}

static void print_tally(void)
{
    const struct hde_interleaving_tally tally = hde_interleaving_tally();

    (void)fprintf(stderr, "heddle: coverage: %" PRIu64 " inputs, %u pairs, %u once\n", tally.inputs,
                  tally.pairs, tally.singletons);
    for (uint32_t kind = 0; is_measured && kind < HDE_INTERLEAVING_KINDS; kind++) {
        (void)fprintf(stderr, "heddle: coverage: %s: %u pairs\n", hde_interleaving_kind_name(kind),
                      tally.exact[kind]);
    }
    if (is_measured) {
        (void)fprintf(stderr, "heddle: coverage: %s%u pairs share a counter\n",
                      tally.is_exact ? "" : "more than ", tally.collisions);
    }
}

void hd_coverage_start(struct hde_settings *settings)
{
    if (kinds == 0) {
        return;
    }
    hde_interleaving_start(kinds);
    if (is_measured) {
        hde_interleaving_measure();
    }
    settings->observe_steps = hde_interleaving_observe;
    if (atexit(print_tally) != 0) {
        (void)fputs("heddle: no room to say at the end what was covered\n", stderr);
    }
}

void hd_coverage_begin(void) { hde_interleaving_begin(); }

void hd_coverage_end(void)
{
    hde_interleaving_end();
    if (!counts_code && edges_begin != NULL) {
        memset(edges_begin, 0, (size_t)(edges_end - edges_begin));
    }
}
