/*
 * DOT: the order in which each program takes its locks, and who waits for whom in each deadlock, as
 * graphs that Graphviz draws.
 *
 *     dot -Tsvg graphs/lock_order.ab_ba.explore.dot > order.svg
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/format.h"
#include "ci/report/graph.h"
#include "ci/report/names.h"
#include "ci/report/record.h"

#define FOLDER "graphs"

/* A graph, which is taken over; NULL is none to write. */
static bool write_graph(json_t *graph, const struct hdr_output *output, const char *name)
{
    struct hdr_file file;
    bool is_open;

    if (graph == NULL) {
        return true;
    }
    is_open = hdr_file_open(&file, output, name);
    if (is_open) {
        hdr_graph_print_dot(graph, file.stream);
    }
    json_decref(graph);
    return is_open && hdr_file_close(&file);
}

static bool write_dot(const struct hdr_collection *collection, const struct hdr_output *output)
{
    json_t *used = json_object();
    bool is_written = true;
    size_t i;
    json_t *record;

    json_array_foreach(collection->runs, i, record)
    {
        const char *const parts[] = {"lock_order", hdr_text(record, "program"),
                                     hdr_text(record, "flavour")};
        struct hdr_name name = hdr_name_make(used, FOLDER, parts, ".dot");

        is_written &= write_graph(hdr_graph_of_locks(record), output, name.text);
    }
    json_array_foreach(collection->findings, i, record)
    {
        const char *const parts[] = {"waits", hdr_text(record, "program"),
                                     hdr_text(record, "identity")};
        struct hdr_name name = hdr_name_make(used, FOLDER, parts, ".dot");

        is_written &= write_graph(hdr_graph_of_waits(record), output, name.text);
    }
    json_decref(used);
    return is_written;
}

const struct hdr_format hdr_format_dot = {
    .name = "dot",
    .writes = FOLDER "/",
    .summary = "graphs of lock order and of deadlocks, for Graphviz",
    .write = write_dot,
};
