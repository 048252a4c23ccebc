/*
 * HTML: what several parts of the page have in common.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/markup.h"
#include "ci/report/record.h"

#define WIDTH_MAX_PT 1000

/* An identity is hexadecimal digits; what is none, in a damaged record, is not put into an id. */
void hdr_html_anchor(const json_t *finding, size_t index, char anchor[HDR_ANCHOR_MAX])
{
    const char *identity = hdr_text(finding, "identity");
    size_t length = strspn(identity, "0123456789abcdefghijklmnopqrstuvwxyz");

    if (length > 0 && length < 40 && identity[length] == '\0') {
        (void)snprintf(anchor, HDR_ANCHOR_MAX, "finding-%s", identity);
    } else {
        (void)snprintf(anchor, HDR_ANCHOR_MAX, "finding-N%zu", index);
    }
}

/* A path that begins at the root of a machine is not of the tree that `root' leads to. */
static bool has_link(const struct hdr_html *html, const char *file)
{
    return html->root[0] != '\0' && file[0] != '\0' && file[0] != '/' && strcmp(file, "?") != 0;
}

static void
put_place(const struct hdr_html *html, const char *file, json_int_t line, const char *shown)
{
    FILE *stream = html->stream;
    bool is_link = has_link(html, file);

    if (is_link) {
        (void)fputs("<a class=\"place\" href=\"", stream);
        hdr_markup_text(stream, html->root);
        hdr_markup_path(stream, file);
        if (line > 0) {
            (void)fprintf(stream, "#L%lld", (long long)line);
        }
        (void)fputs("\">", stream);
    } else {
        (void)fputs("<span class=\"place\">", stream);
    }
    hdr_markup_text(stream, shown[0] == '\0' ? "?" : shown);
    if (line > 0) {
        (void)fprintf(stream, ":%lld", (long long)line);
    }
    (void)fputs(is_link ? "</a>" : "</span>", stream);
}

void hdr_html_place(const struct hdr_html *html, const char *file, json_int_t line)
{
    put_place(html, file, line, file);
}

void hdr_html_short_place(const struct hdr_html *html, const char *file, json_int_t line)
{
    const char *slash = strrchr(file, '/');

    put_place(html, file, line, slash == NULL ? file : slash + 1);
}

void hdr_html_place_text(const struct hdr_html *html, const char *place)
{
    const char *colon = strrchr(place, ':');
    char *end = NULL;
    long line = colon == NULL ? 0 : strtol(colon + 1, &end, 10);
    char *file;

    if (line <= 0 || *end != '\0') {
        hdr_html_place(html, place, 0);
        return;
    }
    file = strndup(place, (size_t)(colon - place));
    hdr_html_place(html, file == NULL ? "" : file, line);
    free(file);
}

json_int_t hdr_html_rate(json_int_t executions, double seconds)
{
    double rate = seconds > 0 ? (double)executions / seconds : 0;

    return rate > 0 && rate < 1e15 ? (json_int_t)(rate + 0.5) : 0;
}

static void put_edges(const struct hdr_html *html, const json_t *graph)
{
    FILE *stream = html->stream;
    size_t i;
    size_t j;
    json_t *edge;
    json_t *line;

    (void)fputs("<ul class=\"edges\">\n", stream);
    json_array_foreach(hdr_list(graph, "edges"), i, edge)
    {
        (void)fputs(hdr_is(edge, "is_in_circle") ? "<li class=\"circle\"><code>" : "<li><code>",
                    stream);
        hdr_markup_text(stream, hdr_text(edge, "from"));
        (void)fputs("</code> \xe2\x86\x92 <code>", stream); /* an arrow */
        hdr_markup_text(stream, hdr_text(edge, "to"));
        (void)fputs("</code>", stream);
        json_array_foreach(hdr_list(edge, "text"), j, line)
        {
            (void)fputs(j == 0 ? " <span class=\"muted\">" : ", ", stream);
            hdr_markup_text(stream, json_string_value(line));
        }
        (void)fputs(j == 0 ? "</li>\n" : "</span></li>\n", stream);
    }
    (void)fputs("</ul>\n", stream);
}

/* What would be too small to read if it were made to fit the page. */
static bool is_wide(const char *svg)
{
    const char *width = strstr(svg, " width=\"");

    return width != NULL && strtol(width + strlen(" width=\""), NULL, 10) > WIDTH_MAX_PT;
}

void hdr_html_graph(const struct hdr_html *html, const json_t *graph)
{
    FILE *stream = html->stream;

    if (hdr_has(graph, "svg")) {
        (void)fputs(is_wide(hdr_text(graph, "svg")) ? "<div class=\"graph wide\""
                                                    : "<div class=\"graph\"",
                    stream);
        (void)fputs(" role=\"img\" tabindex=\"0\" aria-label=\"Graph of ", stream);
        hdr_markup_text(stream, hdr_text(graph, "title"));
        /* The drawing itself is the only text that is put in as it is: see drawing.c. */
        (void)fprintf(stream, ", its edges follow as text\">%s</div>\n", hdr_text(graph, "svg"));
        (void)fputs("<details><summary>As text</summary>\n", stream);
        put_edges(html, graph);
        (void)fputs("</details>\n", stream);
        return;
    }
    put_edges(html, graph);
    (void)fputs("<p class=\"muted\">", stream);
    hdr_markup_text(stream,
                    html->problem == NULL ? "Not drawn: it has too many edges." : html->problem);
    (void)fputs("</p>\n", stream);
}
