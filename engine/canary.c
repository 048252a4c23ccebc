/*
 * Canary: explores the programs of canary/.
 *
 * The race is found in every execution, whatever the interleaving. The deadlock needs one thread to
 * be stopped between its two locks: half of all random executions or more, so CANARY_EXECUTIONS
 * miss it with a probability below 2^-100; and as the seed is fixed, they find it always or never.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/canary.h"

#include <stdbool.h>
#include <stddef.h>

#include "engine/canary/programs.h"
#include "engine/explore.h"
#include "engine/scenario.h"

#define CANARY_EXECUTIONS 400U
#define CANARY_STEPS_MAX 10000U

static const struct hde_scenario canaries[] = {
    {.name = "canary_race", .scenario = &hde_canary_race},
    {.name = "canary_deadlock", .scenario = &hde_canary_deadlock},
};

static bool is_found(const struct hde_scenario *canary)
{
    const struct hde_exploration exploration = {
        .program = hde_scenario_program(canary, false),
        .settings = {.visibility = HDE_VISIBLE_RACY,
                     .steps_max = CANARY_STEPS_MAX,
                     .budgets = hde_budgets_default},
        .strategy = hde_strategy_named("random"),
        .executions_max = CANARY_EXECUTIONS,
    };

    return exploration.strategy != NULL && hde_explore(&exploration).executions_to_first != 0 &&
           hde_execution.findings[0].kind == canary->scenario->sc;
}

const char *hde_canary_missed(void)
{
    for (size_t i = 0; i < sizeof(canaries) / sizeof(canaries[0]); i++) {
        if (!is_found(&canaries[i])) {
            return canaries[i].name;
        }
    }
    return NULL;
}
