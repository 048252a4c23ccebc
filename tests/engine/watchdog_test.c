/*
 * Watchdog: an execution that makes no step any more is shown, and ends with its process.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/explore.h"
#include "engine/scenario.h"
#include "engine/watchdog.h"
#include "tests/engine/experiment.h"
#include "tests/engine/programs/hunted.h"

#define OUTPUT_SIZE 8192U

/* In a child: explore until the watchdog ends it; its output goes to `pipe`. */
static void get_stuck(int pipe)
{
    const struct hde_scenario scenario = {.name = "endless", .scenario = &hunted_endless};
    const struct hde_exploration exploration = {
        .program = hde_scenario_program(&scenario, false),
        .settings = hd_experiment_settings(),
        .strategy = hde_strategy_named("random"),
        .executions_max = 100,
    };

    (void)dup2(pipe, STDERR_FILENO);
    hde_watchdog_start(1, "the command that shows it");
    (void)hde_explore(&exploration);
    _exit(0);
}

/* Returns the exit code of a child that got stuck, with its output. */
static int run_child(char output[OUTPUT_SIZE])
{
    int ends[2];
    size_t size = 0;
    ssize_t got = 1;
    int status = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();

    if (child == 0) {
        get_stuck(ends[1]);
    }
    (void)close(ends[1]);
    while (got > 0 && size < OUTPUT_SIZE - 1) {
        got = read(ends[0], output + size, OUTPUT_SIZE - 1 - size);
        size += got > 0 ? (size_t)got : 0;
    }
    output[size] = '\0';
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void it_shows_all_threads_and_kills(void **unused)
{
    char output[OUTPUT_SIZE];

    (void)unused;
    assert_int_equal(run_child(output), HDE_WATCHDOG_EXIT);
    print_message("%s", output);
    assert_non_null(strstr(output, "an execution is stuck"));
    assert_non_null(strstr(output, "thread 0"));
    assert_non_null(strstr(output, "thread 1 runs and announces nothing any more"));
    assert_non_null(strstr(output, "loop_for_ever tests/engine/programs/hunted.c:"));
    assert_non_null(strstr(output, "thread 2"));
    assert_non_null(strstr(output, "increment tests/engine/programs/hunted.c:"));
    assert_non_null(strstr(output, "reproduce: the command that shows it"));
}

/* An execution that does go on is left alone, however long the exploration takes. */
static bool is_over(void *listener, const struct hde_tally *tally)
{
    unsigned *ticks = listener;

    (void)tally;
    return ++*ticks >= 25;
}

static void it_leaves_alone_what_goes_on(void **unused)
{
    const struct hde_scenario scenario = {.name = "clean", .scenario = &hunted_clean};
    unsigned ticks = 0;
    const struct hde_exploration exploration = {
        .program = hde_scenario_program(&scenario, false),
        .settings = hd_experiment_settings(),
        .strategy = hde_strategy_named("random"),
        .executions_max = UINT64_MAX,
        .listen = is_over,
        .listener = &ticks,
    };

    (void)unused;
    hde_watchdog_start(1, NULL);
    struct hde_tally tally = hde_explore(&exploration);

    hde_watchdog_stop();
    assert_true(tally.is_stopped);
    assert_int_equal(tally.guilty, 0);
    assert_int_equal(ticks, 25); /* at ten a second: 2.5 s, with a limit of 1 s */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_all_threads_and_kills),
        cmocka_unit_test(it_leaves_alone_what_goes_on),
    };

    hde_execution_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
