/*
 * Scenario target: an input is one execution of one scenario.
 *
 * Which scenario: program.h. What an input says: engine/input.h. What is said of a finding:
 * findings.h. An input means the same whatever was run before it, so it alone is enough to see
 * again what it showed.
 *
 * The first input comes when the fuzzer has installed its signal handlers: only then does the
 * engine install its own, lest the fuzzer think that somebody else takes care of crashes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/canary.h"
#include "engine/cpu.h"
#include "engine/execution.h"
#include "engine/input_run.h"
#include "fuzz/scenario/coverage.h"
#include "fuzz/scenario/findings.h"
#include "fuzz/scenario/program.h"
#include "fuzz/scenario/signals.h"
#include "fuzz/target.h"

/* As the command's. */
enum { EXIT_USAGE = 2, EXIT_INCONCLUSIVE = 3 };

#define STEPS_MAX 100000U /* as the command's default, which replays what is found */

static struct hd_findings_source source = {.settings = {.steps_max = STEPS_MAX}};
static struct hde_settings observed; /* the same; what the fuzzer follows is noted */
static uint64_t runs;

/* NOLINTNEXTLINE(readability-non-const-parameter): the fuzzers say what its type is. */
int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    if (*count < 1 || !hd_program_find((*arguments)[0], &source.program)) {
        exit(EXIT_USAGE);
    }
    if (!hde_cpu_is_able()) {
        (void)fputs("heddle: this machine's processor lacks what Heddle was built for: SSE 4.2 and "
                    "POPCNT\n",
                    stderr);
        exit(EXIT_INCONCLUSIVE);
    }
    source.settings.budgets = hde_budgets_default;
    if (!hd_coverage_read() || !hd_findings_begin(&source)) {
        exit(EXIT_USAGE);
    }
    return 0;
}

/* A process that would not find a planted bug says nothing by finding none. */
static void begin(void)
{
    hde_execution_start();
    hd_signals_shelter();

    const char *missed = hde_canary_missed();

    if (missed != NULL) {
        (void)fprintf(stderr, "heddle: the planted bug %s was not found: nothing else would be\n",
                      missed);
        _exit(EXIT_INCONCLUSIVE);
    }
    observed = source.settings;
    hd_coverage_start(&observed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hde_input input;

    if (runs++ == 0) {
        begin();
    }
    hde_input_read(&input, data, size);
    hd_coverage_begin();
    hde_input_run(&source.program, &observed, &input);
    hd_coverage_end();
    if (hde_execution.findings_count != 0) {
        hd_findings_take(data, size, runs);
    }
    return 0;
}
