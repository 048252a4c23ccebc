/*
 * Scenarios that note what runs of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/stages.h"

#include <pthread.h>
#include <stddef.h>

struct shared {
    int counter;
};

static void note_setup(void *state)
{
    HD_EXPECT(((struct shared *)state)->counter == 0);
    hd_stages_note('s');
}

static void note_fixed_setup(void *state)
{
    HD_EXPECT(((struct shared *)state)->counter == 0);
    hd_stages_note('S');
}

static void note_thread(void *state)
{
    ((struct shared *)state)->counter++;
    hd_stages_note('t');
}

static void note_fixed_thread(void *state)
{
    (void)state;
    hd_stages_note('T');
}

static void note_check(const void *state)
{
    (void)state;
    hd_stages_note('c');
}

const struct hd_scenario stages_noted = {
    .state_size = sizeof(struct shared),
    .setup = note_setup,
    .threads = {note_thread, note_thread},
    .check = note_check,
    .fixed_setup = note_fixed_setup,
    .fixed = {note_fixed_thread},
};

static void *note_from_thread(void *argument)
{
    hd_stages_note('t');
    return argument;
}

static void create_only(void *state)
{
    pthread_t thread;

    (void)state;
    HD_EXPECT(pthread_create(&thread, NULL, note_from_thread, NULL) == 0);
    hd_stages_note('m');
}

const struct hd_scenario stages_main_joins = {
    .main = create_only,
    .check = note_check,
    .join_at_exit = true,
};

const struct hd_scenario stages_main_leaves = {
    .main = create_only,
    .check = note_check,
};
