/*
 * Console lines interleaved: a line is written in two pieces, and another line comes in between.
 *
 * Bug      Each write is atomic, as a write to a terminal is, so there is no data race; but what
 *          must stay together are two of them.
 * Needs    2 threads, 1 preemption: between the two pieces of a line.
 * Fix      Put the line together first, and write it at once.
 * Source   Textbook. The console is modelled: what was printed on a real one cannot be checked, nor
 *          taken back for the next execution.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <heddle/check.h>
#include <heddle/lock.h>

#define CONSOLE_SIZE 32
#define LINE_SIZE 16

struct shared {
    struct hd_lock lock;
    size_t length;              /* under lock: of what is on the console */
    char console[CONSOLE_SIZE]; /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->lock);
}

static void console_write(struct shared *shared, const char *text)
{
    size_t size = strlen(text);

    hd_lock_acquire(&shared->lock);
    memcpy(shared->console + shared->length, text, size);
    shared->length += size;
    HD_EXPECT(hd_lock_release(&shared->lock) == HD_OK);
}

static void print(struct shared *shared, const char *name, const char *value)
{
    console_write(shared, name);
    console_write(shared, value);
}

static void print_at_once(struct shared *shared, const char *name, const char *value)
{
    char line[LINE_SIZE] = "";
    size_t size = strlen(name);

    memcpy(line, name, size);
    memcpy(line + size, value, strlen(value));
    console_write(shared, line);
}

static void print_tea(void *state) { print(state, "tea: ", "hot\n"); }

static void print_ice(void *state) { print(state, "ice: ", "cold\n"); }

static void print_tea_at_once(void *state) { print_at_once(state, "tea: ", "hot\n"); }

static void print_ice_at_once(void *state) { print_at_once(state, "ice: ", "cold\n"); }

static void check(const void *state)
{
    const struct shared *shared = state;
    bool is_tea_first = strcmp(shared->console, "tea: hot\nice: cold\n") == 0;

    HD_EXPECT(is_tea_first || strcmp(shared->console, "ice: cold\ntea: hot\n") == 0); /* finding */
}

const struct hd_scenario hd_scenario_console_lines_interleaved = {
    .summary = "two threads write lines to one console, in pieces",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {print_tea, print_ice},
    .fixed = {print_tea_at_once, print_ice_at_once},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
