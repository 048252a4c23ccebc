/*
 * Schedules as text: the file form.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/schedule_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/choice.h"
#include "engine/scan.h"

#define MAGIC "heddle-schedule"
#define FORMAT 1U

/* The header's fields that are text. `seed' comes after strategy. */
static const struct field {
    const char *name;
    size_t offset;
} fields[] = {
    {"program", offsetof(struct hde_schedule_header, program)},
    {"build", offsetof(struct hde_schedule_header, build)},
    {"flavour", offsetof(struct hde_schedule_header, flavour)},
    {"memory", offsetof(struct hde_schedule_header, memory)},
    {"strategy", offsetof(struct hde_schedule_header, strategy)},
    {"ignore", offsetof(struct hde_schedule_header, ignore)},
    {"budget", offsetof(struct hde_schedule_header, budget)},
    {"heap", offsetof(struct hde_schedule_header, heap)},
    {"finding", offsetof(struct hde_schedule_header, finding)},
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static const char *const verbs[HDE_CHOICE_KINDS] = {
    [HDE_CHOICE_THREAD] = "step",       [HDE_CHOICE_WAKE] = "wake",
    [HDE_CHOICE_VALUE] = "value",       [HDE_CHOICE_SPURIOUS] = "spurious",
    [HDE_CHOICE_FUTEX] = "futex",       [HDE_CHOICE_INTERRUPT] = "interrupt",
    [HDE_CHOICE_WEAK_CAS] = "weak-cas", [HDE_CHOICE_ALLOCATION] = "allocation",
    [HDE_CHOICE_SPIN] = "spin",
};

void hde_schedule_text_append(struct hde_schedule_text *text,
                              const struct hde_entry *entry,
                              const struct hde_anchor *anchor)
{
    text->anchors = hde_array_grow(text->anchors, &text->anchors_capacity, text->schedule.count + 1,
                                   sizeof(*text->anchors));
    text->anchors[text->schedule.count] = *anchor;
    hde_schedule_append(&text->schedule, entry);
}

void hde_schedule_text_release(struct hde_schedule_text *text)
{
    hde_array_release(text->anchors, text->anchors_capacity, sizeof(*text->anchors));
    hde_schedule_release(&text->schedule);
    free(text->names);
    *text = (struct hde_schedule_text){.names = NULL};
}

/* ---- Writing --------------------------------------------------------------------------------- */

static bool is_printable(char character)
{
    return (unsigned char)character >= ' ' && character != 0x7f;
}

static void write_field(FILE *file, const char *name, const char *value)
{
    if (value[0] == '\0') {
        return;
    }
    (void)fprintf(file, "%-9s ", name);
    for (; *value != '\0'; value++) {
        (void)fputc(is_printable(*value) ? *value : '?', file);
    }
    (void)fputc('\n', file);
}

static void write_header(const struct hde_schedule_header *header, FILE *file)
{
    (void)fprintf(file, MAGIC " %u\n", FORMAT);
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].name, "ignore") == 0) {
            (void)fprintf(file, "%-9s %" PRIu64 "\n", "seed", header->seed);
        }
        write_field(file, fields[i].name, (const char *)header + fields[i].offset);
    }
}

/* A name that can be read back. */
static bool is_writable(const char *file)
{
    bool is_good = file != NULL && file[0] != '\0' && file[0] != ' ';

    for (; is_good && *file != '\0'; file++) {
        is_good = is_printable(*file);
    }
    return is_good;
}

static void write_entry(const struct hde_entry *entry, const struct hde_anchor *anchor, FILE *file)
{
    enum hde_event_kind kind = entry->event_kind;

    (void)fprintf(file, "thread %u  event %" PRIu32 "  %s  %s %" PRIu32, entry->thread,
                  entry->event, kind == HDE_EVENT_NONE ? "?" : hde_event_name(kind),
                  verbs[entry->choice], entry->alternative);
    if (is_writable(anchor->file) && anchor->line > 0) {
        (void)fprintf(file, "  at %s:%d", anchor->file, anchor->line);
        if (anchor->time > 0) {
            (void)fprintf(file, "  time %" PRIu32, anchor->time);
        }
    }
    (void)fputc('\n', file);
}

bool hde_schedule_text_write(const struct hde_schedule_text *text, FILE *file)
{
    write_header(&text->header, file);
    (void)fputs(
        "\n# When a thread is about to carry out that event of its own, another one steps\n"
        "# instead; or it wakes that one; or it gets that value. What is not said here is as\n"
        "# usual: a thread goes on while it can.\n",
        file);
    for (size_t i = 0; i < text->schedule.count; i++) {
        write_entry(&text->schedule.entries[i], &text->anchors[i], file);
    }
    return fflush(file) == 0 && ferror(file) == 0;
}

/* ---- Reading --------------------------------------------------------------------------------- */

struct parser {
    struct hde_schedule_text *text;
    const char *name; /* of the file */
    size_t line;      /* number of the one that is read */
    char *error;
    char *names_end; /* where the next file name goes */
    bool has_field[FIELDS];
    bool has_seed;
    uint32_t event_of[HDE_THREADS_MAX]; /* of each thread's last choice */
    size_t line_of[HDE_THREADS_MAX];    /* where that is; 0: it has none yet */
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parser *parser, const char *what, ...)
{
    va_list arguments;
    int length =
        snprintf(parser->error, HDE_SCHEDULE_ERROR_SIZE, "%s:%zu: ", parser->name, parser->line);

    if (length > 0 && (size_t)length < HDE_SCHEDULE_ERROR_SIZE) {
        va_start(arguments, what);
        (void)vsnprintf(parser->error + length, HDE_SCHEDULE_ERROR_SIZE - (size_t)length, what,
                        arguments);
        va_end(arguments);
    }
    return false;
}

#define SHOWN_SIZE 40

/* A piece as a message can show it. */
static const char *show(struct hde_scan piece, char shown[SHOWN_SIZE])
{
    size_t length = 0;

    for (; piece.at < piece.end && length < SHOWN_SIZE - 1; piece.at++) {
        shown[length] = *piece.at;
        if (!is_printable(*piece.at)) {
            shown[length] = '?';
        }
        length++;
    }
    shown[length] = '\0';
    return shown;
}

static bool parse_magic(struct parser *parser, struct hde_scan line)
{
    struct hde_scan word = hde_scan_word(&line);
    uint64_t format = 0;

    if (!hde_scan_is(&word, MAGIC)) {
        return fail(parser,
                    "this is no schedule: its first line must be `" MAGIC " %u'; "
                    "a fuzz target's input is given as NAME --input=FILE",
                    FORMAT);
    }
    hde_scan_skip_blanks(&line);
    if (!hde_scan_number(&line, UINT32_MAX, &format) || !hde_scan_is_over(&line)) {
        return fail(parser, "the number of the format is missing: write `" MAGIC " %u'", FORMAT);
    }
    if (format != FORMAT) {
        return fail(parser,
                    "this is format %" PRIu64
                    ", and only %u is known: use the heddle that wrote it",
                    format, FORMAT);
    }
    return true;
}

static bool parse_seed(struct parser *parser, struct hde_scan value)
{
    char shown[SHOWN_SIZE];
    struct hde_scan rest = value;

    if (parser->has_seed) {
        return fail(parser, "`seed' is here a second time: remove one");
    }
    parser->has_seed = true;
    if (!hde_scan_number(&rest, UINT64_MAX, &parser->text->header.seed) ||
        !hde_scan_is_over(&rest)) {
        return fail(parser, "`%s' is no seed: write a number below 2^64", show(value, shown));
    }
    return true;
}

static bool parse_text_field(struct parser *parser, size_t field, struct hde_scan value)
{
    char *to = (char *)&parser->text->header + fields[field].offset;

    if (parser->has_field[field]) {
        return fail(parser, "`%s' is here a second time: remove one", fields[field].name);
    }
    parser->has_field[field] = true;
    for (const char *at = value.at; at < value.end; at++) {
        if (!is_printable(*at)) {
            return fail(parser, "`%s' has the byte 0x%02x in it: remove it", fields[field].name,
                        (unsigned)(unsigned char)*at);
        }
    }
    if (!hde_scan_copy(&value, to, HDE_FIELD_SIZE)) {
        return fail(parser, "`%s' is longer than %u bytes: shorten it", fields[field].name,
                    HDE_FIELD_SIZE - 1);
    }
    return true;
}

static bool parse_field(struct parser *parser, struct hde_scan name, struct hde_scan value)
{
    char shown[SHOWN_SIZE];
    bool is_seed = hde_scan_is(&name, "seed");
    size_t field = 0;

    while (field < FIELDS && !hde_scan_is(&name, fields[field].name)) {
        field++;
    }
    if (!is_seed && field == FIELDS) {
        return fail(parser,
                    "`%s' begins neither a choice (`thread') nor a field of the header; comments "
                    "begin with `#'",
                    show(name, shown));
    }
    if (parser->text->schedule.count > 0) {
        return fail(parser, "`%s' comes after a choice: move it up to the header",
                    show(name, shown));
    }
    hde_scan_skip_blanks(&value);
    return is_seed ? parse_seed(parser, value) : parse_text_field(parser, field, value);
}

/* `<name> <number>', a word each. */
static bool parse_number(
    struct parser *parser, struct hde_scan *line, const char *name, uint64_t max, uint64_t *number)
{
    char shown[SHOWN_SIZE];
    struct hde_scan word = hde_scan_word(line);

    if (!hde_scan_is(&word, name)) {
        return fail(parser, "`%s' and a number are expected here, not `%s'", name,
                    show(word, shown));
    }
    word = hde_scan_word(line);
    struct hde_scan rest = word;

    if (!hde_scan_number(&rest, max, number) || !hde_scan_is_over(&rest)) {
        return fail(parser, "`%s' is no number for `%s': write one from 0 to %" PRIu64,
                    show(word, shown), name, max);
    }
    return true;
}

static bool parse_kind(struct parser *parser, struct hde_scan *line, struct hde_entry *entry)
{
    char shown[SHOWN_SIZE];
    char name[SHOWN_SIZE];
    struct hde_scan word = hde_scan_word(line);

    if (hde_scan_is(&word, "?")) {
        return true;
    }
    if (hde_scan_copy(&word, name, sizeof(name)) && strlen(name) == (size_t)(word.end - word.at)) {
        entry->event_kind = (uint8_t)hde_event_named(name);
    }
    if (entry->event_kind == HDE_EVENT_NONE) {
        return fail(parser, "`%s' is no kind of event: write `?' if you do not know it",
                    show(word, shown));
    }
    return true;
}

static bool parse_choice_kind(struct parser *parser, struct hde_scan line, struct hde_entry *entry)
{
    char shown[SHOWN_SIZE];
    struct hde_scan verb = hde_scan_word(&line);

    for (unsigned kind = 0; kind < HDE_CHOICE_KINDS; kind++) {
        if (hde_scan_is(&verb, verbs[kind])) {
            entry->choice = (uint8_t)kind;
            return true;
        }
    }
    return fail(parser, "`step', `wake', `value' or a fault is expected here, not `%s'",
                show(verb, shown));
}

/* `time <number>' at the end of the line, which is then cut off. */
static bool parse_time(struct hde_scan *line, uint32_t *time)
{
    const char *at = line->end;
    uint64_t number = 0;

    while (at > line->at && at[-1] >= '0' && at[-1] <= '9') {
        at--;
    }
    struct hde_scan digits = {.at = at, .end = line->end};

    while (at > line->at && (at[-1] == ' ' || at[-1] == '\t')) {
        at--;
    }
    struct hde_scan word = {.at = at - (at - line->at < 4 ? 0 : 4), .end = at};

    if (digits.at == at || !hde_scan_is(&word, "time") ||
        (word.at > line->at && word.at[-1] != ' ' && word.at[-1] != '\t') ||
        !hde_scan_number(&digits, UINT32_MAX, &number)) {
        return false;
    }
    *time = (uint32_t)number;
    line->end = word.at;
    while (line->end > line->at && (line->end[-1] == ' ' || line->end[-1] == '\t')) {
        line->end--;
    }
    return true;
}

/* `at <file>:<line>  time <number>', to the end of the line; or nothing. */
static bool parse_anchor(struct parser *parser, struct hde_scan line, struct hde_anchor *anchor)
{
    char shown[SHOWN_SIZE];
    struct hde_scan word = hde_scan_word(&line);
    uint64_t number = 0;

    if (hde_scan_is_over(&word)) {
        return true;
    }
    if (!hde_scan_is(&word, "at")) {
        return fail(parser, "`at' and a place are expected here, or the end of the line, not `%s'",
                    show(word, shown));
    }
    hde_scan_skip_blanks(&line);
    (void)parse_time(&line, &anchor->time);
    const char *colon = line.at < line.end ? line.end - 1 : line.at;

    while (colon > line.at && *colon != ':') {
        colon--;
    }
    struct hde_scan digits = {.at = colon + (colon < line.end), .end = line.end};
    struct hde_scan file = {.at = line.at, .end = colon};

    if (hde_scan_is_over(&file) || !hde_scan_number(&digits, INT32_MAX, &number) ||
        !hde_scan_is_over(&digits)) {
        return fail(parser, "`%s' is no place: write <file>:<line>, and `time <number>' after it",
                    show(line, shown));
    }
    if (memchr(file.at, '\0', (size_t)(file.end - file.at)) != NULL) {
        return fail(parser, "the name of the file has the byte 0x00 in it: remove it");
    }
    anchor->file = parser->names_end;
    anchor->line = (int)number;
    (void)hde_scan_copy(&file, parser->names_end, (size_t)(file.end - file.at) + 1);
    parser->names_end += file.end - file.at + 1;
    return true;
}

/* The choices of a thread must be in the order of its events, each at one of its own. */
static bool check_order(struct parser *parser, const struct hde_entry *entry)
{
    size_t *line = &parser->line_of[entry->thread];
    uint32_t *event = &parser->event_of[entry->thread];

    if (*line != 0 && entry->event == *event) {
        return fail(parser,
                    "event %" PRIu32 " of thread %u has a choice on line %zu already: remove one",
                    entry->event, entry->thread, *line);
    }
    if (*line != 0 && entry->event < *event) {
        return fail(parser,
                    "event %" PRIu32 " of thread %u comes before its event %" PRIu32
                    " on line %zu: move it up",
                    entry->event, entry->thread, *event, *line);
    }
    *line = parser->line;
    *event = entry->event;
    return true;
}

static bool parse_choice(struct parser *parser, struct hde_scan line)
{
    struct hde_entry entry = {.event_kind = HDE_EVENT_NONE};
    struct hde_anchor anchor = {.file = NULL};
    uint64_t thread = 0;
    uint64_t event = 0;
    uint64_t alternative = 0;

    if (!parse_number(parser, &line, "thread", HDE_THREADS_MAX - 1, &thread) ||
        !parse_number(parser, &line, "event", UINT32_MAX, &event) ||
        !parse_kind(parser, &line, &entry) || !parse_choice_kind(parser, line, &entry) ||
        !parse_number(parser, &line, verbs[entry.choice],
                      hde_choice_is_thread((enum hde_choice_kind)entry.choice) ? HDE_THREADS_MAX - 1
                                                                               : UINT32_MAX,
                      &alternative) ||
        !parse_anchor(parser, line, &anchor)) {
        return false;
    }
    entry.thread = (uint8_t)thread;
    entry.event = (uint32_t)event;
    entry.alternative = (uint32_t)alternative;
    if (!check_order(parser, &entry)) {
        return false;
    }
    hde_schedule_text_append(parser->text, &entry, &anchor);
    return true;
}

static bool parse_line(struct parser *parser, struct hde_scan line)
{
    struct hde_scan rest = line;
    struct hde_scan word = hde_scan_word(&rest);

    if (parser->line == 1) {
        return parse_magic(parser, line);
    }
    if (hde_scan_is_over(&word) || *word.at == '#') {
        return true;
    }
    return hde_scan_is(&word, "thread") ? parse_choice(parser, line)
                                        : parse_field(parser, word, rest);
}

static bool parse(struct parser *parser, struct hde_scan scan)
{
    do {
        parser->line++;
        if (!parse_line(parser, hde_scan_line(&scan))) {
            return false;
        }
    } while (!hde_scan_is_over(&scan));
    if (parser->text->header.program[0] == '\0') {
        return fail(parser, "the header has no line `program': add it, with the program's name");
    }
    return true;
}

bool hde_schedule_text_parse(struct hde_schedule_text *text,
                             const char *name,
                             const char *bytes,
                             size_t size,
                             char error[HDE_SCHEDULE_ERROR_SIZE])
{
    struct parser parser = {.text = text, .name = name, .error = error};

    /* A name is shorter than its line, by `at' at least. */
    text->names = malloc(size + 1);
    parser.names_end = text->names;
    bool is_good = text->names == NULL ? fail(&parser, "there is no memory to read it")
                                       : parse(&parser, (struct hde_scan){bytes, bytes + size});

    if (!is_good) {
        hde_schedule_text_release(text);
    }
    return is_good;
}
