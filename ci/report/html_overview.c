/*
 * HTML of the overview: the headline, the figures, and all findings by kind.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/html.h"
#include "ci/report/markup.h"
#include "ci/report/record.h"

/* Whole numbers of the whole report. */
struct totals {
    json_int_t is_new;
    json_int_t known;
    json_int_t suppressed;
    json_int_t owed;
    json_int_t programs;  /* that were explored */
    json_int_t surprises; /* that did not give what they owe */
    json_int_t executions;
    double seconds;
};

static void put(const struct hdr_html *html, const char *markup)
{
    (void)fputs(markup, html->stream);
}

static void count_status(struct totals *totals, const char *status)
{
    if (strcmp(status, "known") == 0) {
        totals->known++;
    } else if (strcmp(status, "suppressed") == 0) {
        totals->suppressed++;
    } else if (strcmp(status, "owed") == 0) {
        totals->owed++;
    } else {
        totals->is_new++;
    }
}

static struct totals count(const struct hdr_collection *collection)
{
    struct totals totals = {.is_new = 0};
    size_t i;
    json_t *record;

    json_array_foreach(collection->findings, i, record)
    {
        count_status(&totals, hdr_text(record, "status"));
    }
    json_array_foreach(collection->runs, i, record)
    {
        totals.programs++;
        totals.surprises += json_is_false(json_object_get(record, "is_as_owed")) ? 1 : 0;
        totals.executions += hdr_number(record, "executions");
        totals.seconds += json_number_value(json_object_get(record, "seconds"));
    }
    return totals;
}

/* ---- Headline and figures -------------------------------------------------------------------- */

/* Plain text without markup: it is the title of the window, too. */
void hdr_html_headline(const struct hdr_html *html)
{
    struct totals totals = count(html->collection);

    if (totals.is_new > 0) {
        hdr_markup_plural(html->stream, totals.is_new, "new finding");
    } else if (totals.surprises > 0) {
        hdr_markup_plural(html->stream, totals.surprises, "program");
        put(html,
            totals.surprises == 1 ? " did not give what it owes" : " did not give what they owe");
    } else if (totals.owed > 0 && totals.known + totals.suppressed == 0) {
        put(html, "All as declared");
    } else if (json_array_size(html->collection->findings) > 0) {
        put(html, "Nothing new");
    } else {
        put(html, "No findings");
    }
}

static void put_figure(const struct hdr_html *html, const char *name, json_int_t number)
{
    (void)fprintf(html->stream, "<div><dt>%s</dt><dd>", name);
    hdr_markup_count(html->stream, number);
    put(html, "</dd></div>\n");
}

static void put_figures(const struct hdr_html *html, const struct totals *totals)
{
    put(html, "<dl class=\"figures\">\n");
    put_figure(html, "new", totals->is_new);
    if (totals->known > 0) {
        put_figure(html, "known", totals->known);
    }
    if (totals->suppressed > 0) {
        put_figure(html, "suppressed", totals->suppressed);
    }
    if (totals->owed > 0) {
        put_figure(html, "owed", totals->owed);
    }
    if (totals->programs > 0) {
        put_figure(html, "programs explored", totals->programs);
        put_figure(html, "executions", totals->executions);
    }
    if (totals->seconds > 0) {
        put_figure(html, "executions a second", hdr_html_rate(totals->executions, totals->seconds));
    }
    put(html, "</dl>\n");
}

static void put_owed(const struct hdr_html *html, const struct totals *totals)
{
    if (totals->owed > 0) {
        hdr_markup_plural(html->stream, totals->owed, "finding");
        put(html, totals->owed == 1 ? " is owed: declared by a scenario, which is there to show "
                                      "this bug. "
                                    : " are owed: declared by scenarios, which are there to show "
                                      "these bugs. ");
    }
}

/* What the headline leaves open. */
static void put_sentence(const struct hdr_html *html, const struct totals *totals)
{
    put(html, "<p>");
    put_owed(html, totals);
    if (totals->surprises > 0) {
        (void)fprintf(html->stream,
                      "<a href=\"#explored\">%lld of %lld programs</a> did not give what they owe.",
                      (long long)totals->surprises, (long long)totals->programs);
    } else if (totals->programs > 0 && totals->is_new == 0) {
        put(html, "No program gave anything but what it owes.");
    }
    put(html, "</p>\n");
    if (html->collection->damaged > 0) {
        put(html, "<p class=\"warning\">");
        hdr_markup_plural(html->stream, html->collection->damaged, "file");
        put(html, " could not be read, or not all of it: this report is not complete.</p>\n");
    }
}

/* ---- Findings -------------------------------------------------------------------------------- */

/* Those of one kind and status are together, in the order of importance; what is doubtful of a
 * kind may stand far behind the rest of it. `groups' has them in the order of their first. */
static json_t *make_groups(const struct hdr_html *html)
{
    json_t *groups = json_object();
    size_t i;
    json_t *finding;

    json_array_foreach(html->collection->findings, i, finding)
    {
        char key[160];

        (void)snprintf(key, sizeof(key), "%.32s %.96s", hdr_text(finding, "status"),
                       hdr_text(finding, "kind"));
        if (json_object_get(groups, key) == NULL) {
            hdr_set(groups, key, json_array());
        }
        hdr_push(json_object_get(groups, key), json_integer((json_int_t)i));
    }
    return groups;
}

static void put_group_head(const struct hdr_html *html, const json_t *finding, size_t size)
{
    put(html,
        "<tbody><tr class=\"group\"><th colspan=\"4\" scope=\"rowgroup\"><span class=\"name\">");
    hdr_markup_words(html->stream, hdr_text(finding, "kind"));
    (void)fprintf(html->stream, "</span> <span class=\"count\">%zu ", size);
    hdr_markup_text(html->stream, hdr_text(finding, "status"));
    put(html, "</span></th></tr>\n");
}

static void put_attribute(const struct hdr_html *html, const char *name, const char *value)
{
    (void)fprintf(html->stream, " data-%s=\"", name);
    hdr_markup_text(html->stream, value);
    put(html, "\"");
}

static void put_status(const struct hdr_html *html, const json_t *finding)
{
    put(html, "<td><span class=\"status status-");
    hdr_markup_text(html->stream, hdr_text(finding, "status"));
    put(html, "\">");
    hdr_markup_text(html->stream, hdr_text(finding, "status"));
    put(html, "</span>");
    if (hdr_number(finding, "seen") > 1) {
        (void)fprintf(html->stream, " <span class=\"muted\">%lld times</span>",
                      (long long)hdr_number(finding, "seen"));
    }
    put(html, "</td>");
}

/* The name of the file is what a reader knows it by; its folder stands below. */
static void put_where(const struct hdr_html *html, const json_t *finding)
{
    const char *file = hdr_text(finding, "file");
    const char *slash = strrchr(file, '/');

    put(html, "<td class=\"at\">");
    hdr_html_short_place(html, file, hdr_number(finding, "line"));
    put(html, " <span class=\"muted\"><code>");
    hdr_markup_text(html->stream, hdr_text(finding, "function"));
    put(html, "</code>");
    if (slash != NULL) {
        put(html, " in ");
        hdr_markup_range(html->stream, file, slash);
    }
    put(html, "</span></td>");
}

static void put_finding(const struct hdr_html *html, size_t index)
{
    const json_t *finding = json_array_get(html->collection->findings, index);
    char anchor[HDR_ANCHOR_MAX];

    hdr_html_anchor(finding, index, anchor);
    put(html, "<tr class=\"entry\"");
    put_attribute(html, "kind", hdr_text(finding, "kind"));
    put_attribute(html, "status", hdr_text(finding, "status"));
    put_attribute(html, "file", hdr_text(finding, "file"));
    (void)fprintf(html->stream, "><td class=\"what\"><a href=\"#%s\">", anchor);
    hdr_markup_message(html->stream, hdr_text(finding, "message"));
    put(html, "</a></td>");
    put_where(html, finding);
    put(html, "<td class=\"program\">");
    hdr_markup_text(html->stream, hdr_text(finding, "program"));
    put(html, "</td>");
    put_status(html, finding);
    put(html, "</tr>\n");
}

static void put_group(const struct hdr_html *html, const json_t *group)
{
    const json_t *findings = html->collection->findings;
    json_int_t first = json_integer_value(json_array_get(group, 0));
    size_t i;
    json_t *index;

    put_group_head(html, json_array_get(findings, (size_t)first), json_array_size(group));
    json_array_foreach(group, i, index) { put_finding(html, (size_t)json_integer_value(index)); }
    put(html, "</tbody>\n");
}

static void put_findings(const struct hdr_html *html)
{
    json_t *groups;
    const char *key;
    json_t *group;

    put(html, "<section id=\"findings\"><h2>Findings</h2>\n");
    if (json_array_size(html->collection->findings) == 0) {
        put(html, "<p>There are none.</p></section>\n");
        return;
    }
    put(html, "<div id=\"controls\"></div>\n<table class=\"findings\"><thead><tr>"
              "<th scope=\"col\">What</th><th scope=\"col\">Where</th>"
              "<th scope=\"col\">Program</th><th scope=\"col\">Status</th></tr></thead>\n");
    groups = make_groups(html);
    json_object_foreach(groups, key, group) { put_group(html, group); }
    json_decref(groups);
    put(html, "</table></section>\n");
}

void hdr_html_overview(const struct hdr_html *html)
{
    struct totals totals = count(html->collection);
    bool is_bad = totals.is_new > 0 || totals.surprises > 0;

    put(html,
        is_bad ? "<section class=\"summary bad\"><h2>" : "<section class=\"summary good\"><h2>");
    hdr_html_headline(html);
    put(html, "</h2>\n");
    put_sentence(html, &totals);
    put_figures(html, &totals);
    put(html, "</section>\n");
    put_findings(html);
}
