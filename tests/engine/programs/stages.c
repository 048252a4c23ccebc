/*
 * Scenarios that note what runs of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/stages.h"

#include <pthread.h>
#include <stdatomic.h>
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

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void note_under_mutex(char stage)
{
    (void)pthread_mutex_lock(&mutex);
    hd_stages_note(stage);
    (void)pthread_mutex_unlock(&mutex);
}

static void *note_locked_from_thread(void *argument)
{
    note_under_mutex('t');
    return argument;
}

static void create_locking(void *state)
{
    pthread_t thread;

    (void)state;
    HD_EXPECT(pthread_create(&thread, NULL, note_locked_from_thread, NULL) == 0);
    hd_stages_note('m');
}

static void note_locked_check(const void *state)
{
    (void)state;
    note_under_mutex('c');
    note_under_mutex('d');
}

const struct hd_scenario stages_main_leaves_lock = {
    .main = create_locking,
    .check = note_locked_check,
};

static pthread_t joined;
static atomic_int is_named;

static void name_oneself(void *state)
{
    (void)state;
    joined = pthread_self();
    atomic_store_explicit(&is_named, 1, memory_order_release);
    atomic_store_explicit(&is_named, 2, memory_order_release);
}

static void join_named(void *state)
{
    (void)state;
    while (atomic_load_explicit(&is_named, memory_order_acquire) == 0) {
        /* look again */
    }
    HD_EXPECT(pthread_join(joined, NULL) == 0);
}

const struct hd_scenario stages_joined = {.threads = {name_oneself, join_named}};

static void create_and_exit(void *state)
{
    pthread_t thread;

    (void)state;
    HD_EXPECT(pthread_create(&thread, NULL, note_locked_from_thread, NULL) == 0);
    hd_stages_note('m');
    pthread_exit(NULL);
}

const struct hd_scenario stages_main_exits = {.main = create_and_exit, .check = note_locked_check};
