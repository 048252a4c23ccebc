/*
 * Report words for blocks of the heap.
 *
 *     use after free: thread 2 reads 4 bytes of `node.value', which thread 1 freed at list.c:31
 *     use after free: thread 2 uses `node.lock', which thread 1 freed at list.c:31
 *     out of bounds: thread 1 writes 1 byte behind a block of 16 bytes
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_block.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/fiber.h"

__attribute__((format(printf, 2, 3))) static void
say(struct hde_phrase *phrase, const char *format, ...)
{
    size_t length = strlen(phrase->text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(phrase->text + length, sizeof(phrase->text) - length, format, arguments);
    va_end(arguments);
}

bool hde_report_is_of_block(const struct hde_finding *finding)
{
    return finding->places_count > 0 &&
           (finding->kind == HD_USE_AFTER_FREE || finding->kind == HD_DOUBLE_FREE ||
            finding->kind == HD_INVALID_FREE || finding->kind == HD_OUT_OF_BOUNDS ||
            finding->kind == HD_LEAK);
}

static const char *verb(const struct hde_place *at)
{
    switch (at->event_kind) {
    case HDE_EVENT_READ:
        return "reads";
    case HDE_EVENT_WRITE:
        return "writes";
    case HDE_EVENT_ATOMIC_LOAD:
        return "atomically reads";
    case HDE_EVENT_ATOMIC_STORE:
        return "atomically writes";
    case HDE_EVENT_ATOMIC_UPDATE:
        return "atomically updates";
    default:
        return "uses";
    }
}

/* Not for objects, which are no bytes: a lock is used as a whole. */
static bool has_size(const struct hde_place *at)
{
    return at->event_kind >= HDE_EVENT_READ && at->event_kind <= HDE_EVENT_ATOMIC_UPDATE;
}

/* "reads 4 bytes"; an object it "uses". */
static void say_use(struct hde_phrase *phrase, const struct hde_place *at)
{
    say(phrase, "thread %u %s ", at->thread, verb(at));
    if (has_size(at) && at->size == UINT8_MAX) {
        say(phrase, "%u bytes or more ", at->size);
    } else if (has_size(at)) {
        say(phrase, "%u byte%s ", at->size, at->size == 1 ? "" : "s");
    }
}

/* Of what lies in no block: "memory on the stack of thread 1", "`counter'". */
static void say_other(struct hde_phrase *phrase, const struct hde_report *report, unsigned place)
{
    struct hde_memory_name name = hde_report_touched(report, place);

    say(phrase, "%s", hde_report_memory(&name, false).text);
}

/* "behind a block of 16 bytes", where it begins; "at the end" if it begins within. */
static void say_beside(struct hde_phrase *phrase, const struct hde_place *at)
{
    const struct hde_block *block = hde_arena_nearest(at->address);

    if (block == NULL) {
        say(phrase, "beside a block");
        return;
    }
    unsigned long long size = block->size;

    if (at->address < block->address) {
        say(phrase, "%llu before a block of %llu bytes",
            (unsigned long long)(block->address - at->address), size);
    } else if (at->address < block->address + block->size) {
        say(phrase, "across the end of a block of %llu bytes", size);
    } else {
        say(phrase, "%llu behind the end of a block of %llu bytes",
            (unsigned long long)(at->address - block->address - block->size), size);
    }
}

static struct hde_deed deed_at(const struct hde_place *at)
{
    return (struct hde_deed){
        .pc = at->pc, .context = at->context, .event = at->event, .thread = at->thread};
}

static struct hde_phrase say_block_use(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_phrase phrase = {.text = ""};

    say_use(&phrase, at);
    if (!hde_arena_has(at->address) && report->finding->text[0] != '\0') {
        say(&phrase, "%s", report->finding->text); /* no block: a sanitizer knows what it is */
    } else if (report->finding->kind == HD_OUT_OF_BOUNDS) {
        say(&phrase, "%s", has_size(at) ? "" : "what lies ");
        say_beside(&phrase, at);
    } else {
        say(&phrase, "%s", has_size(at) ? "of " : "");
        say_other(&phrase, report, place);
    }
    return phrase;
}

struct hde_phrase hde_report_block_deed(const struct hde_report *report, unsigned place)
{
    const struct hde_finding *finding = report->finding;
    const struct hde_place *at = &finding->places[place];
    const struct hde_block *block = hde_arena_find(at->address);
    struct hde_phrase phrase = {.text = ""};

    if (at->event_kind == HDE_EVENT_ALLOCATE) {
        say(&phrase, "thread %u allocated the block", at->thread);
        if (block != NULL) {
            say(&phrase, " of %llu bytes", (unsigned long long)block->size);
        }
        return phrase;
    }
    if (at->event_kind != HDE_EVENT_FREE) {
        return say_block_use(report, place);
    }
    say(&phrase, "thread %u frees ", at->thread);
    if (finding->kind != HD_INVALID_FREE) {
        say(&phrase, "the block");
    } else if (block != NULL) {
        say(&phrase, "what lies %llu bytes inside a block",
            (unsigned long long)(at->address - block->address));
    } else {
        say_other(&phrase, report, place);
    }
    return phrase;
}

/* ", which thread 1 freed at list.c:31" and the like. */
static void say_freed(struct hde_phrase *phrase, const struct hde_report *report)
{
    const struct hde_finding *finding = report->finding;
    struct hde_deed deed = deed_at(&finding->places[1]);

    if (finding->places_count < 2) {
        return;
    }
    /* In this execution the free may have come second: the other order is as possible. */
    if (strcmp(finding->text, "") != 0) {
        say(phrase, ", which thread %u frees at %s; %s", deed.thread, hde_report_line(&deed).text,
            finding->text);
    } else {
        say(phrase, ", which thread %u freed at %s", deed.thread, hde_report_line(&deed).text);
    }
}

struct hde_phrase hde_report_block_sentence(const struct hde_report *report)
{
    const struct hde_finding *finding = report->finding;
    const struct hde_place *first = &finding->places[0];
    struct hde_phrase phrase = {.text = ""};

    say(&phrase, "%s: ", hde_verdict_name(finding->kind));
    switch (finding->kind) {
    case HD_USE_AFTER_FREE:
        say(&phrase, "%s", hde_report_block_deed(report, 0).text);
        say_freed(&phrase, report);
        break;
    case HD_DOUBLE_FREE:
        say(&phrase, "thread %u frees a block", first->thread);
        say_freed(&phrase, report);
        break;
    case HD_LEAK:
        say(&phrase, "%s, and nothing points to it when all is over",
            hde_report_block_deed(report, 0).text);
        break;
    case HD_INVALID_FREE:
        say(&phrase, "%s, which no allocation returned", hde_report_block_deed(report, 0).text);
        break;
    default:
        say(&phrase, "%s", hde_report_block_deed(report, 0).text);
        break;
    }
    return phrase;
}
