/*
 * Scenario target: an input is one execution of one scenario.
 *
 * Which scenario: program.h. What an input says: engine/input.h. What is said of a finding:
 * findings.h. What of it the fuzzer sees: coverage.h. An input means the same whatever was run
 * before it, so it alone is enough to see again what it showed.
 *
 * The first input comes when the fuzzer has installed its signal handlers: only then does the
 * engine install its own, lest the fuzzer think that somebody else takes care of crashes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/scenario/target.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/canary.h"
#include "engine/cpu.h"
#include "engine/input_run.h"
#include "fuzz/scenario/coverage.h"
#include "fuzz/scenario/findings.h"
#include "fuzz/scenario/program.h"
#include "fuzz/scenario/signals.h"
#include "fuzz/target.h"

/* As the command's. */
enum { EXIT_USAGE = 2, EXIT_INCONCLUSIVE = 3 };

#define STEPS_MAX 100000U /* as the command's default */

/* Executions that there must still be numbers for: a finding takes some thousand to shrink. */
#define NUMBERS_LEFT_MIN (1U << 18)

static struct hd_target target = {.settings = {.steps_max = STEPS_MAX}};
static struct hde_settings observed; /* the same; what the fuzzer follows is noted */
static bool has_begun;
static uint64_t runs;

/* NOLINTNEXTLINE(readability-non-const-parameter): the fuzzers say what its type is. */
int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    if (*count < 1 || !hd_program_find((*arguments)[0], &target.program)) {
        exit(EXIT_USAGE);
    }
    if (!hde_cpu_is_able()) {
        (void)fputs("heddle: this machine's processor lacks what Heddle was built for: SSE 4.2 and "
                    "POPCNT\n",
                    stderr);
        exit(EXIT_INCONCLUSIVE);
    }
    target.settings.budgets = hde_budgets_default;
    if (!hd_coverage_read() || !hd_findings_begin(&target)) {
        exit(EXIT_USAGE);
    }
    return 0;
}

/* A process that would not find a planted bug says nothing by finding none. */
static void require_canaries(void)
{
    const char *missed = hde_canary_missed();

    if (missed != NULL) {
        (void)fprintf(stderr, "heddle: the planted bug %s was not found: nothing else would be\n",
                      missed);
        _exit(EXIT_INCONCLUSIVE);
    }
}

const struct hd_target *hd_target_begin(void)
{
    if (!has_begun) {
        has_begun = true;
        hde_execution_start();
        hd_signals_shelter();
        require_canaries();
        hde_execution_forget_visible(); /* what was seen in their races */
        observed = target.settings;
        hd_coverage_start(&observed);
    }
    return &target;
}

/*
 * The engine numbers the executions of a process, and ends it when there is no number left, which
 * may be after some hours. Before, libFuzzer is asked to end in its own way; who does not know that
 * signal has no use for it.
 */
static void end_in_time(void)
{
    struct sigaction action;

    if (UINT32_MAX - hde_execution.generation < NUMBERS_LEFT_MIN &&
        sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
        (void)raise(SIGUSR1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hde_input input;

    (void)hd_target_begin();
    runs++;
    hde_input_read(&input, data, size);
    hd_coverage_begin();
    hde_input_run(&target.program, &observed, &input);
    hd_coverage_end();
    if (hde_execution.findings_count != 0) {
        hd_findings_take(data, size, runs);
    }
    end_in_time();
    return 0;
}
