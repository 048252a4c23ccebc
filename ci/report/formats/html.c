/*
 * HTML: one file for a browser, that needs nothing but itself.
 *
 * viewer/index.html is its frame: what stands there as {{name}} is filled in, its scripts and style
 * sheets with all of viewer/. Nothing in the file refers to anything outside but source files,
 * and the page forbids itself to fetch.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "ci/report/asset.h"
#include "ci/report/drawing.h"
#include "ci/report/format.h"
#include "ci/report/graph.h"
#include "ci/report/html.h"
#include "ci/report/markup.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);

    return length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

static void put_assets(const struct hdr_html *html, const char *end)
{
    for (const struct hdr_asset *asset = hdr_assets; asset->name != NULL; asset++) {
        if (ends_with(asset->name, end)) {
            (void)fwrite(asset->text, 1, asset->size, html->stream);
        }
    }
}

static void put_scripts(const struct hdr_html *html) { put_assets(html, ".js"); }
static void put_styles(const struct hdr_html *html) { put_assets(html, ".css"); }

static void put_root(const struct hdr_html *html) { hdr_markup_text(html->stream, html->root); }

static const struct {
    const char *name;
    void (*put)(const struct hdr_html *html);
} parts[] = {
    {"{{explored}}", hdr_html_explored},
    {"{{findings}}", hdr_html_findings},
    {"{{headline}}", hdr_html_headline},
    {"{{overview}}", hdr_html_overview},
    {"{{root}}", put_root},
    {"{{scripts}}", put_scripts},
    {"{{styles}}", put_styles},
};

/* Put the part that `text' begins with. Returns what comes after its name. */
static const char *put_part(const struct hdr_html *html, const char *text)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t length = strlen(parts[i].name);

        if (strncmp(text, parts[i].name, length) == 0) {
            parts[i].put(html);
            return text + length;
        }
    }
    hde_fatal("viewer/index.html names a part that there is not");
}

static const char *find_frame(void)
{
    for (const struct hdr_asset *asset = hdr_assets; asset->name != NULL; asset++) {
        if (strcmp(asset->name, "index.html") == 0) {
            return asset->text;
        }
    }
    hde_fatal("there is no viewer/index.html");
}

static void put_page(const struct hdr_html *html)
{
    const char *text = find_frame();

    for (const char *part = strstr(text, "{{"); part != NULL; part = strstr(text, "{{")) {
        (void)fwrite(text, 1, (size_t)(part - text), html->stream);
        text = put_part(html, part);
    }
    (void)fputs(text, html->stream);
}

/* The graph of each record, or null; all that there are, in `graphs', too. */
static json_t *make_graphs(const json_t *records, json_t *(*make)(const json_t *), json_t *graphs)
{
    json_t *all = json_array();
    size_t i;
    json_t *record;

    json_array_foreach(records, i, record)
    {
        json_t *graph = make(record);

        if (graph != NULL) {
            hdr_push(graphs, json_incref(graph));
        }
        hdr_push(all, graph == NULL ? json_null() : graph);
    }
    return all;
}

static bool write_html(const struct hdr_collection *collection, const struct hdr_output *output)
{
    struct hdr_file file;
    json_t *graphs;
    json_t *lock_order;
    json_t *waits;

    if (!hdr_file_open(&file, output, "report.html")) {
        return false;
    }
    graphs = json_array();
    lock_order = make_graphs(collection->runs, hdr_graph_of_locks, graphs);
    waits = make_graphs(collection->findings, hdr_graph_of_waits, graphs);
    put_page(&(struct hdr_html){
        .stream = file.stream,
        .collection = collection,
        .root = output->root == NULL ? "" : output->root,
        .lock_order = lock_order,
        .waits = waits,
        .problem = hdr_drawing_make(graphs),
    });
    json_decref(graphs);
    json_decref(lock_order);
    json_decref(waits);
    return hdr_file_close(&file);
}

const struct hdr_format hdr_format_html = {
    .name = "html",
    .writes = "report.html",
    .summary = "one file for a browser: what was found, why it happens, what was explored",
    .write = write_html,
};
