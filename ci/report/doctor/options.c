/*
 * Whether TSAN_OPTIONS and its like say what their runtime knows, and nothing that spoils reports.
 *
 * A runtime ignores an option that it does not know, without a word. Which ones it knows is taken
 * from itself: the name of each is a string of its own in it.
 *
 * Misses  A misspelt name that happens to be a string, or the end of one, in the program.
 * Source  Runs of the runtimes of clang 14, clang 19 and gcc 12; compiler-rt, tsan_flags.inc.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/report/check.h"
#include "ci/report/runtime_options.h"
#include "engine/nearest.h"

/* ---- What options do ------------------------------------------------------------------------- */

static bool is_77(const char *value) { return strcmp(value, "77") == 0; }

static bool is_zero(const char *value) { return strcmp(value, "0") == 0; }

static bool is_above_7(const char *value)
{
    return strspn(value, "01234567") != 1 || value[1] != '\0';
}

/* Whether nothing can be written there: folders that are not there a runtime makes. */
static bool is_nowhere(const char *value)
{
    char folder[PATH_MAX];
    char *slash;

    (void)snprintf(folder, sizeof(folder), "%s", value);
    do {
        slash = strrchr(folder, '/');
        if (slash == NULL || slash == folder) {
            return false;
        }
        *slash = '\0';
    } while (access(folder, F_OK) != 0 && errno == ENOENT);
    return access(folder, W_OK | X_OK) != 0;
}

#define EVERY (-1)

/* What an option does that its author may not have meant. */
struct rule {
    int runtime; /* whose option; EVERY */
    int with;    /* what else must be in the program; EVERY: nothing */
    const char *name;
    bool (*is)(const char *value);
    enum hdr_severity severity;
    const char *what;
    const char *advice;
};

static const struct rule rules[] = {
    {HDR_TSAN, HDR_LIBFUZZER, "abort_on_error", hdr_option_is_true, HDR_FAIL,
     "with libFuzzer, a report hangs the process, which then ignores SIGTERM",
     "leave it out; say halt_on_error=1"},
    {HDR_TSAN, HDR_LIBFUZZER, "halt_on_error", hdr_option_is_false, HDR_FAIL,
     "libFuzzer then saves another input than the one that was reported", "say halt_on_error=1"},
    {HDR_TSAN, EVERY, "report_bugs", hdr_option_is_false, HDR_FAIL, "nothing is reported",
     "leave it out"},
    {HDR_TSAN, EVERY, "detect_deadlocks", hdr_option_is_false, HDR_WARN,
     "lock-order inversions are not reported", "leave it out"},
    {HDR_TSAN, EVERY, "history_size", is_above_7, HDR_FAIL,
     "it is no number from 0 to 7: programs do not start", "say history_size=7"},
    {EVERY, EVERY, "exitcode", is_zero, HDR_FAIL,
     "a process with a report exits as a good one does", "leave it out"},
    {EVERY, EVERY, "exitcode", is_77, HDR_FAIL,
     "users of CTest and Automake take 77 for a test that was skipped", "choose another number"},
    {EVERY, EVERY, "log_path", is_nowhere, HDR_FAIL,
     "nothing can be written there: reports are lost", "name a folder that can be written to"},
    {EVERY, EVERY, "symbolize", hdr_option_is_false, HDR_NOTE,
     "reports have neither functions nor lines",
     "`heddle report LOG' finds them as long as the program is there"},
};

static void apply(struct hdr_examination *examination,
                  const struct hdr_option_variable *variable,
                  const struct hdr_option *option)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const struct rule *rule = &rules[i];

        if ((rule->runtime == EVERY || rule->runtime == (int)variable->runtime) &&
            (rule->with == EVERY || examination->binary->runtimes[rule->with].is_there) &&
            strcmp(rule->name, option->name) == 0 && rule->is(option->value)) {
            hdr_say_of(examination, rule->severity, rule->advice, "%s has %s=%.200s: %s",
                       variable->name, option->name, option->value, rule->what);
        }
    }
}

/* ---- Names ----------------------------------------------------------------------------------- */

static bool offer(void *context, const char *word)
{
    hde_nearest_offer(context, word);
    return true;
}

static void refuse(struct hdr_examination *examination,
                   const struct hdr_option_variable *variable,
                   const struct hdr_option *option)
{
    struct hde_nearest nearest = hde_nearest_to(option->name);
    char advice[256];

    (void)snprintf(advice, sizeof(advice), "%s=help=1 in front of a program lists what there is",
                   variable->name);
    hdr_binary_words(examination->binary, variable->runtime, offer, &nearest);
    if (nearest.name != NULL) {
        (void)snprintf(advice, sizeof(advice), "did you mean `%s'?", nearest.name);
    }
    hdr_say_of(examination, HDR_FAIL, advice,
               "%s has %s, which its runtime does not know and ignores", variable->name,
               option->name);
}

/* Returns how many options there are. */
static unsigned check_variable(struct hdr_examination *examination,
                               const struct hdr_option_variable *variable,
                               const char *text)
{
    enum hdr_option_result result;
    struct hdr_option option;
    unsigned count = 0;

    while ((result = hdr_option_next(&text, &option)) == HDR_OPTION_IS) {
        count++;
        if (!hdr_binary_has_word(examination->binary, variable->runtime, option.name)) {
            refuse(examination, variable, &option);
        } else {
            apply(examination, variable, &option);
        }
    }
    if (result == HDR_OPTION_IS_MALFORMED) {
        hdr_say_of(examination, HDR_FAIL, "write NAME=VALUE:NAME=VALUE, values with `:' in quotes",
                   "%s ends in what is no option: %.200s", variable->name, text);
    }
    return count;
}

/* ---- What is not said ------------------------------------------------------------------------ */

static void check_defaults(struct hdr_examination *examination)
{
    const struct hdr_option_variable *variable = &hdr_option_variables[0];
    const struct hdr_runtime *runtimes = examination->binary->runtimes;
    struct hdr_option option;

    if (!runtimes[HDR_TSAN].is_there || runtimes[HDR_HEDDLE].is_there) {
        return;
    }
    if (runtimes[HDR_LIBFUZZER].is_there &&
        !hdr_option_find(examination, variable, "halt_on_error", &option)) {
        hdr_say(examination, HDR_FAIL,
                "TSAN_OPTIONS lacks halt_on_error=1: libFuzzer saves another input than the one "
                "that was reported",
                "say TSAN_OPTIONS=halt_on_error=1");
    }
    if (!hdr_option_find(examination, variable, "atexit_sleep_ms", &option)) {
        hdr_say(examination, HDR_NOTE,
                "TSAN_OPTIONS lacks atexit_sleep_ms=0: each process waits a second at its end",
                "say TSAN_OPTIONS=atexit_sleep_ms=0 for short tests");
    }
    if (!hdr_option_find(examination, variable, "second_deadlock_stack", &option)) {
        hdr_say(
            examination, HDR_NOTE,
            "TSAN_OPTIONS lacks second_deadlock_stack=1: of a lock-order inversion, half of the "
            "stacks are shown",
            "say TSAN_OPTIONS=second_deadlock_stack=1");
    }
}

static bool has_options(const struct hdr_binary *binary)
{
    const struct hdr_option_variable *variable = hdr_option_variables;

    while (variable->name != NULL && !binary->runtimes[variable->runtime].is_there) {
        variable++;
    }
    return variable->name != NULL;
}

static void run(struct hdr_examination *examination)
{
    const struct hdr_option_variable *variable;
    unsigned said = examination->count[HDR_FAIL] + examination->count[HDR_WARN];
    unsigned options = 0;

    if (!has_options(examination->binary)) {
        return;
    }
    for (variable = hdr_option_variables; variable->name != NULL; variable++) {
        const char *text = hdr_machine_variable(examination->machine, variable->name);

        if (text == NULL || text[0] == '\0') {
            continue;
        }
        if (examination->binary->runtimes[variable->runtime].is_there) {
            options += check_variable(examination, variable, text);
        } else {
            hdr_say_of(examination, HDR_NOTE, NULL, "%s is set, and nothing in it reads that",
                       variable->name);
        }
    }
    check_defaults(examination);
    if (said == examination->count[HDR_FAIL] + examination->count[HDR_WARN]) {
        hdr_say_of(examination, HDR_OK, NULL, "%u are set, and nothing is against them", options);
    }
}

const struct hdr_check hdr_check_options = {
    .name = "options",
    .summary = "TSAN_OPTIONS and its like: misspelt, and what spoils reports",
    .run = run,
};
