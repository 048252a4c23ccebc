/*
 * Inputs of fuzz targets, in files.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/command_run.h"
#include "engine/input_run.h"
#include "engine/watchdog.h"

#define NOTHING_READ SIZE_MAX

static uint8_t bytes[HDE_INPUT_SIZE_MAX + 1];
static struct hde_input input;

/* The size of the file, which `bytes' has from now on; NOTHING_READ if it could not be read. */
static size_t read_bytes(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size = NOTHING_READ;

    if (file == NULL) {
        (void)fprintf(stderr, "heddle: cannot read the input %s: %s\n", path, strerror(errno));
        return size;
    }
    size = fread(bytes, 1, sizeof(bytes), file);
    if (ferror(file) != 0) {
        (void)fprintf(stderr, "heddle: cannot read the input %s: %s\n", path, strerror(errno));
        size = NOTHING_READ;
    }
    (void)fclose(file);
    return size;
}

/* All of that is valid; but it may not be what somebody meant. */
static void warn(const char *path, size_t size)
{
    static const char schedule[] = "heddle-schedule";

    if (size >= sizeof(schedule) - 1 && memcmp(bytes, schedule, sizeof(schedule) - 1) == 0) {
        (void)fprintf(stderr,
                      "heddle: warning: %s is a schedule: that is an operand without --input\n",
                      path);
    } else if (size > 0 && bytes[0] != HDE_INPUT_VERSION) {
        (void)fprintf(stderr,
                      "heddle: warning: %s is not marked as version %u, the only one known here; "
                      "it is run as if it were\n",
                      path, HDE_INPUT_VERSION);
    }
    if (size > HDE_INPUT_SIZE_MAX) {
        (void)fprintf(stderr, "heddle: warning: of %s only the first %u bytes count\n", path,
                      HDE_INPUT_SIZE_MAX);
    }
}

bool hde_command_input_run(const struct hde_command_line *line,
                           struct hde_selected *selected,
                           struct hde_schedule *schedule)
{
    *selected = hde_selection_named(line->operands[0]);
    size_t size = selected->scenario == NULL ? NOTHING_READ : read_bytes(line->input);

    if (size == NOTHING_READ) {
        return false;
    }
    warn(line->input, size);
    const struct hde_program program = hde_scenario_program(selected->scenario, selected->is_fixed);
    const struct hde_settings settings = hde_run_settings(line);

    hde_execution_start();
    hde_watchdog_start((unsigned)line->watchdog_s, NULL);
    hde_input_read(&input, bytes, size);
    hde_input_run(&program, &settings, &input);
    hde_schedule_copy(schedule, &hde_execution.schedule);
    return true;
}

bool hde_command_input_write(const struct hde_schedule *schedule, const char *path)
{
    if (!hde_input_of_schedule(&input, schedule)) {
        (void)fprintf(stderr,
                      "heddle: the schedule has %zu choices, and an input at most %u: shrink it "
                      "first\n",
                      schedule->count, HDE_INPUT_ENTRIES_MAX);
        return false;
    }
    size_t size = hde_input_write(&input, bytes, sizeof(bytes));
    FILE *file = fopen(path, "wb");
    bool is_written = file != NULL && fwrite(bytes, 1, size, file) == size;

    is_written = file != NULL && fclose(file) == 0 && is_written;
    if (!is_written) {
        (void)fprintf(stderr, "heddle: cannot write %s: %s\n", path, strerror(errno));
    }
    return is_written;
}
