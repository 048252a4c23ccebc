/*
 * Log buffer index: the end of the buffer is read, text is copied there, and then it is moved.
 *
 * Bug      Data races on `length` and on the text: two threads that read the same end write over
 *          each other's entry, and both move the end, so that one entry is mixed and a gap follows.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between reading the end and
 *          moving it.
 * Fix      Reserve the room first, with an atomic addition; what was reserved is the thread's own.
 * Source   Apache bug 25520, buffered log; the same in Cherokee 0.9.2.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <string.h>

#include <heddle/check.h>

#define ENTRY_SIZE 4
#define BUFFER_SIZE (2 * ENTRY_SIZE)

struct shared {
    size_t length;          /* atomic, in the repaired twin: how much of the buffer is given out */
    char text[BUFFER_SIZE]; /* each part is written by the thread to which it was given out */
};

static void add_entry(struct shared *shared, const char *entry)
{
    size_t end = shared->length; /* finding */

    if (end + ENTRY_SIZE <= BUFFER_SIZE) {
        memcpy(shared->text + end, entry, ENTRY_SIZE); /* finding */
        shared->length = end + ENTRY_SIZE;             /* finding */
    }
}

static void add_entry_reserved(struct shared *shared, const char *entry)
{
    /* Relaxed: only the numbers must differ; the end of the threads publishes the text. */
    size_t end = __atomic_fetch_add(&shared->length, ENTRY_SIZE, __ATOMIC_RELAXED);

    if (end + ENTRY_SIZE <= BUFFER_SIZE) {
        memcpy(shared->text + end, entry, ENTRY_SIZE);
    }
}

static void log_get(void *state) { add_entry(state, "GET\n"); }

static void log_put(void *state) { add_entry(state, "PUT\n"); }

static void log_get_reserved(void *state) { add_entry_reserved(state, "GET\n"); }

static void log_put_reserved(void *state) { add_entry_reserved(state, "PUT\n"); }

static void check(const void *state)
{
    const struct shared *shared = state;
    bool is_get_first = memcmp(shared->text, "GET\nPUT\n", BUFFER_SIZE) == 0;

    HD_EXPECT(shared->length == BUFFER_SIZE);
    HD_EXPECT(is_get_first || memcmp(shared->text, "PUT\nGET\n", BUFFER_SIZE) == 0);
}

const struct hd_scenario hd_scenario_log_buffer_index = {
    .summary = "the end of a log buffer is read, written to and moved in three steps",
    .state_size = sizeof(struct shared),
    .threads = {log_get, log_put},
    .fixed = {log_get_reserved, log_put_reserved},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
