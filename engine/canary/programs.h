/*
 * The canaries' descriptors, for canary.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CANARY_PROGRAMS_H
#define HEDDLE_ENGINE_CANARY_PROGRAMS_H

#include <heddle/check.h>

extern const struct hd_scenario hde_canary_race;
extern const struct hd_scenario hde_canary_deadlock;

#endif
