/*
 * HTML of findings: for each the sentence, how to see it again, how far to believe it, the places
 * with their stacks, the schedule, and what else its record says.
 *
 * What the page draws with scripts goes before all but the head of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/html.h"
#include "ci/report/markup.h"
#include "ci/report/record.h"

static void put(const struct hdr_html *html, const char *markup)
{
    (void)fputs(markup, html->stream);
}

static void put_text(const struct hdr_html *html, const char *text)
{
    hdr_markup_text(html->stream, text);
}

static void put_code(const struct hdr_html *html, const char *text)
{
    put(html, "<code>");
    put_text(html, text);
    put(html, "</code>");
}

/* ---- Head ------------------------------------------------------------------------------------ */

static void put_fact(const struct hdr_html *html, const char *name, const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    put(html, "<div><dt>");
    put_text(html, name);
    put(html, "</dt><dd>");
    put_text(html, text);
    put(html, "</dd></div>\n");
}

static void put_found(const struct hdr_html *html, const json_t *finding)
{
    if (!hdr_has(finding, "strategy")) {
        return;
    }
    put(html, "<div><dt>Found by</dt><dd>");
    put_text(html, hdr_text(finding, "strategy"));
    if (hdr_has(finding, "seed")) {
        put(html, ", seed ");
        put_text(html, hdr_text(finding, "seed"));
    }
    if (hdr_has(finding, "executions")) {
        put(html, ", in execution ");
        hdr_markup_count(html->stream, hdr_number(finding, "executions"));
    }
    if (hdr_has(finding, "preemptions")) {
        put(html, "; ");
        hdr_markup_plural(html->stream, hdr_number(finding, "preemptions"), "preemption");
        put(html, " needed");
    }
    put(html, "</dd></div>\n");
}

static void put_head(const struct hdr_html *html, const json_t *finding)
{
    put(html, "<header class=\"head\">\n<p class=\"badges\"><span class=\"kind\">");
    hdr_markup_words(html->stream, hdr_text(finding, "kind"));
    if (hdr_has(finding, "class")) {
        put(html, ": ");
        put_text(html, hdr_text(finding, "class"));
    }
    put(html, "</span> <span class=\"status status-");
    put_text(html, hdr_text(finding, "status"));
    put(html, "\">");
    put_text(html, hdr_text(finding, "status"));
    put(html, "</span></p>\n<h2>");
    hdr_markup_message(html->stream, hdr_text(finding, "message"));
    put(html, "</h2>\n<p class=\"where\">");
    if (hdr_has(finding, "function")) {
        put_code(html, hdr_text(finding, "function"));
        put(html, " ");
    }
    hdr_html_place(html, hdr_text(finding, "file"), hdr_number(finding, "line"));
    put(html, "</p>\n");
    if (hdr_has(finding, "replay")) {
        put(html, "<div class=\"replay\"><span class=\"label\">See it again</span> <code>");
        put_text(html, hdr_text(finding, "replay"));
        put(html, "</code></div>\n");
    }
    put(html, "</header>\n");
}

static void put_credibility(const struct hdr_html *html, const json_t *finding)
{
    const json_t *all = hdr_list(finding, "credibility");
    size_t i;
    json_t *entry;

    if (json_array_size(all) == 0) {
        return;
    }
    put(html, "<section class=\"credibility\"><h3>How far to believe it</h3>\n<ul>\n");
    json_array_foreach(all, i, entry)
    {
        put(html, "<li class=\"note-");
        put_text(html, hdr_text(entry, "note"));
        put(html, "\">");
        hdr_markup_message(html->stream, hdr_text(entry, "text"));
        if (hdr_text(entry, "advice")[0] != '\0') {
            put(html, " <span class=\"advice\">");
            hdr_markup_message(html->stream, hdr_text(entry, "advice"));
            put(html, "</span>");
        }
        put(html, "</li>\n");
    }
    put(html, "</ul></section>\n");
}

/* ---- Places and threads ---------------------------------------------------------------------- */

static void put_stack(const struct hdr_html *html, const json_t *stack)
{
    size_t i;
    json_t *frame;

    put(html, "<ol class=\"stack\">\n");
    json_array_foreach(stack, i, frame)
    {
        put(html, "<li>");
        put_code(html, hdr_has(frame, "function") ? hdr_text(frame, "function") : "?");
        put(html, " ");
        hdr_html_place(html, hdr_text(frame, "file"), hdr_number(frame, "line"));
        put(html, "</li>\n");
    }
    put(html, "</ol>\n");
}

static void put_locks(const struct hdr_html *html, const json_t *locks)
{
    size_t i;
    json_t *lock;

    put(html, "<p class=\"locks\">");
    put(html, json_array_size(locks) == 0 ? "holding no lock" : "holding ");
    json_array_foreach(locks, i, lock)
    {
        put(html, i == 0 ? "" : ", ");
        put_code(html, hdr_text(lock, "name"));
        if (hdr_has(lock, "acquired")) {
            put(html, ", acquired at ");
            hdr_html_place_text(html, hdr_text(lock, "acquired"));
        }
    }
    put(html, "</p>\n");
}

static void put_places(const struct hdr_html *html, const json_t *finding)
{
    size_t i;
    json_t *place;

    put(html, "<section class=\"places\"><h3>Where</h3>\n<div class=\"cards\">\n");
    json_array_foreach(hdr_list(finding, "places"), i, place)
    {
        put(html, hdr_is(place, "is_cause") ? "<div class=\"card cause\"><h4>"
                                            : "<div class=\"card\"><h4>");
        hdr_markup_message(html->stream, hdr_text(place, "text"));
        put(html, "</h4>\n");
        put_stack(html, hdr_list(place, "stack"));
        put_locks(html, hdr_list(place, "locks"));
        put(html, "</div>\n");
    }
    put(html, "</div></section>\n");
}

static void put_thread(const struct hdr_html *html, const json_t *thread)
{
    put(html, "<tr><th scope=\"row\">");
    if (hdr_has(thread, "name")) {
        put_text(html, hdr_text(thread, "name"));
    } else {
        (void)fprintf(html->stream, "thread %lld", (long long)hdr_number(thread, "id"));
    }
    put(html, "</th><td>");
    if (hdr_has(thread, "function")) {
        put_code(html, hdr_text(thread, "function"));
    }
    put(html, "</td><td>");
    if (hdr_has(thread, "created_at")) {
        (void)fprintf(html->stream, "by thread %lld at ",
                      (long long)hdr_number(thread, "created_by"));
        hdr_html_place_text(html, hdr_text(thread, "created_at"));
    }
    put(html, "</td><td>");
    if (json_array_size(hdr_list(thread, "stack")) > 0) {
        put_stack(html, hdr_list(thread, "stack"));
    } else {
        put(html, hdr_is(thread, "ended") ? "had ended" : "");
    }
    put(html, "</td></tr>\n");
}

static void put_threads(const struct hdr_html *html, const json_t *finding)
{
    const json_t *threads = hdr_list(finding, "threads");
    size_t i;
    json_t *thread;

    if (json_array_size(threads) == 0) {
        return;
    }
    put(html,
        "<details class=\"threads\"><summary>Threads</summary>\n"
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Threads\"><table>"
        "<thead><tr><th scope=\"col\">Thread</th><th scope=\"col\">Runs</th>"
        "<th scope=\"col\">Created</th><th scope=\"col\">Was at</th></tr></thead>\n<tbody>\n");
    json_array_foreach(threads, i, thread) { put_thread(html, thread); }
    put(html, "</tbody></table></div></details>\n");
}

/* ---- History --------------------------------------------------------------------------------- */

static void put_moment(const struct hdr_html *html, const json_t *operation, const char *key)
{
    put(html, "<td class=\"number\">");
    if (hdr_has(operation, key)) {
        (void)fprintf(html->stream, "%lld", (long long)hdr_number(operation, key));
    } else {
        put(html, "\xe2\x80\x93"); /* a dash */
    }
    put(html, "</td>");
}

static void put_history(const struct hdr_html *html, const json_t *finding)
{
    const json_t *history = hdr_list(finding, "history");
    size_t i;
    json_t *operation;

    if (json_array_size(history) == 0) {
        return;
    }
    put(html,
        "<section class=\"history\"><h3>What the operations returned</h3>\n<div class=\"scroll\" "
        "tabindex=\"0\" role=\"region\" aria-label=\"History\"><table><thead><tr>"
        "<th scope=\"col\">Operation</th><th scope=\"col\">Thread</th>"
        "<th scope=\"col\">Called</th><th scope=\"col\">Returned</th>"
        "<th scope=\"col\">Takes effect</th></tr></thead>\n<tbody>\n");
    json_array_foreach(history, i, operation)
    {
        put(html, hdr_is(operation, "is_blamed") ? "<tr class=\"marked\"><th scope=\"row\">"
                                                 : "<tr><th scope=\"row\">");
        put_code(html, hdr_text(operation, "text"));
        (void)fprintf(html->stream, "</th><td class=\"number\">%lld</td>",
                      (long long)hdr_number(operation, "thread"));
        put_moment(html, operation, "called");
        put_moment(html, operation, "returned");
        put_moment(html, operation, "takes_effect");
        put(html, "</tr>\n");
    }
    put(html, "</tbody></table></div></section>\n");
}

/* ---- Tail ------------------------------------------------------------------------------------ */

static void put_schedule(const struct hdr_html *html, const json_t *finding)
{
    if (json_array_size(hdr_list(finding, "rows")) == 0) {
        return;
    }
    put(html, "<details class=\"steps\" open><summary>The schedule, shortened to what is needed"
              "</summary>\n");
    hdr_html_schedule(html, finding);
    put(html, "</details>\n");
}

static void put_sanitizer(const struct hdr_html *html, const json_t *finding)
{
    if (!hdr_has(finding, "sanitizer")) {
        return;
    }
    put(html, "<details class=\"sanitizer\"><summary>What the sanitizer printed</summary>\n"
              "<pre tabindex=\"0\">");
    put_text(html, hdr_text(finding, "sanitizer"));
    put(html, "</pre></details>\n");
}

static void put_sightings(const struct hdr_html *html, const json_t *finding)
{
    size_t i;
    json_t *sighting;

    put(html, "<details class=\"seen\"><summary>Seen ");
    hdr_markup_plural(html->stream, hdr_number(finding, "seen"), "time");
    put(html, "</summary>\n<ul>\n");
    json_array_foreach(hdr_list(finding, "seen_in"), i, sighting)
    {
        put(html, "<li>");
        put_text(html, hdr_text(sighting, "program"));
        if (hdr_text(sighting, "flavour")[0] != '\0') {
            put(html, ", ");
            put_text(html, hdr_text(sighting, "flavour"));
        }
        put(html, " <span class=\"muted\">");
        put_text(html, hdr_text(sighting, "where"));
        put(html, "</span></li>\n");
    }
    put(html, "</ul></details>\n");
}

static void put_facts(const struct hdr_html *html, const json_t *finding)
{
    put(html, "<dl class=\"facts\">\n");
    put_fact(html, "Program", hdr_text(finding, "program"));
    put_fact(html, "Flavour", hdr_text(finding, "flavour"));
    put_fact(html, "Memory model", hdr_text(finding, "model"));
    put_fact(html, "Noticed by", hdr_text(finding, "noticed_by"));
    put_found(html, finding);
    put_fact(html, "Identity", hdr_text(finding, "identity"));
    put_fact(html, "Build", hdr_text(finding, "build_id"));
    put(html, "</dl>\n");
}

static void put_finding(const struct hdr_html *html, const json_t *finding, size_t index)
{
    const json_t *waits = json_array_get(html->waits, index);

    put_head(html, finding);
    put_credibility(html, finding);
    put(html, "<div class=\"viewer\"></div>\n");
    if (json_is_object(waits)) {
        put(html, "<section class=\"waits\"><h3>Who waits for whom</h3>\n");
        hdr_html_graph(html, waits);
        put(html, "</section>\n");
    }
    put_places(html, finding);
    put_history(html, finding);
    put_schedule(html, finding);
    put_threads(html, finding);
    put_sanitizer(html, finding);
    put_facts(html, finding);
    put_sightings(html, finding);
}

void hdr_html_findings(const struct hdr_html *html)
{
    char anchor[HDR_ANCHOR_MAX];
    size_t i;
    json_t *finding;

    json_array_foreach(html->collection->findings, i, finding)
    {
        hdr_html_anchor(finding, i, anchor);
        (void)fprintf(html->stream, "<article class=\"finding\" id=\"%s\"><noscript>\n", anchor);
        put_finding(html, finding, i);
        put(html, "</noscript>\n<script type=\"application/json\" class=\"record\">");
        hdr_markup_json(html->stream, finding);
        put(html, "</script></article>\n");
    }
}
