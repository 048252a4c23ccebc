/*
 * Graph: its edges, and DOT.
 *
 * Names come from programs and may be anything: in DOT they are labels in quotes, with nodes
 * numbered. Source: The DOT Language, graphviz.org; `&' is doubled as `&amp;', for dot reads
 * entities within quotes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/graph.h"

#include <stdbool.h>
#include <string.h>

#include "ci/report/record.h"

#define EDGE_LINES_MAX 3U /* of an edge's text; it says how many more there are */

static json_t *begin(const char *title)
{
    json_t *graph = json_object();

    hdr_set(graph, "title", hdr_string(title));
    hdr_set(graph, "nodes", json_object());
    hdr_set(graph, "edges", json_array());
    return graph;
}

static void add_node(json_t *graph, const char *name, const char *kind)
{
    json_t *nodes = json_object_get(graph, "nodes");
    json_t *node;

    if (json_object_get(nodes, name) != NULL) {
        return;
    }
    node = json_object();
    hdr_set(node, "number", json_integer((json_int_t)json_object_size(nodes)));
    hdr_set(node, "kind", hdr_string(kind));
    hdr_set(nodes, name, node);
}

static json_t *find_edge(const json_t *graph, const char *from, const char *to)
{
    size_t i;
    json_t *edge;

    json_array_foreach(json_object_get(graph, "edges"), i, edge)
    {
        if (strcmp(hdr_text(edge, "from"), from) == 0 && strcmp(hdr_text(edge, "to"), to) == 0) {
            return edge;
        }
    }
    return NULL;
}

/* Edges between the same two are one, with a line of text for each. */
static void add_edge(json_t *graph, const char *from, const char *to, const char *line)
{
    json_t *edge = find_edge(graph, from, to);
    size_t i;
    json_t *other;

    if (edge == NULL) {
        edge = json_object();
        hdr_set(edge, "from", hdr_string(from));
        hdr_set(edge, "to", hdr_string(to));
        hdr_set(edge, "text", json_array());
        hdr_set(edge, "is_in_circle", json_false());
        hdr_push(json_object_get(graph, "edges"), edge);
    }
    json_array_foreach(json_object_get(edge, "text"), i, other)
    {
        if (strcmp(json_string_value(other), line) == 0) {
            return;
        }
    }
    hdr_push(json_object_get(edge, "text"), hdr_string(line));
}

/* What is reached from a node is in `reached', and in `queue' in the order of being reached. */
static void reach(json_t *reached, json_t *queue, const char *node)
{
    if (json_object_get(reached, node) == NULL) {
        hdr_set(reached, node, json_true());
        hdr_push(queue, hdr_string(node));
    }
}

/* `successors' has the names of the nodes that edges lead to from each node. */
static bool leads_back(const json_t *successors, const json_t *edge)
{
    const char *from = hdr_text(edge, "from");
    json_t *reached = json_object();
    json_t *queue = json_array();
    bool is_back;

    reach(reached, queue, hdr_text(edge, "to"));
    for (size_t at = 0; at < json_array_size(queue) && json_object_get(reached, from) == NULL;
         at++) {
        const char *node = json_string_value(json_array_get(queue, at));
        size_t i;
        json_t *next;

        json_array_foreach(hdr_list(successors, node), i, next)
        {
            reach(reached, queue, json_string_value(next));
        }
    }
    is_back = json_object_get(reached, from) != NULL;
    json_decref(reached);
    json_decref(queue);
    return is_back;
}

static void mark_circles(json_t *graph)
{
    const json_t *edges = json_object_get(graph, "edges");
    json_t *successors = json_object();
    size_t i;
    json_t *edge;

    json_array_foreach(edges, i, edge)
    {
        const char *from = hdr_text(edge, "from");

        if (json_object_get(successors, from) == NULL) {
            hdr_set(successors, from, json_array());
        }
        hdr_push(json_object_get(successors, from), hdr_string(hdr_text(edge, "to")));
    }
    json_array_foreach(edges, i, edge)
    {
        hdr_set(edge, "is_in_circle", json_boolean(leads_back(successors, edge)));
    }
    json_decref(successors);
}

/* A graph without edges is none. */
static json_t *finish(json_t *graph)
{
    if (json_array_size(json_object_get(graph, "edges")) == 0) {
        json_decref(graph);
        return NULL;
    }
    mark_circles(graph);
    return graph;
}

json_t *hdr_graph_of_locks(const json_t *run)
{
    json_t *graph = begin(hdr_text(run, "program"));
    size_t i;
    json_t *entry;

    json_array_foreach(hdr_list(run, "lock_order"), i, entry)
    {
        const char *held = hdr_text(entry, "held");
        const char *wanted = hdr_text(entry, "wanted");

        add_node(graph, held, "lock");
        add_node(graph, wanted, "lock");
        add_edge(graph, held, wanted, hdr_text(entry, "wanted_at"));
    }
    return finish(graph);
}

/* What a thread is called: its id, if the record does not say. */
static const char *thread_name(const json_t *finding, json_int_t id, char *buffer, size_t size)
{
    const json_t *thread = hdr_thread(finding, id);

    if (hdr_has(thread, "name")) {
        return hdr_text(thread, "name");
    }
    (void)snprintf(buffer, size, "thread %lld", (long long)id);
    return buffer;
}

/* A name, or what has one. */
static const char *object_name(const json_t *object)
{
    return json_is_string(object) ? json_string_value(object) : hdr_text(object, "name");
}

static void add_wait(json_t *graph, const json_t *finding, const json_t *place)
{
    const json_t *wait = json_object_get(place, "waits_for");
    const char *object = object_name(json_object_get(wait, "object"));
    char waiter_buffer[32];
    char holder_buffer[32];
    char line[256];
    size_t i;
    json_t *id;
    const char *waiter =
        thread_name(finding, hdr_number(place, "thread"), waiter_buffer, sizeof(waiter_buffer));

    (void)snprintf(line, sizeof(line), "waits at %s:%lld", hdr_text(place, "file"),
                   (long long)hdr_number(place, "line"));
    add_node(graph, waiter, "thread");
    add_node(graph, object, "lock");
    add_edge(graph, waiter, object, line);
    json_array_foreach(json_object_get(wait, "held_by"), i, id)
    {
        const char *holder =
            thread_name(finding, json_integer_value(id), holder_buffer, sizeof(holder_buffer));

        add_node(graph, holder, "thread");
        if (strcmp(holder, object) != 0) {
            add_edge(graph, object, holder, "held by");
        }
    }
}

json_t *hdr_graph_of_waits(const json_t *finding)
{
    json_t *graph = begin(hdr_text(finding, "identity"));
    size_t i;
    json_t *place;

    json_array_foreach(json_object_get(finding, "places"), i, place)
    {
        if (hdr_has(place, "waits_for")) {
            add_wait(graph, finding, place);
        }
    }
    return finish(graph);
}

static void print_range(const char *text, const char *end, FILE *file)
{
    for (; text < end; text++) {
        if (*text == '&') {
            (void)fputs("&amp;", file);
        } else if (*text == '"' || *text == '\\') {
            (void)fprintf(file, "\\%c", *text);
        } else if ((unsigned char)*text < ' ') {
            (void)fputc(' ', file);
        } else {
            (void)fputc(*text, file);
        }
    }
}

static void print_escaped(const char *text, FILE *file)
{
    print_range(text, text + strlen(text), file);
}

/* In a picture, a file goes by its name without folders: "waits at ab_ba.c:35". */
static void print_line(const char *line, FILE *file)
{
    const char *space = strrchr(line, ' ');
    const char *word = space == NULL ? line : space + 1;
    const char *slash = strrchr(word, '/');

    print_range(line, word, file);
    print_escaped(slash == NULL ? word : slash + 1, file);
}

static void print_label(const json_t *lines, FILE *file)
{
    size_t count = json_array_size(lines);

    for (size_t i = 0; i < count && i < EDGE_LINES_MAX; i++) {
        print_line(json_string_value(json_array_get(lines, i)), file);
        (void)fputs("\\n", file);
    }
    if (count > EDGE_LINES_MAX) {
        (void)fprintf(file, "and %zu more\\n", count - EDGE_LINES_MAX);
    }
    /* An empty line keeps the arrow off the underscores of the last one. */
    (void)fputs("\\n", file);
}

static long long number_of(const json_t *nodes, const char *name)
{
    return hdr_number(json_object_get(nodes, name), "number");
}

/* A chain of waits is read from left to right; locks stand beside each other if they are two. */
static bool is_flat(const json_t *graph)
{
    json_t *nodes = json_object_get(graph, "nodes");
    const char *name;
    json_t *node;

    json_object_foreach(nodes, name, node)
    {
        if (strcmp(hdr_text(node, "kind"), "thread") == 0) {
            return true;
        }
    }
    return json_object_size(nodes) <= 2;
}

void hdr_graph_print_dot(const json_t *graph, FILE *file)
{
    json_t *nodes = json_object_get(graph, "nodes");
    const char *name;
    json_t *node;
    size_t i;
    json_t *edge;

    (void)fputs("digraph \"", file);
    print_escaped(hdr_text(graph, "title"), file);
    (void)fputs("\" {\n"
                "    bgcolor=\"transparent\"; nodesep=\"0.4\"; rankdir=\"",
                file);
    (void)fputs(is_flat(graph) ? "LR" : "TB", file);
    (void)fputs("\";\n"
                "    node [shape=\"box\", style=\"rounded\", fontname=\"monospace\", "
                "fontsize=\"12\"];\n"
                "    edge [fontname=\"monospace\", fontsize=\"10\"];\n",
                file);
    json_object_foreach(nodes, name, node)
    {
        (void)fprintf(file, "    n%lld [class=\"%s\", label=\"", number_of(nodes, name),
                      hdr_text(node, "kind"));
        print_escaped(name, file);
        (void)fputs("\"];\n", file);
    }
    json_array_foreach(json_object_get(graph, "edges"), i, edge)
    {
        (void)fprintf(file, "    n%lld -> n%lld [class=\"%s\", label=\"",
                      number_of(nodes, hdr_text(edge, "from")),
                      number_of(nodes, hdr_text(edge, "to")),
                      hdr_is(edge, "is_in_circle") ? "circle" : "");
        print_label(json_object_get(edge, "text"), file);
        (void)fputs("\"];\n", file);
    }
    (void)fputs("}\n", file);
}
