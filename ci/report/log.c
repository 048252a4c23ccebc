/*
 * Logs: finding reports in lines.
 *
 * Lines of one process, or of one test of `ctest -V', are a stream: reports of several streams may
 * be mixed line by line. Within a stream one report is open at a time. A line is tried as the
 * beginning of a report of any sanitizer, then as a line of the open report; what is neither is of
 * the program.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/log_frame.h"
#include "ci/report/log_line.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

/* Lines that are of one origin. */
struct stream {
    struct stream *next;
    size_t test;    /* number in `ctest -V'; 0: none */
    size_t process; /* of valgrind; 0: none */
    bool is_open;
    bool owes_summary; /* a report began, and its summary has not come */
    char prefix[HDR_PREFIX_SIZE];
    struct hdr_log_report report; /* if `is_open` */
    struct hdr_log_names names;
};

struct reader {
    struct hdr_collection *collection;
    struct hdr_log_settings settings;
    struct hdr_log_tally tally;
    struct stream *streams; /* the newest first */
    json_t *tests;          /* number -> name, as `ctest -V' says */
    char *test;             /* whose output LastTest.log shows */
    size_t line;            /* number */
    bool is_verbose;        /* `ctest -V' writes it: each line of a test begins with its number */
};

/* ---- Streams --------------------------------------------------------------------------------- */

/* Found, or a new one. It stays where it is: its report refers to it. */
static struct stream *find_stream(struct reader *reader, size_t test, size_t process)
{
    struct stream *stream = reader->streams;

    while (stream != NULL && (stream->test != test || stream->process != process)) {
        stream = stream->next;
    }
    if (stream != NULL) {
        return stream;
    }
    stream = calloc(1, sizeof(*stream));
    if (stream == NULL) {
        hde_fatal("no memory for a log");
    }
    stream->test = test;
    stream->process = process;
    stream->next = reader->streams;
    reader->streams = stream;
    hdr_names_begin(&stream->names);
    return stream;
}

/* The open report, if there is one, becomes a record. */
static void close_report(struct reader *reader, struct stream *stream)
{
    struct hdr_log_settings settings = reader->settings;
    const char *test = NULL;
    char number[24];
    char where[PATH_MAX + 32];

    if (!stream->is_open) {
        return;
    }
    stream->is_open = false;
    if (!hdr_report_has_kind(&stream->report)) {
        hdr_report_release(&stream->report);
        return;
    }
    (void)snprintf(number, sizeof(number), "%zu", stream->test);
    test = json_string_value(json_object_get(reader->tests, number));
    test = test == NULL ? reader->test : test;
    settings.test = test == NULL ? settings.test : test;
    (void)snprintf(where, sizeof(where), "%s:%zu", settings.path, stream->report.line);
    reader->tally.reports++;
    if (!hdr_report_is_whole(&stream->report)) {
        reader->tally.first_cut_off =
            reader->tally.cut_off == 0 ? stream->report.line : reader->tally.first_cut_off;
        reader->tally.cut_off++;
    }
    hdr_collection_add(reader->collection, hdr_report_finish(&stream->report, &settings), where);
}

/* The open report that began first; NULL if none is open. */
static struct stream *find_oldest(const struct reader *reader)
{
    struct stream *oldest = NULL;

    for (struct stream *stream = reader->streams; stream != NULL; stream = stream->next) {
        stream->owes_summary = false;
        if (stream->is_open && (oldest == NULL || stream->report.line < oldest->report.line)) {
            oldest = stream;
        }
    }
    return oldest;
}

static void close_all(struct reader *reader)
{
    for (struct stream *oldest = find_oldest(reader); oldest != NULL;
         oldest = find_oldest(reader)) {
        close_report(reader, oldest);
    }
}

static void open_report(struct reader *reader, struct stream *stream, const struct hdr_log *log)
{
    if (stream->is_open && stream->report.log == log && !hdr_report_has_place(&stream->report)) {
        hdr_report_release(&stream->report); /* the heading above what follows */
        stream->is_open = false;
    }
    close_report(reader, stream);
    if (!log->has_process) {
        hdr_names_release(&stream->names);
        hdr_names_begin(&stream->names);
    }
    hdr_report_begin(&stream->report, log, &stream->names, reader->line);
    stream->report.is_whole = log->is_whole_at_once;
    stream->is_open = true;
    stream->owes_summary = true;
}

/* ---- Beginnings and ends --------------------------------------------------------------------- */

/* Which of the sanitizer's heads it is; NULL if none. */
static const struct hdr_log_rule *
find_head(const struct hdr_log *log, const char *line, struct hdr_capture *captures)
{
    const struct hdr_log_rule *head = log->heads;

    while (head->pattern != NULL && !hdr_log_match(line, head->pattern, captures)) {
        head++;
    }
    return head->take == NULL ? NULL : head;
}

static bool begin_report(struct reader *reader, struct stream *stream, const char *line)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX] = {{NULL, 0}};

    for (const struct hdr_log *const *log = hdr_logs; *log != NULL; log++) {
        bool is_of_process = stream->process != 0;
        const struct hdr_log_rule *head =
            (*log)->has_process == is_of_process ? find_head(*log, line, captures) : NULL;

        if (head == NULL) {
            continue;
        }
        if (!is_of_process) {
            hdr_log_prefix_take(stream->prefix, line, captures[0].length);
        }
        open_report(reader, stream, *log);
        hdr_report_line(&stream->report, line + strlen(stream->prefix));
        head->take(&stream->report, captures);
        stream->report.is_whole |= head->is_end;
        return true;
    }
    return false;
}

/* Where ` in FUNCTION' begins, at the end of a summary; the end if it is not there. */
static const char *last_in(const char *line)
{
    const char *last = line + strlen(line);

    for (const char *in = strstr(line, " in "); in != NULL; in = strstr(in + 1, " in ")) {
        last = in;
    }
    return last;
}

/* A summary whose report is not there: all that is known of it. */
static void
read_orphan(struct reader *reader, struct stream *stream, struct hdr_capture tool, const char *line)
{
    size_t number;

    for (const struct hdr_log *const *log = hdr_logs; *log != NULL; log++) {
        if ((*log)->name == NULL || !hdr_capture_is(tool, (*log)->tool)) {
            continue;
        }

        const char *in = last_in(line);
        json_t *phrase = hdr_phrase_of("#0 %.*s", (int)(in - line), line);
        json_t *frame = hdr_log_frame(json_string_value(phrase), &number);
        const char *words = hdr_text(frame, "function");

        open_report(reader, stream, *log);
        (*log)->name(&stream->report, (struct hdr_capture){words, strlen(words)});
        (void)hdr_report_place(&stream->report, NULL, HDR_THREAD_UNKNOWN, 0);
        hdr_set(frame, "function", hdr_string(in[0] == '\0' ? "?" : in + strlen(" in ")));
        hdr_report_frame(&stream->report, frame, 0);
        hdr_report_line(&stream->report, line);
        close_report(reader, stream);
        json_decref(phrase);
        break;
    }
    stream->owes_summary = false;
}

static bool read_summary(struct reader *reader, struct stream *stream, const char *line)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];

    if (!hdr_log_match(line, "%sSUMMARY: %s: %s", captures) ||
        memmem(captures[1].text, captures[1].length, "Sanitizer", 9) == NULL) {
        return false;
    }
    if (stream->is_open) {
        hdr_report_line(&stream->report, captures[1].text - strlen("SUMMARY: "));
        stream->report.is_whole = true;
        close_report(reader, stream);
    } else if (!stream->owes_summary) {
        read_orphan(reader, stream, captures[1], captures[2].text);
    }
    stream->owes_summary = false;
    return true;
}

/* ---- Lines within a report ------------------------------------------------------------------- */

/* A frame may stand behind what the program was just printing. */
static json_t *read_frame(const char *line, size_t *number)
{
    json_t *frame = hdr_log_frame(line, number);
    const char *behind = frame == NULL ? strstr(line, "    #") : NULL;

    return behind == NULL ? frame : hdr_log_frame(behind, number);
}

static bool read_section(struct hdr_log_report *report, const char *line)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    const struct hdr_log_rule *rule = report->log->sections;

    while (rule->pattern != NULL && !hdr_log_match(line, rule->pattern, captures)) {
        rule++;
    }
    if (rule->take != NULL) {
        rule->take(report, captures);
    }
    report->is_whole |= rule->is_end;
    return rule->pattern != NULL;
}

/* Whether the line is one of the open report's. */
static bool read_part(struct reader *reader, struct stream *stream, const char *line)
{
    struct hdr_log_report *report = &stream->report;

    if (!stream->is_open) {
        return false;
    }
    if (line[0] == '\0') {
        report->is_whole |= report->log->ends_at_blank && hdr_report_has_stack(report);
    } else if (!read_section(report, line + strspn(line, " \t"))) {
        return false;
    }
    hdr_report_line(report, line);
    /* A stack may still follow where the first line says all. */
    if (report->is_whole && (!report->log->is_whole_at_once || hdr_report_has_stack(report))) {
        close_report(reader, stream);
    }
    return true;
}

static void read_stack(struct reader *reader, struct stream *stream, const char *line)
{
    size_t number;
    json_t *frame = read_frame(line, &number);

    if (frame == NULL) {
        return;
    }
    if (stream->is_open) {
        hdr_report_line(&stream->report, line);
        hdr_report_frame(&stream->report, frame, number);
        /* What is whole without a stack is not whole in the midst of one. */
        stream->report.is_whole &= !stream->report.log->ends_at_blank;
        return;
    }
    reader->tally.first_line = reader->tally.lines == 0 ? reader->line : reader->tally.first_line;
    reader->tally.lines++;
    json_decref(frame);
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void note_test(struct reader *reader, const char *line)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];

    if (hdr_log_match(line, "%d/%d Testing: %s", captures)) {
        close_all(reader);
        free(reader->test);
        reader->test = strdup(captures[2].text);
    } else if (strcmp(line, "<end of output>") == 0) {
        close_all(reader);
    } else if (hdr_log_match(line + strspn(line, " "), "Start %d: %s", captures) ||
               hdr_log_match(line + strspn(line, " "), "Start  %d: %s", captures)) {
        char number[24];

        (void)snprintf(number, sizeof(number), "%zu", hdr_capture_number(captures[0]));
        hdr_set(reader->tests, number, hdr_capture_string(captures[1]));
        reader->is_verbose = true;
    }
}

/* ---- All of it ------------------------------------------------------------------------------- */

/* Valgrind says once what it runs. */
static void take_command(struct stream *stream, struct hdr_capture command)
{
    size_t length = strcspn(command.text, " ");
    size_t start = length;

    while (start > 0 && command.text[start - 1] != '/') {
        start--;
    }
    json_decref(stream->names.program);
    stream->names.program =
        hdr_capture_string((struct hdr_capture){command.text + start, length - start});
}

static void read_any(struct reader *reader, const char *line)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    struct stream *stream;
    const char *said;
    size_t test = 0;
    size_t process = 0;

    note_test(reader, line);
    if (reader->is_verbose &&
        (hdr_log_match(line, "%d: %s", captures) || hdr_log_match(line, "%d:", captures))) {
        test = hdr_capture_number(captures[0]);
        line += captures[0].length + 1;
        line += *line == ' ';
    }
    said = hdr_log_process(line, &process);
    stream = find_stream(reader, test, said == NULL ? 0 : process);
    if (said != NULL && hdr_log_match(said, "Command: %s", captures)) {
        take_command(stream, captures[0]);
    }
    said = said == NULL ? hdr_log_prefix_skip(stream->prefix, line) : said;
    if (!read_part(reader, stream, said) && !read_summary(reader, stream, said) &&
        !begin_report(reader, stream, process == 0 ? line : said)) {
        read_stack(reader, stream, said);
    }
}

struct hdr_log_tally hdr_log_parse(struct hdr_collection *collection,
                                   const struct hdr_log_settings *settings,
                                   const char *bytes,
                                   size_t size)
{
    struct reader reader = {
        .collection = collection, .settings = *settings, .tests = json_object()};
    struct hdr_log_lines lines;

    hdr_log_lines_begin(&lines, bytes, size);
    for (const char *line = hdr_log_lines_next(&lines); line != NULL;
         line = hdr_log_lines_next(&lines)) {
        reader.line = lines.number;
        read_any(&reader, line);
    }
    close_all(&reader);
    while (reader.streams != NULL) {
        struct stream *stream = reader.streams;

        reader.streams = stream->next;
        hdr_names_release(&stream->names);
        free(stream);
    }
    free(reader.test);
    json_decref(reader.tests);
    hdr_log_lines_release(&lines);
    return reader.tally;
}
