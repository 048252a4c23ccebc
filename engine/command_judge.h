/*
 * Judge: whether what was found in a scenario is what its file says.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_COMMAND_JUDGE_H
#define HEDDLE_ENGINE_COMMAND_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/collection.h"
#include "engine/scenario.h"

#define HDE_JUDGE_REASON_MAX 384U
#define HDE_JUDGE_NOT_STATED (-1)

/* What is wrong: the first thing that was. */
struct hde_judgement {
    bool is_wrong;
    char reason[HDE_JUDGE_REASON_MAX];
};

/* Note what is wrong, unless something was already. */
void hde_judge_blame(struct hde_judgement *judgement, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Each place of each finding, but for causes, must be a source line marked with a comment that says
 * `finding'. Exempt is what fails or crashes as a consequence of the kind that is owed.
 */
void hde_judge_places(struct hde_judgement *judgement,
                      const struct hde_collection *collection,
                      enum hd_verdict owed);

/* The same of one finding, whatever was owed. */
void hde_judge_place_of(struct hde_judgement *judgement, const struct hde_finding *finding);

/*
 * Whether a finding is what a scenario, or its repaired twin, declares: of that kind and at marked
 * lines only, or a consequence of that.
 */
bool hde_judge_is_owed(const struct hde_scenario *scenario,
                       bool is_fixed,
                       const struct hde_finding *finding);

/*
 * The number of preemptions that a scenario's head comment says it needs: the first one behind
 * "Needs". HDE_JUDGE_NOT_STATED if there is none, or no file.
 */
int hde_judge_needs(const struct hde_scenario *scenario);

#endif
