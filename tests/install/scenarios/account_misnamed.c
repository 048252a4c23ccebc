/*
 * Account misnamed: a scenario that would not be found by its name, which must not configure.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

static void do_nothing(void *state) { (void)state; }

const struct hd_scenario hd_scenario_Account = {
    .summary = "nothing",
    .threads = {do_nothing},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
