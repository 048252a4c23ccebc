/*
 * Subjects: the programs that strategies are compared on, each with the finding that it owes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_STRATEGIES_SUBJECT_H
#define HEDDLE_TESTS_STRATEGIES_SUBJECT_H

#include "engine/execution.h"
#include "engine/strategy.h"
#include "tests/strategies/generated.h"

struct subject {
    struct hde_program program;
    const char *group; /* the folder of a scenario; "generated" */
    enum hd_verdict owes;
};

/*
 * All guilty programs: the scenarios, then the generated ones. The array lives as long as the
 * process.
 */
const struct subject *subject_all(size_t *count);

/* A generated program. It points into *generated. */
struct hde_program subject_program(const struct generated *generated);

/*
 * How a strategy sees them: nothing but what is owed is a finding, unless it ends the execution. An
 * exhaustive strategy needs a tree that does not change, so for it no plain access is a choice.
 */
struct hde_settings subject_settings(enum hd_verdict owes, const struct hde_strategy *strategy);

#endif
