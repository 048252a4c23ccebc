/*
 * Deposit: a finding as files in a folder, which several processes may fill at the same time.
 *
 *     <target>-<identity>.input   what the fuzzer gave, byte by byte
 *     <target>-<identity>.txt     the report, for people
 *     <target>-<identity>.json    its record, for programs
 *
 * Each appears as a whole or not at all, the record last: where there is a record, there is all.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_SCENARIO_DEPOSIT_H
#define HEDDLE_FUZZ_SCENARIO_DEPOSIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/report.h"

struct hd_deposit {
    const char *folder;
    const char *target;
    const struct hde_report *report;
    const uint8_t *input;
    size_t input_size;
};

/* Make the folder, if it is not there. Returns false, having said why, if that is not possible. */
bool hd_deposit_prepare(const char *folder);

/*
 * Write a finding, unless a record of it is there. Returns false, having said why, if that is not
 * possible; no part of it is left then.
 */
bool hd_deposit_write(const struct hd_deposit *deposit);

#endif
