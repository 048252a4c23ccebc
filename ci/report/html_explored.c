/*
 * HTML of what was explored: runs with their bounds, graphs of lock order, notes and warnings.
 *
 * The samples of all runs are in one element, by number of the run, for the plots.
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

static bool is_surprise(const json_t *run)
{
    return json_is_false(json_object_get(run, "is_as_owed"));
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static void put_verdict(const struct hdr_html *html, const json_t *run)
{
    put(html, is_surprise(run) ? "<td class=\"verdict bad\">" : "<td class=\"verdict\">");
    hdr_markup_words(html->stream, hdr_text(run, "verdict"));
    if (is_surprise(run)) {
        put(html, ", but owes ");
        hdr_markup_words(html->stream, hdr_text(run, "owes"));
    } else if (hdr_is(run, "is_as_owed")) {
        put(html, " <span class=\"muted\">as owed</span>");
    }
    put(html, "</td>");
}

static json_int_t states_of(const json_t *run)
{
    const json_t *samples = hdr_list(run, "samples");
    size_t count = json_array_size(samples);

    return count == 0 ? 0 : hdr_number(json_array_get(samples, count - 1), "states");
}

static void put_number(const struct hdr_html *html, const char *label, json_int_t number)
{
    (void)fprintf(html->stream, "<td class=\"number\" data-label=\"%s\">", label);
    if (number > 0) {
        hdr_markup_count(html->stream, number);
    } else {
        put(html, "\xe2\x80\x93"); /* a dash */
    }
    put(html, "</td>");
}

static void put_run(const struct hdr_html *html, const json_t *run, size_t index)
{
    double seconds = json_number_value(json_object_get(run, "seconds"));
    json_int_t executions = hdr_number(run, "executions");

    (void)fprintf(html->stream, "<tr class=\"run\" data-run=\"%zu\"><th scope=\"row\">", index);
    put_text(html, hdr_text(run, "program"));
    if (hdr_has(run, "flavour") && strcmp(hdr_text(run, "flavour"), "explore") != 0) {
        put(html, " <span class=\"muted\">");
        put_text(html, hdr_text(run, "flavour"));
        put(html, "</span>");
    }
    put(html, "</th>");
    put_verdict(html, run);
    put(html, "<td class=\"bound\">");
    put_text(html, hdr_text(run, "conclusion"));
    put(html, hdr_is(run, "is_complete") ? "</td>" : " <span class=\"warn\">cut short</span></td>");
    put_number(html, "executions", executions);
    put_number(html, "a second", hdr_html_rate(executions, seconds));
    put_number(html, "states", states_of(run));
    put(html, "</tr>\n");
}

/* Those that did not give what they owe come first. */
static void put_runs(const struct hdr_html *html)
{
    size_t i;
    json_t *run;

    put(html, "<section id=\"explored\"><h2>What was explored</h2>\n");
    if (json_array_size(html->collection->runs) == 0) {
        put(html, "<p>There is no record of a run.</p></section>\n");
        return;
    }
    put(html, "<div id=\"saturation\"></div>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
              "aria-label=\"Runs\"><table class=\"runs\"><thead><tr>"
              "<th scope=\"col\">Program</th><th scope=\"col\">Verdict</th>"
              "<th scope=\"col\">Bound</th><th scope=\"col\" class=\"number\">Executions</th>"
              "<th scope=\"col\" class=\"number\">A second</th>"
              "<th scope=\"col\" class=\"number\">States</th></tr></thead>\n<tbody>\n");
    json_array_foreach(html->collection->runs, i, run)
    {
        if (is_surprise(run)) {
            put_run(html, run, i);
        }
    }
    json_array_foreach(html->collection->runs, i, run)
    {
        if (!is_surprise(run)) {
            put_run(html, run, i);
        }
    }
    put(html, "</tbody></table></div></section>\n");
}

/* [executions, states, findings] of each sample of each run. */
static void put_samples(const struct hdr_html *html)
{
    json_t *all = json_array();
    size_t i;
    size_t j;
    json_t *run;
    json_t *sample;

    json_array_foreach(html->collection->runs, i, run)
    {
        json_t *samples = json_array();

        json_array_foreach(hdr_list(run, "samples"), j, sample)
        {
            json_t *numbers = json_array();

            hdr_push(numbers, json_integer(hdr_number(sample, "executions")));
            hdr_push(numbers, json_integer(hdr_number(sample, "states")));
            hdr_push(numbers, json_integer(hdr_number(sample, "findings")));
            hdr_push(samples, numbers);
        }
        hdr_push(all, samples);
    }
    put(html, "<script type=\"application/json\" id=\"samples\">");
    hdr_markup_json(html->stream, all);
    put(html, "</script>\n");
    json_decref(all);
}

/* ---- Lock order ------------------------------------------------------------------------------ */

static bool has_circle(const json_t *graph)
{
    size_t i;
    json_t *edge;

    json_array_foreach(hdr_list(graph, "edges"), i, edge)
    {
        if (hdr_is(edge, "is_in_circle")) {
            return true;
        }
    }
    return false;
}

static size_t put_lock_orders(const struct hdr_html *html, bool with_circle)
{
    size_t count = 0;
    size_t i;
    json_t *graph;

    json_array_foreach(html->lock_order, i, graph)
    {
        if (!json_is_object(graph) || has_circle(graph) != with_circle) {
            continue;
        }
        put(html, with_circle ? "<details open class=\"lock-order\" data-program=\""
                              : "<details class=\"lock-order\" data-program=\"");
        put_text(html, hdr_text(graph, "title"));
        put(html, "\"><summary>");
        put_text(html, hdr_text(graph, "title"));
        put(html, with_circle ? " <span class=\"warn\">circle</span></summary>\n" : "</summary>\n");
        hdr_html_graph(html, graph);
        put(html, "</details>\n");
        count++;
    }
    return count;
}

/* Only runs record it. */
static void put_locks(const struct hdr_html *html)
{
    if (json_array_size(html->collection->runs) == 0) {
        put(html, "<section id=\"locks\"><h2>Lock order</h2>\n<p>No run recorded it.</p>"
                  "</section>\n");
        return;
    }
    put(html, "<section id=\"locks\"><h2>Lock order</h2>\n<p>An arrow leads from a lock that a "
              "thread held to one that it then acquired. A circle is a deadlock if threads can be "
              "at all of its arrows at once: findings and notes say where one was seen, or is "
              "feared.</p>\n<div class=\"graphs\">\n");
    if (put_lock_orders(html, true) + put_lock_orders(html, false) == 0) {
        put(html, "<p class=\"muted\">No thread acquired a lock while it held another one.</p>\n");
    }
    put(html, "</div></section>\n");
}

/* ---- Notes and warnings ---------------------------------------------------------------------- */

static void put_side(const struct hdr_html *html, const json_t *at, const char *key)
{
    const json_t *side = json_object_get(at, key);

    hdr_html_place_text(html, hdr_text(side, "place"));
    put(html, " <code>");
    put_text(html, hdr_text(side, "function"));
    put(html, "</code>");
}

static void put_note(const struct hdr_html *html, const json_t *note)
{
    size_t i;
    json_t *at;

    put(html, "<li><strong>");
    put_text(html, hdr_text(note, "program"));
    put(html, "</strong>: ");
    hdr_markup_message(html->stream, hdr_text(note, "message"));
    put(html, "<ul>\n");
    json_array_foreach(hdr_list(note, "at"), i, at)
    {
        (void)fprintf(html->stream, "<li>thread %lld holds what it acquired at ",
                      (long long)hdr_number(at, "thread"));
        put_side(html, at, "held");
        put(html, ", and wants what it acquires at ");
        put_side(html, at, "wanted");
        put(html, "</li>\n");
    }
    put(html, "</ul></li>\n");
}

static size_t put_warnings(const struct hdr_html *html, const json_t *run)
{
    size_t i;
    json_t *warning;

    json_array_foreach(hdr_list(run, "warnings"), i, warning)
    {
        if (json_is_string(warning)) {
            put(html, "<li><strong>");
            put_text(html, hdr_text(run, "program"));
            put(html, "</strong>: ");
            hdr_markup_message(html->stream, json_string_value(warning));
            put(html, "</li>\n");
        }
    }
    return i;
}

static void put_notes(const struct hdr_html *html)
{
    size_t count = json_array_size(html->collection->notes);
    size_t i;
    json_t *record;

    put(html, "<section id=\"notes\"><h2>Notes</h2>\n<ul class=\"notes\">\n");
    json_array_foreach(html->collection->notes, i, record) { put_note(html, record); }
    json_array_foreach(html->collection->runs, i, record) { count += put_warnings(html, record); }
    put(html, count == 0 ? "</ul><p class=\"muted\">There are none.</p></section>\n"
                         : "</ul></section>\n");
}

void hdr_html_explored(const struct hdr_html *html)
{
    put_runs(html);
    put_locks(html);
    put_notes(html);
    put_samples(html);
}
