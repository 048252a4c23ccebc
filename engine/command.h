/*
 * The command: what `heddle' and every program of scenarios can do, one file a command.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_H
#define HEDDLE_ENGINE_COMMAND_H

#include "engine/command_line.h"

/* Exit codes. 77 is never used: CTest users take it for a skipped test. */
enum hde_exit {
    HDE_EXIT_CLEAN,    /* within the bound that is printed */
    HDE_EXIT_FINDINGS, /* or, of verify: not as declared */
    HDE_EXIT_USAGE,
    HDE_EXIT_INCONCLUSIVE, /* the budget was spent before the promised bound */
    HDE_EXIT_DIVERGED,     /* a schedule could not be followed */
};

struct hde_command {
    const char *name;
    const char *operands;     /* as the usage line names them */
    const char *summary;      /* one line */
    const char *details;      /* what else --help says */
    unsigned options;         /* HDE_FOR_... of command_line.h */
    void (*print_more)(void); /* before `details'; NULL: nothing */
    enum hde_exit (*run)(const struct hde_command_line *line);
};

extern const struct hde_command hde_command_list;
extern const struct hde_command hde_command_explore;
extern const struct hde_command hde_command_verify;
extern const struct hde_command hde_command_replay;
extern const struct hde_command hde_command_shrink;
extern const struct hde_command hde_command_convert;
extern const struct hde_command hde_command_report;
extern const struct hde_command hde_command_baseline;
extern const struct hde_command hde_command_doctor;

#endif
