/*
 * Process info: a pointer is tested and then used, while its owner may set it to NULL.
 *
 * Bug      The pointer is read twice: once for the test, once for the use. Both reads are atomic,
 *          so there is no data race.
 * Needs    2 threads, 1 preemption: between the test and the use.
 * Fix      Read the pointer once; what it points to is never freed.
 * Source   MySQL bug 3596: thd->proc_info in SHOW PROCESSLIST.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include <heddle/check.h>

struct shared {
    const char
        *info;  /* atomic: what the thread does, a constant string; NULL while it does nothing */
    char shown; /* written by the list only: its first letter; 0 if there is none */
};

static void setup(void *state)
{
    struct shared *shared = state;

    shared->info = "sorting";
}

/* Relaxed: the strings are constants, there is nothing to publish. */
static const char *load_info(const struct shared *shared)
{
    return __atomic_load_n(&shared->info, __ATOMIC_RELAXED);
}

static void finish(void *state)
{
    struct shared *shared = state;

    __atomic_store_n(&shared->info, NULL, __ATOMIC_RELAXED);
}

static void show(void *state)
{
    struct shared *shared = state;

    if (load_info(shared) != NULL) {
        shared->shown = load_info(shared)[0]; /* finding */
    }
}

static void show_once_read(void *state)
{
    struct shared *shared = state;
    const char *info = load_info(shared);

    if (info != NULL) {
        shared->shown = info[0];
    }
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->shown == 's' || shared->shown == 0);
}

const struct hd_scenario hd_scenario_process_info = {
    .summary = "a pointer is tested, set to NULL by another thread, and used",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {show, finish},
    .fixed = {show_once_read, finish},
    .check = check,
    .sc = HD_CRASH,
    .c11 = HD_CRASH,
};
