/*
 * HTML of the shrunk schedule, as a table without scripts: its rows (docs/FINDING_FORMAT.md), in
 * order from top to bottom, with a column per thread as in the terminal.
 *
 * Of more than COLUMNS_MAX threads it becomes a list with the thread in each row; of more than
 * ROWS_MAX rows the middle is left out, and how much that is, said.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/html.h"
#include "ci/report/markup.h"
#include "ci/report/record.h"

#define COLUMNS_MAX 5U
#define ROWS_MAX 400U

struct columns {
    json_int_t threads[COLUMNS_MAX]; /* in the order of ids */
    size_t count;                    /* COLUMNS_MAX + 1: too many for columns */
};

static void insert(struct columns *columns, json_int_t thread)
{
    size_t at = 0;

    while (at < columns->count && columns->threads[at] < thread) {
        at++;
    }
    if (at < columns->count && columns->threads[at] == thread) {
        return;
    }
    if (columns->count == COLUMNS_MAX) {
        columns->count++;
        return;
    }
    memmove(&columns->threads[at + 1], &columns->threads[at],
            (columns->count - at) * sizeof(columns->threads[0]));
    columns->threads[at] = thread;
    columns->count++;
}

static struct columns find_columns(const json_t *rows)
{
    struct columns columns = {.count = 0};
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
    {
        if (columns.count <= COLUMNS_MAX) {
            insert(&columns, hdr_number(row, "thread"));
        }
    }
    return columns;
}

/* "thread 1: increment" */
static void put_thread(FILE *stream, const json_t *finding, json_int_t id)
{
    const json_t *thread = hdr_thread(finding, id);

    if (hdr_has(thread, "name")) {
        hdr_markup_text(stream, hdr_text(thread, "name"));
    } else {
        (void)fprintf(stream, "thread %lld", (long long)id);
    }
    if (hdr_has(thread, "function")) {
        (void)fputs(": <code>", stream);
        hdr_markup_text(stream, hdr_text(thread, "function"));
        (void)fputs("</code>", stream);
    }
}

static void put_code(const struct hdr_html *html, const json_t *row)
{
    FILE *stream = html->stream;

    if (hdr_has(row, "code")) {
        (void)fputs("<code>", stream);
        hdr_markup_text(stream, hdr_text(row, "code"));
        (void)fputs("</code>", stream);
    } else {
        hdr_html_place(html, hdr_text(row, "file"), hdr_number(row, "line"));
    }
    if (hdr_text(row, "action")[0] != '\0') {
        (void)fputs(" <span class=\"action\">", stream);
        hdr_markup_text(stream, hdr_text(row, "action"));
        (void)fputs("</span>", stream);
    }
    if (hdr_number(row, "times") > 1) {
        (void)fprintf(stream, " <span class=\"muted\">%lld times</span>",
                      (long long)hdr_number(row, "times"));
    }
}

static void put_gap(FILE *stream, json_int_t count, size_t columns)
{
    (void)fprintf(stream, "<tr class=\"gap\"><td colspan=\"%zu\">", columns);
    hdr_markup_plural(stream, count, "row");
    (void)fputs(" not shown</td></tr>\n", stream);
}

static void put_line_cell(const struct hdr_html *html, const json_t *row)
{
    FILE *stream = html->stream;

    (void)fputs("<th scope=\"row\">", stream);
    hdr_html_place(html, hdr_text(row, "file"), hdr_number(row, "line"));
    (void)fputs(hdr_is(row, "is_marked") ? " <span class=\"mark\" title=\"has part in it\">*</span>"
                                           "</th>"
                                         : "</th>",
                stream);
}

static void put_row(const struct hdr_html *html,
                    const json_t *finding,
                    const json_t *row,
                    const struct columns *columns)
{
    FILE *stream = html->stream;
    bool is_list = columns->count > COLUMNS_MAX;
    json_int_t thread = hdr_number(row, "thread");

    if (hdr_number(row, "left_out_before") > 0) {
        put_gap(stream, hdr_number(row, "left_out_before"), is_list ? 3 : columns->count + 1);
    }
    (void)fputs(hdr_is(row, "is_marked") ? "<tr class=\"marked\">" : "<tr>", stream);
    put_line_cell(html, row);
    if (is_list) {
        (void)fputs("<td>", stream);
        put_thread(stream, finding, thread);
        (void)fputs("</td><td class=\"code\">", stream);
        put_code(html, row);
        (void)fputs("</td>", stream);
    }
    for (size_t i = 0; !is_list && i < columns->count; i++) {
        (void)fputs(columns->threads[i] == thread ? "<td class=\"code\">" : "<td>", stream);
        if (columns->threads[i] == thread) {
            put_code(html, row);
        }
        (void)fputs("</td>", stream);
    }
    (void)fputs("</tr>\n", stream);
}

static void put_head(FILE *stream, const json_t *finding, const struct columns *columns)
{
    (void)fputs("<thead><tr><th scope=\"col\">Line</th>", stream);
    if (columns->count > COLUMNS_MAX) {
        (void)fputs("<th scope=\"col\">Thread</th><th scope=\"col\">What it does</th>", stream);
    }
    for (size_t i = 0; columns->count <= COLUMNS_MAX && i < columns->count; i++) {
        (void)fputs("<th scope=\"col\">", stream);
        put_thread(stream, finding, columns->threads[i]);
        (void)fputs("</th>", stream);
    }
    (void)fputs("</tr></thead>\n<tbody>\n", stream);
}

void hdr_html_schedule(const struct hdr_html *html, const json_t *finding)
{
    const json_t *rows = hdr_list(finding, "rows");
    struct columns columns = find_columns(rows);
    size_t count = json_array_size(rows);
    bool is_long = count > ROWS_MAX;

    (void)fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Schedule\">"
                "<table class=\"schedule\">\n",
                html->stream);
    put_head(html->stream, finding, &columns);
    for (size_t i = 0; i < count; i++) {
        if (is_long && i == ROWS_MAX / 2) {
            put_gap(html->stream, (json_int_t)(count - ROWS_MAX),
                    columns.count > COLUMNS_MAX ? 3 : columns.count + 1);
            i = count - ROWS_MAX / 2;
        }
        put_row(html, finding, json_array_get(rows, i), &columns);
    }
    (void)fputs("</tbody></table></div>\n", html->stream);
}
