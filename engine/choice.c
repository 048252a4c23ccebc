/*
 * Choice: the names of its kinds, as messages print them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/choice.h"

const char *hde_choice_name(enum hde_choice_kind kind)
{
    static const char *const names[HDE_CHOICE_KINDS] = {
        [HDE_CHOICE_THREAD] = "thread",
        [HDE_CHOICE_WAKE] = "wake",
        [HDE_CHOICE_VALUE] = "value",
    };

    return (unsigned)kind < HDE_CHOICE_KINDS ? names[kind] : "?";
}
