/*
 * Run once.
 *
 * The child does what an execution does, with threads of the system: setup, the threads together,
 * check. They are let go at once, so that they meet as often as they can; what lets them go orders
 * nothing between them.
 *
 * ThreadSanitizer tells of a report by calling __tsan_on_report(), which ends the child. Threads
 * that a scenario leaves behind are waited for by looking whether they are still there, which
 * ThreadSanitizer does not take for an order; so it is told not to look at what check reads then.
 *
 * Source: <sanitizer/tsan_interface.h>, compiler-rt/lib/tsan/rtl/tsan_interface_ann.cpp.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/native/run_once.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MILLISECOND_NS 1000000L

/* What ThreadSanitizer's runtime calls, and what it has. */
const char *__tsan_default_options(void);
void __tsan_on_report(void *report);
void hd_ignore_reads_begin(const char *file, int line) __asm__("AnnotateIgnoreReadsBegin");
void hd_ignore_reads_end(const char *file, int line) __asm__("AnnotateIgnoreReadsEnd");

/* One thread of a scenario. */
struct runner {
    void (*run)(void *state); /* constant once created */
    void *state;              /* constant once created */
    pthread_t thread;         /* main's only */
};

static bool may_go;               /* atomic */
static unsigned long choice_seed; /* of the run; atomic */

/* ---- What the code under test and ThreadSanitizer call --------------------------------------- */

/* A crash is to be seen as such. */
const char *__tsan_default_options(void)
{
    return "exitcode=0:symbolize=0:handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0";
}

void __tsan_on_report(void *report)
{
    (void)report;
    _exit(HD_NATIVE_REPORTED);
}

void hd_expect_failed(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: expectation `%s' failed\n", file, line, condition);
    _exit(HD_NATIVE_FAILED);
}

/* A linear congruential generator: which numbers it gives matters little, that they vary does. */
uint32_t hd_choose(uint32_t count)
{
    /* Relaxed: the numbers order nothing. */
    unsigned long drawn = __atomic_fetch_add(&choice_seed, 0x9e3779b97f4a7c15UL, __ATOMIC_RELAXED);

    return (uint32_t)((drawn * 6364136223846793005UL >> 33) % count);
}

/* ---- The child ------------------------------------------------------------------------------- */

static void *run_one(void *argument)
{
    const struct runner *runner = argument;

    /* Relaxed: what the threads do must not be ordered by how they are let go. */
    while (!__atomic_load_n(&may_go, __ATOMIC_RELAXED)) {
    }
    runner->run(runner->state);
    return NULL;
}

static void run_threads(void (*const threads[HD_SCENARIO_THREADS_MAX])(void *), void *state)
{
    struct runner runners[HD_SCENARIO_THREADS_MAX];
    unsigned count = 0;

    for (; count < HD_SCENARIO_THREADS_MAX && threads[count] != NULL; count++) {
        runners[count] = (struct runner){.run = threads[count], .state = state};
        if (pthread_create(&runners[count].thread, NULL, run_one, &runners[count]) != 0) {
            abort();
        }
    }
    __atomic_store_n(&may_go, true, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < count; i++) {
        (void)pthread_join(runners[i].thread, NULL);
    }
}

static void *do_nothing(void *argument) { return argument; }

/* With the first thread, ThreadSanitizer begins one of its own. */
static void start_runtime(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, do_nothing, NULL) != 0) {
        abort();
    }
    (void)pthread_join(thread, NULL);
}

/* Of this process. */
static unsigned count_tasks(void)
{
    DIR *tasks = opendir("/proc/self/task");
    unsigned count = 0;

    if (tasks == NULL) {
        abort();
    }
    while (readdir(tasks) != NULL) {
        count++;
    }
    (void)closedir(tasks);
    return count;
}

static void pause_ms(long duration_ms)
{
    const struct timespec duration = {.tv_nsec = duration_ms * MILLISECOND_NS};

    (void)nanosleep(&duration, NULL);
}

static void run_main(const struct hd_scenario *scenario, void (*run)(void *), void *state)
{
    start_runtime();
    unsigned tasks = count_tasks();

    run(state);
    if (scenario->join_at_exit) {
        while (count_tasks() > tasks) {
            pause_ms(1);
        }
    }
}

/* The state stays: threads that were left behind may have used it. */
static void run_child(const struct hd_scenario *scenario, bool is_fixed)
{
    void *state = scenario->state_size == 0 ? NULL : calloc(1, scenario->state_size);
    void (*setup)(void *) =
        is_fixed && scenario->fixed_setup != NULL ? scenario->fixed_setup : scenario->setup;
    void (*run)(void *) =
        is_fixed && scenario->fixed_main != NULL ? scenario->fixed_main : scenario->main;

    if (setup != NULL) {
        setup(state);
    }
    if (run != NULL) {
        run_main(scenario, run, state);
    } else {
        run_threads(is_fixed && scenario->fixed[0] != NULL ? scenario->fixed : scenario->threads,
                    state);
    }
    if (scenario->check != NULL) {
        hd_ignore_reads_begin(__FILE__, __LINE__);
        scenario->check(state);
        hd_ignore_reads_end(__FILE__, __LINE__);
    }
}

/* What it reports is counted, and not read. */
static void silence(void)
{
    int null = open("/dev/null", O_WRONLY);

    if (null < 0 || dup2(null, STDERR_FILENO) < 0) {
        abort();
    }
    (void)close(null);
}

/* ---- The parent ------------------------------------------------------------------------------ */

static enum hd_native_outcome outcome_of(int status)
{
    if (!WIFEXITED(status) || WEXITSTATUS(status) >= HD_NATIVE_OUTCOMES) {
        return HD_NATIVE_FAILED;
    }
    return (enum hd_native_outcome)WEXITSTATUS(status);
}

static enum hd_native_outcome wait_for(pid_t child, unsigned limit_ms)
{
    int status = 0;

    for (unsigned waited_ms = 0; waited_ms < limit_ms; waited_ms++) {
        if (waitpid(child, &status, WNOHANG) == child) {
            return outcome_of(status);
        }
        pause_ms(1);
    }
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    return HD_NATIVE_HUNG;
}

enum hd_native_outcome
hd_native_run(const struct hd_scenario *scenario, bool is_fixed, unsigned seed, unsigned limit_ms)
{
    (void)fflush(NULL); /* else the child would print it too */
    pid_t child = fork();

    if (child < 0) {
        perror("fork");
        abort();
    }
    if (child == 0) {
        silence();
        choice_seed = seed;
        run_child(scenario, is_fixed);
        exit(HD_NATIVE_QUIET);
    }
    return wait_for(child, limit_ms);
}
