/*
 * Schedules as text: the short form for a command line.
 *
 * The check word before the colon is a hash of what follows it, so that a schedule that was not
 * copied whole is noticed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/choice.h"
#include "engine/scan.h"
#include "engine/schedule_text.h"

#define CHECK_DIGITS 4
#define ENTRY_SIZE 32U /* longest: w255@4294967295=4294967295, */

/* Before the thread: what kind of choice it is. */
static const char *const marks[HDE_CHOICE_KINDS] = {
    [HDE_CHOICE_THREAD] = "",    [HDE_CHOICE_WAKE] = "w",       [HDE_CHOICE_VALUE] = "v",
    [HDE_CHOICE_SPURIOUS] = "s", [HDE_CHOICE_FUTEX] = "f",      [HDE_CHOICE_INTERRUPT] = "i",
    [HDE_CHOICE_WEAK_CAS] = "c", [HDE_CHOICE_ALLOCATION] = "a", [HDE_CHOICE_SPIN] = "p",
};

/* FNV-1a, folded to 16 bits. */
static unsigned check_word(const char *text)
{
    uint32_t hash = UINT32_C(2166136261);

    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT32_C(16777619);
    }
    return (hash ^ hash >> 16) & UINT32_C(0xffff);
}

char *hde_schedule_shorten(const struct hde_schedule *schedule)
{
    size_t size = CHECK_DIGITS + 2 + schedule->count * ENTRY_SIZE;
    char *text = malloc(size);

    if (text == NULL) {
        return NULL;
    }
    char *entries = text + CHECK_DIGITS + 1;
    char *at = entries;

    *at = '\0';
    for (size_t i = 0; i < schedule->count; i++) {
        const struct hde_entry *entry = &schedule->entries[i];

        at += snprintf(at, ENTRY_SIZE, "%s%s%u@%" PRIu32 "=%" PRIu32, i > 0 ? "," : "",
                       marks[entry->choice], entry->thread, entry->event, entry->alternative);
    }
    (void)snprintf(text, CHECK_DIGITS + 1, "%04x", check_word(entries));
    text[CHECK_DIGITS] = ':';
    return text;
}

static bool fail(char *error, const char *why)
{
    (void)snprintf(error, HDE_SCHEDULE_ERROR_SIZE,
                   "--schedule: %s: copy the argument once more, all of it", why);
    return false;
}

static bool expand_entry(struct hde_scan *scan, struct hde_entry *entry)
{
    uint64_t thread = 0;
    uint64_t event = 0;
    uint64_t alternative = 0;

    entry->choice = HDE_CHOICE_THREAD;
    for (unsigned kind = HDE_CHOICE_WAKE; kind < HDE_CHOICE_KINDS; kind++) {
        if (hde_scan_character(scan, marks[kind][0])) {
            entry->choice = (uint8_t)kind;
            break;
        }
    }
    uint64_t max = hde_choice_is_thread((enum hde_choice_kind)entry->choice) ? HDE_THREADS_MAX - 1
                                                                             : UINT32_MAX;

    if (!hde_scan_number(scan, HDE_THREADS_MAX - 1, &thread) || !hde_scan_character(scan, '@') ||
        !hde_scan_number(scan, UINT32_MAX, &event) || !hde_scan_character(scan, '=') ||
        !hde_scan_number(scan, max, &alternative)) {
        return false;
    }
    entry->thread = (uint8_t)thread;
    entry->event = (uint32_t)event;
    entry->alternative = (uint32_t)alternative;
    return true;
}

/* Whether a choice of the same thread comes at or after that event already. */
static bool is_out_of_order(const struct hde_schedule *schedule, const struct hde_entry *entry)
{
    for (size_t i = schedule->count; i > 0; i--) {
        if (schedule->entries[i - 1].thread == entry->thread) {
            return schedule->entries[i - 1].event >= entry->event;
        }
    }
    return false;
}

static bool expand_entries(struct hde_schedule *schedule, struct hde_scan scan, char *error)
{
    while (!hde_scan_is_over(&scan)) {
        struct hde_entry entry = {.event_kind = HDE_EVENT_NONE};

        if (schedule->count > 0 && !hde_scan_character(&scan, ',')) {
            return fail(error, "`,' is missing between two choices");
        }
        if (!expand_entry(&scan, &entry)) {
            return fail(error, "a choice is not of the form <thread>@<event>=<alternative>");
        }
        if (is_out_of_order(schedule, &entry)) {
            return fail(error, "the choices of a thread are not in the order of its events");
        }
        hde_schedule_append(schedule, &entry);
    }
    return true;
}

bool hde_schedule_expand(struct hde_schedule *schedule,
                         const char *argument,
                         char error[HDE_SCHEDULE_ERROR_SIZE])
{
    char check[CHECK_DIGITS + 1];
    size_t length = strlen(argument);

    if (length <= CHECK_DIGITS || argument[CHECK_DIGITS] != ':') {
        return fail(error, "it does not begin with four hexadecimal digits and `:'");
    }
    (void)snprintf(check, sizeof(check), "%04x", check_word(argument + CHECK_DIGITS + 1));
    if (memcmp(check, argument, CHECK_DIGITS) != 0) {
        return fail(error, "its check word does not fit what follows it");
    }
    if (!expand_entries(schedule, (struct hde_scan){argument + CHECK_DIGITS + 1, argument + length},
                        error)) {
        hde_schedule_release(schedule);
        return false;
    }
    return true;
}
