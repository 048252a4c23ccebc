/*
 * The end of the process: in an execution it ends the execution, with the finding that it owes and
 * at the place where it happened, as often as one likes; outside it ends the process as ever.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/process.h"
#include "engine/symbol.h"
#include "tests/engine/experiment.h"

#define EXECUTIONS 200U
#define CHOICES 5U

extern const struct hde_strategy hde_strategy_random;

/* Takes crash signals back from cmocka, which handles them while a test runs. */
static struct experiment run(void (*function)(void *))
{
    const struct hde_settings settings = hd_experiment_settings();
    void (*const functions[])(void *) = {hd_test_process_other, function};
    const struct hde_program program = hd_experiment_threads(functions, 2);

    hde_process_install_handlers();
    return hd_experiment_run(&program, &settings, &hde_strategy_random, 1, EXECUTIONS);
}

static void check_finding(const struct process_program *process, const struct hde_finding *finding)
{
    assert_int_equal(finding->kind, process->owes);
    assert_int_equal(finding->places_count, 1);
    assert_int_equal(finding->places[0].thread, 2);
    if (strncmp(finding->text, process->text, strlen(process->text)) != 0) {
        fail_msg("\"%s\" does not begin with \"%s\"", finding->text, process->text);
    }
    if (process->function != NULL) {
        assert_string_equal(hde_symbol_source(finding->places[0].pc).function, process->function);
    }
}

static void check_program(const struct process_program *process)
{
    struct experiment result = run(process->run);
    enum hde_end end = process->owes == HD_CLEAN ? HDE_END_EXIT : HDE_END_FAILED;

    if (result.ended[end] != EXECUTIONS || result.first.kind != process->owes) {
        fail_msg("program %td: %u of %u executions ended so, finding %u: %s",
                 process - process_programs, result.ended[end], EXECUTIONS, result.first.kind,
                 result.first.text);
    }
    if (process->owes == HD_CLEAN) {
        assert_int_equal(hde_execution.exit_status, process->status);
    } else {
        check_finding(process, &result.first);
        assert_int_equal(result.with[process->owes], EXECUTIONS);
    }
}

/* Whatever the other thread is doing then, and however often it has happened before. */
static void every_end_is_that_of_the_execution_only(void **state)
{
    (void)state;
    for (const struct process_program *process = process_programs; process->run != NULL;
         process++) {
        check_program(process);
    }
}

static void a_crash_says_where_it_wanted_to_go(void **state)
{
    (void)state;
    for (const struct process_program *process = process_programs; process->run != NULL;
         process++) {
        if (process->address != 0) {
            assert_int_equal(run(process->run).first.places[0].address, process->address);
        }
    }
}

static void begin_with_no_handlers(void)
{
    const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        (void)signal(signals[i], SIG_DFL);
    }
    hde_process_install_handlers();
}

/* In a child, of a process that has run executions. */
static int status_outside(void (*function)(void *))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        const struct rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};

        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)close(STDERR_FILENO);
        begin_with_no_handlers();
        function(NULL);
        _exit(100);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void check_outside(const struct process_program *process)
{
    int status = status_outside(process->run);
    bool is_right = process->exits ? WIFEXITED(status) && WEXITSTATUS(status) == process->status
                                   : WIFSIGNALED(status) && WTERMSIG(status) == process->status;

    if (!is_right) {
        fail_msg("program %td: wait status %#x", process - process_programs, (unsigned)status);
    }
}

static void outside_executions_the_process_ends_as_ever(void **state)
{
    (void)state;
    for (const struct process_program *process = process_programs; process->run != NULL;
         process++) {
        check_outside(process);
    }
}

static unsigned noted[CHOICES];

void hd_test_process_note(unsigned number)
{
    assert_true(number < CHOICES);
    noted[number]++;
}

/* 200 draws miss one of five numbers with probability 5 x 0.8^200 < 2^-62. */
static void a_number_is_chosen_from_all_there_are(void **state)
{
    (void)state;
    (void)run(hd_test_process_choose);
    for (unsigned number = 0; number < CHOICES; number++) {
        assert_true(noted[number] > 0);
    }
    assert_int_equal(hd_choose(CHOICES), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_is_that_of_the_execution_only),
        cmocka_unit_test(a_crash_says_where_it_wanted_to_go),
        cmocka_unit_test(outside_executions_the_process_ends_as_ever),
        cmocka_unit_test(a_number_is_chosen_from_all_there_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
