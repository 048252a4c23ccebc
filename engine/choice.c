/*
 * Choice: the budgets of its kinds, and their names as options have them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/choice.h"

#include <string.h>

static const char *const names[HDE_CHOICE_KINDS] = {
    [HDE_CHOICE_THREAD] = "time-out",   [HDE_CHOICE_WAKE] = "wake",
    [HDE_CHOICE_VALUE] = "value",       [HDE_CHOICE_SPURIOUS] = "spurious",
    [HDE_CHOICE_FUTEX] = "futex",       [HDE_CHOICE_INTERRUPT] = "interrupt",
    [HDE_CHOICE_WEAK_CAS] = "weak-cas", [HDE_CHOICE_ALLOCATION] = "allocation",
    [HDE_CHOICE_SPIN] = "spin",
};

/* What a correct program must bear on any system it may; not what most never meet. */
const struct hde_budgets hde_budgets_default = {{
    [HDE_CHOICE_THREAD] = 2,
    [HDE_CHOICE_WAKE] = HDE_UNLIMITED,
    [HDE_CHOICE_VALUE] = HDE_UNLIMITED,
    [HDE_CHOICE_SPURIOUS] = 1,
    [HDE_CHOICE_FUTEX] = 1,
    [HDE_CHOICE_INTERRUPT] = 0,
    [HDE_CHOICE_WEAK_CAS] = 1,
    [HDE_CHOICE_ALLOCATION] = 0,
    [HDE_CHOICE_SPIN] = 1,
}};

const struct hde_budgets hde_budgets_without_faults = {{
    [HDE_CHOICE_THREAD] = 2,
    [HDE_CHOICE_WAKE] = HDE_UNLIMITED,
    [HDE_CHOICE_VALUE] = HDE_UNLIMITED,
}};

const char *hde_budget_name(enum hde_choice_kind kind)
{
    return (unsigned)kind < HDE_CHOICE_KINDS ? names[kind] : "?";
}

enum hde_choice_kind hde_budget_named(const char *name)
{
    enum hde_choice_kind kind = HDE_CHOICE_THREAD;

    while (kind < HDE_CHOICE_KINDS && strcmp(names[kind], name) != 0) {
        kind++;
    }
    return kind;
}
