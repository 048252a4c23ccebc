/*
 * Report misuse: a verb and what is wrong with it, by class.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_misuse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* "thread 1 <verb> `a'<wrong>"; `wrong' begins with its comma. */
struct words {
    const char *verb;
    const char *wrong;
};

static struct words words_of(const struct hde_finding *finding)
{
    static const struct words words[HDE_FINDING_CLASSES] = {
        [HDE_CLASS_SELF] = {"joins", ", which is itself"},
        [HDE_CLASS_NOT_HELD] = {"releases", ", which it does not hold"},
        [HDE_CLASS_IN_USE] = {"destroys", ", which is in use"},
        [HDE_CLASS_DESTROYED] = {"uses", ", which was destroyed"},
        [HDE_CLASS_UNINITIALIZED] = {"uses", ", which was never initialized"},
        [HDE_CLASS_JOINED_TWICE] = {"joins", ", which was joined or detached before"},
        [HDE_CLASS_NEVER_JOINED] = {"creates", ", which is never joined nor detached"},
        [HDE_CLASS_TWO_LOCKS] = {"waits on", ", with another lock than who waits there already"},
        [HDE_CLASS_TOO_OFTEN] = {"gives back", ", more of which was given back than there is"},
        [HDE_CLASS_HELD_AT_END] = {"acquires", ", and ends without releasing it"},
    };
    bool is_known = finding->class < HDE_FINDING_CLASSES && words[finding->class].verb != NULL;
    struct words found = is_known ? words[finding->class] : (struct words){"misuses", ""};

    if (finding->class == HDE_CLASS_IN_USE &&
        finding->places[0].event_kind == HDE_EVENT_INITIALIZE) {
        found.verb = "initializes";
    }
    return found;
}

static const char *cause_verb(uint8_t event_kind)
{
    switch (event_kind) {
    case HDE_EVENT_DESTROY:
        return "had destroyed";
    case HDE_EVENT_BARRIER_ARRIVE:
        return "had come to";
    case HDE_EVENT_JOIN:
        return "had joined";
    case HDE_EVENT_DETACH:
        return "had detached";
    case HDE_EVENT_WAIT:
        return "waits on";
    default:
        return "had acquired";
    }
}

/* What is misused. Threads and keys of thread-specific data have no address. */
static struct hde_phrase object_of(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_memory_name name;

    if (at->address != 0) {
        name = hde_report_touched(report, place);
        return hde_report_memory(&name, false);
    }
    switch (at->event_kind) {
    case HDE_EVENT_CREATE:
    case HDE_EVENT_JOIN:
    case HDE_EVENT_DETACH:
        return (struct hde_phrase){.text = "a thread"};
    default:
        return (struct hde_phrase){.text = "a key"};
    }
}

struct hde_phrase hde_report_misuse_deed(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_phrase object = object_of(report, place);
    const char *verb = at->is_cause ? cause_verb(at->event_kind) : words_of(report->finding).verb;
    struct hde_phrase phrase;

    (void)snprintf(phrase.text, sizeof(phrase.text), "thread %u %s %.200s", at->thread, verb,
                   object.text);
    return phrase;
}

struct hde_phrase hde_report_misuse(const struct hde_report *report)
{
    struct hde_phrase deed = hde_report_misuse_deed(report, 0);
    struct hde_phrase phrase;

    (void)snprintf(phrase.text, sizeof(phrase.text), "misuse: %.300s%s", deed.text,
                   words_of(report->finding).wrong);
    return phrase;
}
