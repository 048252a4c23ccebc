/*
 * Known file: read as a whole, taken apart line by line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/known_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/report/output.h"
#include "ci/report/record.h"
#include "ci/report/words.h"
#include "engine/fatal.h"

static const char *const fields[] = {"owner", "expires", "reason"};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

void hdr_known_file_release(struct hdr_known_file *file)
{
    json_decref(file->lines);
    json_decref(file->entries);
    *file = (struct hdr_known_file){.path = NULL};
}

/* The folder of a path. */
static void folder_of(const char *path, char folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int length = slash == NULL || slash == path ? 1 : (int)(slash - path);

    (void)snprintf(folder, PATH_MAX, "%.*s", length, slash == NULL ? "." : path);
}

bool hdr_known_file_begin(struct hdr_known_file *file, const char *path)
{
    char folder[PATH_MAX];
    struct stat status;

    folder_of(path, folder);
    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        (void)fprintf(stderr,
                      "heddle: %s: there is no folder %s to begin the file in; make it first "
                      "(mkdir -p), or name another file\n",
                      path, folder);
        return false;
    }
    *file = (struct hdr_known_file){.path = path, .lines = json_array(), .entries = json_array()};
    hdr_push(file->lines, hdr_string("# Findings that are known: only others are new. Of a line "
                                     "the first word counts, and the ~fingerprint."));
    return true;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static bool refuse(const char *path, const char *what, const char *why)
{
    (void)fprintf(stderr, "heddle: %s: the %s cannot be read: %s\n", path, what, why);
    return false;
}

/* All of a stream, as text of *size bytes with a zero behind it; NULL, and errno, if that fails. */
static char *read_stream(FILE *stream, size_t *size)
{
    size_t room = 4096;
    char *text = malloc(room);

    *size = 0;
    while (text != NULL) {
        *size += fread(text + *size, 1, room - *size - 1, stream);
        if (*size + 1 < room) {
            break;
        }
        room *= 2;

        char *larger = realloc(text, room);

        if (larger == NULL) {
            free(text);
        }
        text = larger;
    }
    if (text == NULL) {
        hde_fatal("no memory for a baseline");
    }
    text[*size] = '\0';
    if (ferror(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static bool is_text(const char *text, size_t size)
{
    json_t *string = json_stringn(text, size); /* takes UTF-8 only */
    bool is_whole = string != NULL && strlen(text) == size;

    json_decref(string);
    return is_whole;
}

static void split_lines(json_t *lines, char *text)
{
    char *newline = strchr(text, '\n');

    for (; newline != NULL; newline = strchr(text, '\n')) {
        *newline = '\0';
        hdr_push(lines, hdr_string(text));
        text = newline + 1;
    }
    if (*text != '\0') {
        hdr_push(lines, hdr_string(text));
    }
}

static bool read_lines(struct hdr_known_file *file, const char *path, const char *what)
{
    struct stat status;
    size_t size = 0;

    /* To open a pipe waits, and some devices have no end; a folder has its own error. */
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
        return refuse(path, what, "it is no regular file");
    }

    FILE *stream = fopen(path, "re");

    if (stream == NULL) {
        return refuse(path, what, strerror(errno));
    }
    errno = 0;

    char *text = read_stream(stream, &size);
    int error = errno;

    (void)fclose(stream);
    if (text == NULL) {
        return refuse(path, what, strerror(error));
    }

    bool is_read = is_text(text, size);

    *file = (struct hdr_known_file){.path = path, .lines = json_array(), .entries = json_array()};
    split_lines(file->lines, text);
    free(text);
    return is_read ? true : refuse(path, what, "it is no text in UTF-8");
}

/* ---- Entries --------------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static bool
refuse_line(const struct hdr_known_file *file, size_t line, const char *form, ...)
{
    va_list arguments;

    (void)fprintf(stderr, "heddle: %s:%zu: ", file->path, line + 1);
    va_start(arguments, form);
    (void)vfprintf(stderr, form, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    return false;
}

/* The line without the blanks before it; NULL if it is a comment. */
static const char *content_of(const struct hdr_known_file *file, size_t line)
{
    const char *text = json_string_value(json_array_get(file->lines, line));

    text += strspn(text, HDR_BLANKS);
    return *text == '\0' || *text == '#' ? NULL : text;
}

static json_t *add_entry(struct hdr_known_file *file, size_t line, json_t *pattern)
{
    json_t *entry = json_object();

    hdr_set(entry, "line", json_integer((json_int_t)line + 1));
    hdr_set(entry, "pattern", pattern);
    hdr_set(entry, "is_used", json_false());
    hdr_push(file->entries, entry);
    return entry;
}

bool hdr_known_file_is_hash(const char *text, size_t length)
{
    return length == 16 && strspn(text, "0123456789abcdef") >= length;
}

static void add_known(struct hdr_known_file *file, size_t line, const char *content)
{
    const char *start = json_string_value(json_array_get(file->lines, line));
    size_t length = strcspn(content, HDR_BLANKS);
    json_t *entry = add_entry(file, line, json_stringn(content, length));

    if (!hdr_known_file_is_hash(content, length)) {
        return;
    }
    /* The last such word: a title before it may have anything in it. */
    for (const char *word = content + length; *word != '\0'; word += length) {
        word += strspn(word, HDR_BLANKS);
        length = strcspn(word, HDR_BLANKS);
        if (*word == '~' && hdr_known_file_is_hash(word + 1, length - 1)) {
            hdr_set(entry, "fingerprint", json_stringn(word + 1, length - 1));
            hdr_set(entry, "fingerprint_end", json_integer(word + length - start));
        }
    }
}

/* The value of a field, without blanks around it. */
static json_t *value_of(const char *text)
{
    size_t length;

    text += strspn(text, HDR_BLANKS);
    length = strlen(text);
    while (length > 0 && strchr(HDR_BLANKS, text[length - 1]) != NULL) {
        length--;
    }
    return json_stringn(text, length);
}

static const char *field_of(const char *word)
{
    const char *equals = strchr(word, '=');

    for (size_t i = 0; equals != NULL && i < FIELDS; i++) {
        size_t length = strlen(fields[i]);

        if ((size_t)(equals - word) == length && strncmp(word, fields[i], length) == 0) {
            return fields[i];
        }
    }
    return NULL;
}

static bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

/* Whether a text is a day of the calendar, as 2027-03-01. */
static bool is_date(const char *text)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    for (size_t i = 0; i < 10; i++) {
        bool is_dash = i == 4 || i == 7;

        if (is_dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') {
            return false;
        }
    }

    int year = (int)strtol(text, NULL, 10);
    int month = (int)strtol(text + 5, NULL, 10);
    int day = (int)strtol(text + 8, NULL, 10);

    return text[10] == '\0' && year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static bool take_fields(const struct hdr_known_file *file, json_t *entry, const json_t *words)
{
    size_t line = (size_t)hdr_number(entry, "line") - 1;
    char missing[64] = "";

    for (size_t i = 1; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        const char *field = field_of(word);

        if (field == NULL) {
            return refuse_line(file, line, "`%s' is none of owner=, expires=, reason=\"...\"",
                               word);
        }
        hdr_set(entry, field, value_of(word + strlen(field) + 1));
    }
    for (size_t i = 0; i < FIELDS; i++) {
        size_t length = strlen(missing);

        if (*hdr_text(entry, fields[i]) == '\0') {
            (void)snprintf(missing + length, sizeof(missing) - length,
                           "%s%s=", length == 0 ? "" : ", ", fields[i]);
        }
    }
    if (missing[0] != '\0') {
        return refuse_line(file, line, "`%s' lacks %s", hdr_text(entry, "pattern"), missing);
    }
    if (!is_date(hdr_text(entry, "expires"))) {
        return refuse_line(file, line, "expires=%s is no date such as 2027-03-01",
                           hdr_text(entry, "expires"));
    }
    return true;
}

static bool add_suppression(struct hdr_known_file *file, size_t line, const char *content)
{
    json_t *words = json_array();
    const char *wrong = hdr_words_split(words, content);
    bool is_taken = false;

    if (wrong != NULL) {
        (void)refuse_line(file, line, "%s; quote as a shell does", wrong);
    } else {
        json_t *pattern = json_incref(json_array_get(words, 0));

        is_taken = take_fields(file, add_entry(file, line, pattern), words);
    }
    json_decref(words);
    return is_taken;
}

bool hdr_known_file_read_baseline(struct hdr_known_file *file, const char *path)
{
    if (!read_lines(file, path, "baseline")) {
        hdr_known_file_release(file);
        return false;
    }
    for (size_t i = 0; i < json_array_size(file->lines); i++) {
        const char *content = content_of(file, i);

        if (content != NULL) {
            add_known(file, i, content);
        }
    }
    return true;
}

bool hdr_known_file_read_suppressions(struct hdr_known_file *file, const char *path)
{
    bool is_sound = read_lines(file, path, "suppressions");

    for (size_t i = 0; is_sound && i < json_array_size(file->lines); i++) {
        const char *content = content_of(file, i);

        is_sound = content == NULL || add_suppression(file, i, content);
    }
    if (!is_sound) {
        hdr_known_file_release(file);
    }
    return is_sound;
}

/* ---- Writing --------------------------------------------------------------------------------- */

bool hdr_known_file_write(const struct hdr_known_file *file)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(file->path, '/');
    struct hdr_output output = {.folder = folder};
    struct hdr_file written;
    const json_t *line;
    size_t i;

    folder_of(file->path, folder);
    if (!hdr_file_open(&written, &output, slash == NULL ? file->path : slash + 1)) {
        return false;
    }
    json_array_foreach(file->lines, i, line)
    {
        (void)fprintf(written.stream, "%s\n", json_string_value(line));
    }
    return hdr_file_close(&written);
}
