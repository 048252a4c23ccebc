/*
 * Drawing: a child that runs `dot', and what is kept of its output.
 *
 * dot reads graph after graph and writes SVG after SVG. It gets files, not pipes, so that neither
 * waits for the other, and DRAW_SECONDS; a graph with more than EDGES_MAX edges would be no picture
 * that anybody reads, and is not given to it.
 *
 * Source: SVG 1.1; dot(1). Tags and attributes are kept if they are in a list, so that nothing in
 * a label, whatever dot made of it, is more than text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/drawing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ci/report/graph.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define DRAW_SECONDS 20U
#define EDGES_MAX 120U
#define EXIT_MISSING 127

static const char *const kept_elements[] = {
    "svg", "g", "path", "polygon", "polyline", "ellipse", "text", NULL,
};
static const char *const kept_attributes[] = {
    "viewBox", "width", "height",      "transform", "class", "d", "points", "cx", "cy",
    "rx",      "ry",    "text-anchor", "font-size", "x",     "y", "xmlns",  NULL,
};

/* ---- Running dot ----------------------------------------------------------------------------- */

static bool is_drawable(const json_t *graph)
{
    return json_array_size(hdr_list(graph, "edges")) <= EDGES_MAX;
}

static _Noreturn void become_dot(int input, int output)
{
    (void)alarm(DRAW_SECONDS); /* stays set across exec, and ends it */
    if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0) {
        (void)execlp("dot", "dot", "-Tsvg", "-q", (char *)NULL);
    }
    _exit(EXIT_MISSING);
}

/* The exit status of dot, or -1. */
static int run_dot(FILE *input, FILE *output)
{
    int status = -1;
    pid_t child;

    if (fflush(input) != 0 || lseek(fileno(input), 0, SEEK_SET) != 0) {
        return -1;
    }
    child = fork();
    if (child == 0) {
        become_dot(fileno(input), fileno(output));
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        return -1;
    }
    return WEXITSTATUS(status);
}

/* ---- What is kept of an SVG ------------------------------------------------------------------ */

static bool is_kept(const char *const *list, const char *name, size_t length)
{
    for (; *list != NULL; list++) {
        if (strlen(*list) == length && strncmp(*list, name, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Up to the end of a name. */
static size_t name_length(const char *text) { return strcspn(text, " \t\r\n=/>\""); }

/* All of `name="value"' of a tag, up to `end'. */
static void keep_attributes(const char *text, const char *end, FILE *kept)
{
    while (text < end) {
        const char *name = text + strspn(text, " \t\r\n/");
        size_t length = name_length(name);
        const char *value = name + length + 2;
        const char *close = value < end ? strchr(value, '"') : NULL;

        if (length == 0 || close == NULL || close >= end || name[length] != '=') {
            return;
        }
        if (is_kept(kept_attributes, name, length)) {
            (void)fprintf(kept, " %.*s=\"%.*s\"", (int)length, name, (int)(close - value), value);
        }
        text = close + 1;
    }
}

static void keep_tag(const char *tag, const char *end, FILE *kept)
{
    bool is_close = tag[1] == '/';
    const char *name = tag + (is_close ? 2 : 1);
    size_t length = name_length(name);

    if (!is_kept(kept_elements, name, length)) {
        return;
    }
    (void)fprintf(kept, "<%s%.*s", is_close ? "/" : "", (int)length, name);
    if (!is_close) {
        keep_attributes(name + length, end, kept);
    }
    (void)fputs(end[-1] == '/' ? "/>" : ">", kept);
}

/* A title is what dot calls a node, which is a number: it goes with its text. */
static const char *after_tag(const char *tag, const char *end)
{
    const char *title_end = strncmp(tag, "<title>", 7) == 0 ? strstr(end, "</title>") : NULL;

    return title_end == NULL ? end + 1 : title_end;
}

static json_t *keep(const char *svg, const char *svg_end)
{
    char *text = NULL;
    size_t size = 0;
    FILE *kept = open_memstream(&text, &size);
    json_t *string;

    if (kept == NULL) {
        hde_fatal("no memory for a drawing");
    }
    while (svg < svg_end) {
        const char *end = *svg == '<' ? strchr(svg, '>') : NULL;

        if (end != NULL) {
            keep_tag(svg, end, kept);
            svg = after_tag(svg, end);
        } else {
            (void)fputc(*svg++, kept);
        }
    }
    if (fclose(kept) != 0) {
        hde_fatal("no memory for a drawing");
    }
    string = hdr_string(text);
    free(text);
    return string;
}

/* ---- Both ------------------------------------------------------------------------------------ */

static char *read_all(FILE *file)
{
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *text = malloc((size_t)(size < 0 ? 0 : size) + 1);
    size_t got = 0;

    if (text == NULL) {
        hde_fatal("no memory for a drawing");
    }
    if (size > 0 && fseek(file, 0, SEEK_SET) == 0) {
        got = fread(text, 1, (size_t)size, file);
    }
    text[got] = '\0';
    return text;
}

static void print_graphs(const json_t *graphs, FILE *input)
{
    size_t i;
    json_t *graph;

    json_array_foreach(graphs, i, graph)
    {
        if (is_drawable(graph)) {
            hdr_graph_print_dot(graph, input);
        }
    }
}

/* One SVG for each graph that was given to dot. False if there are not as many. */
static bool take_svgs(const json_t *graphs, const char *text)
{
    bool are_all = true;
    size_t i;
    json_t *graph;

    json_array_foreach(graphs, i, graph)
    {
        const char *begin = is_drawable(graph) ? strstr(text, "<svg") : NULL;
        const char *end = begin == NULL ? NULL : strstr(begin, "</svg>");

        if (end != NULL) {
            text = end + strlen("</svg>");
            hdr_set(graph, "svg", keep(begin, text));
        } else if (is_drawable(graph)) {
            are_all = false;
        }
    }
    return are_all;
}

static const char *explain(int status)
{
    return status == EXIT_MISSING
               ? "Not drawn: there is no program dot; install the package graphviz."
               : "Not drawn: the program dot (of the package graphviz) failed.";
}

static const char *draw(const json_t *graphs, FILE *input, FILE *output)
{
    bool are_all;
    int status;
    char *text;

    print_graphs(graphs, input);
    status = run_dot(input, output);
    text = read_all(output);
    are_all = take_svgs(graphs, text);
    free(text);
    return are_all ? NULL : explain(status);
}

const char *hdr_drawing_make(const json_t *graphs)
{
    const char *problem = "Not drawn: there is no place for temporary files.";
    FILE *input;
    FILE *output;

    if (json_array_size(graphs) == 0) {
        return NULL;
    }
    input = tmpfile();
    output = tmpfile();
    if (input != NULL && output != NULL) {
        problem = draw(graphs, input, output);
    }
    if (input != NULL) {
        (void)fclose(input);
    }
    if (output != NULL) {
        (void)fclose(output);
    }
    return problem;
}
