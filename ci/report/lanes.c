/*
 * Lanes: a cell is a line number, a mark, the source line, and what the line does not say.
 *
 * Line numbers are those of the file that most rows are of, which stands above; others have the
 * name of their file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/lanes.h"

#include <string.h>

#include "ci/report/code_line.h"

#define INDENT 2U
#define COLUMNS_MAX 3U /* so that each is wide enough for source */
#define STAIRS_MAX 8U  /* threads that a list indents */
#define STAIR 3U
#define NAME_WIDTH 11U /* "thread 255 " */
#define FILE_WIDTH 24U /* of a file's name, where it is shown */
#define CODE_LEAST 12U /* columns of source that are worth showing */
#define CELL_LINES (HDR_CODE_LINES + 1)

struct drawing {
    const struct hdr_lanes *lanes;
    FILE *file;
    const char *source;           /* the file whose name is left away */
    unsigned threads[STAIRS_MAX]; /* the ids of the first threads, ascending */
    unsigned threads_count;
    unsigned columns;
    unsigned width; /* of a column */
    bool is_list;   /* one column for all threads */
};

static void print_blanks(const struct drawing *drawing, size_t count)
{
    (void)fprintf(drawing->file, "%*s", (int)count, "");
}

/* `text`, and blanks up to the width of a column. */
static void print_padded(const struct drawing *drawing, const char *text)
{
    size_t width = hdr_text_width(text);

    (void)fputs(text, drawing->file);
    print_blanks(drawing, width < drawing->width ? drawing->width - width : 0);
}

/* ---- Cells ---------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static void
take_location(struct hdr_line *line, const struct drawing *drawing, const struct hdr_lane_row *row)
{
    const char *name = base_name(row->file);
    char shown[4 * FILE_WIDTH + 1];
    char number[16];

    if (strcmp(row->file, drawing->source) == 0) {
        (void)snprintf(line->text, sizeof(line->text), "%4d", row->line);
        return;
    }
    (void)snprintf(shown, sizeof(shown), "%.*s", (int)hdr_text_bytes(name, FILE_WIDTH), name);
    hdr_line_add(line, shown);
    (void)snprintf(number, sizeof(number), ":%d", row->line);
    hdr_line_add(line, number);
}

static void take_code(char code[HDR_CODE_SIZE], const struct hdr_lane_row *row)
{
    if (row->code == NULL) {
        (void)snprintf(code, HDR_CODE_SIZE, "in %s()", row->function);
    } else {
        hdr_code_shorten(code, row->code, row->function);
    }
}

/* The lines of a cell: source, and at the right what it does not say. The last may be empty. */
static void take_cell(const struct drawing *drawing,
                      const struct hdr_lane_row *row,
                      struct hdr_line cell[CELL_LINES])
{
    char code[HDR_CODE_SIZE];
    struct hdr_line location = {""};
    struct hdr_line lines[CELL_LINES] = {{""}};
    size_t prefix;
    size_t room;
    unsigned last = 0;

    take_code(code, row);
    take_location(&location, drawing, row);
    prefix = hdr_text_width(location.text);
    room = prefix + 3 + CODE_LEAST > drawing->width ? CODE_LEAST : drawing->width - prefix - 3;
    hdr_code_wrap(code, room, lines);
    while (last + 1 < CELL_LINES && lines[last + 1].text[0] != '\0') {
        last++;
    }
    if (row->action[0] != '\0' &&
        hdr_text_width(lines[last].text) + 1 + hdr_text_width(row->action) > room) {
        last++;
    }
    for (unsigned i = 0; i < CELL_LINES; i++) {
        cell[i].text[0] = '\0';
        if (i > last) {
            continue;
        }
        hdr_line_add_right(&cell[i], i == 0 ? location.text : "", prefix);
        hdr_line_add(&cell[i], i == 0 && row->is_marked ? " * " : "   ");
        hdr_line_add(&cell[i], lines[i].text);
        if (i == last && row->action[0] != '\0') {
            hdr_line_add_right(&cell[i], row->action, room - hdr_text_width(lines[i].text));
        }
    }
}

/* The rank of a thread among those of the rows; 0 if it is none of the first. */
static unsigned column_of(const struct drawing *drawing, unsigned thread)
{
    for (unsigned i = 0; i < drawing->threads_count; i++) {
        if (drawing->threads[i] == thread) {
            return i;
        }
    }
    return 0;
}

/* `text` in one column, the others empty. */
static void print_in_column(const struct drawing *drawing, unsigned column, const char *text)
{
    print_blanks(drawing, INDENT);
    for (unsigned i = 0; i < drawing->columns; i++) {
        const char *shown = i == column ? text : "";
        /* No blanks at the end of a line. */
        bool is_empty_next = i + 2 == drawing->columns && i + 1 != column;

        if (i + 1 == drawing->columns) {
            (void)fputs(shown, drawing->file);
        } else {
            print_padded(drawing, shown);
            (void)fputs(is_empty_next ? " |" : " | ", drawing->file);
        }
    }
    (void)fputc('\n', drawing->file);
}

/* A line of a list: the thread, once for each cell, and the cell, a stair further right. */
static void print_listed(const struct drawing *drawing,
                         const struct hdr_lane_row *row,
                         const char *text,
                         bool is_first)
{
    char name[24] = "";

    if (is_first) {
        (void)snprintf(name, sizeof(name), "thread %u", row->thread);
    }
    print_blanks(drawing, INDENT);
    (void)fprintf(drawing->file, "%-*s%*s%s\n", (int)NAME_WIDTH, name,
                  (int)(column_of(drawing, row->thread) * STAIR), "", text);
}

static void print_left_out(const struct drawing *drawing, size_t count)
{
    if (count > 0) {
        print_blanks(drawing, INDENT);
        (void)fprintf(drawing->file, "... %zu more ...\n", count);
    }
}

static void print_row(const struct drawing *drawing, const struct hdr_lane_row *row)
{
    struct hdr_line cell[CELL_LINES];

    print_left_out(drawing, row->left_out);
    take_cell(drawing, row, cell);
    for (unsigned i = 0; i < CELL_LINES && cell[i].text[0] != '\0'; i++) {
        if (drawing->is_list) {
            print_listed(drawing, row, cell[i].text, i == 0);
        } else {
            print_in_column(drawing, column_of(drawing, row->thread), cell[i].text);
        }
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

static void take_heading(struct hdr_line *heading, const struct drawing *drawing, unsigned id)
{
    const char *function = NULL;
    struct hdr_line whole = {""};

    for (size_t i = 0; i < drawing->lanes->threads_count && function == NULL; i++) {
        if (drawing->lanes->threads[i].id == id) {
            function = drawing->lanes->threads[i].function;
        }
    }
    (void)snprintf(whole.text, sizeof(whole.text), "thread %u%s", id, function == NULL ? "" : ": ");
    hdr_line_add(&whole, function == NULL ? "" : function);
    (void)snprintf(heading->text, sizeof(heading->text), "%.*s",
                   (int)hdr_text_bytes(whole.text, drawing->width), whole.text);
}

static void print_headings(const struct drawing *drawing)
{
    struct hdr_line heading;

    print_blanks(drawing, INDENT);
    hdr_text_print(drawing->source, drawing->file);
    (void)fputc('\n', drawing->file);
    if (drawing->is_list) {
        return;
    }
    print_blanks(drawing, INDENT);
    for (unsigned i = 0; i + 1 < drawing->columns; i++) {
        take_heading(&heading, drawing, drawing->threads[i]);
        print_padded(drawing, heading.text);
        (void)fputs(" | ", drawing->file);
    }
    take_heading(&heading, drawing, drawing->threads[drawing->columns - 1]);
    (void)fprintf(drawing->file, "%s\n", heading.text);
    print_blanks(drawing, INDENT);
    for (unsigned i = 0; i < drawing->columns; i++) {
        for (unsigned j = 0; j < drawing->width; j++) {
            (void)fputc('-', drawing->file);
        }
        (void)fputs(i + 1 == drawing->columns ? "\n" : "-+-", drawing->file);
    }
}

/* The file that most rows are of. */
static const char *main_file(const struct hdr_lanes *lanes)
{
    const char *best = "";
    size_t most = 0;

    for (size_t i = 0; i < lanes->rows_count; i++) {
        size_t count = 0;

        for (size_t j = 0; j < lanes->rows_count; j++) {
            count += strcmp(lanes->rows[i].file, lanes->rows[j].file) == 0;
        }
        if (count > most) {
            most = count;
            best = lanes->rows[i].file;
        }
    }
    return best;
}

/*
 * Where the rows of a thread begin that came after all others and did nothing before: as a rule the
 * check of a scenario. It needs no column. The number of rows if there is none.
 */
static size_t find_tail(const struct hdr_lanes *lanes)
{
    const struct hdr_lane_row *rows = lanes->rows;
    size_t tail = lanes->rows_count;

    while (tail > 0 && rows[tail - 1].thread == rows[lanes->rows_count - 1].thread) {
        tail--;
    }
    for (size_t i = 0; i < tail; i++) {
        if (rows[i].thread == rows[tail].thread) {
            return lanes->rows_count;
        }
    }
    return tail == 0 ? lanes->rows_count : tail;
}

/* Keeps the ids ascending; of more than there is room for, the greatest are dropped. */
static void add_thread(struct drawing *drawing, unsigned id)
{
    unsigned rank = 0;

    while (rank < drawing->threads_count && drawing->threads[rank] < id) {
        rank++;
    }
    if (rank == STAIRS_MAX || (rank < drawing->threads_count && drawing->threads[rank] == id)) {
        return;
    }
    if (drawing->threads_count < STAIRS_MAX) {
        drawing->threads_count++;
    }
    for (unsigned i = drawing->threads_count - 1; i > rank; i--) {
        drawing->threads[i] = drawing->threads[i - 1];
    }
    drawing->threads[rank] = id;
}

static void set_columns(struct drawing *drawing, size_t begin, size_t end)
{
    drawing->threads_count = 0;
    for (size_t i = begin; i < end; i++) {
        add_thread(drawing, drawing->lanes->rows[i].thread);
    }
    drawing->is_list = drawing->threads_count > COLUMNS_MAX;
    drawing->columns = drawing->is_list || begin == end ? 1 : drawing->threads_count;
    drawing->width = (HDR_COLUMNS_MAX - INDENT - 3 * (drawing->columns - 1)) / drawing->columns;
    if (drawing->is_list) {
        drawing->width -= NAME_WIDTH + (drawing->threads_count - 1) * STAIR;
    }
}

void hdr_lanes_print(const struct hdr_lanes *lanes, FILE *file)
{
    struct drawing drawing = {.lanes = lanes, .file = file, .source = main_file(lanes)};
    struct hdr_line heading;
    size_t tail;

    if (lanes->rows_count == 0) {
        return;
    }
    tail = find_tail(lanes);
    set_columns(&drawing, 0, tail);
    if (drawing.columns == 1 && !drawing.is_list) {
        /* Two threads, one after the other, are told best by two columns. */
        tail = lanes->rows_count;
        set_columns(&drawing, 0, tail);
    }
    print_headings(&drawing);
    for (size_t i = 0; i < tail; i++) {
        print_row(&drawing, &lanes->rows[i]);
    }
    if (tail < lanes->rows_count) {
        set_columns(&drawing, tail, lanes->rows_count);
        take_heading(&heading, &drawing, lanes->rows[tail].thread);
        (void)fprintf(file, "%*sthen %s\n", (int)INDENT, "", heading.text);
    }
    for (size_t i = tail; i < lanes->rows_count; i++) {
        print_row(&drawing, &lanes->rows[i]);
    }
    print_left_out(&drawing, lanes->left_out);
}
