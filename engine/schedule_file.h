/*
 * Schedule file: a schedule that was kept, read for the program as it is now.
 *
 * A scenario that random search meets too rarely has the schedule that shows its bug beside it, in
 * `<scenario>.schedule': it is replayed where others are searched for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SCHEDULE_FILE_H
#define HEDDLE_ENGINE_SCHEDULE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/execution.h"
#include "engine/scenario.h"
#include "engine/schedule_text.h"

#define HDE_SCHEDULE_PATH_SIZE 4096U

/* Read a file into *text, which is zeroed before. If that fails: false, and `error` says why. */
bool hde_schedule_file_read(struct hde_schedule_text *text,
                            const char *path,
                            char error[HDE_SCHEDULE_ERROR_SIZE]);

/* Whether another build recorded it: event numbers may mean other events here. */
bool hde_schedule_file_is_foreign(const struct hde_schedule_text *text);

/*
 * The schedule that lies beside a scenario, with the event numbers of this build. False if there is
 * none; `error` then is empty, or says what is wrong with it. The schedule is the caller's to
 * release.
 */
bool hde_schedule_file_beside(const struct hde_scenario *scenario,
                              const struct hde_settings *settings,
                              struct hde_schedule *schedule,
                              char error[HDE_SCHEDULE_ERROR_SIZE]);

#endif
