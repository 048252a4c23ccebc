/*
 * Command line: options and operands of all commands.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_LINE_H
#define HEDDLE_ENGINE_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/choice.h"

/* Which commands an option is for: bits. */
#define HDE_FOR_LIST 1U
#define HDE_FOR_EXPLORE 2U
#define HDE_FOR_VERIFY 4U
#define HDE_FOR_REPLAY 8U
#define HDE_FOR_SHRINK 16U
#define HDE_FOR_CONVERT 32U
#define HDE_FOR_REPORT 64U
#define HDE_FOR_BASELINE 128U
#define HDE_FOR_DOCTOR 256U

#define HDE_OPTIONS_TEXT_MAX 1024U /* what is longer is cut */

struct hde_command_line {
    const char *program;                /* argv[0] */
    const char *command;                /* "explore" */
    char options[HDE_OPTIONS_TEXT_MAX]; /* as typed but for --json, each with a space before it */

    const char *strategy;
    uint64_t executions; /* 0: not given */
    uint64_t seconds;    /* 0: not given */
    uint64_t seed;
    uint64_t jobs;
    uint64_t depth;
    uint64_t preemptions;
    uint64_t exhaust; /* UINT64_MAX: not given */
    uint64_t steps;
    uint64_t watchdog_s;
    bool keep_going;
    struct hde_budgets budgets;
    bool reuses_memory;
    uint32_t ignored;         /* bits by enum hd_verdict */
    const char *json;         /* folder; NULL: none */
    const char *schedule;     /* short form; NULL: none */
    const char *input;        /* file; NULL: none */
    const char *output;       /* file, of report a folder; NULL: none */
    const char *format;       /* names with commas between; NULL: all */
    const char *root;         /* folder that paths are relative to; NULL: found */
    const char *check;        /* of doctor: names; NULL: all */
    const char *baseline;     /* file; NULL: none */
    const char *suppressions; /* file; NULL: none */
    bool prune;
    const char *part; /* of verify; NULL: both */

    char **operands;
    size_t operands_count;
};

struct hde_command;

/*
 * Parse what follows the command's name. Returns whether to run the command; if not, the help or
 * what is wrong has been printed, and *exit_code is set.
 */
bool hde_command_line_parse(struct hde_command_line *line,
                            const struct hde_command *command,
                            int argc,
                            char **argv,
                            int *exit_code);

#endif
