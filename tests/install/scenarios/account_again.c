/*
 * Account again: a scenario with a name that another file has already, which must not configure.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/check.h>

static void do_nothing(void *state) { (void)state; }

const struct hd_scenario hd_scenario_account = {
    .summary = "nothing",
    .threads = {do_nothing},
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
