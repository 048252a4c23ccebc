/*
 * Command line: one table of options; `--name=value' and `--name value' are the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "engine/command_budgets.h"
#include "engine/jobs.h"
#include "engine/nearest.h"
#include "engine/watchdog.h"

#define SEARCHES (HDE_FOR_EXPLORE | HDE_FOR_VERIFY)
#define SCHEDULES (HDE_FOR_REPLAY | HDE_FOR_SHRINK | HDE_FOR_CONVERT)
#define RUNS (SEARCHES | SCHEDULES)
#define REPORTS (RUNS & ~HDE_FOR_CONVERT)

#define STEPS_DEFAULT 100000
#define DEPTH_MAX 64
#define PREEMPTIONS_DEFAULT 2

enum kind { FLAG, NUMBER, NUMBER_OR_ALL, TEXT, KINDS, BUDGET };

struct option {
    const char *name;
    const char *value; /* what its value is called; NULL: it has none */
    const char *help;
    size_t field; /* of struct hde_command_line */
    uint64_t least;
    uint64_t most;
    unsigned commands;
    enum kind kind;
};

#define FIELD(name) offsetof(struct hde_command_line, name)

static const struct option options[] = {
    {"strategy", "NAME", "how to choose, see below (default mix)", FIELD(strategy), 0, 0,
     HDE_FOR_EXPLORE, TEXT},
    {"executions", "N", "how many at most (default 100000 unless --seconds is given)",
     FIELD(executions), 1, UINT64_MAX, SEARCHES, NUMBER},
    {"seconds", "N", "how long at most", FIELD(seconds), 1, 10000000, HDE_FOR_EXPLORE, NUMBER},
    {"seed", "N", "of all random choices (default 1)", FIELD(seed), 0, UINT64_MAX, SEARCHES,
     NUMBER},
    {"jobs", "N", "processes that explore (default 1)", FIELD(jobs), 1, HDE_JOBS_MAX, SEARCHES,
     NUMBER},
    {"keep-going", NULL, "go on after a finding and collect all that differ", FIELD(keep_going), 0,
     0, HDE_FOR_EXPLORE, FLAG},
    {"preemptions", "N", "dfs: at most so many in an execution (default 2), or `all'",
     FIELD(preemptions), 0, 1000, HDE_FOR_EXPLORE, NUMBER_OR_ALL},
    {"exhaust", "N", "what must be clean: also up to 300000 with at most N preemptions, by dfs",
     FIELD(exhaust), 0, 1000, HDE_FOR_VERIFY, NUMBER},
    {"depth", "N", "pct, mix: of the bugs to look for; 0, the default, draws one each time",
     FIELD(depth), 0, DEPTH_MAX, HDE_FOR_EXPLORE, NUMBER},
    {"ignore", "KIND", "findings that are none, as data-race, unless they end an execution",
     FIELD(ignored), 0, 0, RUNS & ~HDE_FOR_VERIFY, KINDS},
    {"budget", "WHAT=N", "how often in an execution, see below", FIELD(budgets), 0, 0, RUNS,
     BUDGET},
    {"reuse-memory", NULL, "a thread gets again what it freed: its use is not found then",
     FIELD(reuses_memory), 0, 0, RUNS, FLAG},
    {"steps", "N", "at which an execution is cut (default 100000)", FIELD(steps), 1, UINT64_MAX,
     RUNS, NUMBER},
    {"schedule", "TEXT", "what to replay, as a report prints it", FIELD(schedule), 0, 0, SCHEDULES,
     TEXT},
    {"input", "FILE", "what to run, as a fuzz target has written it", FIELD(input), 0, 0, SCHEDULES,
     TEXT},
    {"output", "FILE", "what to write", FIELD(output), 0, 0, HDE_FOR_CONVERT, TEXT},
    {"format", "LIST", "only these, with commas between (default: all), see below", FIELD(format),
     0, 0, HDE_FOR_REPORT, TEXT},
    {"output", "DIR", "where to write (default heddle-report)", FIELD(output), 0, 0, HDE_FOR_REPORT,
     TEXT},
    {"root", "DIR", "what paths are relative to, or its address (default: the repository)",
     FIELD(root), 0, 0, HDE_FOR_REPORT, TEXT},
    {"baseline", "FILE", "known findings: only others are new", FIELD(baseline), 0, 0,
     HDE_FOR_REPORT | HDE_FOR_BASELINE, TEXT},
    {"suppressions", "FILE", "findings that somebody answers for, until a day", FIELD(suppressions),
     0, 0, HDE_FOR_REPORT | HDE_FOR_BASELINE, TEXT},
    {"prune", NULL, "update: remove what no finding fits", FIELD(prune), 0, 0, HDE_FOR_BASELINE,
     FLAG},
    {"check", "LIST", "only these, with commas between (default: all), see below", FIELD(check), 0,
     0, HDE_FOR_DOCTOR, TEXT},
    {"json", "DIR", "write there what was found and what was run, as JSON, and schedules",
     FIELD(json), 0, 0, REPORTS, TEXT},
    {"part", "PART", "only `program' or only its repaired `twin'", FIELD(part), 0, 0,
     HDE_FOR_VERIFY, TEXT},
    {"watchdog", "N", "seconds without a step after which it gives up (default 10)",
     FIELD(watchdog_s), 1, 100000, RUNS, NUMBER},
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* ---- Help ------------------------------------------------------------------------------------ */

static void print_help(const struct hde_command *command, const char *program)
{
    (void)printf("usage: %s %s [option...] %s\n\n%s\n\n", program, command->name, command->operands,
                 command->summary);
    for (size_t i = 0; i < OPTIONS; i++) {
        char usage[40];

        if ((options[i].commands & command->options) == 0) {
            continue;
        }
        (void)snprintf(usage, sizeof(usage), "--%s%s%s", options[i].name,
                       options[i].value == NULL ? "" : " ",
                       options[i].value == NULL ? "" : options[i].value);
        (void)printf("  %-20s %s\n", usage, options[i].help);
    }
    (void)printf("  %-20s %s\n", "--help", "this text");
    if (command->print_more != NULL) {
        command->print_more();
    }
    if ((command->options & RUNS) != 0) {
        hde_command_budgets_print();
    }
    (void)printf("\n%s\n", command->details);
}

/* ---- Errors ---------------------------------------------------------------------------------- */

static bool refuse(const struct hde_command *command, const char *what, const char *text)
{
    (void)fprintf(stderr, "heddle %s: %s `%s'\nsee: heddle %s --help\n", command->name, what, text,
                  command->name);
    return false;
}

static bool refuse_unknown(const struct hde_command *command, const char *name)
{
    struct hde_nearest nearest = hde_nearest_to(name);

    hde_nearest_offer(&nearest, "help");
    for (size_t i = 0; i < OPTIONS; i++) {
        if ((options[i].commands & command->options) != 0) {
            hde_nearest_offer(&nearest, options[i].name);
        }
    }
    (void)fprintf(stderr, "heddle %s: there is no option `--%s'", command->name, name);
    hde_nearest_print(&nearest, "--");
    (void)fprintf(stderr, "see: heddle %s --help\n", command->name);
    return false;
}

/* ---- Parsing --------------------------------------------------------------------------------- */

static void *field_of(struct hde_command_line *line, const struct option *option)
{
    return (char *)line + option->field;
}

static bool parse_number(const struct option *option, const char *text, uint64_t *number)
{
    char *end = NULL;

    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);

    *number = value;
    return errno == 0 && end != text && *end == '\0' && text[0] >= '0' && text[0] <= '9' &&
           value >= option->least && value <= option->most;
}

static bool store_number(struct hde_command_line *line,
                         const struct hde_command *command,
                         const struct option *option,
                         const char *value)
{
    uint64_t number = 0;

    if (option->kind == NUMBER_OR_ALL && strcmp(value, "all") == 0) {
        number = HDE_PREEMPTIONS_ALL;
    } else if (!parse_number(option, value, &number)) {
        (void)fprintf(stderr, "heddle %s: --%s needs a number from %llu to %llu%s, not `%s'\n",
                      command->name, option->name, (unsigned long long)option->least,
                      (unsigned long long)option->most,
                      option->kind == NUMBER_OR_ALL ? ", or `all'" : "", value);
        return false;
    }
    *(uint64_t *)field_of(line, option) = number;
    return true;
}

static bool store(struct hde_command_line *line,
                  const struct hde_command *command,
                  const struct option *option,
                  const char *value)
{
    switch (option->kind) {
    case FLAG:
        *(bool *)field_of(line, option) = true;
        return true;
    case TEXT:
        *(const char **)field_of(line, option) = value;
        return true;
    case KINDS:
        return hde_command_ignored_parse(field_of(line, option), command->name, value);
    case BUDGET:
        return hde_command_budgets_parse(field_of(line, option), command->name, value);
    default:
        return store_number(line, command, option, value);
    }
}

static const struct option *
find_option(const struct hde_command *command, const char *name, size_t length)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if ((options[i].commands & command->options) != 0 && strlen(options[i].name) == length &&
            strncmp(options[i].name, name, length) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

static bool parse_option(struct hde_command_line *line,
                         const struct hde_command *command,
                         char **argv,
                         int *used)
{
    const char *name = argv[0] + 2;
    size_t length = strcspn(name, "=");
    const struct option *option = find_option(command, name, length);

    if (option == NULL) {
        argv[0][2 + length] = '\0'; /* its value has no part in what was meant */
        return refuse_unknown(command, name);
    }
    if (option->kind == FLAG) {
        return name[length] == '\0' ? store(line, command, option, NULL)
                                    : refuse(command, "no value belongs to", argv[0]);
    }
    if (name[length] == '=') {
        return store(line, command, option, name + length + 1);
    }
    if (argv[1] == NULL) {
        return refuse(command, "a value is missing after", argv[0]);
    }
    *used = 2;
    return store(line, command, option, argv[1]);
}

static const struct hde_command_line defaults = {
    .strategy = "mix",
    .seed = 1,
    .jobs = 1,
    .preemptions = PREEMPTIONS_DEFAULT,
    .exhaust = UINT64_MAX,
    .steps = STEPS_DEFAULT,
    .watchdog_s = HDE_WATCHDOG_LIMIT_S,
};

/* One word, or an option and its value; *used becomes how many. */
static bool
parse_word(struct hde_command_line *line, const struct hde_command *command, char **argv, int *used)
{
    *used = 1;
    if (strncmp(argv[0], "--", 2) == 0) {
        return parse_option(line, command, argv, used);
    }
    if (argv[0][0] == '-') {
        return refuse(command, "there is no option", argv[0]);
    }
    line->operands[line->operands_count++] = argv[0];
    return true;
}

static void note_typed(struct hde_command_line *line, char **words, int count)
{
    for (int i = 0; i < count; i++) {
        size_t length = strlen(line->options);

        (void)snprintf(line->options + length, sizeof(line->options) - length, " %s", words[i]);
    }
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

bool hde_command_line_parse(struct hde_command_line *line,
                            const struct hde_command *command,
                            int argc,
                            char **argv,
                            int *exit_code)
{
    int used = 1;

    *line = defaults;
    line->budgets = hde_budgets_default;
    line->program = argv[0];
    line->command = command->name;
    line->operands = argv; /* operands are moved to the front as they are found */
    *exit_code = HDE_EXIT_USAGE;
    for (int i = 2; i < argc; i += used) {
        if (asks_for_help(argv[i])) {
            print_help(command, line->program);
            *exit_code = HDE_EXIT_CLEAN;
            return false;
        }
        bool is_option = argv[i][0] == '-';

        if (!parse_word(line, command, &argv[i], &used)) {
            return false;
        }
        if (is_option && strncmp(argv[i], "--json", 6) != 0) {
            note_typed(line, &argv[i], used);
        }
    }
    return true;
}
