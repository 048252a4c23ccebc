/*
 * Private data that is not thread-local: a function keeps its result in a static buffer.
 *
 * Bug      Data races on `text`: every caller is given the same buffer, and a second call
 *          overwrites what the first one's caller has not read yet.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between one thread's call
 *          and its use of the result.
 * Fix      `_Thread_local`.
 * Source   Textbook; ctime(3), strerror(3) and their like.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/check.h>

#define TEXT_SIZE 2

struct shared {
    char seen[2][TEXT_SIZE]; /* each written by one thread */
};

/* A global on purpose: it is the bug. */
static char text[TEXT_SIZE];
static _Thread_local char own_text[TEXT_SIZE]; /* owner only */

static void format(char *buffer, int digit)
{
    buffer[0] = (char)('0' + digit); /* finding */
    buffer[1] = '\0';                /* finding */
}

/* noinline: as if it were in a library. Its caller is not to know already what is in the buffer. */
__attribute__((noinline)) static const char *name_of(int digit)
{
    format(text, digit);
    return text;
}

__attribute__((noinline)) static const char *own_name_of(int digit)
{
    format(own_text, digit);
    return own_text;
}

static void copy(char *seen, const char *name)
{
    seen[0] = name[0]; /* finding */
    seen[1] = name[1]; /* finding */
}

static void name_first(void *state) { copy(((struct shared *)state)->seen[0], name_of(1)); }

static void name_second(void *state) { copy(((struct shared *)state)->seen[1], name_of(2)); }

static void own_name_first(void *state) { copy(((struct shared *)state)->seen[0], own_name_of(1)); }

static void own_name_second(void *state)
{
    copy(((struct shared *)state)->seen[1], own_name_of(2));
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(strcmp(shared->seen[0], "1") == 0 && strcmp(shared->seen[1], "2") == 0);
}

const struct hd_scenario hd_scenario_private_data_not_thread_local = {
    .summary = "a function returns its static buffer to two threads",
    .state_size = sizeof(struct shared),
    .threads = {name_first, name_second},
    .fixed = {own_name_first, own_name_second},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
