/*
 * Report lanes: a cell is a line number, a mark, the source line, and what the line does not say.
 *
 *     thread 1: increment                       | thread 2: increment
 *     ------------------------------------------+------------------------------------------
 *       23   shared->counter++;            read |
 *                                               |   23 * shared->counter++;         write
 *
 * Line numbers are those of the file that most rows are of, which stands above; others have the
 * name of their file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_lanes.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/report_words.h"
#include "engine/set.h"

#define WIDTH 100U
#define INDENT 2U
#define COLUMNS_MAX 3U /* so that each is wide enough for source */
#define STAIRS_MAX 8U  /* threads that a list indents */
#define STAIR 3U
#define CODE_LEAST 12U /* columns of source that are worth showing */
#define CODE_LINES 3U  /* in a cell */
#define CELL_LINES (CODE_LINES + 1)

struct lanes {
    const struct hde_report *report;
    FILE *file;
    const char *source; /* the file whose name is left away */
    struct hde_set threads;
    unsigned columns;
    unsigned width; /* of a column */
    bool is_list;   /* one column for all threads */
};

/* One line of text, of known width. */
struct line {
    char text[WIDTH + 1];
};

/* ---- Source lines --------------------------------------------------------------------------- */

/* Whether a comment that goes on to the end of the line begins at `text`. */
static bool begins_comment(const char *text)
{
    const char *end = strncmp(text, "/*", 2) == 0 ? strstr(text + 2, "*/") : NULL;

    return strncmp(text, "//", 2) == 0 ||
           (strncmp(text, "/*", 2) == 0 && (end == NULL || end[2] == '\0'));
}

/* The length of a line without the comment that ends it. */
static size_t find_comment(const char *text)
{
    bool is_quoted = false;
    size_t i = 0;

    while (text[i] != '\0' && (is_quoted || !begins_comment(text + i))) {
        if (text[i] == '"') {
            is_quoted = !is_quoted;
        }
        i += text[i] == '\\' && text[i + 1] != '\0' ? 2 : 1;
    }
    return i;
}

/* A function that is all on one line is shown as what it does. */
static const char *skip_head(const char *text, const char *function)
{
    const char *name = strstr(text, function);
    const char *body = strstr(text, ") {");

    if (name == NULL || body == NULL || body < name || name[strlen(function)] != '(' ||
        name == text || strchr(body, '}') == NULL) {
        return text;
    }
    return body + 3 + strspn(body + 3, " ");
}

/* The source line of a row, without what a reader can do without. */
static void take_code(char *code, size_t size, const struct hde_row *row)
{
    const char *text = hde_symbol_line(&row->source);
    size_t length;

    if (text == NULL) {
        (void)snprintf(code, size, "in %s()", row->source.function);
        return;
    }
    text = skip_head(text, row->source.function);
    if (strncmp(text, "(void)", 6) == 0) {
        text += 6;
    }
    (void)snprintf(code, size, "%.*s", (int)find_comment(text), text);
    length = strlen(code);
    while (length > 0 && strchr(" {}", code[length - 1]) != NULL) {
        code[--length] = '\0';
    }
    for (char *tab = strchr(code, '\t'); tab != NULL; tab = strchr(tab, '\t')) {
        *tab = ' ';
    }
}

static bool is_word(char c) { return c == '_' || isalnum((unsigned char)c); }

/* Where to break `code` so that what comes before it is at most `width` long. */
static size_t find_break(const char *code, size_t width)
{
    for (size_t i = width; i > width / 3; i--) {
        if (code[i] == ' ' || code[i - 1] == ',' || code[i - 1] == '(') {
            return i;
        }
    }
    for (size_t i = width; i > width / 3; i--) {
        if (!is_word(code[i - 1]) && is_word(code[i])) {
            return i;
        }
    }
    return width;
}

/* `code` in at most CODE_LINES lines of `width`; those at the end may be empty. */
static void wrap(const char *code, unsigned width, struct line *lines)
{
    for (unsigned i = 0; i < CODE_LINES; i++) {
        unsigned indent = i == 0 ? 0 : 2;
        size_t room = width - indent;
        bool fits = strlen(code) <= room;
        bool is_cut = !fits && i + 1 == CODE_LINES;
        size_t length = fits ? strlen(code) : is_cut ? room - 2 : find_break(code, room);

        lines[i].text[0] = '\0';
        if (length > 0) {
            (void)snprintf(lines[i].text, sizeof(lines[i].text), "%*s%.*s%s", (int)indent, "",
                           (int)length, code, is_cut ? ".." : "");
        }
        code += length;
        code += strspn(code, " ");
    }
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static void take_location(struct line *line, const struct lanes *lanes, const struct hde_row *row)
{
    if (strcmp(row->source.file, lanes->source) == 0) {
        (void)snprintf(line->text, sizeof(line->text), "%4d", row->source.line);
    } else {
        (void)snprintf(line->text, sizeof(line->text), "%.24s:%d", base_name(row->source.file),
                       row->source.line);
    }
}

/* ---- Cells ---------------------------------------------------------------------------------- */

/* The lines of a cell: source, and at the right what it does not say. The last may be empty. */
static void
take_cell(const struct lanes *lanes, const struct hde_row *row, struct line cell[CELL_LINES])
{
    char code[512];
    struct line location;
    struct line lines[CELL_LINES] = {{""}};
    unsigned prefix;
    unsigned room;
    unsigned last = 0;

    take_code(code, sizeof(code), row);
    take_location(&location, lanes, row);
    prefix = (unsigned)strlen(location.text) + 3;
    room = prefix + CODE_LEAST > lanes->width ? CODE_LEAST : lanes->width - prefix;
    wrap(code, room, lines);
    while (last + 1 < CELL_LINES && lines[last + 1].text[0] != '\0') {
        last++;
    }
    if (row->action[0] != '\0' && strlen(lines[last].text) + 1 + strlen(row->action) > room) {
        last++;
    }
    for (unsigned i = 0; i < CELL_LINES; i++) {
        const char *action = i == last ? row->action : "";
        int gap = action[0] == '\0' ? 0 : (int)(room - strlen(lines[i].text));

        cell[i].text[0] = '\0';
        if (i <= last) {
            (void)snprintf(cell[i].text, sizeof(cell[i].text), "%*s %c %s%*s", (int)prefix - 3,
                           i == 0 ? location.text : "", i == 0 && row->is_marked ? '*' : ' ',
                           lines[i].text, gap, action);
        }
    }
}

/* The rank of a thread among those that have columns. */
static unsigned column_of(const struct lanes *lanes, uint8_t thread)
{
    unsigned column = 0;

    for (unsigned id = hde_set_first(&lanes->threads); id < thread;
         id = hde_set_next(&lanes->threads, id + 1)) {
        column++;
    }
    return column;
}

/* `text` in one column, the others empty. */
static void print_in_column(const struct lanes *lanes, unsigned column, const char *text)
{
    (void)fprintf(lanes->file, "%*s", (int)INDENT, "");
    for (unsigned i = 0; i < lanes->columns; i++) {
        const char *shown = i == column ? text : "";
        /* No blanks at the end of a line. */
        bool is_empty_next = i + 2 == lanes->columns && i + 1 != column;

        if (i + 1 == lanes->columns) {
            (void)fprintf(lanes->file, "%s", shown);
        } else {
            (void)fprintf(lanes->file, "%-*s |%s", (int)lanes->width, shown,
                          is_empty_next ? "" : " ");
        }
    }
    (void)fprintf(lanes->file, "\n");
}

/* A line of a list: the thread, once for each cell, and the cell, a stair further right. */
static void
print_listed(const struct lanes *lanes, const struct hde_row *row, const char *text, bool is_first)
{
    unsigned stair = column_of(lanes, row->thread);
    char name[16] = "";

    if (is_first) {
        (void)snprintf(name, sizeof(name), "thread %u", row->thread);
    }
    (void)fprintf(lanes->file, "%*s%-10s %*s%s\n", (int)INDENT, "", name,
                  (int)(stair < STAIRS_MAX ? stair * STAIR : 0), "", text);
}

static void print_row(const struct lanes *lanes, const struct hde_row *row)
{
    struct line cell[CELL_LINES];

    if (row->left_out > 0) {
        (void)fprintf(lanes->file, "%*s... %zu more ...\n", (int)INDENT, "", row->left_out);
    }
    take_cell(lanes, row, cell);
    for (unsigned i = 0; i < CELL_LINES && cell[i].text[0] != '\0'; i++) {
        if (lanes->is_list) {
            print_listed(lanes, row, cell[i].text, i == 0);
        } else {
            print_in_column(lanes, column_of(lanes, row->thread), cell[i].text);
        }
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

/* What a thread runs, as its first row knows, or where the finding met it. */
static const char *
function_of(const struct lanes *lanes, const struct hde_rows *rows, unsigned thread)
{
    const struct hde_finding *finding = lanes->report->finding;

    for (size_t i = 0; i < rows->count; i++) {
        const struct hde_trace_step *step = rows->rows[i].step;

        if (rows->rows[i].thread == thread && step != NULL) {
            return hde_report_outermost(step->context, step->event.pc);
        }
    }
    for (unsigned i = 0; i < finding->places_count; i++) {
        if (finding->places[i].thread == thread) {
            return hde_report_outermost(finding->places[i].context, finding->places[i].pc);
        }
    }
    return "?";
}

static void take_heading(struct line *heading,
                         const struct lanes *lanes,
                         const struct hde_rows *rows,
                         unsigned id)
{
    const char *function = function_of(lanes, rows, id);
    bool is_known = strcmp(function, "?") != 0;

    (void)snprintf(heading->text, lanes->width + 1, "thread %u%s%s", id, is_known ? ": " : "",
                   is_known ? function : "");
}

static void print_headings(const struct lanes *lanes, const struct hde_rows *rows)
{
    unsigned id = hde_set_first(&lanes->threads);
    struct line heading;

    (void)fprintf(lanes->file, "%*s%s\n", (int)INDENT, "", lanes->source);
    if (lanes->is_list) {
        return;
    }
    (void)fprintf(lanes->file, "%*s", (int)INDENT, "");
    for (unsigned i = 0; i < lanes->columns; i++) {
        take_heading(&heading, lanes, rows, id);
        if (i + 1 == lanes->columns) {
            (void)fprintf(lanes->file, "%s\n%*s", heading.text, (int)INDENT, "");
        } else {
            (void)fprintf(lanes->file, "%-*s | ", (int)lanes->width, heading.text);
        }
        id = hde_set_next(&lanes->threads, id + 1);
    }
    for (unsigned i = 0; i < lanes->columns; i++) {
        for (unsigned j = 0; j < lanes->width; j++) {
            (void)fputc('-', lanes->file);
        }
        (void)fprintf(lanes->file, "%s", i + 1 == lanes->columns ? "\n" : "-+-");
    }
}

/* The file that most rows are of. */
static const char *main_file(const struct hde_rows *rows)
{
    const char *best = "";
    size_t most = 0;

    for (size_t i = 0; i < rows->count; i++) {
        size_t count = 0;

        for (size_t j = 0; j < rows->count; j++) {
            count += strcmp(rows->rows[i].source.file, rows->rows[j].source.file) == 0;
        }
        if (count > most) {
            most = count;
            best = rows->rows[i].source.file;
        }
    }
    return best;
}

/*
 * Where the rows of a thread begin that came after all others and did nothing before: as a rule the
 * check of a scenario. It needs no column. The number of rows if there is none.
 */
static size_t find_tail(const struct hde_rows *rows)
{
    size_t tail = rows->count;

    while (tail > 0 && rows->rows[tail - 1].thread == rows->rows[rows->count - 1].thread) {
        tail--;
    }
    for (size_t i = 0; i < tail; i++) {
        if (rows->rows[i].thread == rows->rows[tail].thread) {
            return rows->count;
        }
    }
    return tail == 0 ? rows->count : tail;
}

static void set_columns(struct lanes *lanes, const struct hde_rows *rows, size_t begin, size_t end)
{
    unsigned count;

    lanes->threads = (struct hde_set){{0}};
    for (size_t i = begin; i < end; i++) {
        hde_set_add(&lanes->threads, rows->rows[i].thread);
    }
    count = hde_set_count(&lanes->threads);
    lanes->is_list = count > COLUMNS_MAX;
    lanes->columns = lanes->is_list ? 1 : count;
    lanes->width = (WIDTH - INDENT - 3 * (lanes->columns - 1)) / lanes->columns;
    if (lanes->is_list) {
        lanes->width -= (unsigned)strlen("thread 255 ") +
                        (count < STAIRS_MAX ? count - 1 : STAIRS_MAX - 1) * STAIR;
    }
}

void hde_lanes_print(const struct hde_rows *rows, const struct hde_report *report, FILE *file)
{
    struct lanes lanes = {.report = report, .file = file, .source = main_file(rows)};
    struct line heading;
    size_t tail;

    if (rows->count == 0) {
        return;
    }
    tail = find_tail(rows);
    set_columns(&lanes, rows, 0, tail);
    if (lanes.columns == 1 && !lanes.is_list) {
        tail = rows->count; /* two threads, one after the other, are told best by two columns */
        set_columns(&lanes, rows, 0, tail);
    }
    print_headings(&lanes, rows);
    for (size_t i = 0; i < tail; i++) {
        print_row(&lanes, &rows->rows[i]);
    }
    if (tail < rows->count) {
        set_columns(&lanes, rows, tail, rows->count);
        take_heading(&heading, &lanes, rows, rows->rows[tail].thread);
        (void)fprintf(file, "%*sthen %s\n", (int)INDENT, "", heading.text);
    }
    for (size_t i = tail; i < rows->count; i++) {
        print_row(&lanes, &rows->rows[i]);
    }
}
