/*
 * SARIF, results.
 *
 * Code scanning takes the first sentence of the message for the title, knows no Markdown here, and
 * shows related locations only where the message links to them: "[text](1)" links to number 1. It
 * counts two results as one if `primaryLocationLineHash', path and rule are the same. Its action
 * compares that with a hash of its own, of the line alone, and warns in its log where they differ;
 * but by that hash two races that meet in one line would be one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/sarif_result.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ci/report/finding_text.h"
#include "ci/report/markdown_text.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"
#include "ci/report/sarif_location.h"
#include "ci/report/sarif_rule.h"

/* Code scanning refuses results with more than 1,000, and shows 100. */
#define RELATED_MAX 100U

/* ---- Places ---------------------------------------------------------------------------------- */

/* The place that it is filed under; if that is not known, the first thing that is. */
static const json_t *primary(const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    const json_t *known = finding;

    for (size_t i = 0; i < json_array_size(places) && !hdr_sarif_is_known(known); i++) {
        const json_t *place = json_array_get(places, i);
        const json_t *stack = hdr_list(place, "stack");

        known = place;
        for (size_t j = 0; j < json_array_size(stack) && !hdr_sarif_is_known(known); j++) {
            known = json_array_get(stack, j);
        }
    }
    return hdr_sarif_is_known(known) ? known : finding;
}

static bool is_related(const json_t *finding, const json_t *place)
{
    return hdr_sarif_is_known(place) &&
           (hdr_number(place, "line") != hdr_number(finding, "line") ||
            strcmp(hdr_text(place, "file"), hdr_text(finding, "file")) != 0 ||
            place != json_array_get(hdr_list(finding, "places"), 0));
}

/* The other places, numbered from 1 as the message links to them. */
static json_t *related(const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(places) && json_array_size(list) < RELATED_MAX; i++) {
        const json_t *place = json_array_get(places, i);

        if (is_related(finding, place)) {
            json_t *location = hdr_sarif_location(finding, place, HDR_SARIF_SNIPPET,
                                                  hdr_sarif_message(hdr_text(place, "text")));

            hdr_set(location, "id", json_integer((json_int_t)json_array_size(list) + 1));
            hdr_push(list, location);
        }
    }
    return list;
}

static json_t *stacks(const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    const json_t *threads = hdr_list(finding, "threads");
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);

        if (json_array_size(hdr_list(place, "stack")) > 0) {
            hdr_push(list,
                     hdr_sarif_stack(finding, hdr_list(place, "stack"), hdr_number(place, "thread"),
                                     hdr_sarif_message(hdr_text(place, "text"))));
        }
    }
    for (size_t i = 0; i < json_array_size(threads); i++) {
        const json_t *thread = json_array_get(threads, i);

        if (json_array_size(hdr_list(thread, "stack")) > 0) {
            hdr_push(list,
                     hdr_sarif_stack(finding, hdr_list(thread, "stack"), hdr_number(thread, "id"),
                                     hdr_sarif_message(hdr_text(thread, "name"))));
        }
    }
    return list;
}

/* ---- The message ----------------------------------------------------------------------------- */

/* "[thread 1 writes 4 bytes of `state.counter'](1)." */
static void put_links(FILE *stream, const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    size_t number = 0;

    for (size_t i = 0; i < json_array_size(places) && number < RELATED_MAX; i++) {
        const json_t *place = json_array_get(places, i);

        if (is_related(finding, place)) {
            (void)fputs(" [", stream);
            hdr_sarif_put(stream, hdr_text(place, "text"));
            (void)fprintf(stream, "](%zu).", ++number);
        }
    }
}

static json_t *text_of(const json_t *finding)
{
    const json_t *credibility = hdr_list(finding, "credibility");
    struct hdr_phrase text;

    hdr_phrase_begin(&text);
    hdr_sarif_put(text.stream, hdr_text(finding, "message"));
    (void)fputs(".", text.stream);
    put_links(text.stream, finding);
    for (size_t i = 0; i < json_array_size(credibility); i++) {
        (void)fputs(" How far to believe it: ", text.stream);
        hdr_sarif_put(text.stream, hdr_text(json_array_get(credibility, i), "text"));
        (void)fputs(".", text.stream);
    }
    if (hdr_has(finding, "replay")) {
        (void)fputs(" To see it again: ", text.stream);
        hdr_sarif_put(text.stream, hdr_text(finding, "replay"));
        (void)fputs(" .", text.stream);
    }
    return hdr_phrase_end(&text);
}

static void put_place(FILE *stream, const json_t *place)
{
    const json_t *locks = hdr_list(place, "locks");

    (void)fputs("- ", stream);
    hdr_markdown_text(hdr_text(place, "text"), stream);
    if (hdr_sarif_is_known(place)) {
        (void)fputs(", in ", stream);
        hdr_markdown_code(hdr_text(place, "function"), stream);
        (void)fputs(", ", stream);
        hdr_markdown_text(hdr_text(place, "file"), stream);
        (void)fprintf(stream, ":%lld", (long long)hdr_number(place, "line"));
    }
    for (size_t i = 0; i < json_array_size(locks); i++) {
        (void)fputs(i == 0 ? "; holding " : ", ", stream);
        hdr_markdown_code(hdr_text(json_array_get(locks, i), "name"), stream);
    }
    (void)fputs("\n", stream);
}

static void put_credibility(FILE *stream, const json_t *finding)
{
    const json_t *credibility = hdr_list(finding, "credibility");

    for (size_t i = 0; i < json_array_size(credibility); i++) {
        const json_t *note = json_array_get(credibility, i);

        (void)fputs(i == 0 ? "\nHow far to believe it:\n\n- " : "- ", stream);
        hdr_markdown_text(hdr_text(note, "text"), stream);
        (void)fputs("; ", stream);
        hdr_markdown_text(hdr_text(note, "advice"), stream);
        (void)fputs("\n", stream);
    }
}

/* The schedule, a column for each thread. */
static void put_lanes(FILE *stream, const json_t *finding)
{
    struct hdr_phrase lanes;

    hdr_phrase_begin(&lanes);
    hdr_finding_print_lanes(finding, lanes.stream);

    json_t *text = hdr_phrase_end(&lanes);

    if (json_string_length(text) > 0) {
        (void)fputs("\n", stream);
        hdr_markdown_block("text", json_string_value(text), stream);
    }
    json_decref(text);
}

/* Braces are doubled: in a message of SARIF single ones stand for arguments (3.11.5). */
static json_t *with_doubled_braces(json_t *markdown)
{
    struct hdr_phrase doubled;

    hdr_phrase_begin(&doubled);
    for (const char *text = json_string_value(markdown); *text != '\0'; text++) {
        (void)fputc(*text, doubled.stream);
        if (*text == '{' || *text == '}') {
            (void)fputc(*text, doubled.stream);
        }
    }
    json_decref(markdown);
    return hdr_phrase_end(&doubled);
}

static json_t *markdown_of(const json_t *finding)
{
    const json_t *places = hdr_list(finding, "places");
    struct hdr_phrase text;

    hdr_phrase_begin(&text);
    hdr_markdown_text(hdr_text(finding, "message"), text.stream);
    (void)fputs(".\n\n", text.stream);
    for (size_t i = 0; i < json_array_size(places); i++) {
        put_place(text.stream, json_array_get(places, i));
    }
    put_credibility(text.stream, finding);
    put_lanes(text.stream, finding);
    if (hdr_has(finding, "replay")) {
        (void)fputs("\nTo see it again:\n\n", text.stream);
        hdr_markdown_block("sh", hdr_text(finding, "replay"), text.stream);
    }
    return with_doubled_braces(hdr_phrase_end(&text));
}

static json_t *message_of(const json_t *finding)
{
    json_t *message = json_object();

    hdr_set(message, "text", text_of(finding));
    hdr_set(message, "markdown", markdown_of(finding));
    return message;
}

/* ---- The rest -------------------------------------------------------------------------------- */

static json_t *named(const char *name, const char *value)
{
    json_t *object = json_object();

    hdr_set(object, name, hdr_string(value));
    return object;
}

/* Who answers for it, as the file of suppressions says: "ada: a reason; until 2027-03-01" */
static void put_answer(FILE *stream, const json_t *suppression)
{
    (void)fprintf(stream, "%s: %s; until %s", hdr_text(suppression, "owner"),
                  hdr_text(suppression, "reason"), hdr_text(suppression, "expires"));
}

/* What somebody has accepted: a program that declares it, or a file of suppressions. */
static json_t *suppressions_of(const json_t *finding)
{
    bool is_owed = strcmp(hdr_text(finding, "status"), "owed") == 0;
    bool is_suppressed = strcmp(hdr_text(finding, "status"), "suppressed") == 0;
    json_t *list = json_array();
    json_t *suppression = json_object();
    struct hdr_phrase why;

    if (!is_owed && !is_suppressed) {
        json_decref(suppression);
        return list;
    }
    hdr_phrase_begin(&why);
    if (is_owed) {
        (void)fprintf(why.stream, "%s declares it", hdr_text(finding, "program"));
    } else {
        put_answer(why.stream, json_object_get(finding, "suppression"));
    }
    hdr_set(suppression, "kind", hdr_string(is_owed ? "inSource" : "external"));
    hdr_set(suppression, "status", hdr_string("accepted"));
    hdr_set(suppression, "justification", hdr_phrase_end(&why));
    hdr_push(list, suppression);
    return list;
}

/* What of a record has no place of its own in SARIF; keys as there, in SARIF's way of writing. */
static json_t *properties_of(const json_t *finding)
{
    static const char *const keys[][2] = {
        {"identity", "identity"},
        {"status", "status"},
        {"program", "program"},
        {"flavour", "flavour"},
        {"model", "model"},
        {"build_id", "buildId"},
        {"strategy", "strategy"},
        {"seed", "seed"},
        {"executions", "executions"},
        {"preemptions", "preemptions"},
        {"schedule", "schedule"},
        {"replay", "replay"},
        {"noticed_by", "noticedBy"},
        {"steps_left_out", "stepsLeftOut"},
        {"credibility", "credibility"},
        {"history", "history"},
        {"sanitizer", "sanitizer"},
        {"seen_in", "seenIn"},
    };
    json_t *properties = json_object();

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (hdr_has(finding, keys[i][0])) {
            hdr_set(properties, keys[i][1], json_incref(json_object_get(finding, keys[i][0])));
        }
    }
    return properties;
}

json_t *hdr_sarif_result(const json_t *finding, const char *fingerprint)
{
    const char *identity = hdr_text(finding, "identity");
    json_t *result = json_object();
    json_t *locations = json_array();

    hdr_set(result, "kind", hdr_string("fail"));
    hdr_set(result, "level", hdr_string(hdr_sarif_level(finding)));
    hdr_set(result, "message", message_of(finding));
    hdr_push(locations, hdr_sarif_location(finding, primary(finding), HDR_SARIF_CONTEXT, NULL));
    hdr_set(result, "locations", locations);
    hdr_set(result, "relatedLocations", related(finding));
    hdr_set(result, "stacks", stacks(finding));
    hdr_set(result, "partialFingerprints", named("primaryLocationLineHash", fingerprint));
    hdr_set(result, "fingerprints", named("heddleIdentity/v2", identity));
    hdr_set(result, "baselineState",
            hdr_string(strcmp(hdr_text(finding, "status"), "new") == 0 ? "new" : "unchanged"));
    hdr_set(result, "suppressions", suppressions_of(finding));
    hdr_set(result, "occurrenceCount",
            json_integer(hdr_number(finding, "seen") > 0 ? hdr_number(finding, "seen") : 1));
    hdr_set(result, "properties", properties_of(finding));
    return result;
}
